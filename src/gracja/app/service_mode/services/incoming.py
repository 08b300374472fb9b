"""Records that a device kept while it could not reach the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import Place, User
from gracja.app.service_mode.selectors.asking import Asked
from gracja.app.service_mode.selectors.rules import title_of_cue
from gracja.app.service_mode.selectors.where import works_at
from gracja.app.service_mode.services.recording import Done, record_advice
from gracja.engine.dial.rules import Kind
from gracja.engine.errors import EngineInputError, ManyInputErrors

_SOURCES: Final = ("counter", "panel")
UNREADABLE: Final = "advice_record_unreadable"
# What a change of the rules does to a record that waited; whoever reads the reason did not write the rules.
_OVERTAKEN: Final = {
    "cue_unknown": "advice_cue_gone",
    "cue_count_out_of_range": "advice_cue_counts_otherwise",
    "cues_contradict": "advice_cues_exclude_now",
    "occupation_unknown": "advice_occupation_gone",
    "edition_not_in_force": "advice_edition_gone",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is refused for good: a code with the facts of its sentence. A fact that is a text in
    several languages is a mapping.
    """

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """settled: uids that the device may forget. refused: of these, the ones that never will be kept, each
    with the reason.
    """

    settled: list[str] = field(default_factory=list)
    refused: dict[str, Reason] = field(default_factory=dict)


def take_records(*, by: User, rows: Iterable[Mapping[str, Any]], mark: str) -> Taken:
    """Keep each once. What can never be kept (rules that no longer read it, a clock that was wrong, something
    that no device of ours sends) is refused alone, and the others are kept.

    mark: of who is signed in now; a row of another's is kept without them. Raises Refused: not_permitted.
    """
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    taken = Taken()
    places = {one.uid: one for one in works_at(by)}
    for row in rows:
        uid = row.get("uid")
        if not isinstance(uid, str):
            continue
        taken.settled.append(uid)
        try:
            done = _done(uid, row, mark, places)
        except (ValueError, TypeError, AttributeError, OverflowError):
            taken.refused[uid] = Reason(UNREADABLE)  # it will not read better next time
            continue
        # nor will what is refused; anything else is a fault of ours, and the device keeps what it has
        try:
            record_advice(by=by, done=done)
        except ManyInputErrors as wrong:
            taken.refused[uid] = _reason(wrong.errors[0])
        except (Refused, EngineInputError) as no:
            taken.refused[uid] = _reason(no)
    return taken


def _reason(no: Refused | EngineInputError) -> Reason:
    """With the facts in words: a cue by what it was called, also in rules that hold no longer."""
    code, facts = _OVERTAKEN.get(no.code, no.code), dict(no.facts)
    if code == "advice_cue_gone":
        facts["given"] = title_of_cue(facts["given"])
    for name in ("cue", "first", "second"):
        if name in facts:
            facts[name] = title_of_cue(facts[name])
    return Reason(code, facts)


def _done(uid: str, row: Mapping[str, Any], mark: str, places: Mapping[str, Place]) -> Done:
    """Raises ValueError, TypeError, AttributeError or OverflowError for what no device of ours sends."""
    kind: Kind | None = row["kind"] if row.get("kind") in ("encounter", "relationship") else None
    asked = Asked(
        kind=kind,
        occupation=str(row["occupation"])[:80] if row.get("occupation") else None,
        cues={str(cue)[:80]: int(count) for cue, count in dict(row.get("cues") or {}).items()},
        edition=str(row.get("edition") or "").partition("@")[0][:80],  # a newer one may be in force by now
    )
    return Done(
        uid=uid,
        asked=asked,
        at=_moment(str(row["at"])) if row.get("at") else None,
        moves=[str(one) for one in row.get("moves") or ()],
        lines=[str(one) for one in row.get("lines") or ()],
        offline=row.get("offline") is True,
        source=row["source"] if row.get("source") in _SOURCES else "counter",
        another=row.get("reader") != mark,
        place=places.get(str(row.get("place") or "")),
    )


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)  # of which place's clock?
    return at.astimezone(UTC)
