"""Which columns exist once a language (django-modeltranslation). A new language adds columns by one migration."""

from modeltranslation.translator import TranslationOptions, register

from .models import Source


@register(Source)
class SourceTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("fr",)
