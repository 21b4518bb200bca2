"""Before data of cases leave: the second factor once more, if it was given longer ago than LASTS.

Who asks for it is found by its name (“confirm”), as choosing an organisation is: the accounts are upstairs.
"""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

CONFIRMED_AT = "confirmed_at"  # in the session: when the second factor was given last
LASTS = 5 * 60  # seconds


def note_confirmed(request: HttpRequest) -> None:
    """The second factor was given now, in this session."""
    request.session[CONFIRMED_AT] = time.time()


def is_confirmed(request: HttpRequest) -> bool:
    """Whether it was given in the last minutes. A moment that is still to come counts as none."""
    at = request.session.get(CONFIRMED_AT)
    return isinstance(at, float) and 0 <= time.time() - at <= LASTS


def ask_first(request: HttpRequest) -> HttpResponse | None:
    """To the page that asks for it, and from there back here; None for who has given it lately. Nothing may leave before."""
    if is_confirmed(request):
        return None
    return redirect(f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")
