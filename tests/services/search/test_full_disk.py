"""The disk under the index is full: saving works, searching works, nothing is lost, and with room again it heals."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.search.entries import EngineFailed, Words

from . import sites
from .entries import WORLD, service


@contextmanager
def no_room() -> Iterator[None]:
    """The system refuses every byte that this process writes to a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


DENTIST = service("dentist", "health", "MA-01", fr=Words("Cabinet dentaire", "Soins des dents."))


def test_a_change_that_cannot_be_written_fails_as_an_engine_does_and_can_be_repeated(world):
    refused = []
    with no_room():
        try:
            world.change([DENTIST], [])
        except EngineFailed as error:
            refused.append(error)
    assert refused
    assert world.is_built()
    world.change([DENTIST], [])
    assert [one for one in world.suggestions("cabinet", "fr", 5)] == ["cabinet dentaire"]


def test_an_index_that_cannot_be_built_leaves_the_one_in_use_and_no_litter(world):
    before = sorted(path.name for path in world.folder.iterdir())
    refused = []
    with no_room():
        try:
            world.rebuild([*WORLD, DENTIST])
        except (EngineFailed, OSError, ValueError) as error:
            refused.append(error)
    assert refused
    assert sorted(path.name for path in world.folder.iterdir()) == before
    assert world.is_built()
    assert world.rebuild([*WORLD, DENTIST]) == len(WORLD) + 1


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """The folder of a site whose index lies on a disk of its own, of 6 MB."""
    folder = sites.site(tmp_path / "site")
    index = folder / "search"
    kept = index.rename(folder / "kept")
    index.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", index], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk; the tests above fill none, but are refused every byte")
    shutil.copytree(kept, index, symlinks=True, dirs_exist_ok=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", index], check=True)


FILL = """
def fill():
    with open(settings.SEARCH_DIR / "filler", "wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass
def make_room():
    (settings.SEARCH_DIR / "filler").unlink()
def in_the_background():
    settings.SEARCH_IN_BACKGROUND = True
    upkeep._last[0] -= 31
    answer = search.search(search.Query("avocat", "fr"))
    while began := [one for one in threading.enumerate() if one.name.startswith("search-")]:
        began[0].join(60)
    settings.SEARCH_IN_BACKGROUND = False
    return answer
"""


def test_on_a_full_disk_saving_and_searching_work_and_with_room_again_the_change_is_found(small_disk):
    told = sites.ask(small_disk, FILL + """
fill()
rename()
done = search.work()
answer = in_the_background()
waiting, early = IndexJob.objects.count(), found()
make_room()
in_the_background()
tell(saved=Service.objects.get(key="unhcr-register").name_fr, done=done, waiting=waiting, early=early, left=IndexJob.objects.count(),
     engine=answer.engine, degraded=answer.degraded, hits=len(answer.hits), found=found())
""")  # fmt: skip
    assert told["saved"] == sites.NEW_NAME
    assert (told["done"], told["waiting"], told["early"]) == (0, 1, [])
    assert (told["engine"], told["degraded"]) == ("embedded", False)
    assert told["hits"] > 0
    assert (told["left"], told["found"]) == (0, [sites.CHANGED])


def test_an_index_lost_on_a_full_disk_is_built_when_there_is_room(small_disk):
    told = sites.ask(small_disk, FILL + """
for path in settings.SEARCH_DIR.iterdir():
    path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
fill()
first = in_the_background()
litter = [path.name for path in settings.SEARCH_DIR.glob("generation-*")]
second = in_the_background()
make_room()
in_the_background()
third = in_the_background()
tell(first=first.engine, second=second.engine, third=third.engine, litter=litter, hits=len(third.hits))
""")  # fmt: skip
    assert (told["first"], told["second"], told["litter"]) == ("none", "none", [])
    assert told["third"] == "embedded"
    assert told["hits"] > 0
