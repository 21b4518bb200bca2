"""What is offered, to whom, when and how to get in."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, PreviewableMixin, RevisionMixin

from services import taxonomy as words
from services.fields import SeveralField

from .locations import Location
from .organisations import Organisation
from .phones import Phone
from .places import Place
from .querysets import ServiceManager
from .records import Identified, Keyed, Sourced, Translated
from .terms import Category, Term


class Service(
    DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, Sourced, Translated, Keyed, ClusterableModel
):
    """A service of an organisation (HSDS service), with what HSDS has no word for.

    A text that nobody has given stays empty; “unknown” is a value, and pages say it.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("Organisation"), on_delete=models.CASCADE, related_name="services"
    )
    category = models.ForeignKey(
        Category, verbose_name=_("Category"), on_delete=models.PROTECT, related_name="services"
    )
    terms = ParentalManyToManyField(Term, verbose_name=_("Terms"), blank=True, related_name="services")
    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Description"), blank=True)
    eligibility = models.TextField(_("Who can come"), blank=True)
    fees = models.CharField(_("What it costs"), max_length=300, blank=True)
    free = models.CharField(_("Free of charge"), max_length=7, choices=words.Answer, default=words.Answer.UNKNOWN)
    hours_text = models.CharField(_("Hours, in words"), max_length=300, blank=True)
    how_to = models.TextField(_("How to get in, in words"), blank=True)
    alert = models.CharField(_("Urgent message"), max_length=300, blank=True)

    reach = models.CharField(_("Reach"), max_length=8, choices=words.Reach, default=words.Reach.LOCAL)
    areas = ParentalManyToManyField(Place, verbose_name=_("Areas served"), blank=True, related_name="+")
    welcome = models.CharField(_("Who is welcome"), max_length=9, choices=words.Welcome, default=words.Welcome.UNKNOWN)
    welcomes = SeveralField(_("Situations"), values=words.Situation.choices)
    women_only = models.BooleanField(_("Women only"), default=False)
    minimum_age = models.PositiveSmallIntegerField(
        _("From age"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    maximum_age = models.PositiveSmallIntegerField(
        _("Up to age"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    languages = SeveralField(_("Languages spoken"), values=words.SPOKEN)
    access = models.CharField(_("How to get in"), max_length=11, choices=words.Access, default=words.Access.UNKNOWN)
    capacity = models.CharField(_("Capacity"), max_length=12, choices=words.Capacity, default=words.Capacity.UNKNOWN)
    capacity_since = models.DateField(_("Capacity known since"), null=True, blank=True)
    accepts_referrals = models.CharField(
        _("Accepts referrals"), max_length=7, choices=words.Answer, default=words.Answer.UNKNOWN
    )
    suspended_until = models.DateField(
        _("Suspended until"), null=True, blank=True, help_text=_("Up to and including this day, readers do not see it.")
    )
    closed_on_holidays = models.CharField(
        _("Closed on public holidays"), max_length=7, choices=words.Answer, default=words.Answer.UNKNOWN
    )
    friday_prayer = models.BooleanField(_("Closed during the Friday prayer"), default=False)
    around_the_clock = models.BooleanField(_("Open day and night"), default=False)
    email = models.EmailField(_("E-mail of the service"), blank=True)
    website = models.URLField(_("Website"), max_length=300, blank=True)

    objects = ServiceManager()

    class Meta:
        ordering = ("key",)
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.CheckConstraint(
                name="a_service_ends_at_no_younger_age_than_it_begins",
                condition=models.Q(minimum_age__isnull=True)
                | models.Q(maximum_age__isnull=True)
                | models.Q(maximum_age__gte=models.F("minimum_age")),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def clean(self) -> None:
        super().clean()
        if self.minimum_age is not None and self.maximum_age is not None and self.maximum_age < self.minimum_age:
            raise ValidationError({"maximum_age": _("The oldest age is below the youngest.")})
        if self.welcome in (words.Welcome.ONLY, words.Welcome.PREFERRED) and not self.welcomes and not self.women_only:
            raise ValidationError({"welcomes": _("Say for whom, or choose “Not known”.")})

    def get_absolute_url(self) -> str:
        return reverse("service", args=[self.key])

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """An editor looks at the page in any language of the site."""
        return list(settings.LANGUAGES)

    @property
    def default_preview_mode(self) -> str:
        return settings.LANGUAGE_CODE

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as readers will meet it, from what the editor has typed so far: its own view is asked to show it."""
        with translation.override(mode_name):
            request.path = request.path_info = reverse("service", args=[self.key or "preview"])
            match = resolve(request.path_info)
            return match.func(request, preview=self, **match.kwargs)

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has ever asked the provider."""
        return self.checked_on is not None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until >= timezone.localdate()

    @property
    def warns_asylum_seekers(self) -> bool:
        """Consulates and return services may tell a person's own state where they are (directory §3, do no harm)."""
        return self.organisation.kind == words.ProviderKind.CONSULATE or self.category.key == "voluntary_return"


class ServicePlace(Orderable, Identified):
    """A service at a location (HSDS service_at_location)."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="places")
    location = models.ForeignKey(
        Location, verbose_name=_("Location"), on_delete=models.CASCADE, related_name="services"
    )

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=("service", "location"), name="a_service_is_once_at_a_location")]


class ServicePhone(Phone):
    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="phones")


class ServiceContact(Orderable, Identified):
    """A function to ask for, not a person. A name only where that person has agreed (trust P21)."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="contacts")
    title = models.CharField(_("Function"), max_length=120)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    agreed = models.BooleanField(_("This person agrees that the name is shown"), default=False)
    email = models.EmailField(_("E-mail of the function"), blank=True)

    def clean(self) -> None:
        super().clean()
        if self.name and not self.agreed:
            raise ValidationError({"name": _("A name is kept only if the person agrees that it is shown.")})


class RequiredDocument(Orderable, Identified):
    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(_("What to bring"), max_length=200)
    if_you_have_it = models.BooleanField(_("Only if you have it"), default=False)


class ServiceCost(Orderable, Identified):
    """A fee. The amount is in dirhams (MAD); empty where only words are known."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="costs")
    label = models.CharField(_("For what"), max_length=200)
    amount = models.DecimalField(_("Amount in dirhams"), max_digits=9, decimal_places=2, null=True, blank=True)


class OpeningHours(Orderable, Identified):
    """An interval of a weekday, in the time of Africa/Casablanca; `closes` at or before `opens` ends on the next day."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="hours")
    weekday = models.CharField(_("Day"), max_length=2, choices=words.Weekday)
    opens = models.TimeField(_("Opens"))
    closes = models.TimeField(_("Closes"))
    season = models.CharField(_("When"), max_length=15, choices=words.Season, default=words.Season.ALWAYS)
    valid_from = models.DateField(_("From"), null=True, blank=True)
    valid_to = models.DateField(_("Until"), null=True, blank=True)


class DatedHours(Orderable, Identified):
    """Days that differ: closed, or open from `opens` to `closes`, with a message."""

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="dated_hours")
    first = models.DateField(_("First day"))
    last = models.DateField(_("Last day"))
    opens = models.TimeField(_("Opens"), null=True, blank=True)
    closes = models.TimeField(_("Closes"), null=True, blank=True)
    message = models.CharField(_("Message"), max_length=200, blank=True)

    class Meta(Orderable.Meta):
        constraints = [
            models.CheckConstraint(
                name="dated_hours_end_after_they_begin", condition=models.Q(last__gte=models.F("first"))
            ),
            models.CheckConstraint(
                name="dated_hours_have_both_times_or_none",
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__isnull=False),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": _("The last day is before the first.")})
        if (self.opens is None) != (self.closes is None):
            raise ValidationError({"closes": _("Give both times, or none for a closed day.")})
