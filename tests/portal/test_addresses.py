"""Every public address keeps what contracts and readers rely on: language, links, headers, no cookie, one host."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

LANGUAGES = ("ar", "fr", "en")
PAGES = (
    "",
    "guides/",
    "guides/residence/",
    "guides/residence/renew-residence-permit/",
    "guides/arrival/emergency-numbers/",
    "emergency/",
    "about/",
    "privacy/",
    "accessibility/",
    "offline/",
    "components/",
)
FILES = (
    "/robots.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/sw.js",
    "/manifest.webmanifest",
    "/fr/offline/pages.json",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_names_its_language_its_siblings_and_itself(reader, language, path):
    answer = reader.get(f"/{language}/{path}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in text
    assert text.count("<h1") == 1
    if path != "components/":
        for other in (*LANGUAGES, "x-default"):
            assert f'hreflang="{other}" href="{settings.BASE_URL}/' in text
        assert f'<link rel="canonical" href="{settings.BASE_URL}/{language}/' in text
    for other in LANGUAGES:
        assert f'href="/{other}/{path}" lang="{other}"' in text, "the language switch keeps the page"


@pytest.mark.parametrize(
    "path", [*(f"/{language}/{path}" for language in LANGUAGES for path in PAGES), *FILES, "/", "/fr/nothing/"]
)
def test_no_public_answer_sets_a_cookie_or_loads_from_elsewhere(reader, path):
    answer = reader.get(path)
    text = answer.content.decode()
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    loaded = re.findall(r'<(?:script|img|iframe|source|video|audio|embed)[^>]*\ssrc="([^"]*)"', text)
    loaded += re.findall(r'<link rel="(?:icon|manifest|stylesheet|preload)" href="([^"]*)"', text)
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    assert "url(" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/fr/",
        "/ar/guides/health/see-a-doctor/",
        "/fr/nothing/",
        "/healthz",
        "/sw.js",
        "/static/icon.svg",
        "/cms/login/",
    ],
)
def test_every_answer_carries_the_security_headers(reader, path):
    answer = reader.get(path)
    policy = answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == ("same-origin" if path.startswith("/cms/") else "no-referrer")
    assert "geolocation=()" in answer["Permissions-Policy"]
    if not path.startswith("/cms/"):
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
    answer.close()


def test_the_first_link_of_every_page_leads_to_emergency_numbers(reader):
    for language in LANGUAGES:
        for path in (*PAGES, "nothing/"):
            text = reader.get(f"/{language}/{path}").content.decode()
            assert re.search(r'<a [^>]*href="([^"]*)"', text)[1] == f"/{language}/emergency/"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ar", "ar"),
        ("fr-MA,fr;q=0.9,ar;q=0.8", "fr"),
        ("en-GB", "en"),
        ("es", "fr"),
        ("es, ar;q=0.5", "ar"),
        ("", "fr"),
        ("\x00;;q=", "fr"),
    ],
)
def test_the_root_follows_the_browser_and_keeps_no_cookie(reader, header, language):
    answer = reader.get("/", headers={"accept-language": header})
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in answer["Vary"]


def test_health_says_nothing_to_strangers(reader):
    assert (reader.get("/healthz").status_code, reader.get("/healthz").content) == (200, b"ok")
    assert (reader.get("/readyz").status_code, reader.get("/readyz").content) == (200, b"ready")


def test_the_sitemap_lists_every_guide_in_every_language_with_its_siblings(reader):
    text = reader.get("/sitemap.xml").content.decode()
    assert text.count("<loc>") == len(set(re.findall(r"<loc>([^<]*)</loc>", text)))
    for language in LANGUAGES:
        assert f"{settings.BASE_URL}/{language}/guides/health/see-a-doctor/</loc>" in text
        assert text.count(f"<loc>{settings.BASE_URL}/{language}/guides/") == 1 + 6 + 32
    assert "/cms/" not in text
    assert "/j/" not in text


def test_security_txt_has_what_rfc_9116_asks(reader):
    text = reader.get("/.well-known/security.txt").content.decode()
    assert re.search(r"^Contact: http\S+$", text, re.MULTILINE)
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT", text, re.MULTILINE)


def test_structured_data_is_json_and_no_text_can_end_it(reader):
    import json

    text = reader.get("/ar/guides/health/see-a-doctor/").content.decode()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])
    assert data["inLanguage"] == "ar"
    assert data["@type"] == "Article"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sensitive_guide_is_left_out_of_what_a_phone_may_keep(reader, language):
    kept = reader.get(f"/{language}/offline/pages.json").json()["addresses"]
    assert f"/{language}/guides/residence/renew-residence-permit/" in kept
    assert f"/{language}/emergency/" in kept
    assert not [address for address in kept if "mental-health" in address or "removal-order" in address]
