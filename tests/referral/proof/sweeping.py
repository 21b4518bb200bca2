"""In a site of its own: opens every page of casework, writes a word of its own into every field, and tells where words went."""

from __future__ import annotations

import itertools
import json
import logging
import re
import sys
from typing import Any

LATIN, ARABIC, PHONE = "qxcanaryxq", "ظقكنارظق", "699887766"
NOT_OF_CASES = re.compile(r"account.*|mfa_.*|sign-.*|procedure.*|people.*|person-.*|organisation.*|invit.*|member.*")


def main() -> None:
    from django.conf import settings
    from django.core import mail
    from django.test.utils import setup_test_environment
    from django.utils import timezone

    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
    for name in set(logging.root.manager.loggerDict) - set(settings.LOGGING["loggers"]):
        logging.getLogger(name).setLevel(logging.DEBUG)
    setup_test_environment()
    mail.outbox = []
    sweep = Sweep(timezone.localdate().isoformat())
    sweep.everywhere()
    from django.core.management import call_command

    call_command("run_due", stdout=sys.stderr)
    print(json.dumps({"pages": sweep.pages, "posted": sweep.posted, "done": sweep.done, "words": next(sweep.numbers) - 1,
                      "broken": sweep.broken, "kept": kept(), "places": places()}))  # fmt: skip


class Sweep:
    """A worker of A with every role of casework, and a focal point of B, both going everywhere."""

    def __init__(self, today: str) -> None:
        from referral.models import Membership
        from referral.words.choices import CaseRole
        from tests.referral.proof.house import House

        self.house = House()
        worker = self.house.found.worker
        for role in (CaseRole.SUPERVISOR, CaseRole.INTAKE, CaseRole.DPO):
            Membership.objects.create(user_id=worker.user_id, partner=worker.partner, role=role)
        self.numbers = itertools.count(1)
        self.today, self.pages, self.posted, self.done = today, 0, 0, 0
        self.broken: list[str] = []

    def word(self, _name: str) -> str:
        number = next(self.numbers)
        return f"{LATIN}{number} {ARABIC}{number}"

    def everywhere(self) -> None:
        from tests.referral.proof.crawling import addresses

        for who in ("A owner", "B focal point"):
            for one in addresses():
                if not NOT_OF_CASES.fullmatch(one.name):
                    self._through(self.house.people[who](), one.of(self.house.values), one.name)

    def _through(self, client: Any, path: str, name: str) -> None:
        from tests.referral.proof.forms_of_pages import forms_of

        client.raise_request_exception = False
        found = client.get(path)
        if found.status_code >= 500:
            self.broken.append(f"GET {name}")
        client.post("/fr/casework/draft/", {"draft": name, "words": self.word("words")})
        if found.status_code != 200 or "text/html" not in found["Content-Type"]:
            return
        self.pages += 1
        for form in forms_of(found.content.decode()):
            answer = client.post(form.action or path, form.filled(self.word, self.today))
            self.posted += 1
            self.done += answer.status_code in (302, 303)
            if answer.status_code >= 500:
                self.broken.append(f"POST {name}")


def kept() -> int:
    """How many drafts hold a word, once they are opened: the words did come in."""
    from referral.models import Draft
    from referral.safety.keys import partner_box

    rows = Draft.objects.select_related("partner")
    return sum(LATIN in json.dumps(row.opened(partner_box(row.partner))["typed"]) for row in rows)


def places() -> dict[str, str]:
    """Everything outside the files that might hold a word: mails, caches, sessions, and the plain tables as text."""
    from django.contrib.sessions.models import Session
    from django.core import mail
    from django.core.cache import caches
    from wagtail.models import ModelLogEntry, PageLogEntry, Revision

    from portal import page_cache
    from referral.models import Answered, AuditEntry, Effect, Task

    rows = {one.__name__: repr(list(one.objects.values())) for one in (Answered, AuditEntry, Effect, Task)}
    history = {one.__name__: repr(list(one.objects.values())) for one in (ModelLogEntry, PageLogEntry, Revision)}
    return {
        "mails": repr(
            [(one.subject, one.body, getattr(one, "alternatives", ()), one.extra_headers) for one in mail.outbox]
        ),
        "cache": repr([getattr(one, "_cache", {}) for one in caches.all()]),
        "pages": repr(vars(page_cache)),
        "sessions": repr([one.get_decoded() for one in Session.objects.all()]),
        **rows,
        **history,
    }
