"""The starter directory as it is loaded: complete, repeatable, careful with editors' work and with hidden addresses."""

from __future__ import annotations

import csv
import re
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from services import models
from services.models import Location, Organisation, Place, Service, StarterMark, SynonymGroup
from services.starter import DirectoryFaults, load_directory
from services.starter.reading import DATA, read_directory
from services.taxonomy import Welcome


def load(folder=DATA):
    said = []
    load_directory(said.append, folder)
    return said


def forget_everything():
    """An empty database, as far as the directory goes."""
    for model in (Service, Location, Organisation, SynonymGroup, StarterMark):
        model.objects.all().delete()
    for model in (models.Term, Place):
        links = {field.name: None for field in model._meta.concrete_fields if field.related_model is model}
        model.objects.update(**links)
        model.objects.all().delete()
    models.Category.objects.all().delete()


@pytest.fixture
def directory(db):
    """The starter directory, as the site was made with it."""
    load()


@pytest.fixture
def folder(tmp_path):
    """A copy of the files, to be spoilt."""
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_whole_directory_is_there(directory):
    assert Place.objects.filter(kind="region").count() == 12
    assert Place.objects.filter(kind__in=("prefecture", "province")).count() == 75
    assert Place.objects.filter(kind="city").count() == 76
    assert models.Category.objects.count() == 21
    assert models.Term.objects.count() == 76
    assert Organisation.objects.count() == 69
    assert Service.objects.count() == 192
    assert Location.objects.count() == 158
    assert models.ServicePlace.objects.count() == 170
    assert models.ServicePhone.objects.count() == 27
    assert SynonymGroup.objects.count() == 305
    assert {one.region.kind for one in Place.objects.select_related("region")} == {"region"}


def test_every_record_is_published_has_a_source_and_is_not_confirmed(directory):
    for model in (Organisation, Location, Service):
        assert not model.objects.filter(live=False).exists()
        assert not model.objects.filter(source="").exists()
        assert not model.objects.filter(checked_on__isnull=False).exists()


