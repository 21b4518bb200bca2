"""The reader's screens of the directory and the search: found, filtered, reached, and never more than readers may know."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from services.models import Category, OpeningHours, Place, Service
from services.taxonomy import Precision

from .directory import add_phone, add_place, make_organisation, make_service

LANGUAGES = ("ar", "fr", "en")
DIRECTIONS = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
RABAT = "near=34.02,-6.84"


def text_of(reader, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def links(text: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', text)]


def keys(text: str) -> list[str]:
    """The services of a list, in its order."""
    return re.findall(r'<li class="row" id="s-([\w-]+)"', text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "rest", ["services/", "services/?q=avocat", "search/", "search/?q=avocat", "services/unhcr-register/"]
)
def test_every_screen_is_framed_in_the_readers_language_without_cookie(reader, indexed, language, rest):
    answer = reader.get(f"/{language}/{rest}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{DIRECTIONS[language]}"' in text
    assert links(text[text.index("<body") :])[0] == f"/{language}/emergency/", "the emergency numbers come first"
    assert f'<link rel="canonical" href="http://localhost:8000/{language}/{rest.partition("?")[0]}">' in text
    assert not answer.cookies
    assert "http://" not in re.sub(r"http://(localhost:8000|www\.w3\.org)", "", text.partition("</head>")[0])


def test_the_language_switch_keeps_what_was_asked(reader, indexed):
    found = links(text_of(reader, "/fr/services/?q=avocat&region=MA-04"))
    assert "/ar/services/?q=avocat&region=MA-04" in found
    assert "http://localhost:8000/ar/services/" in found, "what other languages are called by has no query"


def test_a_row_says_what_decides_whether_to_go_there(reader, indexed):
    service = make_service(
        welcome="only", welcomes=["refugee"], languages=["ary", "fr"], capacity="limited", around_the_clock=True
    )
    add_place(service)
    add_phone(service, "+212537123456")
    indexed()
    text = text_of(reader, "/en/services/?q=xylophone")
    assert keys(text) == ["test-desk"]
    for words in (
        "Xylophone", "The Helpers", "Rabat", "Open day and night", "Only for: refugees", "Darija, French",
        "Few places left", "Not yet confirmed", 'href="tel:+212537123456"', "05\u00a037\u00a012\u00a034\u00a056",
    ):  # fmt: skip
        assert words in text, words


def test_filters_say_how_many_they_would_leave_and_keep_their_word(reader, indexed):
    text = text_of(reader, "/fr/services/?category=health")
    found = re.findall(
        r'<a rel="nofollow" href="(/fr/services/\?category=health&amp;region=[^"]+)">[^<]+</a> <bdi class="count">\((\d+)\)',
        text,
    )
    assert len(found) > 3
    for address, count in found[:3]:
        assert f"<bdi>{count}</bdi></h2>" in text_of(reader, unescape(address))


def test_a_chosen_filter_can_be_taken_away(reader, indexed):
    text = text_of(reader, "/fr/services/?category=health&region=MA-04&q=soin")
    chips = re.findall(r'<a class="chip" rel="nofollow" href="([^"]+)"><span>([^<]+)</span> <span aria-hidden', text)
    assert ("/fr/services/?q=soin&region=MA-04".replace("&", "&amp;"), "Santé") in chips
    assert len(chips) == 2


def test_the_nearest_come_first_and_say_how_far(reader, indexed):
    near, far = make_service("test-near"), make_service("test-far")
    add_place(near)
    add_place(far, city=Place.objects.get(kind="city", name_fr="Tanger"), latitude=35.76, longitude=-5.83)
    indexed()
    text = text_of(reader, f"/en/services/?q=xylophone&{RABAT}")
    assert keys(text) == ["test-near", "test-far"]
    assert "less than 1 km away" in text
    assert re.search(r"about 2\d\d km away", text)


def test_where_somebody_is_is_cut_to_about_a_kilometre_in_every_link(reader, indexed):
    answer = reader.get("/fr/services/?q=soin&near=34.0209876,-6.8416543")
    assert (answer.status_code, answer["Location"]) == (302, "/fr/services/?q=soin&near=34.02,-6.84")
    assert answer["Cache-Control"] == "no-store"
    assert "near=34.02" in text_of(reader, answer["Location"])


def test_only_the_list_may_ask_where_the_reader_is(reader, indexed):
    assert "geolocation=(self)" in reader.get("/fr/services/")["Permissions-Policy"]
    for path in (
        "/fr/",
        "/fr/search/",
        "/fr/services/unhcr-register/",
        "/fr/guides/health/see-a-doctor/",
        "/fr/nowhere/",
    ):
        assert "geolocation=()" in reader.get(path)["Permissions-Policy"], path


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("services/", "no-cache"),
        ("services/unhcr-register/", "no-cache"),
        ("services/unhcr-register.vcf", "no-cache"),
        ("services/?q=avocat", "no-store"),
        (f"services/?{RABAT}", "no-store"),
        ("search/?q=avocat", "no-store"),
        ("search/", "no-store"),
    ],
)
def test_what_changes_with_the_hour_is_asked_for_again_and_a_search_is_kept_nowhere(reader, indexed, path, kept):
    assert reader.get(f"/fr/{path}")["Cache-Control"] == kept


def test_a_service_page_says_everything_that_is_known(reader):
    service = make_service(
        description_fr="Nous écoutons.", eligibility_fr="Tout le monde", fees_fr="Gratuit", how_to_fr="Sonnez.",
        alert_fr="Fermé en août", welcome="preferred", welcomes=["woman", "minor"], minimum_age=12, maximum_age=17,
        women_only=True, capacity="waiting_list", capacity_since=datetime.date(2026, 11, 2), access="call_first",
        languages=["wo"], website="https://helpers.example/page", checked_on=datetime.date(2026, 11, 20),
        source="https://source.example/x; carnet",
    )  # fmt: skip
    OpeningHours.objects.create(service=service, weekday="MO", opens=datetime.time(9), closes=datetime.time(12, 30))
    add_place(service, accessible="yes", directions_fr="Derrière la poste")
    add_phone(service, "0612345678")
    add_phone(service, "+212612345679", kind="whatsapp")
    text = text_of(reader, f"/fr/services/{service.key}/")
    for words in (
        "Guichet Xylophone", "Les Aidants", "Nous écoutons.", "Tout le monde", "Gratuit", "Sonnez.", "Fermé en août",
        'href="tel:0612345678"', 'href="sms:+212612345678"', 'href="https://wa.me/212612345679"', "09:00–12:30",
        "7 rue des Essais", "Derrière la poste", 'href="geo:34.0209,-6.8416?q=34.0209,-6.8416"', "openstreetmap.org",
        '<time datetime="2026-11-02">', '<time datetime="2026-11-20">', ">helpers.example</a>", ">source.example</a>",
        f"/fr/services/{service.key}/report/", f"/fr/services/{service.key}.vcf", "https://wa.me/?text=",
    ):  # fmt: skip
        assert words in text, words
    assert "carnet" not in text, "notes of editors are not for readers"


def test_a_service_that_nobody_has_confirmed_says_so(reader):
    service = make_service()
    assert "Not yet confirmed." in text_of(reader, f"/en/services/{service.key}/")
    service.checked_on = timezone.localdate()
    service.save()
    assert "Not yet confirmed" not in text_of(reader, f"/en/services/{service.key}/")


@pytest.mark.parametrize("missing", ["name_ar", "description_ar"])
def test_a_text_that_is_missing_in_a_language_is_shown_in_another_and_marked(reader, missing):
    service = make_service(
        description_fr="Nous écoutons.", description_ar="نستمع إليك.", **({missing: ""} if missing == "name_ar" else {})
    )
    if missing == "description_ar":
        Service.objects.filter(pk=service.pk).update(description_ar="")
    text = text_of(reader, f"/ar/services/{service.key}/")
    words = {"name_ar": "Guichet Xylophone", "description_ar": "Nous écoutons."}[missing]
    assert f'<bdi lang="fr" dir="ltr">{words}</bdi>' in text


HIDDEN_WORDS = ("12 rue Cachée", "Maison Secrète", "Derrière le four", "Salé-Ville", "34.05", "-6.79", "11000")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_address_never_leaves_the_server(reader, indexed, language):
    service = make_service(category="shelter")
    city = Place.objects.create(
        code="GN-test",
        kind="city",
        name="Salé-Ville",
        parent=Place.objects.get(code="MA-SAL"),
        region=Place.objects.get(code="MA-04"),
    )
    add_place(
        service, hidden=True, city=city, address_fr="12 rue Cachée", name_fr="Maison Secrète", postal_code="11000",
        directions_fr="Derrière le four", latitude=34.0512, longitude=-6.7912, precision=Precision.EXACT,
    )  # fmt: skip
    add_phone(service)
    indexed()
    paths = [
        f"/{language}/services/{service.key}/", f"/{language}/services/{service.key}.vcf", f"/{language}/services/?q=xylophone",
        f"/{language}/search/?q=xylophone", f"/api/search?q=xylophone&lang={language}", "/sitemap.xml",
        f"/{language}/services/?q=xylophone&{RABAT}", f"/{language}/services/{service.key}/report/",
    ]  # fmt: skip
    for path in paths:
        text = text_of(reader, path)
        assert [word for word in HIDDEN_WORDS if word in text] == [], path
    assert service.key not in text_of(reader, "/sitemap.xml")
    assert keys(text_of(reader, f"/{language}/services/?q=Cach%C3%A9e")) != [service.key], "nor is it found by it"
    region = str(Place.objects.get(code="MA-04").name_fr)
    assert region in text_of(reader, f"/fr/services/{service.key}/"), "its region is all that is told"


@pytest.mark.parametrize(
    "fields",
    [{"live": False}, {"confidence": "C"}, {"suspended_until": datetime.date(2999, 1, 1)}, {"organisation": "C"}],
)
def test_what_readers_may_not_see_is_nowhere_even_before_the_index_knows(reader, indexed, fields):
    service = make_service()
    indexed()
    assert keys(text_of(reader, "/fr/services/?q=xylophone")) == [service.key]
    if fields.get("organisation"):
        service.organisation.confidence = "C"
        service.organisation.save()
    else:
        Service.objects.filter(pk=service.pk).update(**fields)
    assert service.key not in text_of(reader, "/fr/services/?q=xylophone")
    assert reader.get(f"/fr/services/{service.key}/").status_code == 404
    assert service.key not in text_of(reader, "/sitemap.xml")


@pytest.mark.parametrize(
    ("fields", "warned"),
    [({"kind": "consulate"}, True), ({"category": "voluntary_return"}, True), ({"kind": "association"}, False)],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_people_who_fear_their_state_are_warned_of_consulates_and_return_services(reader, language, fields, warned):
    fields = dict(fields)
    organisation = make_organisation("test-kind", kind=fields.pop("kind", "un"))
    service = make_service(organisation=organisation, **fields)
    text = text_of(reader, f"/{language}/services/{service.key}/")
    assert (f'href="/{language}/services/?category=asylum"' in text) is warned


def test_the_map_shows_points_without_asking_anybody_and_none_that_are_hidden(reader, indexed):
    shown, hidden = make_service("test-shown"), make_service("test-hidden")
    add_place(shown)
    add_place(hidden, hidden=True)
    indexed()
    text = text_of(reader, "/fr/services/?q=xylophone")
    drawing = text[text.index('<svg viewBox="0 0 320') : text.index("</svg>", text.index('<svg viewBox="0 0 320'))]
    assert drawing.count('class="map-dot"') == 1
    assert 'href="#s-test-shown"' in drawing
    assert "test-hidden" not in drawing
    assert "<image" not in drawing
    assert "url(" not in drawing


def test_a_list_without_points_has_no_map(reader, indexed):
    make_service()
    indexed()
    assert 'class="map-dot"' not in text_of(reader, "/fr/services/?q=xylophone")


def test_the_search_shows_the_guide_that_answers_and_who_can_help(reader, indexed):
    text = text_of(reader, "/fr/search/?q=medecin")
    first = next(link for link in links(text[text.index("<main") :]) if "/guides/" in link)
    assert first.startswith("/fr/guides/health/see-a-doctor/")
    assert "<mark>" in text
    assert keys(text), "services too"
    assert text.index("/guides/health/") < text.index('id="s-')


def test_the_search_offers_what_may_have_been_meant(reader, indexed):
    text = text_of(reader, "/fr/search/?q=avocct")
    assert "?q=avocat" in " ".join(links(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_answer_helps_on(reader, indexed, language):
    text = text_of(reader, f"/{language}/search/?q=zzxxqqwwkk")
    assert f'href="/{language}/guides/health/"' in text
    assert 'href="tel:19"' in text
    assert f'action="/{language}/search/missing/"' in text


def test_a_guide_leads_to_services_of_its_need(reader, indexed):
    text = text_of(reader, "/fr/guides/health/see-a-doctor/")
    block = text[text.index('class="part nearby"') :]
    assert 'name="category" value="health"' in block
    assert '<option value="MA-04">' in block
    assert all(
        f"/fr/services/{key}/" in block
        for key in Service.objects.shown()
        .filter(category__guide_topic="health", reach="national")
        .values_list("key", flat=True)[:1]
    )
    assert keys(text_of(reader, "/fr/services/?category=health&region=MA-04"))
    assert reader.get("/fr/guides/health/see-a-doctor/")["Cache-Control"] == "public, no-cache"


def test_inside_a_journey_the_directory_stays_there(reader, indexed):
    journey = reader.get("/fr/guides/health/mental-health/")["Location"].split("/fr/")[0]
    text = text_of(reader, f"{journey}/fr/search/?q=medecin")
    outside = [
        link for link in links(text) if link.startswith("/") and not link.startswith((journey, "/static/", "/manifest"))
    ]
    assert outside == []
    assert reader.get(f"{journey}/fr/services/")["Cache-Control"] == "no-store"


def test_the_sitemap_names_services_in_every_language(reader):
    text = text_of(reader, "/sitemap.xml")
    for language in LANGUAGES:
        assert f"<loc>http://localhost:8000/{language}/services/unhcr-register/</loc>" in text


def test_the_number_of_queries_is_the_same_for_few_and_many(reader, indexed, monkeypatch):
    monkeypatch.setattr("services.search.door.THESAURUS_KEPT_S", 3600)  # it is read by the clock, not by the page

    def add(key: str) -> None:
        service = make_service(key)
        add_place(service)
        add_phone(service)

    def count(path: str) -> int:
        text_of(reader, path)
        with CaptureQueriesContext(connection) as queries:
            text_of(reader, path)
        return len(queries)

    paths = (
        "/fr/services/?q=xylophone",
        "/fr/search/?q=xylophone",
        "/fr/services/test-0/",
        "/fr/guides/health/see-a-doctor/",
    )
    add("test-0")
    indexed()
    few = [count(path) for path in paths]
    for number in range(1, 13):
        add(f"test-{number}")
    indexed()
    assert [count(path) for path in paths] == few
    assert max(few) <= 20


STRANGE = [
    "q=", "q=x", "q=" + "a" * 10_000, "q=%00", "q=%E2%80%AE%D8%A7", "q=%F0%9F%98%80", 'q="(AND%20OR%20*:*', "q=%5B%7B%5C%27%3B--",
    "page=-1", "page=1000000", "page=x", "page=٣", "near=91,181", "near=nan,nan", "near=inf,1", "near=1e999,0", "near=,", "near=1",
    "category=nothing", "region=%27%20OR%201=1", "open=yes", "welcomes=" + "x" * 5000, "unknown=1", "&".join(["city=a"] * 2000),
    "language=tlh", "kind=x", "q=a&q=b", "q=%FF%FE",
]  # fmt: skip


@pytest.mark.parametrize("query", STRANGE)
@pytest.mark.parametrize("path", ["/fr/services/", "/ar/search/", "/api/search", "/api/suggest"])
def test_no_query_makes_a_fault(reader, indexed, path, query):
    answer = reader.get(f"{path}?{query}")
    assert answer.status_code in (200, 400, 404)
    assert not answer.cookies
    if path.startswith("/api") and answer.status_code == 200:
        assert answer.json()


@pytest.mark.parametrize("key", ["nothing", "UNHCR-REGISTER", "a" * 300])
def test_an_unknown_service_is_a_404_of_the_site(reader, key):
    answer = reader.get(f"/ar/services/{key}/")
    assert answer.status_code == 404
    assert '<html lang="ar"' in answer.content.decode()


def test_the_api_answers_as_the_contract_says(reader, indexed):
    body = reader.get("/api/search?q=avocat&lang=fr&size=5&page=2").json()
    assert set(body) == {"query", "corrected", "total", "took_ms", "engine", "results", "facets"}
    assert body["query"] == "avocat"
    assert len(body["results"]) == 5
    for result in body["results"]:
        assert set(result) == {"kind", "id", "topic", "title", "excerpt", "lang", "url", "score"}
        assert "<" not in result["title"]
    only = reader.get("/api/search?q=avocat&lang=ar&kind=service").json()
    assert {result["kind"] for result in only["results"]} == {"service"}
    assert {result["topic"] for result in only["results"]} <= set(Category.objects.values_list("key", flat=True))
    assert all(result["url"].startswith("/ar/services/") for result in only["results"])


def test_suggestions_begin_like_what_was_typed(reader, indexed):
    body = reader.get("/api/suggest?q=avoc&lang=fr").json()
    assert body["query"] == "avoc"
    assert all(isinstance(one, str) for one in body["suggestions"])
    assert reader.get("/api/suggest?q=&lang=fr").json()["suggestions"] == []
