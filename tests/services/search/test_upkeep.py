"""What keeps an index right by itself: hours that run out, an index that is lost, an engine that fails; and nothing lingers."""

from __future__ import annotations

import datetime
import shutil

import pytest
from django.utils import timezone

from . import sites

# A search, half a minute after the last look; then everything that it started in the background, to its end.
SEARCH = """
from django.db.backends.signals import connection_created
opened = []
connection_created.connect(lambda connection, **_: opened.append((threading.current_thread().name, connection)), weak=False)
settings.SEARCH_IN_BACKGROUND = True

def search_and_wait(words="avocat"):
    upkeep._last[0] -= 31
    answer = search.search(search.Query(words, "fr"))
    while began := [one for one in threading.enumerate() if one.name.startswith("search-")]:
        began[0].join(60)
    return answer
"""


@pytest.fixture
def folder(tmp_path):
    return sites.site(tmp_path / "site")


def renamed_without_a_word(script: str) -> str:
    """A change that nobody tells the index, so that only a refresh of the hours brings it there."""
    return SEARCH + f'Service.objects.filter(key="{sites.CHANGED}").update(name_fr="{sites.NEW_NAME}")\n' + script


@pytest.mark.parametrize(("days", "expected"), [(5, [sites.CHANGED]), (4, [])])
def test_hours_are_written_again_when_they_are_due_and_not_before(folder, days, expected):
    mark = folder / "search" / "hours-of"
    mark.write_text((timezone.localdate() - datetime.timedelta(days=days)).isoformat())
    told = sites.ask(
        folder, renamed_without_a_word("search_and_wait(); tell(found=found(), due=upkeep.hours_are_due())")
    )
    assert told["found"] == expected
    assert not told["due"]


def test_hours_that_could_not_be_written_stay_due(folder):
    (folder / "search" / "hours-of").unlink()
    told = sites.ask(folder, renamed_without_a_word("""
from django.db import OperationalError
def locked(*_all):
    raise OperationalError("the database is locked")
changed, outbox.changed = outbox.changed, locked
search_and_wait()
due = upkeep.hours_are_due()
outbox.changed = changed
search_and_wait()
tell(due=due, found=found())
"""))  # fmt: skip
    assert told["due"]
    assert told["found"] == [sites.CHANGED]
    assert "upkeep waits (OperationalError)" in told["log"]


def test_a_lost_index_is_built_again_in_the_background(folder):
    shutil.rmtree(folder / "search")
    told = sites.ask(folder, SEARCH + """
first = search_and_wait()
second = search_and_wait()
tell(first=[first.engine, first.degraded, first.total], second=[second.engine, second.degraded], hits=len(second.hits))
""")  # fmt: skip
    assert told["first"] == ["none", True, 0]
    assert told["second"] == ["embedded", False]
    assert told["hits"] > 0


def test_what_was_left_undone_is_carried_out(folder):
    told = sites.ask(
        folder, "rename()\n" + SEARCH + "search_and_wait(); tell(found=found(), left=IndexJob.objects.count())"
    )
    assert (told["found"], told["left"]) == ([sites.CHANGED], 0)


@pytest.mark.parametrize("error", ["EngineFailed", "OSError", "ValueError"])
def test_an_engine_that_fails_is_logged_and_disturbs_nobody(folder, error):
    told = sites.ask(folder, SEARCH + f"""
from services.search.entries import EngineFailed
class Broken(type(embedded.engine())):
    def change(self, entries, gone):
        raise {error}("no room")
embedded.engine().__class__ = Broken
rename()
answer = search_and_wait()
waiting = IndexJob.objects.count()
embedded.engine().__class__ = embedded.Embedded
search_and_wait()
tell(hits=len(answer.hits), waiting=waiting, found=found(), left=IndexJob.objects.count())
""")  # fmt: skip
    assert told["hits"] > 0
    assert (told["waiting"], told["left"]) == (1, 0)
    assert told["found"] == [sites.CHANGED]
    assert error in told["log"]


def test_no_connection_to_the_database_is_left_open_by_the_background(folder):
    told = sites.ask(folder, SEARCH + """
(settings.SEARCH_DIR / "hours-of").unlink()
rename()
search_and_wait()
shutil.rmtree(settings.SEARCH_DIR)
search_and_wait()
search_and_wait()
behind = [(name, one) for name, one in opened if name.startswith("search-")]
tell(threads=sorted({name for name, _one in behind}), left=[name for name, one in behind if one.connection is not None])
""")  # fmt: skip
    assert {"search-upkeep", "search-heal", "search-outbox"} <= set(told["threads"])
    assert told["left"] == []