def test_loading_twice_writes_nothing(directory, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert load() == ["Directory: nothing new."]


def test_a_translation_is_current_and_an_editor_finds_what_is_published(directory):
    service = Service.objects.get(key="unhcr-register")
    assert set(service.language_states().values()) == {"current"}
    assert service.latest_revision_id == service.live_revision_id
    draft = service.get_latest_revision_as_object()
    assert [phone.number for phone in draft.phones.all()] == ["+212537545400", "+212666045606"]
    assert draft.name_ar == service.name_ar


def test_a_record_that_an_editor_changed_stays(directory, folder):
    service = Service.objects.get(key="unhcr-register")
    service.phones.filter(kind="whatsapp").delete()
    edit(folder, "services.csv", "Mon-Fri 09:00-15:00", "Mon-Fri 09:00-14:00")
    assert "service:unhcr-register: left as editors have it." in load(folder)
    service = Service.objects.get(key="unhcr-register")
    assert service.hours_text_en == "Mon-Fri 09:00-15:00"
    assert service.phones.count() == 1


def test_a_record_that_only_the_loading_wrote_follows_its_file(directory, folder):
    before = Service.objects.get(key="unhcr-register")
    phone = before.phones.get(number="+212537545400")
    edit(folder, "services.csv", "Mon-Fri 09:00-15:00", "Mon-Fri 09:00-14:00")
    edit(folder, "hours.csv", "unhcr-register,FR,09:00,15:00,always\n", "")
    assert load(folder) == ["Directory: 1 services."]
    after = Service.objects.get(key="unhcr-register")
    assert after.pk == before.pk
    assert after.uuid == before.uuid
    assert after.hours_text_en == "Mon-Fri 09:00-14:00"
    assert [row.weekday for row in after.hours.all()] == ["MO", "TU", "WE", "TH"]
    assert after.phones.get(number="+212537545400").uuid == phone.uuid
    assert after.get_latest_revision_as_object().hours_text_en == "Mon-Fri 09:00-14:00"
    assert load(folder) == ["Directory: nothing new."]


def test_a_changed_service_is_looked_at_again_by_the_search(directory, folder):
    models.IndexJob.objects.all().delete()
    edit(folder, "organisations.csv", "HCR Maroc", "HCR au Maroc")
    load(folder)
    assert set(models.IndexJob.objects.values_list("identifier", flat=True)) == {"unhcr-register", "unhcr-cash", "dafi"}


def test_a_record_that_an_editor_deleted_is_not_made_again(directory, folder):
    Service.objects.get(key="iom-avrr").delete()
    Organisation.objects.get(key="gadem").delete()
    edit(folder, "services.csv", "Voluntary and free:", "Free and voluntary:")
    load(folder)
    assert not Service.objects.filter(key__in=("iom-avrr", "gadem-legal")).exists()


def test_a_record_that_left_the_files_goes_off_line_unless_an_editor_made_it_their_own(directory, folder):
    Service.objects.filter(key="clinic-tangier").update(alert_fr="Appelez avant de venir")
    for name in ("services.csv", "service_at_location.csv", "texts_services.csv"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [one for one in lines if not re.search(r"(^|,)clinic-(fez|tangier),", one)]
        (folder / name).write_text("".join(kept), encoding="utf-8")
    assert "service:clinic-fez: taken off line, for the files no longer name it." in load(folder)
    assert not Service.objects.get(key="clinic-fez").live
    assert Service.objects.get(key="clinic-tangier").live
    load()
    assert Service.objects.get(key="clinic-fez").live


NOT_FOR_READERS = {"source", "source_date", "confidence"}
NOTE_OF_AN_EDITOR = re.compile(
    r"to be (?:checked|confirmed|verified)|\b(?:to|please) (?:check|verify|confirm)\b|check (?:if|whether)|unverified|\bseed\b"
    r"|document \d|footnote|\bsources?\b|listed as|volunteers’ account|\bTODO\b|\bTB[CD]\b|\?\?"
    r"|à (?:vérifier|confirmer|compléter|revoir)|vérifier|document de référence|d’après|\bcf\.|selon (?:le|la) (?:document|source)"
    r"|التحقق|تأكيد|التأكد|الوثيقة المرجعية|وثيقة \d|حسب (?:مصدر|ما ذكره)|في حاجة إلى",
    re.IGNORECASE,
)


def test_readers_are_told_what_is_sure_and_what_to_do_and_see_no_note_of_an_editor():
    found = [
        row.fault(f"{column}: {cell}")
        for name, rows in read_directory().items()
        if name != "synonyms.csv"  # what people type
        for row in rows
        for column, cell in row.cells.items()
        if column not in NOT_FOR_READERS and NOTE_OF_AN_EDITOR.search(cell)
    ]
    assert found == []


def test_a_doubt_about_a_record_is_kept_for_editors(directory, reader):
    service = Service.objects.get(key="cape-rabat")
    assert "opening to be checked" in service.source
    for language in ("ar", "fr", "en"):
        page = reader.get(f"/{language}/services/cape-rabat/").content.decode()
        assert "mapnews.ma" in page
        assert "to be checked" not in page


DIRTY = {
    "a column is missing": ("phones.csv", "service_id", "service", r"phones.csv:1: the column “service_id” is missing"),
    "a cell too many": (
        "hours.csv",
        "MO,09:00,15:00",
        "MO,09:00,15:00,x",
        r"hours.csv:2: 6 cells where the header has 5",
    ),
    "a key twice": (
        "categories.csv",
        "health,Health",
        "emergency,Health",
        r"categories.csv:3: emergency stands already on line 2",
    ),
    "no such service": (
        "phones.csv",
        "unhcr-register",
        "unhcr-registre",
        r"phones.csv:2: service_id: “unhcr-registre” is not in services.csv",
    ),
    "no such choice": ("services.csv", ",everyone,", ",tout-le-monde,", r"services.csv:\d+: welcome: .*tout-le-monde"),
    "no such situation": (
        "services.csv",
        "asylum_seeker;refugee",
        "asylum_seeker;réfugié",
        r"services.csv:\d+: welcomes: .*réfugié",
    ),
    "only for nobody": ("services.csv", ",only,asylum_seeker,", ",only,,", r"services.csv:2: welcomes: "),
    "not a number": ("phones.csv", "+212537545400", "05 37 54 54 00", r"phones.csv:2: number: "),
    "not a time": ("hours.csv", "15:00", "3 pm", r"hours.csv:2: closes: “3 pm” is not a time"),
    "not a point": ("locations.csv", "34.0132", "34°", r"locations.csv:2: lat: “34°” is not a number"),
    "outside the world": ("locations.csv", "34.0132", "134.0132", r"locations.csv:2: latitude: "),
    "neither yes nor no": (
        "services.csv",
        ",no,,,yes,",
        ",maybe,,,yes,",
        r"services.csv:2: women_only: “maybe” is neither",
    ),
    "a hidden character": (
        "services.csv",
        "Asylum registration",
        "Asylum\u200b registration",
        r"services.csv:2: name_en: a character that nobody can see",
    ),
    "no such text": (
        "texts_services.csv",
        ",description,ar,",
        ",description,xx,",
        r"texts_services.csv:2: there is no text “description” in “xx”",
    ),
    "an address of a hidden place": (
        "locations.csv",
        "loc-ami-rabat,ami,,,,,,",
        "loc-ami-rabat,ami,,,,,1 rue X,",
        r"locations.csv:\d+: the address of a hidden",
    ),
}


@pytest.mark.parametrize("name", DIRTY)
def test_a_dirty_file_changes_nothing_and_says_file_line_and_reason(directory, folder, name):
    file, old, new, reason = DIRTY[name]
    edit(folder, "organisations.csv", "HCR Maroc", "HCR au Maroc")
    edit(folder, file, old, new)
    with pytest.raises(DirectoryFaults) as refused:
        load(folder)
    assert re.search(reason, str(refused.value)), str(refused.value)
    assert Organisation.objects.get(key="unhcr").name_fr == "HCR Maroc"


def test_every_fault_is_said_at_once(directory, folder):
    edit(folder, "services.csv", ",everyone,", ",tout-le-monde,")
    edit(folder, "hours.csv", "15:00", "3 pm")
    (folder / "synonyms.csv").write_bytes("key,en\nx,\xe9".encode("latin-1"))
    with pytest.raises(DirectoryFaults) as refused:
        load(folder)
    assert "synonyms.csv:2: not UTF-8" in str(refused.value)
    shutil.copy(DATA / "synonyms.csv", folder)
    with pytest.raises(DirectoryFaults) as refused:
        load(folder)
    assert len(refused.value.faults) == 2


def test_readers_see_nothing_of_confidence_c(directory):
    with (DATA / "services.csv").open(encoding="utf-8") as file:
        unsure = {row["id"] for row in csv.DictReader(file) if row["confidence"] == "C"}
    assert len(unsure) == 31
    assert not Service.objects.shown().filter(key__in=unsure).exists()
    assert Service.objects.shown().count() == 161


def test_every_shelter_is_hidden_and_tells_its_region_only(directory):
    for link in models.ServicePlace.objects.filter(service__category__key="shelter").select_related("location"):
        assert link.location.hidden, link.service.key
    hidden = Location.objects.filter(hidden=True)
    assert hidden.count() == 13
    for location in hidden:
        assert location.latitude is not None
        assert location.point is None
        assert location.region is not None
        assert not any(
            location.text(field, code) for field in ("name", "address", "directions") for code in ("ar", "fr", "en")
        )


def test_no_text_names_the_street_or_quarter_of_a_refuge(directory):
    hidden = Service.objects.filter(places__location__hidden=True).distinct()
    assert hidden.count() > 13
    for service in hidden:
        texts = " ".join(
            service.text(field, code)
            for field in ("description", "eligibility", "how_to")
            for code in ("ar", "fr", "en")
        )
        assert not re.search(r"avenue|\brue\b|street|شارع|زنقة|Hay |الحي ال", texts), service.key


def test_readings_say_no_more_than_the_sources(directory):
    def welcomed(key):
        service = Service.objects.get(key=key)
        return service.welcome, service.welcomes, service.women_only

    assert welcomed("em-police") == (Welcome.EVERYONE, [], False)
    assert welcomed("ms2-rabat") == (Welcome.UNKNOWN, [], False)  # vulnerable people
    assert welcomed("foo-rabat-reception") == (Welcome.UNKNOWN, ["asylum_seeker", "refugee"], False)
    assert welcomed("anapec-rabat") == (Welcome.ONLY, ["regular", "refugee"], False)
    assert welcomed("insaf-shelter") == (Welcome.ONLY, ["parent"], True)
    assert welcomed("onde-2511") == (Welcome.PREFERRED, ["minor"], False)
    assert Service.objects.get(key="cape-sale").maximum_age == 17
    assert Service.objects.filter(around_the_clock=True).count() == 4
    assert not Service.objects.get(key="onde-2511").hours.exists()
    assert Service.objects.get(key="onde-2511").hours_text_en
    assert Service.objects.get(key="chu-oujda").free == "no"
    assert Service.objects.get(key="alcs-azrou").free == "yes"
    assert Service.objects.get(key="clinic-rabat").free == "unknown"
    consulates = Organisation.objects.filter(kind="consulate").values_list("key", flat=True)
    assert set(consulates) == {"con-senegal", "con-civ", "con-guinea", "emb-sl", "emb-niger"}
    assert not Organisation.objects.filter(kind="unknown").exists()


def test_words_that_are_searched_and_never_shown_keep_their_star_and_doubts_lose_their_mark(directory):
    assert "bonne*" in SynonymGroup.objects.get(key="domestic-worker").words_fr.splitlines()
    assert "avoca" in SynonymGroup.objects.get(key="lawyer").darija.splitlines()
    for group in SynonymGroup.objects.all():
        assert "?" not in f"{group.words_ar}{group.words_fr}{group.words_en}{group.darija}"


def test_uuids_are_the_same_in_two_databases(directory):
    def identities():
        parts = (models.Category, models.Term, models.ServicePlace, models.ServicePhone, models.OpeningHours)
        return {
            uuid
            for model in (Service, Organisation, Location, *parts)
            for uuid in model.objects.values_list("uuid", flat=True)
        }

    here = identities()
    forget_everything()
    assert not Service.objects.exists()
    load()
    assert identities() == here
    assert str(Service.objects.get(key="unhcr-register").uuid) == "6a225d84-a0df-5923-bcf1-680a24c94273"


def test_every_category_has_its_names_a_topic_of_guides_and_a_sign_that_exists(directory):
    signs = re.findall(r'id="([a-z]+)"', (DATA.parent.parent / "static" / "icons.svg").read_text(encoding="utf-8"))
    for category in models.Category.objects.all():
        assert category.name_ar
        assert category.name_fr
        assert category.name_en
        assert category.guide_topic
        assert category.icon in signs


def test_the_files_keep_their_own_rules():
    assert len(read_directory()["services.csv"]) == 192


def made():
    rows = Service.objects.filter(key__startswith="synthetic-").order_by("key")
    fields = ("key", "uuid", "name_fr", "description_ar", "welcome", "languages", "organisation__key", "category__key")
    doors = Location.objects.filter(key__startswith="synthetic-").order_by("key")
    hours = models.OpeningHours.objects.filter(service__key__startswith="synthetic-").order_by("uuid")
    return [
        *rows.values_list(*fields),
        *doors.values_list("key", "latitude", "city__code"),
        *hours.values_list("uuid", "opens"),
    ]


def test_made_up_services_are_the_same_for_the_same_seed_and_can_be_taken_away(directory):
    def make(seed):
        call_command("make_directory", services=60, seed=seed, yes=True, stdout=StringIO())
        found = made()
        call_command("make_directory", remove=True, yes=True, stdout=StringIO())
        return found

    first, again, other = make(7), make(7), make(8)
    assert first == again
    assert first != other
    assert made() == []
    assert Service.objects.count() == 192
    assert Organisation.objects.count() == 69
    assert Location.objects.count() == 158


def test_made_up_services_are_varied_and_valid(directory):
    call_command("make_directory", services=200, yes=True, stdout=StringIO())
    services = Service.objects.filter(key__startswith="synthetic-")
    assert services.count() == 200
    assert services.values("category").distinct().count() > 10
    assert services.values("places__location__city").distinct().count() > 20
    assert services.exclude(hours=None).exists()
    for service in services[:20]:
        service.full_clean(validate_unique=False)
        assert service.name_ar
        assert service.name_en


def test_made_up_services_are_refused_where_people_read(directory, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("make_directory", services=5)
    assert made() == []
