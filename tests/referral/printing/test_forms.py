"""The referral form as PDF: the agreed values and no others, readable in each language, harmless whatever was typed."""

from __future__ import annotations

import io
import re
import socket
from dataclasses import replace

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation

from referral.models import Referral, Representative
from referral.printing import blank, drawing, forms, words
from referral.referring import packets
from referral.safety import keys
from referral.states.workflow import Status
from referral.words.consent_choices import DataCategory
from services.models import Location
from tests.referral.printing.reading import fonts_of, text_of, widths_of
from tests.referral.referring.referring import scene

CODES = [code for code, _name in settings.LANGUAGES]
C = DataCategory
VALUES = {  # what stands on paper for each category that is agreed
    C.NAME: ["Aminata", "Traoré", "Mariam"],
    C.CONTACT: ["+212611111111", "18-20", "Never voicemail"],
    C.SPECIAL_NEEDS: ["Wheelchair"],
    C.HEALTH: ["asthma"],
    C.ADDRESS: ["Oujda-Ville", "7 rue Oubliee"],
    C.REASON: ["Hearing on Friday"],
    C.REPRESENTATIVE: ["Tante Rokia"],
}
PERSON = {
    "given_name": "Aminata", "family_name": "Traoré", "phone": "+212600000000", "commune": "Oujda-Ville",
    "address": "7 rue Oubliee", "health": "asthma", "special_needs": "Wheelchair", "code_word": "argan",
    "nationality": "Malienne", "status_declared": "undocumented",
    "safe_contact": {"channels": ["call"], "number": "+212611111111", "hours": "18-20", "words": "Never voicemail"},
}  # fmt: skip
SECRETS = ["600000000", "argan", "Malienne", "undocumented"]  # of the case, never of a packet
EVERYTHING = [*VALUES, C.LANGUAGE, C.AGE_BAND, C.SEX, C.NEED]
HOSTILE = (
    "</td></table><script>alert(1)</script><img src=http://evil.example/x><style>*{display:none}</style>"
    "javascript:alert(1) {{ settings.SECRET_KEY }} \u202eesrever\u202c\u2067\x00\x07\ud800"
    + "Z\u0351\u0352\u0353\u0354\u0355"
    * 50
)


def made(agreed=EVERYTHING, **given):
    """A referral that was sent, with its opened packet."""
    found = scene(agreed=agreed, **PERSON)
    row = Representative(case=found.case, kind="parent", verified_by_id=found.worker.user_id)
    row.seal(keys.case_box(found.case, found.case.partner), name="Tante Rokia", contact="+212622222222")
    row.save()
    sent = found.at(Status.SENT, categories=agreed, **{"reason": "Hearing on Friday", **given})
    return packets.read(sent.pk, by=found.focal), Referral.objects.get(pk=sent.pk)


@pytest.mark.parametrize("language", CODES)
def test_exactly_the_agreed_values_stand_on_two_pages_at_most(db, language):
    agreed = [C.NAME, C.CONTACT, C.NEED, C.REASON]
    opened, referral = made(agreed)
    pdf = forms.referral_form(opened, referral, language)
    told = text_of(pdf)
    for category, values in VALUES.items():
        for value in values:
            assert (value in told) == (category in agreed), value
    assert not [secret for secret in [*SECRETS, "622222222", "Tante"] if secret in told]
    assert opened.content["referral"] in told
    assert "person-" in told  # whom to write to at the sender
    assert "05 37 00 00 00" in told.replace("\u00a0", " ")
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) <= 2


@pytest.mark.parametrize("language", CODES)
def test_the_fullest_form_fits_and_is_small_and_its_fonts_are_ours(db, language):
    opened, referral = made()
    fields = {
        **opened.content["fields"],
        "health": "Asthma since childhood. " * 83,
        "special_needs": "Lift " * 100,
        "reason": "كلمة " * 60,
        "contact": {"channels": ["call"], "number": "+2126" * 60, "hours": "18-20 " * 50, "words": "Never " * 50},
        "address": {"commune": "Oujda " * 16, "address": "rue " * 75},
    }
    full = replace(opened, content={**opened.content, "fields": fields})
    pdf = forms.referral_form(full, referral, language)
    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 2
    told = text_of(pdf)
    assert told.count("Asthma since childhood.") == 83
    assert told.count("كلمة") == 60
    for drawn in (pdf, forms.blank_form(language)):
        assert len(drawn) < 120_000
        for row in fonts_of(drawn):
            assert re.match(r"[A-Z]{6}\+Form-(Latin|Arabic)", row[0]), row
            assert row[-5] == "yes", row  # embedded


@pytest.mark.parametrize("language", CODES)
def test_a_screen_reader_follows_it(db, language):
    opened, referral = made([C.NEED])
    for pdf in (forms.referral_form(opened, referral, language), forms.blank_form(language)):
        document = pikepdf.open(io.BytesIO(pdf))
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == language
        kinds = re.findall(r"/(Table|TH|TD|H1|H2)\b", pikepdf_text(root.StructTreeRoot))
        assert set(kinds) >= {"Table", "TH", "TD", "H1", "H2"}


