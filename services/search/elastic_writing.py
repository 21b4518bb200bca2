"""How entries get into Elasticsearch: changes one by one, and a whole new index beside the old one.

Readers ask the alias `dalil`; behind it stands an index `dalil-TIMESTAMP`. A rebuild fills a new index, named by the
alias `dalil-building`, and swaps the aliases in one step. A change that comes meanwhile is written to both: into the
new one as a document that the rebuild, which only creates, does not overwrite; what is gone leaves a mark there (`gone`)
that the rebuild does not overwrite either, and that the alias hides. So neither a late old text nor a deleted record
returns. For that, whoever rebuilds reads the database after the new index takes changes, not before.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch, NotFoundError, helpers

from . import documents, elastic_mapping
from .entries import EngineFailed, Entry

logger = logging.getLogger(__name__)
CHANGE_S = 3.0  # for up to 500 changes
BUILD_S = 60.0  # for one request of a rebuild
GRACE_S = 1.0  # how long an index outlives its alias, for readers who have begun
MOST_REFUSED = 0.01  # of a rebuild: more, and the old index stays
REFUSED, THERE = 400, 409  # as the engine says of a document: it is wrong; it exists


class Writing:
    """The indices behind an alias, to be written. Errors of the client pass through; so do those of `entries`."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self.client = client
        self.alias = alias
        self.building = f"{alias}-building"

    def change(self, entries: Sequence[Entry], gone: Sequence[str]) -> None:
        client = self.client.options(request_timeout=CHANGE_S)
        targets = [self.alias]
        if client.indices.exists_alias(name=self.building):
            targets.append(self.building)
        answers = helpers.streaming_bulk(
            client,
            _changes(entries, gone, targets),
            raise_on_error=False,
            refresh=True,
            require_alias=True,
        )
        for fine, answer in answers:
            kind, said = next(iter(answer.items()))
            of_building = said["_index"].startswith(self.building)  # (swapped meanwhile: written through the alias)
            if fine or of_building or (kind == "delete" and "error" not in said):
                continue
            if said["status"] != REFUSED:
                raise EngineFailed(f"takes no changes: {said['status']}")
            logger.error("search: elasticsearch refuses %s", said["_id"])

    def rebuild(self, entries: Iterable[Entry], step: Callable[[int], None]) -> int:
        client = self.client.options(request_timeout=BUILD_S)
        self.drop_unfinished()
        name = f"{self.alias}-{time.time_ns() // 1_000_000}"
        index = elastic_mapping.index(name).to_dict() | {"mappings": elastic_mapping.mapping()}
        client.indices.create(index=name, **index, aliases={self.building: {}})
        done = self._fill(client, entries, step)
        replicas = {"number_of_replicas": settings.ELASTICSEARCH_REPLICAS, "refresh_interval": "1s"}
        client.indices.put_settings(index=name, settings=replicas)
        client.indices.refresh(index=name)
        self._swap(client, name)
        return done

    def _fill(self, client: Elasticsearch, entries: Iterable[Entry], step: Callable[[int], None]) -> int:
        """Write every entry that no change has written meanwhile."""
        done = refused = 0
        wanted = ({"_op_type": "create", "_index": self.building} | _identified(entry) for entry in entries)
        for fine, answer in helpers.streaming_bulk(
            client, wanted, raise_on_error=False, max_retries=3, initial_backoff=1, require_alias=True
        ):
            said = answer["create"]
            if not fine and said["status"] == REFUSED:
                refused += 1
                logger.error("search: elasticsearch refuses %s", said["_id"])
            elif not fine and said["status"] != THERE:
                raise EngineFailed(f"takes no entries: {said['status']}")
            done += 1
            step(done)
        if refused > MOST_REFUSED * done:
            raise EngineFailed(f"refuses {refused} of {done} entries")
        return done - refused

    def _swap(self, client: Elasticsearch, name: str) -> None:
        """Let the alias name the new index and no other, in one step; then remove every index that nobody names."""
        visible = {"bool": {"must_not": {"term": {"gone": True}}}}
        actions: list[dict[str, Any]] = [
            {"add": {"index": name, "alias": self.alias, "filter": visible}},
            {"remove": {"index": name, "alias": self.building, "must_exist": True}},
        ]
        actions += [{"remove": {"index": old, "alias": self.alias}} for old in self._named(client, self.alias)]
        client.indices.update_aliases(actions=actions)
        time.sleep(GRACE_S)
        ours = re.compile(rf"{re.escape(self.alias)}-\d+")
        for old, said in client.indices.get_alias(index=f"{self.alias}-*").body.items():
            if ours.fullmatch(old) and not said["aliases"]:
                client.indices.delete(index=old, ignore_unavailable=True)

    @staticmethod
    def _named(client: Elasticsearch, alias: str) -> list[str]:
        """The indices that an alias names."""
        try:
            return list(client.indices.get_alias(name=alias).body)
        except NotFoundError:
            return []

    def drop_unfinished(self) -> None:
        """Remove what an unfinished rebuild has left, if the engine can be asked."""
        try:
            client = self.client.options(request_timeout=CHANGE_S)
            for name in self._named(client, self.building):
                client.indices.delete(index=name, ignore_unavailable=True)
        except Exception as error:  # (a later rebuild removes it)
            logger.warning("search: an unfinished index stays (%s)", said_of(error))


def _identified(entry: Entry) -> dict[str, Any]:
    return {"_id": documents.uid(entry), "_source": elastic_mapping.document(entry)}


def _changes(entries: Sequence[Entry], gone: Sequence[str], targets: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What is written for changes: into the index in use, and into the one that is being built."""
    for target in targets:
        for entry in entries:
            yield {"_op_type": "index", "_index": target} | _identified(entry)
        for uid in gone:
            if target == targets[0]:
                yield {"_op_type": "delete", "_index": target, "_id": uid}
            else:
                yield {"_op_type": "index", "_index": target, "_id": uid, "_source": {"uid": uid, "gone": True}}


def said_of(error: Exception) -> str:
    """What went wrong, without a word of what was searched: the engine repeats queries in its errors."""
    if isinstance(error, EngineFailed):
        return str(error)
    return " ".join([type(error).__name__, str(getattr(error, "status_code", ""))]).strip()
