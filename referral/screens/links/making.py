"""Makes the link of a receiver without an account, and shows its address and its code once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from referral.access import Member
from referral.permissions import NotFound
from referral.referring.links import make_link
from referral.words.choices import CaseRole

from ..desk import desk, shown
from ..referrals.finding import name_of
from ..referrals.seen import seen_by


@desk(CaseRole.CASEWORKER, CaseRole.SUPERVISOR)
def referral_link(request: HttpRequest, member: Member, referral_id: uuid.UUID) -> HttpResponse:
    """What a link is; posted: a new one, shown on this answer and never again. The one before opens nothing any more."""
    seen = seen_by(member, referral_id)
    if seen.receives:
        raise NotFound(str(referral_id))
    context = {
        "seen": seen,
        "service": name_of(seen.referral.service),
        "training": seen.referral.is_training,
        "address": "",
    }
    if request.method == "POST":
        made = make_link(referral_id, by=member)
        address = (
            f"{settings.BASE_URL}{reverse('receive', kwargs={'token': made.token})}"  # never the Host of a request
        )
        context |= {"address": address, "code": f"{made.code[:3]} {made.code[3:]}"}
    return shown(request, member, "referral/links/made.html", context)
