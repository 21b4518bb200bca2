"""A process that is killed while it writes the index loses nothing: the change waits, the index can be read."""

from __future__ import annotations

import signal

import pytest

from . import sites

CHANGE = """
change = embedded.Embedded.change
def killed(self, entries, gone):
    {how}
embedded.Embedded.change = killed
rename()
search.work()
"""
DYING = """
    def dying():
        yield from entries
        os.kill(os.getpid(), signal.SIGKILL)
    change(self, dying(), gone)"""
DYING_LATER = """
    change(self, entries, gone)
    os.kill(os.getpid(), signal.SIGKILL)"""
REBUILDING = """
rename()
def dying(every=sources.entries):
    for number, entry in enumerate(every()):
        if number == 50:
            os.kill(os.getpid(), signal.SIGKILL)
        yield entry
sources.entries = dying
search.rebuild()
"""
KILLED = {
    "while it writes the entry": CHANGE.format(how=DYING.strip()),
    "before it strikes the change off": CHANGE.format(how=DYING_LATER.strip()),
    "while it builds the index anew": REBUILDING,
}
AFTERWARDS = """
waiting = IndexJob.objects.count()
some = search.search(search.Query("avocat", "fr"))
search.work()
tell(waiting=waiting, answers=len(some.hits), engine=some.engine, found=found(), left=IndexJob.objects.count(),
     name=Service.objects.get(key="unhcr-register").name_fr)
"""


@pytest.mark.parametrize("when", KILLED)
def test_a_process_killed_while_it_writes_the_index_loses_no_change(when, tmp_path):
    folder = sites.site(tmp_path / "site")
    assert sites.start(folder, KILLED[when]).returncode == -signal.SIGKILL
    told = sites.ask(folder, AFTERWARDS)
    assert told["name"] == sites.NEW_NAME
    assert told["waiting"] == 1
    assert told["engine"] == "embedded"
    assert told["answers"] > 0, "the index can be read at once"
    assert told["found"] == [sites.CHANGED], "once, not twice"
    assert told["left"] == 0


def test_after_a_kill_a_site_that_starts_carries_out_what_waits_and_clears_what_was_half_built(tmp_path):
    folder = sites.site(tmp_path / "site")
    sites.start(folder, REBUILDING)
    assert len(list((folder / "search").glob("generation-*"))) == 2, "the killed one lies beside the one in use"
    told = sites.ask(folder, "search.prepare(lambda _said: None); tell(found=found())")
    assert told["found"] == [sites.CHANGED]
    sites.ask(folder, "search.rebuild(); tell(found=found())")
    assert len(list((folder / "search").glob("generation-*"))) == 1
