"""Arrow schemas of what crosses the door between rooms.

Offsets are code points of the original text. Times are UTC. A null is "not known" or "not measured",
never zero. A mark belongs to the employee who spoke the evidence; an absence to the one who held the
segment where it was due, else to nobody.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

TIME: Final = pa.timestamp("us", tz="UTC")


def _schema(*fields: pa.Field[Any]) -> pa.Schema:
    return pa.schema(list(fields))


TURN: Final = pa.struct(
    [
        pa.field("speaker", pa.string(), nullable=False),
        pa.field("employee", pa.string()),
        pa.field("text", pa.string(), nullable=False),
        pa.field("event", pa.string()),
        pa.field("at", TIME),
    ]
)
CONVERSATIONS: Final = _schema(
    pa.field("contact", pa.string(), nullable=False),
    pa.field("employee", pa.string()),
    pa.field("customer", pa.string()),
    pa.field("place", pa.string()),
    pa.field("channel", pa.string(), nullable=False),
    pa.field("language", pa.string()),
    pa.field("started_at", TIME),
    pa.field("complete", pa.bool_(), nullable=False),
    pa.field("turns", pa.list_(TURN), nullable=False),
)
CONTACTS: Final = _schema(
    pa.field("contact", pa.string(), nullable=False),
    pa.field("segment", pa.int16(), nullable=False),
    pa.field("edition", pa.string(), nullable=False),
    pa.field("service_kind", pa.string(), nullable=False),
    pa.field("wanted_low", pa.float32()),
    pa.field("wanted_high", pa.float32()),
    pa.field("wanted_source", pa.string(), nullable=False),
    pa.field("wanted_recorded_at", TIME),
    pa.field("rules_version", pa.string()),
)
EVIDENCE: Final = pa.struct(
    [
        pa.field("turn", pa.int32(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
    ]
)
OBSERVATIONS: Final = _schema(
    pa.field("contact", pa.string(), nullable=False),
    pa.field("segment", pa.int16(), nullable=False),
    pa.field("employee", pa.string()),
    pa.field("standard", pa.string(), nullable=False),
    pa.field("edition", pa.string(), nullable=False),
    pa.field("source", pa.string(), nullable=False),
    pa.field("evaluator", pa.string()),
    pa.field("place", pa.string()),
    pa.field("occurred_at", TIME),
    pa.field("status", pa.string(), nullable=False),
    pa.field("value", pa.float32()),
    pa.field("raw", pa.float32()),
    pa.field("unit", pa.string()),
    pa.field("probability", pa.float32()),
    pa.field("detector", pa.string()),
    pa.field("evidence", pa.list_(EVIDENCE), nullable=False),
    pa.field("inclusion", pa.float32()),
    pa.field("revision", pa.int32(), nullable=False),
    pa.field("supersedes", pa.int32()),
    pa.field("blind", pa.bool_()),  # whether who marked had not seen the automatic mark; null: not known
)
RESULTS: Final = _schema(
    pa.field("subject_kind", pa.string(), nullable=False),
    pa.field("subject", pa.string(), nullable=False),
    pa.field("period_start", TIME),
    pa.field("period_end", TIME),
    pa.field("edition", pa.string(), nullable=False),
    pa.field("run", pa.string(), nullable=False),
    pa.field("contacts", pa.int64(), nullable=False),
    pa.field("observations", pa.int64(), nullable=False),
    pa.field("evaluators", pa.int64(), nullable=False),
    pa.field("classic", pa.float64()),
    *(
        pa.field(f"{measure}{end}", pa.float64())
        for measure in ("base", "fit", "initiative")
        for end in ("", "_low", "_high")
    ),
    pa.field("measure", pa.float64()),
    pa.field("se", pa.float64()),
    pa.field("grade", pa.string()),
    pa.field("grade_probability", pa.float64()),
    pa.field("needed", pa.int64()),
    pa.field("rank_low", pa.int64()),
    pa.field("rank_high", pa.int64()),
    pa.field("tier", pa.int64()),
    pa.field("provisional", pa.string()),
)
MODEL_FIT: Final = _schema(
    pa.field("subject_kind", pa.string(), nullable=False),  # employee, standard, evaluator
    pa.field("subject", pa.string(), nullable=False),
    pa.field("marks", pa.int64(), nullable=False),
    *(
        pa.field(f"{name}{end}", pa.float64())
        for name in ("infit", "outfit", "slope")
        for end in ("", "_low", "_high")
    ),
)
AGREEMENT: Final = _schema(
    pa.field("between", pa.string(), nullable=False),  # people; detector: people and the detector
    pa.field("standard", pa.string()),  # null: all together
    pa.field("marks", pa.int64(), nullable=False),  # that two judged
    pa.field("contacts", pa.int64(), nullable=False),
    *(
        pa.field(f"{name}{end}", pa.float64())
        for name in ("same", "alpha", "ac1", "kappa")
        for end in ("", "_low", "_high")
    ),
)
LEDGER: Final = _schema(
    pa.field("contact", pa.string(), nullable=False),
    pa.field("number", pa.int32()),
    pa.field("employee", pa.string()),
    pa.field("place", pa.string()),
    pa.field("occurred_at", TIME),
    pa.field("stratum", pa.string(), nullable=False),
    pa.field("inclusion", pa.float64(), nullable=False),
    pa.field("random_inclusion", pa.float64(), nullable=False),
    pa.field("population", pa.int64(), nullable=False),
    pa.field("seed", pa.int64(), nullable=False),
    pa.field("design", pa.string(), nullable=False),
    pa.field("drawn_at", TIME, nullable=False),
    pa.field("edition", pa.string(), nullable=False),
    pa.field("asked", pa.list_(pa.string()), nullable=False),
    pa.field("turn_characters", pa.list_(pa.int32())),
)

SPEAKERS: Final = ("agent", "customer", "bot", "system")
SOURCES: Final = ("visit", "review", "automatic", "customer", "self")
STATUSES: Final = ("marked", "not_applicable", "not_seen", "abstained")
WANTED_SOURCES: Final = ("scenario", "customer_asked", "history", "opening_words", "staff_tap", "none")
GRADES: Final = ("below", "standard", "above", "exceptional")
BETWEEN: Final = ("people", "detector")
SUBJECT_KINDS: Final = ("employee", "place", "standard", "part", "evaluator")
STRATA: Final = ("random", "uncertain", "exceptional")
CHANNELS: Final = ("in_person", "phone", "video", "chat", "message", "email", "letter")
