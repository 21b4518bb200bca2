"""The page cache keeps pages by their address alone; answers of the API depend on the language and must not be kept."""

from __future__ import annotations

import json

from tests.portal.test_page_cache import Worker, _one_connection  # noqa: F401  (a fixture that runs by itself)

from . import making


def read(worker: Worker, language: str) -> tuple[dict[str, str], dict]:
    status, headers, body = worker.get("/hsds/services", accept_language=language)
    assert status.startswith("200")
    return headers, json.loads(body)


def test_the_same_address_has_an_answer_in_each_language(empty):
    making.service("a", name_fr="Accueil", name_ar="استقبال")
    worker = Worker()
    for language, name in (("fr", "Accueil"), ("ar", "استقبال"), ("fr", "Accueil")):
        headers, page = read(worker, language)
        assert headers["Content-Language"] == language
        assert [one["name"] for one in page["contents"]] == [name]


def test_what_is_withdrawn_is_gone_at_once(empty):
    record = making.service("a")
    worker = Worker()
    assert not read(worker, "fr")[1]["empty"]
    type(record).objects.update(live=False)
    assert read(worker, "fr")[1]["empty"]
