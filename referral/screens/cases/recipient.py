"""Which service, and which categories of data: chosen by name without JavaScript, the procedure's limits applied at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from referral import rules
from referral.safety.isolation import as_partner
from referral.screens.forms import Radios, Ticks
from referral.words.consent_choices import ONLY_IF_NEEDED, SHAREABLE, DataCategory
from services.models import Service

from .acting import CaseForm, offer

MOST = 12


class Finder(forms.TextInput):
    """What to look for, and the button that looks: nothing is sent by it."""

    template_name = "referral/cases/finder.html"


class Recipient(CaseForm):
    """A form that names one service and what it may be told."""

    find = forms.CharField(
        label=_("Search for a service"), required=False, max_length=100, widget=Finder,
        help_text=_("Part of its name, of its organisation, or its number."),
    )  # fmt: skip
    service = forms.ChoiceField(label=_("Service"), widget=Radios, required=False)
    categories = forms.MultipleChoiceField(label=_("What this service may be told"), widget=Ticks, required=False)

    def prepare(self) -> None:
        looked = str(self.typed("find") or "").strip()
        found = find_services(looked) if looked else []
        if self.chosen is not None and self.chosen not in found:
            found = [self.chosen, *found]
        offer(self, "service", [(str(one.pk), f"{one} – {one.organisation}") for one in found])
        if looked and not found:
            self.fields["service"].help_text = _("Nothing was found. Try another word.")
        elif not found:
            self.fields["service"].help_text = _("Search for it first.")
        self._offer_categories()

    def _offer_categories(self) -> None:
        kept_out: frozenset[str] = frozenset()
        if self.chosen is not None:
            with as_partner(self.by.partner):
                kept_out = rules.excluded(self.seat.case, self.chosen)
        offered = [one for one in SHAREABLE if one not in kept_out]
        if_needed = _("only if the service needs it")
        offer(
            self,
            "categories",
            [(one.value, f"{one.label} ({if_needed})" if one in ONLY_IF_NEEDED else one.label) for one in offered],
        )
        left_out = [str(one.label) for one in DataCategory if one in SHAREABLE and one in kept_out]
        if left_out:
            told = _("The procedure of this case never lets this service have: %(what)s.")
            self.fields["categories"].help_text = str(told) % {"what": ", ".join(left_out)}

    def typed(self, name: str) -> Any:
        """What stands in a field now, sent or not."""
        return self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)

    @cached_property
    def chosen(self) -> Service | None:
        """The service that is ticked, if readers may see it."""
        number = str(self.typed("service") or "")
        if not number.isdecimal() or len(number) > 9:
            return None
        return Service.objects.shown().select_related("organisation", "category").filter(pk=number).first()


def find_services(looked: str) -> list[Service]:
    """The services whose name, or whose organisation's, has every one of these words, in any language; or of this number."""
    rows = Service.objects.shown().select_related("organisation", "category")
    if looked.isdecimal() and len(looked) < 9:
        return list(rows.filter(pk=looked))
    for word in looked.split()[:6]:
        either = Q()
        for code, _name in settings.LANGUAGES:
            either |= Q(**{f"name_{code}__icontains": word}) | Q(**{f"organisation__name_{code}__icontains": word})
        rows = rows.filter(either)
    return list(rows.order_by("name", "pk")[:MOST])
