"""How these tests walk through the door: a browser, what it types, who it is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client

from portal.accounts.visits import SessionStore
from tests.people import app_of, code_now

PASSWORD = "a long password 2026"
DOOR = "/en/casework/account/"


def browser(address: str = "203.0.113.7", **named: Any) -> Client:
    """A browser at this network address."""
    return Client(headers={"accept": "text/html"}, REMOTE_ADDR=address, **named)


def session_of(client: Client) -> SessionStore:
    """The session that this browser has now."""
    cookies = [cookie.value for cookie in client.cookies.values() if cookie.key == settings.SESSION_COOKIE_NAME]
    return SessionStore(cookies[-1])


def type_password(client: Client, login: str, password: str = PASSWORD, onward: str = "") -> Any:
    return client.post(f"{DOOR}sign-in/{f'?next={onward}' if onward else ''}", {"login": login, "password": password})


def type_code(client: Client, code: str) -> Any:
    return client.post(f"{DOOR}second-factor/", {"code": code})


def walk_in(client: Client, user: Any, onward: str = "", code: str = "") -> Any:
    """Password and code; the last answer."""
    app_of(user)
    type_password(client, user.username, onward=onward)
    return type_code(client, code or code_now())


def is_in(client: Client) -> bool:
    """Whether this browser is signed in with everything behind it."""
    return client.get(DOOR).status_code == 200
