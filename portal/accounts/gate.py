"""Nobody is anybody in the CMS or in casework without an open session and its second factor (trust S1, scenario 68)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal.middleware import GetResponse
from portal.zones import Zone, zone_of

from . import open_sessions

FOR_SUPERUSERS = ("/cms/users/", "/cms/groups/", "/cms/bulk/portal/user/")
WITHOUT_SECOND_FACTOR = ("set-up", "sign-out")


class StaffGate:
    """Comes after AuthenticationMiddleware. A session that was ended or has timed out is nobody's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if zone_of(request.path_info) is Zone.PUBLIC:
            return self.get_response(request)
        if request.user.is_authenticated:
            session = open_sessions.current(request)
            if session is None:
                open_sessions.forget(request)
            elif not session.strong and request.path_info not in map(reverse, WITHOUT_SECOND_FACTOR):
                return HttpResponseRedirect(reverse("set-up"))
        if request.path_info.startswith(FOR_SUPERUSERS) and not request.user.is_superuser:
            raise PermissionDenied
        return self.get_response(request)
