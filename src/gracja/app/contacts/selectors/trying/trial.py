"""One try: counts, speed, hits and misses in place, near misses with the phrase that would catch them."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from gracja.app.contacts.selectors.scope import Scope
from gracja.app.contacts.selectors.trying.narrow import alone, as_said, leaves, with_detector
from gracja.app.contacts.selectors.trying.near import SHOWN, Resembling, resembling
from gracja.app.contacts.selectors.trying.sample import Sample, newest
from gracja.app.contacts.selectors.trying.typed import verdict
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import Place, User
from gracja.engine.edition.model import Edition
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.write import as_json
from gracja.engine.tables import CONVERSATIONS
from gracja.report import quote as cutting
from gracja.report.model import Line

HITS_SHOWN: Final = 3
MISSED_SHOWN: Final = 20
_KEPT: Final = 32

_kept: OrderedDict[tuple[str, ...], Trial] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Shown:
    """A piece of a conversation, its evidence marked."""

    contact: str
    place: str
    channel: str
    at: datetime | None
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Near:
    """A near miss, the resembling words marked; phrase: what to add for `kind` in `language`."""

    shown: Shown
    phrase: str
    kind: str
    language: str


@dataclass(frozen=True)
class Trial:
    """Counts are conversations. seconds: how long the detector ran, the first time it was asked."""

    conversations: int
    all_there: int
    oldest: datetime | None
    newest: datetime | None
    turns: int
    due: int
    met: int
    missed: int
    not_applicable: int
    undecided: int
    seconds: float
    hits: tuple[Shown, ...]
    near: tuple[Near, ...]
    near_count: int
    missed_contacts: tuple[str, ...]

    @property
    def turns_per_second(self) -> int:
        return round(self.turns / self.seconds) if self.seconds else 0


@dataclass(frozen=True)
class _Ready:
    """What somebody may try on: read once for each request."""

    scope: Scope
    sample: Sample
    places: Mapping[str, str]


def try_standard(*, by: User, edition: Edition, standard: str) -> Trial | None:
    """The standard's detector on the newest conversations that `by` may read; a second time from memory.

    None where `by` may read none, or there is no archive. Raises EngineInputError as the archive.
    """
    ready = _ready(by)
    return _remembered(ready, edition, standard) if ready else None


def missed(*, by: User, edition: Edition, standard: str) -> tuple[Shown, ...]:
    """20 of the conversations where it was due and not met, drawn at random: where it should have been.

    Raises EngineInputError as the archive.
    """
    ready = _ready(by)
    if ready is None:
        return ()
    several = list(_remembered(ready, edition, standard).missed_contacts)
    # The same ones each time the page is opened, so that two people talk about the same.
    drawn = set(random.Random(standard).sample(several, min(MISSED_SHOWN, len(several))))  # noqa: S311
    one = edition.standard(standard)
    return tuple(
        _shown(talk, ready.places, cutting.absence(talk, one, lambda _: [])[0])
        for talk in _rows(ready.sample.conversations, drawn).values()
    )


def _ready(by: User) -> _Ready | None:
    if not may_somewhere(by, "conversation.read"):
        return None
    scope = Scope.of(by)
    sample = newest(scope)
    if sample is None or not sample.conversations.num_rows:
        return None
    return _Ready(scope, sample, _place_names(scope))


def _remembered(ready: _Ready, edition: Edition, standard: str) -> Trial:
    small = alone(edition, standard)
    asked = json.dumps(as_json(small), sort_keys=True)
    scope = ready.scope
    reader = f"{scope.everything}{sorted(scope.places)}{sorted(scope.mine)}"
    key = (ready.sample.version, standard, hashlib.sha256((asked + reader).encode()).hexdigest())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    trial = _tried(ready.sample, small, standard, ready.places)
    with _lock:
        _kept[key] = trial
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return trial


def _tried(sample: Sample, edition: Edition, standard: str, places: Mapping[str, str]) -> Trial:
    detect = edition.standard(standard).detect
    from gracja.engine.detect.batch import detect_with  # noqa: PLC0415  (its compilers load as long as a page)
    from gracja.engine.detect.plan import Plan  # noqa: PLC0415

    plan = Plan(edition)
    began = time.perf_counter()
    rows = detect_with(plan, sample.conversations)
    seconds = time.perf_counter() - began
    of_contact = defaultdict[str, list[Mapping[str, Any]]](list)
    for row in rows.select(["contact", "standard", "status", "value", "evidence"]).to_pylist():
        if row["standard"] == standard:
            of_contact[row["contact"]].append(row)
    verdicts = {contact: verdict(own) for contact, own in of_contact.items()}
    met = [contact for contact, verdict in verdicts.items() if verdict == "met"]
    missed_ = [contact for contact, verdict in verdicts.items() if verdict == "missed"]
    hit = [contact for contact in met if any(row["evidence"] for row in of_contact[contact])]
    near = _near(sample, edition, standard, missed_) if isinstance(detect, Predicate) else []
    talks = _rows(sample.conversations, {*hit[: HITS_SHOWN * 5], *(one for one, _ in near[:SHOWN])})
    hits = _different(
        [
            _shown(
                talks[contact],
                places,
                cutting.evidence(talks[contact], _spots(talks[contact], of_contact[contact])),
            )
            for contact in hit[: HITS_SHOWN * 5]
        ]
    )
    times: list[Any] = sample.conversations["started_at"].drop_null().to_pylist()
    return Trial(
        conversations=sample.conversations.num_rows,
        all_there=sample.all_there,
        oldest=min(times, default=None),
        newest=max(times, default=None),
        turns=sample.turns,
        due=len(met) + len(missed_),
        met=len(met),
        missed=len(missed_),
        not_applicable=sum(verdict == "not_applicable" for verdict in verdicts.values()),
        undecided=sum(verdict in ("abstained", "not_seen") for verdict in verdicts.values()),
        seconds=seconds,
        hits=tuple(hits),
        near=tuple(_as_near(talks[contact], one, places) for contact, one in near[:SHOWN]),
        near_count=len(near),
        missed_contacts=tuple(missed_),
    )


def _near(
    sample: Sample, edition: Edition, standard: str, missed_: list[str]
) -> list[tuple[str, Resembling]]:
    detect = edition.standard(standard).detect
    if not isinstance(detect, Predicate):
        return []
    from gracja.engine.detect.batch import detect_with  # noqa: PLC0415  (as above)
    from gracja.engine.detect.plan import Plan  # noqa: PLC0415

    said = as_said(detect)
    talks = list(_rows(sample.conversations, set(missed_)).values())
    if not said or not talks:
        return []
    table = pa.Table.from_pylist(talks, schema=CONVERSATIONS)
    anywhere = Predicate(any=[Predicate(**{kind: phrases}) for kind, phrases in leaves(detect)])
    heard = detect_with(Plan(with_detector(edition, standard, anywhere)), table)
    number = {talk["contact"]: at for at, talk in enumerate(talks)}
    taken = {
        (number[row["contact"]], spot["turn"])
        for row in heard.select(["contact", "standard", "evidence"]).to_pylist()
        if row["standard"] == standard
        for spot in row["evidence"]
    }
    return [(talks[one.row]["contact"], one) for one in resembling(talks, said, taken)]


def _rows(conversations: pa.Table, contacts: set[str]) -> dict[str, dict[str, Any]]:
    """By contact, in the table's order."""
    names = conversations["contact"].to_pylist()
    at = [number for number, contact in enumerate(names) if contact in contacts]
    return {row["contact"]: row for row in conversations.take(pa.array(at, pa.int64())).to_pylist()}


