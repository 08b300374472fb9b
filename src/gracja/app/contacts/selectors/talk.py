"""One whole conversation with its marks, for whoever may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.selectors.conversations import readable
from gracja.app.contacts.selectors.listing import ours
from gracja.app.contacts.selectors.scope import Scope
from gracja.app.organisation.models import Person, Place, User
from gracja.app.standards.models import Edition
from gracja.app.standards.selectors.reading import document_of
from gracja.archive.find import observations_of
from gracja.engine.edition.model import Part, Standard
from gracja.report.words import clean


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a turn. marks: numbers of the marks whose evidence they are; ends: of which they are the
    last words.
    """

    text: str
    marks: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    number: int  # from 1
    speaker: str
    person: Person | str | None  # where another employee than the conversation's spoke
    at: datetime | None
    event: str | None
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Seen:
    """One mark. number: stands at its evidence, None where it has none; turn: where that begins."""

    standard: Standard
    segment: int
    status: str
    value: float | None
    raw: float | None
    unit: str | None
    number: int | None
    turn: int | None

    @property
    def met(self) -> bool | None:
        return None if self.value is None else self.value >= 1


@dataclass(frozen=True)
class Talk:
    """own: somebody reads what they took part in, and nothing else: marks of others are left out."""

    contact: str
    month: str
    at: datetime | None
    person: Person | str | None
    place: Place | str | None
    channel: str
    language: str | None
    complete: bool
    own: bool
    turns: list[Turn]
    editions: list[Edition]  # that marked it, newest first
    edition: Edition | None  # whose marks these are
    parts: list[tuple[Part, list[Seen]]]


def talk_of(
    *, by: User, contact: str, edition_uid: str = "", at: datetime | None = None, marked: bool = True
) -> Talk | None:
    """The conversation with the marks of one edition (else of the newest that marked it). at: when it was,
    where known, so that it is found sooner. marked: False: without a mark.

    None where there is no such conversation, or `by` may not read it.
    """
    found = readable(by=by, contacts=[(contact, at)]).get(contact)
    archive = archive_if_there()
    if found is None or archive is None:
        return None
    row, scope = found.row, Scope.of(by)
    own = not scope.everything and row["place"] not in scope.places
    rows = observations_of(archive, contact, found.month) if marked else []
    editions = list(
        Edition.objects.filter(digest__in={one["edition_digest"] for one in rows}).order_by(
            "-effective_from", "-version"
        )
    )
    edition = next((one for one in editions if one.uid == edition_uid), next(iter(editions), None))
    marks = [
        one
        for one in rows
        if edition is not None
        and one["edition_digest"] == edition.digest
        and (not own or one["employee"] in scope.mine)
    ]
    parts, spots = _by_part(edition, marks)
    people, places = ours(scope.names, [row, *({**turn, "place": None} for turn in row["turns"])])
    return Talk(
        contact=contact,
        month=found.month,
        at=row["started_at"],
        person=people.get(row["employee"], row["employee"]),
        place=places.get(row["place"], row["place"]),
        channel=row["channel"],
        language=row["language"],
        complete=row["complete"],
        own=own,
        turns=[_turn(number, turn, row, people, spots) for number, turn in enumerate(row["turns"])],
        editions=editions,
        edition=edition,
        parts=parts,
    )


Spots = dict[int, list[tuple[int, int, int]]]  # turn -> start, end, number of the mark


def _by_part(
    edition: Edition | None, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[Part, list[Seen]]], Spots]:
    """The marks in the order of the sequence, numbered where they have evidence; and where that stands."""
    parts: list[tuple[Part, list[Seen]]] = []
    spots: Spots = {}
    if edition is None:
        return parts, spots
    by_standard: dict[str, dict[int, Mapping[str, Any]]] = {}
    for row in rows:
        by_standard.setdefault(row["standard"], {}).setdefault(row["segment"], row)
    number = 0
    for part, _, standard in document_of(edition).standards():
        for segment, row in sorted(by_standard.get(standard.standard, {}).items()):
            evidence = row["evidence"]
            number += bool(evidence)
            for spot in evidence:
                spots.setdefault(spot["turn"], []).append((spot["start"], spot["end"], number))
            seen = Seen(
                standard,
                segment,
                row["status"],
                row["value"],
                row["raw"],
                row["unit"],
                number if evidence else None,
                evidence[0]["turn"] + 1 if evidence else None,
            )
            if not parts or parts[-1][0] is not part:
                parts.append((part, []))
            parts[-1][1].append(seen)
    return parts, spots


def _turn(
    number: int,
    turn: Mapping[str, Any],
    row: Mapping[str, Any],
    people: Mapping[str | None, Person],
    spots: Spots,
) -> Turn:
    spoke = turn["employee"]
    other = people.get(spoke, spoke) if spoke and spoke != row["employee"] else None
    return Turn(
        number + 1,
        turn["speaker"],
        other,
        turn["at"],
        turn["event"],
        pieces_of(turn["text"], spots.get(number, [])),
    )


def pieces_of(text: str, spots: Sequence[tuple[int, int, int]]) -> list[Piece]:
    """A text cut where evidence begins and ends. Offsets are code points of the text as it was said, so it is
    cut first and cleaned afterwards. Where evidence of several marks lies over another, a piece has them all.
    """
    inside = [(max(0, start), min(len(text), end), number) for start, end, number in spots]
    cuts = sorted(
        {0, len(text), *(place for start, end, _ in inside for place in (start, end) if start < end)}
    )
    found = []
    for start, end in pairwise(cuts):
        marks = tuple(sorted({number for low, high, number in inside if low <= start and end <= high}))
        ends = tuple(sorted({number for _, high, number in inside if high == end} & set(marks)))
        found.append(Piece(clean(text[start:end]), marks, ends))
    return found
