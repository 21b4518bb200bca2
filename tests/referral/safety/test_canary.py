"""A word of its own in every sealed column, then a search for it: in the database, its journal, the index, the log, the CMS."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection, models
from django.db.models.signals import post_delete, post_init, post_save, pre_delete, pre_save
from django.urls import reverse

from referral.encryption import SealedField
from services.models import Service
from tests.referral import making
from tests.referral.safety import own_site
from tests.referral.safety.everything import ARABIC, LATIN, MODELS, Everything, sealed_columns
from tests.test_architecture import imports

pytestmark = pytest.mark.django_db

FILL = """
import json, os, sys
from pathlib import Path
from django.conf import settings
from django.db import connection, transaction
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
for name in list(logging.root.manager.loggerDict):
    logging.getLogger(name).setLevel(logging.DEBUG)
connection.force_debug_cursor = True
from tests.referral import making
from tests.referral.safety.everything import ARABIC, LATIN, Everything
from services import search
with transaction.atomic():
    found = Everything(making.partner(), making.partner("rabat"))
    making.team(making.partner(), "plaincontrolword")
try:
    Everything(making.partner("nowhere"), None)
except Exception:
    logging.exception("a failure with everything in hand")
print(json.dumps(found.words))
search.rebuild()
journal = Path(settings.VAR_DIR) / "dalil.sqlite3-wal"
print(json.dumps({word: word.encode() in journal.read_bytes() for word in ["plaincontrolword", LATIN, ARABIC]}))
"""


def written(word: str) -> list[bytes]:
    """The word as it might stand somewhere: plain, in JSON, in other encodings."""
    plain = word.encode()
    return [
        plain,
        json.dumps(word).strip('"').encode(),
        word.encode("utf-16-le"),
        base64.b64encode(b"\0" + plain)[4:-4],
        base64.b64encode(plain)[:-4],
        plain.hex().encode(),
    ]


def found_in(data: bytes, *words: str) -> set[str]:
    return {word for word in words if any(form and form in data for form in written(word))}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks at SQLite's own files")
def test_no_sealed_word_stands_anywhere_on_the_disk_nor_in_a_log_of_everything(tmp_path):
    folder = own_site.make(tmp_path / "site")
    out, log = own_site.run(folder, FILL)
    lines = out.strip().splitlines()
    words, journal = json.loads(lines[0]), json.loads(lines[-1])
    columns = {f"{model._meta.model_name}.{name}" for model in MODELS for name in sealed_columns(model)}
    assert set(words) == columns  # not one column was left out
    assert len(columns) > 30
    assert len(set(words.values())) == len(words)
    assert journal == {"plaincontrolword": True, LATIN: False, ARABIC: False}
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert {"dalil.sqlite3"} < {path.name for path in files}
    assert any("search" in path.parts for path in files)
    holding = {path.name: hits for path in files if (hits := found_in(path.read_bytes(), LATIN, ARABIC))}
    assert holding == {}
    assert "plaincontrolword" in {hit for path in files for hit in found_in(path.read_bytes(), "plaincontrolword")}
    assert "INSERT INTO" in log  # the log did hold every statement with its values
    assert "plaincontrolword" in log
    assert found_in(log.encode(), LATIN, ARABIC) == set()


def test_every_model_of_the_middle_floor_can_be_filled_so_that_the_sweep_forgets_none():
    found = Everything(making.partner(), making.partner("rabat"))
    assert set(found.rows) >= set(MODELS)
    for model in MODELS:
        assert model.objects.exists(), model


def test_what_a_query_gives_for_a_sealed_column_is_sealed():
    Everything(making.partner(), making.partner("rabat"))
    for model in MODELS:
        for values in model.objects.values(*sealed_columns(model)) if sealed_columns(model) else []:
            for value in values.values():
                assert value is None or (bytes(value)[:1] == b"\x01" and not found_in(bytes(value), LATIN, ARABIC))


def test_what_a_row_prints_says_nothing_of_the_person():
    found = Everything(making.partner(), making.partner("rabat"))
    for model in MODELS:
        assert not found_in(f"{found.rows[model]!r} {found.rows[model]}".encode(), LATIN, ARABIC)


# Every plain column of text, without the closed lists. A new one belongs here only once somebody has thought about what a
# thief of the database reads in it: codes, keys of choices, digests and numbers; never a word about a person.
PLAIN_TEXT = {
    "followupcode": "code_hash pin_hash",
    "attachment": "kind",
    "packversion": "profile version text refusal",  # procedures are public
    "auditentry": "what fields before digest",
    "audithead": "digest",
    "case": "code other_profiles other_procedures procedure_version",
    "stepdone": "step ticked",
    "screening": "answered",  # which, never how
    "orientation": "language age_band sex",  # of nobody: the day and no case
    "consent": "language script_version withdrawn_through",
    "grant": "categories",
    "draft": "form",
    "frozenprocedure": "digest profile version text shared",
    "partner": "key names authorisation",
    "team": "name",
    "person": "phone_index name_index",  # keyed by a secret of the partner
    "referral": "categories rules alarms confirmed",
    "packet": "categories digest",  # keyed by the packet
    "referralevent": "before after",
    "receiverlink": "token_hash code_hash",
    "task": "step mark",
    "effect": "kind mark",
    "followupcount": "digest",
    "answered": "who key digest event",
}


def test_no_new_column_of_plain_text_came_without_a_thought():
    plain = {}
    for model in MODELS:
        kinds = (models.CharField, models.TextField, models.JSONField)
        texts = [one.name for one in model._meta.concrete_fields if isinstance(one, kinds) and not one.choices]
        if texts:
            plain[model._meta.model_name] = " ".join(texts)
    assert plain == PLAIN_TEXT


# Nobody else shows them --------------------------------------------------------------------------------------------


def test_scenario_39_no_model_of_the_middle_floor_is_in_an_admin_a_snippet_or_a_view_of_the_cms():
    from wagtail.admin.viewsets import viewsets
    from wagtail.snippets.models import get_snippet_models

    assert not apps.is_installed("django.contrib.admin")
    viewsets.populate()
    shown = {view.model for view in viewsets.viewsets if isinstance(getattr(view, "model", None), type)}
    assert shown
    assert not set(MODELS) & (shown | set(get_snippet_models()))


def test_no_model_of_the_middle_floor_is_indexed_referenced_logged_or_revised_by_wagtail():
    from wagtail.log_actions import registry
    from wagtail.models import ReferenceIndex, RevisionMixin, WorkflowMixin
    from wagtail.models.audit_log import ModelLogEntry
    from wagtail.search import index
    from wagtail_localize.models import TranslatableMixin

    assert not set(MODELS) & set(index.get_indexed_models())
    for model in MODELS:
        assert not ReferenceIndex.is_indexed(model)
        assert not issubclass(model, RevisionMixin | WorkflowMixin | TranslatableMixin | index.Indexed)
        assert registry.get_log_model_for_model(model) in (
            None,
            ModelLogEntry,
        )  # the catch-all, which nobody calls for them
    Everything(making.partner(), making.partner("rabat"))
    assert not ModelLogEntry.objects.filter(content_type__app_label="referral").exists()
    assert not ReferenceIndex.objects.filter(content_type__app_label="referral").exists()


def test_nothing_listens_when_a_row_of_the_middle_floor_is_saved_but_what_is_known_here():
    known = {"wagtail.models.i18n.set_locale_on_new_instance", "portal.publishing.page_deleted"}  # look at pages only
    found = set()
    for model in MODELS:
        for signal in (post_init, pre_save, post_save, pre_delete, post_delete):
            receivers = signal._live_receivers(model)[0]
            found |= {f"{one.__module__}.{one.__qualname__}" for one in receivers}
    assert {name for name in found if not name.startswith("referral.")} <= known


def test_no_source_of_the_search_knows_a_model_of_the_middle_floor():
    for source in settings.SEARCH_SOURCES:
        path = Path(*source.split(".")).with_suffix(".py")
        assert not any(name.split(".")[0] == "referral" for name in imports(path)), source
    for path in Path("services").rglob("*.py"):
        assert not any(name.split(".")[0] == "referral" for name in imports(path)), path


def test_no_group_of_the_cms_has_a_permission_on_a_model_of_the_middle_floor_and_none_is_offered(editor):
    ours = Permission.objects.filter(content_type__app_label="referral")
    assert ours.exists()
    assert not ours.exclude(group=None).exists()
    page = editor.get("/cms/groups/new/").content.decode()
    assert page.count('type="checkbox"') > 5
    for permission in ours:
        assert f'value="{permission.pk}"' not in page


def test_scenario_39_a_superuser_finds_no_case_in_any_list_search_or_report_of_the_cms(editor):
    code = Everything(making.partner(), making.partner("rabat")).case.code
    searches = [f"/cms/{place}/?q={code[:4]}" for place in ("pages/search", "users", "images", "documents")]
    for address in ("/cms/", "/cms/reports/site-history/", "/cms/users/", *searches):
        page = editor.get(address, follow=True)
        assert page.status_code == 200, address
        assert code not in page.content.decode(), address


def test_an_editor_who_would_delete_what_a_case_needs_learns_no_code_and_neither_does_the_log(editor, caplog):
    found = Everything(making.partner(), making.partner("rabat"))
    service, owner = found.rows[Service], found.case.owner
    for address in (
        f"/cms/users/delete/{owner.pk}/",
        reverse("wagtailsnippets_services_service:delete", args=[service.pk]),
    ):
        page = editor.post(address, follow=True)
        assert page.status_code == 200, address
        assert found.case.code not in page.content.decode()
    assert Service.objects.filter(pk=service.pk).exists()
    assert type(owner).objects.filter(pk=owner.pk).exists()
    assert found.case.code not in caplog.text
    assert found.case.code not in repr([*found.rows.values(), found.case])


def test_a_sealed_column_is_in_no_form_that_django_makes():
    from django.forms import modelform_factory

    for model in MODELS:
        fields = set(modelform_factory(model, fields="__all__").base_fields) if model.objects else set()
        sealed = {field.name for field in model._meta.fields if isinstance(field, SealedField)}
        assert not fields & sealed
