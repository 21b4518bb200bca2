"""Words of their own through every page and form of casework: afterwards they stand nowhere but sealed."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from tests.referral.safety import own_site
from tests.referral.safety.test_canary import found_in

from .sweeping import ARABIC, LATIN, PHONE

SWEEP = "from tests.referral.proof.sweeping import main; main()"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks at SQLite's own files")
def test_what_people_type_in_casework_is_nowhere_but_sealed(tmp_path):
    folder = own_site.make(tmp_path / "site")
    out, log = own_site.run(folder, SWEEP)
    found = json.loads(out.strip().splitlines()[-1])
    assert found["broken"] == []
    assert found["pages"] > 2
    assert found["words"] > 10
    assert found["kept"] > 0  # the words did come in
    words = (LATIN, ARABIC, PHONE)
    assert {place: hits for place, text in found["places"].items() if (hits := found_in(text.encode(), *words))} == {}
    assert found_in(log.encode(), *words) == set()
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {"dalil.sqlite3"} < {path.name for path in files}
    holding = {str(path.relative_to(folder)): hits for path in files if (hits := found_in(path.read_bytes(), *words))}
    assert holding == {}
    print(
        f"{found['pages']} pages, {found['posted']} forms, {found['done']} carried out, {found['words']} words, {len(files)} files"
    )
