"""The second factor: a code of an authenticator app, a passkey, or a recovery code, each kept by django-allauth."""

from __future__ import annotations

import json
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

Kind = Authenticator.Type
MAIN = (Kind.TOTP, Kind.WEBAUTHN)
BROKEN = (
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)  # whatever a forged credential causes


def main_ones(user: Any) -> QuerySet[Authenticator]:
    """Authenticator app and passkeys: what somebody must have one of. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=user.pk, type__in=MAIN).order_by("pk")


def has_any(user: Any) -> bool:
    """Whether this person has set up a second factor."""
    return main_ones(user).exists()


# Codes ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def check_code(user: Any, code: str) -> str:
    """Which kind of code this is, if it is right: it never is a second time. Empty if it is wrong."""
    app = Authenticator.objects.select_for_update().filter(user=user.pk, type=Kind.TOTP).first()
    if app is not None and _check_app(app, code):
        return "totp"
    codes = Authenticator.objects.filter(user=user.pk, type=Kind.RECOVERY_CODES).first()
    if codes is not None and codes.wrap().validate_code(code):
        codes.record_usage()
        return "recovery_code"
    return ""


def _check_app(app: Authenticator, code: str) -> bool:
    """One step before and after is allowed for clocks that differ; no step twice, and none before the last one used."""
    counter = _counter(decrypt(app.data["secret"]), code)
    if counter is None or counter <= app.data.get("last", -1):
        return False
    app.data["last"] = counter
    app.save(update_fields=["data"])
    app.record_usage()
    return True


def _counter(secret: str, code: str) -> int | None:
    found = None
    for counter in totp.yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter))):
            found = counter
    return found


# Setting up ----------------------------------------------------------------------------------------------------------


def secret_to_show() -> str:
    """The secret that this session offers for an authenticator app; the same until it was used."""
    return totp.get_totp_secret()


@transaction.atomic
def add_app(request: HttpRequest, user: Any, code: str) -> bool:
    """Keep the offered secret if the code shows that the app has it."""
    secret = totp.get_totp_secret()
    counter = _counter(secret, code)
    if counter is None or Authenticator.objects.filter(user=user.pk, type=Kind.TOTP).exists():
        return False
    made = totp.TOTP.activate(user, secret).instance
    made.data["last"] = counter
    made.save(update_fields=["data"])
    totp.clear_totp_secret(request)
    return True


def add_passkey(user: Any, credential: str, name: str) -> bool:
    """Keep a passkey, if it answers what was asked and its owner was asked for finger, face or PIN."""
    try:
        given = json.loads(credential)
        webauthn.parse_registration_response(given)
        if not webauthn.complete_registration(given).is_user_verified():
            return False
    except BROKEN:
        return False
    webauthn.WebAuthn.add(user, name[:60], given)
    return True


@transaction.atomic
def new_recovery_codes(user: Any) -> list[str]:
    """Ten codes instead of any others. They are shown now and never again."""
    Authenticator.objects.select_for_update().filter(user=user.pk, type=Kind.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).get_unused_codes()


def codes_left(user: Any) -> int:
    """How many recovery codes have not been used."""
    found = Authenticator.objects.filter(user=user.pk, type=Kind.RECOVERY_CODES).first()
    return len(found.wrap().get_unused_codes()) if found else 0


@transaction.atomic
def remove(user: Any, pk: int) -> bool:
    """Take one away, if another is left: nobody is without a second factor."""
    rows = list(main_ones(user).select_for_update())
    if len(rows) < 2 or pk not in [row.pk for row in rows]:
        return False
    Authenticator.objects.filter(pk=pk).delete()
    return True


def remove_all(user: Any) -> None:
    """For somebody who has lost them: the next sign-in sets up a new one."""
    Authenticator.objects.filter(user=user.pk).delete()


# Passkeys ------------------------------------------------------------------------------------------------------------


def to_add(user: Any) -> str:
    """What the script hands to the browser to make a passkey."""
    return json.dumps(webauthn.begin_registration(user, True), cls=DjangoJSONEncoder)


def to_sign_in(user: Any = None) -> str:
    """What the script hands to the browser to use a passkey: of this person, or of whoever has one."""
    return json.dumps(webauthn.begin_authentication(user), cls=DjangoJSONEncoder)


def check_passkey(credential: str, user: Any = None) -> Any:
    """Whose passkey this is; None if it is not right. Without a `user` it must have asked for finger, face or PIN."""
    try:
        given = json.loads(credential)
        answer = webauthn.parse_authentication_response(given)
        owner = user or webauthn.extract_user_from_response(given)
        if user is None and not answer.response.authenticator_data.is_user_verified():
            return None
        found = webauthn.complete_authentication(owner, given)
    except BROKEN:
        return None
    found.record_usage()
    return owner if owner.is_active else None
