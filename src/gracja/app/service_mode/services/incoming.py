"""Records that a device kept while it could not reach the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.service_mode.selectors.asking import Asked
from gracja.app.service_mode.services.recording import Done, record_advice
from gracja.engine.dial.rules import Kind
from gracja.engine.errors import EngineInputError

_SOURCES: Final = ("counter", "panel")


def take_records(*, by: User, rows: Iterable[Mapping[str, Any]], mark: str) -> list[str]:
    """Keep each once. Returns the uids that the device may forget: those kept, and those that never will be
    (rules that no longer read them, a clock that was wrong).

    mark: of who is signed in now; a row of another's is kept without them. Raises Refused: not_permitted.
    """
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    settled = []
    for row in rows:
        uid = row.get("uid")
        if not isinstance(uid, str):
            continue
        settled.append(uid)
        try:
            done = _done(uid, row, mark)
        except (ValueError, TypeError, AttributeError):
            continue  # no device of ours sends it, and it will not read better next time
        # nor will what is refused; anything else is a fault of ours, and the device keeps what it has
        with suppress(Refused, EngineInputError):
            record_advice(by=by, done=done)
    return settled


def _done(uid: str, row: Mapping[str, Any], mark: str) -> Done:
    """Raises ValueError, TypeError or AttributeError for what no device of ours sends."""
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
        at=datetime.fromisoformat(str(row["at"])) if row.get("at") else None,
        moves=[str(one) for one in row.get("moves") or ()],
        lines=[str(one) for one in row.get("lines") or ()],
        contact=str(row.get("contact") or "")[:200],
        offline=row.get("offline") is True,
        source=row["source"] if row.get("source") in _SOURCES else "counter",
        another=row.get("reader") != mark,
    )
