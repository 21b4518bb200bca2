"""The words that the directory is sorted by: who is welcome, how to get in, how full, which kind of provider.

Values are stable: they stand in addresses, files and the API. Labels are in the reader's language.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProviderKind(TextChoices):
    """Who runs a service. People who fear their own state, or this one, must be able to see it at once."""

    PUBLIC = "public", _("Public authority")
    ASSOCIATION = "association", _("Association")
    UN = "un", _("United Nations agency")
    CONSULATE = "consulate", _("Embassy or consulate")
    RELIGIOUS = "religious", _("Religious community")
    UNIVERSITY = "university", _("University")
    UNKNOWN = "unknown", pgettext_lazy("kind of provider", "Not known")


class Welcome(TextChoices):
    """How firmly a service is meant for the people that it names."""

    EVERYONE = "everyone", _("Everyone is welcome")
    PREFERRED = "preferred", _("Open to all, meant first for")
    ONLY = "only", _("Only for")
    UNKNOWN = "unknown", _("Not known: ask first")


class Situation(TextChoices):
    """A situation that a service may be for. A person can be in several."""

    REGULAR = "regular", _("People with a residence permit")
    UNDOCUMENTED = "undocumented", _("People without papers")
    ASYLUM_SEEKER = "asylum_seeker", _("Asylum seekers")
    REFUGEE = "refugee", _("Refugees")
    MINOR = "minor", _("Children and teenagers")
    UNACCOMPANIED_MINOR = "unaccompanied_minor", _("Children alone in the country")
    WOMAN = "woman", _("Women")
    SURVIVOR = "survivor", _("Survivors of violence or trafficking")
    PARENT = "parent", _("Pregnant women and parents alone")
    RETURNEE = "returnee", _("People who want to return to their country")
    NATIONAL = "national", _("Nationals of one country")
    MOROCCAN = "moroccan", _("Moroccans")


class Access(TextChoices):
    """How to get in."""

    WALK_IN = "walk_in", _("Come without an appointment")
    CALL_FIRST = "call_first", _("Call first")
    APPOINTMENT = "appointment", _("By appointment only")
    REFERRAL = "referral", _("Somebody must refer you")
    BY_PHONE = "by_phone", _("By phone or message")
    UNKNOWN = "unknown", _("Not known: call first if you can")


class Capacity(TextChoices):
    """Whether there is room."""

    OPEN = "open", _("Accepts new people")
    LIMITED = "limited", _("Few places left")
    WAITING_LIST = "waiting_list", _("Waiting list")
    FULL = "full", _("Full at the moment")
    CLOSED = "closed", _("Accepts nobody at the moment")
    UNKNOWN = "unknown", pgettext_lazy("capacity", "Not known")


class Answer(TextChoices):
    """Yes, no, or nobody has said."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", pgettext_lazy("yes or no", "Not known")


class Reach(TextChoices):
    """Whether a service is tied to a place."""

    LOCAL = "local", _("At one or more places")
    NATIONAL = "national", _("In the whole country")


class Confidence(TextChoices):
    """How sure the source is. C is for editors only: readers never see it."""

    A = "A", _("A: the provider itself, or two sources that agree")
    B = "B", _("B: the press, a partner, or an older official page")
    C = "C", _("C: old, third-hand or incomplete. Not shown to readers")


class PhoneKind(TextChoices):
    VOICE = "voice", _("Phone")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SHORT_CODE = "short_code", _("Short number")
    TOLL_FREE = "toll_free", _("Free or shared-cost number")


class PlaceKind(TextChoices):
    REGION = "region", _("Region")
    PREFECTURE = "prefecture", _("Prefecture")
    PROVINCE = "province", _("Province")
    CITY = "city", _("City")


class Precision(TextChoices):
    """What the point of a location stands for."""

    EXACT = "exact", _("The door")
    CITY = "city", _("The middle of the city")
    NONE = "none", _("No point")


class Season(TextChoices):
    """When hours of the week hold."""

    ALWAYS = "always", _("All year")
    RAMADAN = "ramadan", _("During Ramadan")
    OUTSIDE_RAMADAN = "outside_ramadan", _("Outside Ramadan")


class Weekday(TextChoices):
    """RFC 5545 names, as HSDS writes them."""

    MONDAY = "MO", _("Monday")
    TUESDAY = "TU", _("Tuesday")
    WEDNESDAY = "WE", _("Wednesday")
    THURSDAY = "TH", _("Thursday")
    FRIDAY = "FR", _("Friday")
    SATURDAY = "SA", _("Saturday")
    SUNDAY = "SU", _("Sunday")


# Languages that people speak at a place, by their usual frequency here. ISO 639 codes; ary is Darija, ber any Amazigh.
SPOKEN = (
    ("ary", _("Darija")),
    ("ar", _("Arabic")),
    ("fr", _("French")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("ber", _("Amazigh")),
    ("wo", _("Wolof")),
    ("ff", _("Fula")),
    ("bm", _("Bambara")),
    ("ln", _("Lingala")),
    ("pt", _("Portuguese")),
    ("sw", _("Swahili")),
    ("ha", _("Hausa")),
    ("rmm", _("Moroccan Sign Language")),
)
