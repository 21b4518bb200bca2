"""One session for staff, in a cookie that only the CMS and the casework receive; public pages know none (trust S7)."""

from __future__ import annotations

from http.cookies import SimpleCookie

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from .zones import Zone, staff_paths, zone_of


class StaffSessions(SessionMiddleware):
    """Django's own, except that the cookie is set once for each path of staff, and never read or set elsewhere."""

    def process_request(self, request: HttpRequest) -> None:
        if zone_of(request.path_info) is Zone.PUBLIC:
            request.session = self.SessionStore()  # empty, and never saved
            return
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if zone_of(request.path_info) is Zone.PUBLIC:
            return response
        response = super().process_response(request, response)
        morsel = response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        if morsel is not None:
            for number, path in enumerate(staff_paths()):
                one: SimpleCookie = SimpleCookie({morsel.key: morsel.value})
                one[morsel.key].update({**morsel, "path": path})
                # A cookie jar knows one cookie a name; each path needs its own, of the same name.
                key = f"{morsel.key} {path}" if number else morsel.key
                dict.__setitem__(response.cookies, key, one[morsel.key])
        return response
