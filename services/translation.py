"""Which texts of the directory exist once a language (django-modeltranslation). A new language is one migration."""

from modeltranslation.translator import TranslationOptions, register

from . import models


@register(models.Place)
@register(models.Category)
@register(models.Term)
class NameTranslation(TranslationOptions):
    fields = ("name",)


@register(models.Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name", "description")


@register(models.Location)
class LocationTranslation(TranslationOptions):
    fields = ("name", "address", "directions")


@register(models.Service)
class ServiceTranslation(TranslationOptions):
    fields = ("name", "description", "eligibility", "fees", "hours_text", "how_to", "alert")


@register(models.SynonymGroup)
class SynonymTranslation(TranslationOptions):
    fields = ("words",)
    fallback_languages = {"default": ()}


@register(models.ServicePhone)
@register(models.OrganisationPhone)
class PhoneTranslation(TranslationOptions):
    fields = ("note",)


@register(models.ServiceContact)
class ContactTranslation(TranslationOptions):
    fields = ("title",)


@register(models.RequiredDocument)
class DocumentTranslation(TranslationOptions):
    fields = ("name",)


@register(models.ServiceCost)
class CostTranslation(TranslationOptions):
    fields = ("label",)


@register(models.DatedHours)
class DatedHoursTranslation(TranslationOptions):
    fields = ("message",)
