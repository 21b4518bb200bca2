"""The recipe of docs/new-language.md, followed: a fourth language answers everywhere before a word of it is translated."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import prepared

PARTS = ("portal", "services", "referral", "templates", "static", "locale", "manage.py")
READ = """
import json
from django.conf import settings
from django.test import Client
client, found = Client(SERVER_NAME="localhost"), {}
for path in PATHS:
    answer = client.get(path, headers={"accept-language": "es"})
    found[path] = [answer.status_code, answer.content.decode(), answer.get("Location", "")]
print(json.dumps(found))
"""
PATHS = [
    "/",
    "/es/",
    "/es/guides/",
    "/es/guides/health/",
    "/es/guides/health/see-a-doctor/",
    "/es/emergency/",
    "/es/about/",
    "/es/x/",
    "/ar/",
]


@pytest.fixture(scope="module")
def spanish(tmp_path_factory) -> dict[str, list]:
    """What a site answers whose operator followed the recipe: path → status, page, where it leads."""
    house = tmp_path_factory.mktemp("house")
    for name in PARTS:
        source = prepared.ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, house / name)
    recipe = re.search(r'`(\("es", "Español"\))`', Path("docs/new-language.md").read_text(encoding="utf-8"))[1]
    settings = house / "portal" / "settings.py"
    text = settings.read_text(encoding="utf-8")
    assert '("en", "English")]' in text
    settings.write_text(text.replace('("en", "English")]', f'("en", "English"), {recipe}]'), encoding="utf-8")
    shutil.copytree(prepared.prepared_site(), house / "var", symlinks=True)
    environment = prepared.environment(house / "var")

    def manage(*arguments: str, **more: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    manage("makemigrations", "portal", "services", "--name", "spanish")
    assert len(list((house / "portal" / "migrations").glob("*spanish.py"))) == 1
    assert "name_es" in next((house / "services" / "migrations").glob("*spanish.py")).read_text()
    assert "title_es" in next((house / "portal" / "migrations").glob("*spanish.py")).read_text()
    manage("migrate", "--verbosity", "0")
    import json

    return json.loads(manage("shell", "--no-imports", "--command", f"PATHS = {PATHS}\n{READ}").splitlines()[-1])


def test_the_root_leads_a_spanish_browser_to_spanish(spanish):
    assert spanish["/"][0::2] == [302, "/es/"]


@pytest.mark.parametrize("path", [path for path in PATHS if path.startswith("/es/") and path != "/es/x/"])
def test_every_page_answers_in_the_next_best_language_and_says_so(spanish, path):
    status, text, _location = spanish[path]
    assert status == 200
    assert '<html lang="es" dir="ltr">' in text
    assert 'lang="fr" dir="ltr"' in text
    assert 'class="notice"' in text


def test_every_other_page_offers_the_new_language(spanish):
    assert 'href="/es/" lang="es" hreflang="es"' in spanish["/ar/"][1]
    assert 'hreflang="es" href="http://localhost:8000/es/"' in spanish["/ar/"][1]


def test_an_unknown_spanish_address_is_a_404(spanish):
    assert spanish["/es/x/"][0] == 404
