"""One try: counts, speed, hits and misses in place, near misses with the phrase that would catch them."""

from __future__ import annotations

import hashlib
import json
import random
import re
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from gracja.app.contacts.selectors.scope import Scope
from gracja.app.contacts.selectors.trying.narrow import alone, as_said, leaves, with_detector
from gracja.app.contacts.selectors.trying.near import SHOWN, Resembling, resembling
from gracja.app.contacts.selectors.trying.sample import Sample, newest
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import Place, User
from gracja.engine.detect.batch import detect_with
from gracja.engine.detect.plan import Plan
from gracja.engine.edition.model import Edition, Predicate
from gracja.engine.edition.write import as_json
from gracja.engine.tables import CONVERSATIONS
from gracja.report import quote as cutting
from gracja.report.model import Line

HITS_SHOWN: Final = 3
MISSED_SHOWN: Final = 20
_MET: Final = 0.999
_KEPT: Final = 32
_CUSTOMER: Final = re.compile(r"\s*(?:klient\w*|customer|k|c)\s*:\s*", re.IGNORECASE)
_AGENT: Final = re.compile(r"\s*(?:pracowni\w*|agent|employee|konsultant\w*|p|a|e)\s*:\s*", re.IGNORECASE)

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


def try_standard(*, by: User, edition: Edition, standard: str) -> Trial | None:
    """The standard's detector on the newest conversations that `by` may read; a second time from memory.

    None where `by` may read none, or there is no archive. Raises EngineInputError as the archive.
    """
    if not may_somewhere(by, "conversation.read"):
        return None
    scope = Scope.of(by)
    sample = newest(scope)
    if sample is None or not sample.conversations.num_rows:
        return None
    small = alone(edition, standard)
    asked = json.dumps(as_json(small), sort_keys=True)
    reader = f"{scope.everything}{sorted(scope.places)}{sorted(scope.mine)}"
    key = (sample.version, standard, hashlib.sha256((asked + reader).encode()).hexdigest())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    trial = _tried(sample, small, standard, _place_names(scope))
    with _lock:
        _kept[key] = trial
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return trial


def missed(*, by: User, edition: Edition, standard: str) -> tuple[Shown, ...]:
    """20 of the conversations where it was due and not met, drawn at random: where it should have been."""
    trial = try_standard(by=by, edition=edition, standard=standard)
    if trial is None:
        return ()
    several = list(trial.missed_contacts)
    # The same ones each time the page is opened, so that two people talk about the same.
    drawn = set(random.Random(standard).sample(several, min(MISSED_SHOWN, len(several))))  # noqa: S311
    scope = Scope.of(by)
    sample = newest(scope)
    if sample is None:
        return ()
    places = _place_names(scope)
    rows = _rows(sample.conversations, drawn)
    one = edition.standard(standard)
    return tuple(
        _shown(talk, places, cutting.absence(talk, one, lambda _: [])[0])
        for talk in rows.values()
        if scope.covers(talk)
    )


def try_words(*, edition: Edition, standard: str, text: str, language: str) -> tuple[str, tuple[Line, ...]]:
    """(what becomes of it: met, missed or a status; the lines typed, the evidence marked).

    A line is a turn; one that begins with "Customer:" (or "Klient:") is the customer's.
    """
    turns = [_typed(line) for line in text.splitlines() if line.strip()]
    channel = next((one for one in edition.standard(standard).channels if one != "in_person"), "chat")
    talk = dict.fromkeys(CONVERSATIONS.names) | {
        "contact": "typed",
        "channel": channel,
        "language": language,
        "complete": True,
        "turns": turns,
    }
    table = pa.Table.from_pylist([talk], schema=CONVERSATIONS)
    rows = detect_with(Plan(alone(edition, standard)), table).to_pylist()
    own = [row for row in rows if row["standard"] == standard]
    spots = [(spot["turn"], spot["start"], spot["end"]) for row in own for spot in row["evidence"]]
    lines = tuple(
        Line(turn["speaker"], _marked(turn["text"], [spot[1:] for spot in spots if spot[0] == at]), language)
        for at, turn in enumerate(turns)
    )
    return _verdict(own), lines


def _tried(sample: Sample, edition: Edition, standard: str, places: Mapping[str, str]) -> Trial:
    detect = edition.standard(standard).detect
    plan = Plan(edition)
    began = time.perf_counter()
    rows = detect_with(plan, sample.conversations)
    seconds = time.perf_counter() - began
    of_contact = defaultdict[str, list[Mapping[str, Any]]](list)
    for row in rows.select(["contact", "standard", "status", "value", "evidence"]).to_pylist():
        if row["standard"] == standard:
            of_contact[row["contact"]].append(row)
    verdicts = {contact: _verdict(own) for contact, own in of_contact.items()}
    met = [contact for contact, verdict in verdicts.items() if verdict == "met"]
    missed_ = [contact for contact, verdict in verdicts.items() if verdict == "missed"]
    hit = [contact for contact in met if any(row["evidence"] for row in of_contact[contact])]
    near = _near(sample, edition, standard, missed_) if isinstance(detect, Predicate) else []
    talks = _rows(sample.conversations, {*hit[: HITS_SHOWN * 5], *(one for one, _ in near[:SHOWN])})
    hits = _different(
        [
            _shown(talks[contact], places, cutting.evidence(talks[contact], _spots(of_contact[contact])))
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


def _verdict(rows: Sequence[Mapping[str, Any]]) -> str:
    """met, missed, or why it was not judged: not_applicable, not_seen, abstained."""
    values = [row["value"] for row in rows if row["status"] == "marked" and row["value"] is not None]
    if values:
        return "met" if min(values) >= _MET else "missed"
    return next((row["status"] for row in rows if row["status"] != "marked"), "abstained")


def _rows(conversations: pa.Table, contacts: set[str]) -> dict[str, dict[str, Any]]:
    """By contact, in the table's order."""
    names = conversations["contact"].to_pylist()
    at = [number for number, contact in enumerate(names) if contact in contacts]
    return {row["contact"]: row for row in conversations.take(pa.array(at, pa.int64())).to_pylist()}


def _spots(rows: list[Mapping[str, Any]]) -> list[tuple[int, int, int]]:
    return [(spot["turn"], spot["start"], spot["end"]) for row in rows for spot in row["evidence"]]


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


def _typed(line: str) -> dict[str, Any]:
    customer = _CUSTOMER.match(line)
    own = customer or _AGENT.match(line)
    text = line[own.end() :] if own else line.strip()
    speaker = "customer" if customer else "agent"
    return {"speaker": speaker, "employee": None, "text": text, "event": None, "at": None}


def _marked(text: str, spans: list[tuple[int, ...]]) -> tuple[tuple[str, bool], ...]:
    pieces: list[tuple[str, bool]] = []
    here = 0
    for start, end in sorted((span[0], span[1]) for span in spans):
        low = max(here, start)
        pieces += [(text[here:low], False), (text[low:end], True)] if low < end else []
        here = max(here, end)
    return tuple((piece, marked) for piece, marked in [*pieces, (text[here:], False)] if piece)
