"""The contact of a service for an address book: readable by every phone, and never more than readers may know."""

from __future__ import annotations

import pytest

from services.models import ServiceContact
from services.showing import cards

from .directory import add_phone, add_place, make_organisation, make_service


def card(reader, key: str, language: str = "fr") -> list[str]:
    """The unfolded lines of the card."""
    answer = reader.get(f"/{language}/services/{key}.vcf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def test_a_card_says_how_to_reach_a_service(reader):
    service = make_service(email="desk@example.org")
    add_place(service)
    add_phone(service, "0537000000")
    add_phone(service, "+212600000000", kind="whatsapp")
    lines = card(reader, service.key)
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert lines[-2:] == ["END:VCARD", ""]
    for line in (
        "FN:Guichet Xylophone", "ORG:Les Aidants", "TEL;TYPE=WORK,VOICE:+212537000000",
        "TEL;TYPE=WORK,MSG,CELL:+212600000000", "EMAIL;TYPE=INTERNET:desk@example.org", "GEO:34.020900;-6.841600",
        f"UID:urn:uuid:{service.uuid}", f"URL:http://localhost:8000/fr/services/{service.key}/",
    ):  # fmt: skip
        assert line in lines
    assert any(line.startswith("ADR;TYPE=WORK:;;7 rue des Essais;Rabat;Rabat-Salé-Kénitra;;") for line in lines)


def test_a_card_is_in_the_readers_language(reader):
    service = make_service()
    assert "FN:شباك كسيلوفون" in card(reader, service.key, "ar")


def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut(reader):
    service = make_service(name_ar="مركز الاستماع والمواكبة القانونية والاجتماعية " * 4)
    body = reader.get(f"/ar/services/{service.key}.vcf").content
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1]), "each part is whole UTF-8"
    assert service.name_ar.strip().split()[-1] in body.decode().replace("\r\n ", "")


@pytest.mark.parametrize("text", ["a\nBEGIN:VCARD", "a\r\nTEL:666", "a\u2028TEL:666", "a\x0bTEL:1"])
def test_no_text_of_an_editor_can_add_a_line(text):
    assert len(cards.fold(f"NOTE:{cards.escape(text)}").split(b"\r\n")) == 2


def test_commas_semicolons_and_backslashes_are_escaped():
    assert cards.escape("a,b;c\\d\ne") == r"a\,b\;c\\d\ne"


def test_a_card_holds_no_hidden_address(reader):
    service = make_service(category="shelter")
    add_place(service, hidden=True, address_fr="12 rue Cachée", name_fr="Maison Secrète")
    text = "\n".join(card(reader, service.key))
    assert not any(word in text for word in ("Cachée", "Secrète", "ADR", "GEO", "34.02", "Rabat"))


def test_a_card_names_no_person(reader):
    service = make_service()
    ServiceContact.objects.create(service=service, title_fr="Accueil", name="Amina B", agreed=True)
    assert "Amina" not in "\n".join(card(reader, service.key))


@pytest.mark.parametrize("fields", [{"live": False}, {"confidence": "C"}, {"suspended_until": "2999-01-01"}])
def test_a_service_that_readers_may_not_see_has_no_card(reader, fields):
    service = make_service(**fields)
    assert reader.get(f"/fr/services/{service.key}.vcf").status_code == 404
    assert reader.get(f"/fr/services/{service.key}/").status_code == 404
    assert reader.get(f"/fr/services/{service.key}/report/").status_code == 404


def test_a_service_of_an_organisation_that_is_not_shown_has_no_card(reader):
    service = make_service(organisation=make_organisation("test-c", confidence="C"))
    assert reader.get(f"/fr/services/{service.key}.vcf").status_code == 404
