"""The log of orientations, for the many who only need an address; and the directory at hand, public data alone."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from referral.access import Member
from referral.actions.orientation import DESK, log_orientation
from referral.identifiers import WrongCode, parse_case_code
from referral.matching.lookup import chosen, look_up
from referral.models import Orientation
from referral.safety.isolation import as_partner
from referral.screens.addresses import address
from referral.screens.desk import desk, shown
from referral.words.choices import CaseRole, ServiceType
from services.models import Service
from services.presenting import Row, row

from .forms import LookUpForm, OrientationForm

FEW = 8  # services to choose from beside the form
READERS = (CaseRole.INTAKE, CaseRole.CASEWORKER, CaseRole.SUPERVISOR, CaseRole.FOCAL_POINT)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*DESK)
def orientation(request: HttpRequest, member: Member) -> HttpResponse:
    """Look for the service, tell the person, log it. A service is looked for in the address, the log is sent in the body."""
    look = LookUpForm(request.GET)
    sought = look.sought()
    key = request.POST.get("service", "") if request.method == "POST" else request.GET.get("service", "")
    picked = _picked(key)
    initial = {"need": sought.need, "language": sought.language, "service": picked.service.key if picked else ""}
    form = OrientationForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _log(form, member, picked):
        said = {"logged": "yes", **({"service": picked.service.key} if picked else {})}
        return HttpResponseRedirect(f"{reverse('orientation')}?{urlencode(said)}", status=303)
    context = {
        "form": form, "look": look, "picked": picked, "logged": "logged" in request.GET, "today": _today(member),
        "rows": look_up(sought, FEW) if sought and picked is None else [], "sought": bool(sought),
        "kept": urlencode({name: value for name, value in vars(sought).items() if value}),
    }  # fmt: skip
    return shown(request, member, "referral/orienting/orientation.html", context, status=form.status)


def _log(form: OrientationForm, member: Member, picked: Row | None) -> bool:
    known = {name: form.given[name] for name in ("language", "age_band", "sex", "need")}
    service: Service | None = picked.service if picked else None
    told = form.given["told"] == "yes"
    return form.carry_out(lambda: log_orientation(by=member, service=service, given=told, **known)) is not None


def _picked(key: str) -> Row | None:
    found = chosen(key).first() if key and "\0" not in key else None
    return row(found) if found else None


def _today(member: Member) -> int:
    with as_partner(member.partner):
        rows: QuerySet[Orientation] = Orientation.objects.filter(partner=member.partner, on=timezone.localdate())
        return rows.count()


@require_safe
@desk(*READERS)
def directory(request: HttpRequest, member: Member) -> HttpResponse:
    """Services by need, region, language and words: phone, whether open now, whether they have room. For a case, the way
    to refer it."""
    look = LookUpForm(request.GET)
    sought = look.sought()
    code = _code(request.GET.get("case", ""))
    found = look_up(sought) if sought else []
    rows = [(one, address(("refer-to",), code=code, service=one.service.key) if code else "") for one in found]
    context = {"look": look, "rows": rows, "sought": bool(sought), "code": code, "needs": ServiceType.choices}
    return shown(request, member, "referral/orienting/directory.html", context)


def _code(typed: str) -> str:
    """The code of a case in its one shape; empty for anything else. Whether there is such a case is not looked at."""
    try:
        return parse_case_code(typed)
    except WrongCode:
        return ""
