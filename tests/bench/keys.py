"""How fast keys are wrapped anew: `python -m tests.bench.keys`. On SQLite, or on the PostgreSQL of DATABASE_URL (an empty one)."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PARTNERS, CASES = 1_000, 5_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(Path(folder))


def measure(folder: Path) -> None:
    """Prints keys a second of both rotations, after checking that a case opens before and after."""
    import base64

    from django.conf import settings
    from django.db import connection

    from referral.encryption import new_key
    from referral.safety import keys, rotation

    settings.CASE_KEYS = f"old:{base64.b64encode(new_key()).decode()}"
    partners, cases = made()
    place = {case: keys.case_box(case, partners[0]).seal("Awa", "place") for case in (cases[0], cases[-1])}
    settings.CASE_KEYS = f"new:{base64.b64encode(new_key()).decode()},{settings.CASE_KEYS}"
    timed("rotate_ring, keys of partners and index secrets", rotation.rotate_ring)
    settings.CASE_KEYS = settings.CASE_KEYS.partition(",")[0]
    timed("rotate_partner, keys of cases", lambda: rotation.rotate_partner(partners[0]).done)
    assert all(keys.case_box(case, partners[0]).open(sealed, "place") == "Awa" for case, sealed in place.items())
    print(f"on {connection.vendor}; in {folder if connection.vendor == 'sqlite' else 'the database given'}")


def made() -> tuple[list[Any], list[Any]]:
    """Partners with their keys, and cases of the first."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from referral.models import Case, Partner, PartnerKind
    from referral.reading.versions import freeze
    from referral.safety import keys
    from referral.words.choices import Profile, Risk, Urgency

    with transaction.atomic():
        user = get_user_model().objects.create(username="bench")
        procedure = freeze(Profile.GEN)
        partners = [Partner.objects.create(key=f"partner-{at}", kind=PartnerKind.NGO) for at in range(PARTNERS)]
        for partner in partners:
            keys.blind_index(partner, "phone", "0612345678")
            keys.partner_box(partner)
        usual = {
            "partner": partners[0],
            "owner": user,
            "opened_by": user,
            "profile": Profile.GEN,
            "procedure": procedure,
        }
        level = {"urgency": Urgency.NORMAL, "risk": Risk.LOW, "procedure_version": procedure.version}
        cases = [Case.objects.create(code=f"B{at}", **usual, **level) for at in range(CASES)]
        for case in cases:
            keys.new_case_box(case)
    return partners, cases


def timed(name: str, work: Any) -> None:
    start = time.perf_counter()
    done = work()
    seconds = time.perf_counter() - start
    print(f"{name}: {done} in {seconds:.2f} s, {done / seconds:,.0f} a second", file=sys.stdout)


if __name__ == "__main__":
    main()
