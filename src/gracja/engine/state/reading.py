"""From a batch of conversations, or from one that goes on, to what customers said of their state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from gracja.engine.detect.rules.door import conversations_of
from gracja.engine.detect.rules.talks import Talks
from gracja.engine.detect.scan.numbers import as_column
from gracja.engine.dial.read import bundled_rules
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.state.hearing import hear
from gracja.engine.state.phrases import CUES
from gracja.engine.state.sounding import sound
from gracja.engine.state.turns import Turns
from gracja.engine.state.weighing import ABSTAINED, SAID, UNSAID, Weighed, weigh
from gracja.engine.tables import EVIDENCE

_FIELDS: Final[list[pa.Field[Any]]] = [
    pa.field("contact", pa.string(), nullable=False),
    pa.field("state", pa.string(), nullable=False),
    pa.field("status", pa.string(), nullable=False),
    pa.field("probability", pa.float32()),
    pa.field("since", pa.int32()),
    pa.field("evidence", pa.list_(EVIDENCE), nullable=False),
]
STATES: Final = pa.schema(_FIELDS)
STATUSES: Final = {SAID: "said", UNSAID: "unsaid", ABSTAINED: "abstained"}
Pairs = Sequence[tuple[str, str]]


def read_states(
    conversations: pa.Table | pa.RecordBatch,
    *,
    until_turn: Sequence[int | None] | None = None,
    default_language: str | None = None,
    exclude: Pairs | None = None,
) -> pa.Table:
    """What each customer said of their state: a row (STATES) for each contact and cue of `CUES`.

    conversations: tables.CONVERSATIONS; only the customer's turns are read, in Polish and English.
    until_turn: for each conversation the turn, from 0, before which reading ends: the employee's first
    personal or discreet act, where what the customer wanted is to be known without hindsight; None: to the
    end. default_language: of conversations that name none. exclude: pairs of cues that cannot both be true;
    as given, those of the bundled rules.

    status: `said`; `unsaid`: nothing of it was said, or the opposite; `abstained`: perhaps, or the customer
    wrote nothing, or in another language. Of two contradicting states, and of a state and its denial, the
    one said later in the contact holds. probability: of the learned part, calibrated on scripted customers
    of STAR; null where only phrases speak (in Polish, and of the cues that it did not learn): nothing is
    known of their error there. A phrase decides whatever the probability. since: the turn from which it was
    known. evidence: code points of the turns as they were given; of the learned part whole turns.

    Raises EngineInputError: shape_mismatch (until_turn), columns_missing, column_type.
    """
    if until_turn is not None and len(until_turn) != conversations.num_rows:
        raise EngineInputError(
            "shape_mismatch",
            Where(field="until_turn"),
            expected=[conversations.num_rows],
            given=[len(until_turn)],
        )
    if not conversations.num_rows:
        return STATES.empty_table()
    talks = Talks.of(conversations_of(conversations), default_language)
    return _table(talks, _read(Turns.of(talks, until_turn), _numbered(exclude)))


@dataclass(frozen=True)
class State:
    """One cue of one conversation, as a row of STATES; evidence: (turn, start, end)."""

    state: str
    status: str
    probability: float | None
    since: int | None
    evidence: tuple[tuple[int, int, int], ...]


def states_so_far(turns: Sequence[Mapping[str, Any]], language: str | None) -> tuple[State, ...]:
    """The same of one conversation that may go on: turns with `speaker` and `text`, in order."""
    found = _read(Turns.of_one(turns, language), _numbered(None))
    turn, start, end = (column.tolist() for column in found.places)
    first, places = found.first.tolist(), list(zip(turn, start, end, strict=True))
    rows = zip(
        CUES, found.status[0].tolist(), found.probability[0].tolist(), found.since[0].tolist(), strict=True
    )
    return tuple(
        State(
            cue,
            STATUSES[status],
            None if np.isnan(probability) else probability,
            None if since < 0 else since,
            tuple(places[first[number] : first[number + 1]]),
        )
        for number, (cue, status, probability, since) in enumerate(rows)
    )


def _numbered(exclude: Pairs | None) -> list[tuple[int, int]]:
    pairs = bundled_rules().exclude if exclude is None else exclude
    return [(CUES.index(a), CUES.index(b)) for a, b in pairs if a in CUES and b in CUES]


def _read(turns: Turns, exclude: list[tuple[int, int]]) -> Weighed:
    heard = hear(turns.texts, turns.language) if len(turns.language) else []
    return weigh(turns, heard, sound(turns, heard), exclude)


def _table(talks: Talks, found: Weighed) -> pa.Table:
    rows = found.status.size
    names = pa.array([STATUSES[one] for one in sorted(STATUSES)])
    codes = np.searchsorted(sorted(STATUSES), found.status.ravel())
    contact = talks.rows.column("contact")
    turn, start, end = (column.astype(np.int32) for column in found.places)
    spans = pa.StructArray.from_arrays([as_column(part) for part in (turn, start, end)], fields=[*EVIDENCE])
    columns: list[Any] = [
        contact.take(as_column(np.repeat(np.arange(len(talks)), len(CUES)))),
        pa.array(list(CUES) * len(talks)),
        names.take(as_column(codes)),
        as_column(found.probability.ravel().astype(np.float32), np.isnan(found.probability.ravel())),
        as_column(found.since.ravel().astype(np.int32), found.since.ravel() < 0),
        pa.ListArray.from_arrays(as_column(found.first.astype(np.int32)), spans),
    ]
    assert len(found.first) == rows + 1
    return pa.table(columns, schema=STATES)
