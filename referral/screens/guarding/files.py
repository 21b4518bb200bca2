"""The files of a case, and who has opened it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from referral.access import Member
from referral.attachments.judging import REASONS, FileRefused
from referral.attachments.uploads import TOO_LARGE
from referral.guarding import files
from referral.models import Case
from referral.permissions import get_case_for
from referral.reading.case_history import readers
from referral.safety.isolation import as_partner
from referral.screens.addresses import page_number, page_of
from referral.screens.desk import desk, shown

from .forms import FileForm
from .names import done

TYPES = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
STATUSES = {"too_large": 413, "no_room": 429}


@require_http_methods(["GET", "POST"])
@desk()
def case_files(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """The files of this case, and one more."""
    case, found, may_add = files.listed(member, code)
    form, status = FileForm(), 200
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        form.errors.pop("file", None)  # said below, in our words
        why = _added(request, member, case)
        if not why:
            return redirect("case-files", code=case.code)
        form.add_error("file", str(REASONS[why]))
        status = STATUSES.get(why, 400)
    context = {"case": case, "files": found, "form": form, "may_add": may_add}
    return shown(request, member, "referral/guarding/files.html", context, status=status)


def _added(request: HttpRequest, member: Member, case: Case) -> str:
    """Why the file was not added; empty: it was."""
    sent = request.FILES.get("file")
    if sent is None:
        return "too_large" if getattr(request, TOO_LARGE, False) else "empty"
    try:
        files.add(case, by=member, content=sent.read(), name=sent.name or "")
    except FileRefused as refused:
        return refused.why
    return ""


@require_GET
@desk()
def case_file(_request: HttpRequest, member: Member, code: str, file_id: uuid.UUID) -> HttpResponse:
    """One file, to be saved and never shown by the browser: nothing in it can run here."""
    found = files.open_file(member, code, file_id)
    answer = HttpResponse(found.content, content_type=TYPES[found.attachment.kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@desk()
def remove_file(_request: HttpRequest, member: Member, code: str, file_id: uuid.UUID) -> HttpResponse:
    """Remove a file that should not be there."""
    with as_partner(member.partner):
        case = get_case_for(member, code)
    files.remove(case, by=member, attachment_id=file_id)
    return redirect("case-files", code=case.code)


@require_GET
@desk()
def case_readers(request: HttpRequest, member: Member, code: str) -> HttpResponse:
    """Who has opened this case: for who is in charge of it and for the data-protection officer."""
    page = page_number(request)
    found, more = page_of(lambda rows: readers(member, code, rows), page)
    context = {"code": code, "rows": [(row, done(row.what)) for row in found], "page": page, "more": more}
    return shown(request, member, "referral/guarding/readers.html", context)
