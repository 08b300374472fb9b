"""A given file into the archive: streamed, each conversation once, rejected rows kept with their reasons."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import transaction
from django.tasks import task

from gracja.app.common import jobs
from gracja.app.contacts.archive import company_archive
from gracja.app.contacts.models import Scoring, Upload
from gracja.app.contacts.services.mapping import FileWords, adapting
from gracja.app.contacts.services.recoding import in_our_words
from gracja.app.contacts.services.scoring import carry_out_scoring, put_in_order
from gracja.archive.imports import Imported, import_conversations
from gracja.engine.conversations.outcome import Outcome, Rejected, Tally
from gracja.engine.conversations.turns_csv import read_turns_csv
from gracja.engine.conversations.write import json_lines
from gracja.engine.errors import Where
from gracja.files.opening import Source

KEPT_REJECTED: Final = 100_000
RAW_CHARACTERS: Final = 500
MOST_NAMES: Final = 300  # people and places each, the most frequent


@task
def carry_out_upload(uid: str) -> None:
    """Put the file into the archive; then the archive is scored."""
    upload = Upload.objects.select_related("edition").get(uid=uid)
    did = jobs.carry_out(upload, lambda: _import(upload), carry_out_upload)
    if upload.state == "done":
        # what it says of people stands in the archive, from which they can be erased, and nowhere else
        stored_path(upload).unlink(missing_ok=True)
        if did:
            _score_next(upload)


def rejected_path(upload: Upload) -> Path:
    """Where the rejected rows of this upload lie, as JSON lines with codes."""
    path = stored_path(upload)
    return path.with_name(f"{path.name}.rejected.jsonl")


def stored_path(upload: Upload) -> Path:
    return Path(settings.HOME) / "files" / upload.stored_as


@transaction.atomic
def _score_next(upload: Upload) -> None:
    if upload.edition is not None:
        waiting = Scoring.objects.filter(edition=upload.edition, state="queued").first()
        upload.scoring = waiting or Scoring.objects.create(edition=upload.edition, asked_by=upload.given_by)
        upload.save(update_fields=("scoring",))
        transaction.on_commit(partial(carry_out_scoring.enqueue, upload.scoring.uid))


def _import(upload: Upload) -> None:
    began = time.monotonic()
    archive = company_archive()
    with rejected_path(upload).open("w", encoding="utf-8") as out:
        reading = _Reading(upload, out)
        done = import_conversations(
            archive, reading.tables(), on_changed=reading.changed, at_once=5_000
        )  # a killed worker loses no more
    upload.counts = reading.counts(done) | {"seconds": round(time.monotonic() - began, 1)}
    upload.save(update_fields=("counts",))
    put_in_order(archive)


class _Reading:
    """One file, with everything that has to be said of it afterwards."""

    def __init__(self, upload: Upload, rejected: IO[str]) -> None:
        self._upload, self._out = upload, rejected
        self._words = FileWords.from_json(upload.mapping)
        self._tally = Tally()
        self._people, self._places = Counter[str](), Counter[str]()
        self._days = Counter[str]()
        self._read_bytes, self._said = 0, time.monotonic()

    def tables(self) -> Iterator[pa.Table]:
        from gracja.files.batches import batches_of, pieces  # noqa: PLC0415  (its compiler loads as long as a page)

        source = Source(str(stored_path(self._upload)), self._upload.kind)
        every = pieces(source, self._progress, shown=self._upload.file_name, read_csv=self._turns)
        for table in batches_of(every, on_rejected=self._rejected, tally=self._tally):
            self._count_names(table)
            self._count_days(table)
            yield _in_language(table, self._words.language) if self._words.language else table

    def changed(self, rows: pa.Table) -> None:
        """Conversations that are in the archive with other words stay outside, and are said."""
        for contact, raw in zip(rows["contact"].to_pylist(), json_lines(rows), strict=True):
            where, text = Where(self._upload.file_name), raw.decode()
            self._tally.accepted -= 1
            self._tally.reject(
                rejected := Rejected(where, "contact_changed", {"contact": contact}, contact, text)
            )
            self._rejected(rejected)

    def counts(self, done: Imported) -> dict[str, Any]:
        return {
            "read": self._tally.read,
            "conversations": done.new,
            "known": done.known,
            "changed": done.changed,
            "rejected": self._tally.rejected,
            "rejected_by_code": dict(self._tally.rejected_by_code),
            "people": dict(self._people.most_common(MOST_NAMES)),
            "places": dict(self._places.most_common(MOST_NAMES)),
            "days": dict(self._days),
        }

    def _turns(self, chunks: Callable[[], Iterable[bytes]], *, file: str | None = None) -> Iterator[Outcome]:
        return read_turns_csv(
            lambda: in_our_words(self._alive(chunks()), self._words), file=file, adapt=adapting(self._words)
        )

    def _alive(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The first of two passes over a large file takes minutes and tells no progress."""
        for chunk in chunks:
            self._beat()
            yield chunk

    def _progress(self, size: int) -> None:
        self._read_bytes += size
        self._beat()

    def _beat(self) -> None:
        if time.monotonic() - self._said >= jobs.BEAT_SECONDS:
            self._said = time.monotonic()
            self._upload.share_done = min(1.0, self._read_bytes / max(self._upload.size_bytes, 1))
            self._upload.counts = {"read": self._tally.read, "rejected": self._tally.rejected}
            jobs.beat(self._upload)

    def _rejected(self, rejected: Rejected) -> None:
        if self._tally.rejected <= KEPT_REJECTED:
            row = {
                "line": rejected.where.line,
                "field": rejected.where.field,
                "contact": rejected.contact,
                "code": rejected.code,
                "facts": dict(rejected.facts),
                "raw": rejected.raw[:RAW_CHARACTERS],
            }
            self._out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")

    def _count_names(self, table: pa.Table) -> None:
        turns: Any = table["turns"].combine_chunks()
        for counter, column in (
            (self._people, table["employee"]),
            (self._people, turns.flatten().field("employee")),
            (self._places, table["place"]),
        ):
            counted: Any = pc.value_counts(column)
            for entry in counted.to_pylist():
                if entry["values"] is not None:
                    counter[entry["values"]] += entry["counts"]

    def _count_days(self, table: pa.Table) -> None:
        """How many began on which day, UTC: some may be older than anything that is measured."""
        counted: Any = pc.value_counts(pc.strftime(table["started_at"], "%Y-%m-%d"))
        for entry in counted.to_pylist():
            if entry["values"] is not None:
                self._days[entry["values"]] += entry["counts"]


def _in_language(table: pa.Table, language: str) -> pa.Table:
    place = table.schema.get_field_index("language")
    languages: Any = table["language"]
    return table.set_column(place, table.schema.field(place), pc.fill_null(languages, language))