def pikepdf_text(node, depth=0):
    """The kinds of the tree of tags."""
    if depth > 12 or not isinstance(node, pikepdf.Dictionary | pikepdf.Array):
        return ""
    if isinstance(node, pikepdf.Array):
        return " ".join(pikepdf_text(one, depth) for one in node)
    kids = node.get("/K")
    return f"{node.get('/S', '')} {pikepdf_text(kids, depth + 1) if kids is not None else ''}"


@pytest.mark.parametrize("language", CODES)
def test_arabic_is_read_in_its_order_and_numbers_from_left_to_right(db, language):
    reason = "موعد المحكمة يوم الجمعة، هاتف +212 611 22 33 44 قبل الزوال"
    opened, referral = made([C.REASON, C.CONTACT], reason=reason)
    told = text_of(forms.referral_form(opened, referral, language)).replace("\u00a0", " ")
    assert "موعد المحكمة يوم الجمعة" in told
    assert "+212 611 22 33 44" in told
    assert "+212611111111" in told
    assert "قبل الزوال" in told
    assert "شباك كسيلوفون" in told or language != "ar"


def test_letters_of_arabic_are_joined(db):
    """Joined and apart, three letters are not equally wide."""
    page = '<html lang="ar" dir="rtl"><style>html{font:40pt "Form Arabic","Form Latin"}</style><p>ببب<p>ب\u200cب\u200cب'
    joined, apart = widths_of(drawing.draw(page))[:2]
    assert joined < 0.9 * apart


def test_whatever_was_typed_is_only_words(db, monkeypatch):
    opened, referral = made()
    long = HOSTILE + "x" * 10_000
    fields = {
        "name": {"given_name": long, "family_name": long, "alias": long}, "reason": long, "special_needs": long,
        "health": long, "need": long, "sex": long, "age_band": [long], "address": {"commune": long, "address": long},
        "contact": {"channels": [long], "number": long, "hours": long, "words": long},
        "language": {"languages": [long], "interpreter": long}, "representative": {"kind": long, "name": long, "contact": long},
    }  # fmt: skip
    content = {**opened.content, "fields": fields, "case": long, "shared": [long], "not_shared": long,
               "from": {"names": {"fr": long}, "person": long, "email": long}}  # fmt: skip
    monkeypatch.setattr(socket, "socket", None)  # whoever wants a net now falls
    for language in CODES:
        page = forms.referral_page(replace(opened, content=content), referral, language)
        assert "<script" not in page
        assert "<img" not in page
        assert not re.search("[\u202a-\u202e\u2067\u0000-\u0008\ud800]", page)
        pdf = drawing.draw(page)
        assert b"/JavaScript" not in pdf
        assert b"/URI" not in pdf
        document = pikepdf.open(io.BytesIO(pdf))
        assert (
            len(document.pages) <= 4
        )  # ten thousand signs in every field never come this far: forms of the screen refuse them
        assert "alert(1)" in text_of(pdf)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "dalil-font:../forms.py", "data:text/css,*{}"]
)
def test_nothing_is_fetched_but_our_fonts(address):
    for tag in (
        f'<img src="{address}">',
        f'<link rel="stylesheet" href="{address}">',
        f'<style>@import "{address}";</style>',
    ):
        with pytest.raises(drawing.AsksForMore):
            drawing.draw(f"<html lang=fr>{tag}")


def test_training_is_written_across_and_a_real_one_is_not(db):
    opened, referral = made([C.NEED])
    assert 'class="mark"' in forms.referral_page(opened, referral, "en")
    referral.is_training = False
    assert 'class="mark"' not in forms.referral_page(opened, referral, "en")


def test_a_hidden_address_is_not_printed(db):
    opened, referral = made([C.NEED])
    Location.objects.update(hidden=True)
    page = forms.referral_page(opened, referral, "fr")
    assert "rue des Essais" not in page
    assert "Rabat-Salé-Kénitra" in page


def test_without_contact_rules_the_way_leads_through_the_sender(db):
    opened, referral = made([C.NEED])
    with translation.override("en"):
        notes = [part.note for part in forms.filling.sections(opened, referral) if part.note]
    assert notes == ["Not shared. Reach the person through the sender only."]


def test_the_empty_form_has_a_place_for_all_that_a_packet_holds(db):
    opened, referral = made()
    titles = {part.title for part in forms.filling.sections(opened, referral)}
    assert titles == {part.title for part in blank.sections()}


def test_marks_and_unseen_signs_are_taken_out_and_joiners_stay():
    assert words.cleaned("a\u202eb\tc\n\nd\x00") == "a b c d"
    assert words.cleaned("می\u200cخواهم") == "می\u200cخواهم"
    assert words.cleaned("x" * 400) == "x" * 300 + "…"
    assert words.cleaned(None) == words.cleaned({"a": 1}) == ""