def _spots(talk: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> list[tuple[int, int, int]]:
    """Where the evidence stands; an event is the whole of its turn, whatever words stand beside it."""
    spots = [(spot["turn"], spot["start"], spot["end"]) for row in rows for spot in row["evidence"]]
    turns = talk["turns"]
    return [
        (at, 0, len(turns[at]["text"])) if turns[at]["speaker"] == "system" else (at, start, end)
        for at, start, end in spots
    ]


def _different(shown: list[Shown]) -> list[Shown]:
    """Those whose evidence reads differently first: four times the same greeting teaches nothing."""
    seen: set[tuple[str, ...]] = set()
    first: list[Shown] = []
    others: list[Shown] = []
    for one in shown:
        words = tuple(text.lower() for line in one.lines for text, marked in line.pieces if marked)
        (others if words in seen else first).append(one)
        seen.add(words)
    return [*first, *others][:HITS_SHOWN]


def _shown(talk: Mapping[str, Any], places: Mapping[str, str], lines: tuple[Line, ...]) -> Shown:
    place = places.get(talk["place"] or "", talk["place"] or "")
    return Shown(talk["contact"], place, talk["channel"], talk["started_at"], lines)


def _as_near(talk: Mapping[str, Any], one: Resembling, places: Mapping[str, str]) -> Near:
    kind = "agent_says" if one.side == "agent" else "customer_says"
    shown = _shown(talk, places, cutting.evidence(talk, [one.spot])[-1:])
    return Near(shown, one.phrase, kind, talk["language"] or "")


def _place_names(scope: Scope) -> dict[str, str]:
    """The export's name of a place -> ours."""
    ours = dict(Place.objects.values_list("uid", "name"))
    return {name: ours[uid] for name, uid in scope.names.places.items() if uid in ours}
