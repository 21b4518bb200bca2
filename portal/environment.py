"""What the environment says: each setting read once, and sentences for those that are missing.

Three modes, told by DEBUG alone:
unset = one laptop (safe defaults, only local addresses answer, a key kept under var/);
on = a developer at work; off = production, which refuses to start without its secrets.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

ON, OFF = {"1", "yes", "true", "on"}, {"0", "no", "false", "off"}


class CannotStart(SystemExit):
    """Stops the start: prints one clear sentence a fault and no traceback."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(f"Dalil cannot start: {fault}" for fault in faults))


def read(name: str, default: str = "") -> str:
    """The setting's value, without spaces around it; an empty one counts as missing."""
    return os.environ.get(name, "").strip() or default


def read_list(name: str, default: str = "") -> list[str]:
    """A setting that holds several values, divided by commas."""
    return [part.strip() for part in read(name, default).split(",") if part.strip()]


def read_switch(name: str) -> bool | None:
    """True, False, or None where it is not set; a word that is neither stops the start."""
    value = read(name).lower()
    if value and value not in ON | OFF:
        raise CannotStart([f"{name} must be yes or no, not “{value}”."])
    return value in ON if value else None


def missing_in_production() -> list[str]:
    """One sentence for each secret or address that production needs and does not have."""
    faults = []
    if len(read("SECRET_KEY")) < 50:
        faults.append("SECRET_KEY is missing or shorter than 50 characters; set it to a long random text.")
    if not read_list("ALLOWED_HOSTS") or "*" in read_list("ALLOWED_HOSTS"):
        faults.append("ALLOWED_HOSTS is missing or “*”; name each host that serves the site, divided by commas.")
    if "cases" in read_list("ZONES", "cases") and not read("CASE_KEYS"):
        faults.append(
            "CASE_KEYS is missing; set it to name:key, the key from `openssl rand -base64 32`, or leave cases out of ZONES."
        )
    if not read("BASE_URL").startswith("https://"):
        faults.append("BASE_URL is missing or not https; set it to the public address, such as https://dalil.example.")
    if "cases" in read_list("ZONES", "cases") and read("EMAIL_URL").partition(":")[0] not in ("smtp", "smtps"):
        faults.append("EMAIL_URL is missing; name the mail server, such as smtp://user:password@mail.example:587.")
    return faults


def mail_settings(address: str) -> dict[str, object]:
    """Django’s settings for a mail server: smtp://user:password@host:587 (STARTTLS), smtps://…:465 (TLS), console: prints."""
    parts = urlsplit(address)
    kind = {"smtp": "smtp", "smtps": "smtp", "console": "console", "memory": "locmem"}.get(parts.scheme)
    if kind is None or (kind == "smtp" and not parts.hostname):
        raise CannotStart(["EMAIL_URL must be smtp://user:password@host:port, smtps://… or console:"])
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": kind == "smtp" and not implicit and parts.hostname not in ("localhost", "127.0.0.1"),
    }


def kept_secret(folder: Path) -> str:
    """A random key for one laptop, made once and kept in a file that only its owner can read."""
    return _kept(folder, "secret_key", secrets.token_urlsafe(64))


def kept_case_keys(folder: Path) -> str:
    """A key ring for cases on one laptop, kept beside the database and not in it. Production names its own."""
    return _kept(folder, "case_keys", f"laptop:{base64.b64encode(secrets.token_bytes(32)).decode()}")


def _kept(folder: Path, name: str, value: str) -> str:
    path = folder / name
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(value)
        return path.read_text()
    except FileExistsError:  # another process made it at the same moment
        return path.read_text()
    except OSError as error:
        raise CannotStart(
            [f"{folder} cannot be written ({error.strerror}); free space or choose another folder with VAR_DIR."]
        ) from None
