"""A person leaves the archive: rows, files and log; and a scan of every file proves it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from gracja.archive.folder import Archive
from gracja.archive.layout import Column
from gracja.archive.people import PEOPLE_COLUMNS, Person
from gracja.archive.proof import Proof, scan
from gracja.archive.rewrite import count_rows, remove_contacts, rewrite, without
from gracja.archive.stored import DataFile, Stored
from gracja.archive.trouble import coded
from gracja.engine.errors import EngineInputError


@dataclass(frozen=True)
class Traces:
    """Where a person stands. texts: turns that stay and hold the id as a word, said or in the event."""

    conversations: int
    observations: int
    texts: int


def traces(archive: Archive, person: Person) -> Traces:
    """Count without changing anything. Raises EngineInputError: archive_id_empty, archive_busy."""
    _check(person)
    with archive.shared():
        return _look(archive, person).traces


def erase(archive: Archive, person: Person) -> tuple[Traces, Proof]:
    """Erase a person and search every file of the archive for the id afterwards.

    A customer's conversations and all observations from them go. An employee's id gives way to a random
    stand-in in conversations, turns and observations. In every text and event the id, standing as
    a word of at least `MASKED_FROM` characters, is masked. Old files leave the disk.
    An erasure that was killed is repeated.

    Raises EngineInputError: archive_id_empty, archive_busy and those of `trouble.coded`.
    """
    _check(person)
    with archive.alone():
        seen = _look(archive, person)
        # Observations first: they know the person by the contact alone once the conversation is gone.
        observations = archive.observation_files()
        with observations.discarding() as written:
            if person.kind == "customer":
                removed = remove_contacts(observations, seen.contacts, written)
            else:
                removed = list(seen.marked)
                rewrite(observations, removed, person.gone_from_observations, written)
            _commit(observations, written, removed)
        conversations = archive.conversation_files()
        with conversations.discarding() as written:
            rewrite(conversations, seen.files, person.gone_from_conversations, written)
            _commit(conversations, written, seen.files)
        observations.sweep()
        conversations.sweep()
        with coded(archive.folder):
            return seen.traces, scan(archive.folder, person.id)


@dataclass(frozen=True)
class _Seen:
    traces: Traces
    files: list[DataFile]  # of conversations, to be written anew
    contacts: Column
    marked: dict[DataFile, int]  # files of observations that name an employee


def _look(archive: Archive, person: Person) -> _Seen:
    files, contacts, texts = [], [], 0
    stored = archive.conversation_files()
    for file in stored.files():
        touched = False
        for table in stored.read(file, PEOPLE_COLUMNS):
            had = person.had(table)
            contacts.append(table.filter(had)["contact"].combine_chunks())
            kept = without(table, had) if person.kind == "customer" else table
            said = person.named(kept)
            texts += said
            touched |= bool(said or len(contacts[-1]))
        if touched:
            files.append(file)
    theirs = pa.concat_arrays(contacts) if contacts else pa.array([], pa.string())
    observations = archive.observation_files()

    def of_the_person(table: pa.Table) -> Column:
        if person.kind == "customer":
            return pc.is_in(table["contact"], value_set=theirs)
        return person.marked(table)

    marked = count_rows(observations, ["contact", "employee", "evaluator"], of_the_person)
    return _Seen(Traces(len(theirs), sum(marked.values()), texts), files, theirs, marked)


def _commit(stored: Stored, written: list[DataFile], removed: list[DataFile]) -> None:
    if removed:
        stored.commit(written, removed)


def _check(person: Person) -> None:
    if not person.id.strip():
        raise EngineInputError("archive_id_empty")
