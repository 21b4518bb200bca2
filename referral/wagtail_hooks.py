"""What the CMS knows of this floor: the way to the procedures, which editors read and propose. Nothing of cases."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.bulk_action import BulkAction

from referral.guarding import deleting


@hooks.register("register_admin_menu_item")
def procedures() -> MenuItem:
    """The procedures, in the menu of the CMS."""
    return MenuItem(_("Procedures"), reverse("procedures"), icon_name="list-ol", order=850)


@hooks.register("before_delete_snippet")
def keep_needed_records(request: HttpRequest, rows: Sequence[Model]) -> HttpResponse | None:
    """A service, an organisation, a place that something needs is not deleted: one, or many at once."""
    kept = deleting.needed(list(rows))
    if not kept:
        return None
    names = ", ".join(str(row) for row in kept)
    sentence = gettext("Not deleted, because other records need it: %(names)s. Take it off line instead.")
    return _refuse(request, kept[0], sentence % {"names": names})


@hooks.register("before_delete_user")
def keep_needed_account(request: HttpRequest, user: Model) -> HttpResponse | None:
    """An account that something needs is not deleted."""
    return _keep_needed_accounts(request, [user])


@hooks.register("before_bulk_action")
def keep_needed_accounts(
    request: HttpRequest, kind: str, rows: Sequence[Model], action: BulkAction
) -> HttpResponse | None:
    """The same for many accounts at once; the CMS has no hook of their own."""
    is_theirs = kind == "delete" and action.model._meta.model_name == "user"
    return _keep_needed_accounts(request, rows) if is_theirs else None


def _keep_needed_accounts(request: HttpRequest, users: Sequence[Model]) -> HttpResponse | None:
    kept = deleting.needed(list(users))
    if not kept:
        return None
    names = ", ".join(str(user) for user in kept)
    sentence = gettext("Not deleted, because other records need it: %(names)s. Make the account inactive instead.")
    return _refuse(request, kept[0], sentence % {"names": names})


def _refuse(request: HttpRequest, row: Model, sentence: str) -> HttpResponse:
    """Back to where they came from, or to the row itself."""
    messages.error(request, sentence)
    back = get_valid_next_url_from_request(request) or AdminURLFinder(request.user).get_edit_url(row)
    return redirect(back or reverse("wagtailadmin_home"))
