"""A detector as bytes: a Parquet table of n-grams and weights, its card beside them; plain data, no code.

Anything that reads Parquet shows what a detector knows, n-gram by n-gram.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gracja.engine.detect.certainty.card import card_from_dict
from gracja.engine.detect.learned.blocks import BLOCKS
from gracja.engine.detect.learned.detector import Detector
from gracja.engine.detect.learned.vocabulary import Vocabulary
from gracja.engine.errors import EngineInputError, Where

FORM: Final = 1
_KEY: Final = b"gracja.detector"
_DIGEST: Final = b"gracja.digest"
_NAMES: Final = [block.name for block in BLOCKS]
_FIELDS: Final[list[pa.Field[Any]]] = [
    pa.field("block", pa.string()),
    pa.field("ngram", pa.string()),
    pa.field("rarity", pa.float32()),
    pa.field("weight", pa.float32()),
]
_SCHEMA: Final = pa.schema(_FIELDS)


def write_detector(detector: Detector) -> bytes:
    """The same detector gives the same bytes."""
    about = {
        "form": FORM,
        "standard": detector.standard,
        "edition": detector.edition,
        "version": detector.version,
        "training": detector.training,
        "bias": detector.bias,
        "card": None if detector.card is None else asdict(detector.card),
    }
    words = detector.vocabulary
    columns = [
        pa.array([_NAMES[number] for number in words.block], pa.string()),
        pa.array(words.name, pa.string()),
        pa.array(words.rarity, pa.float32()),
        pa.array(detector.weight, pa.float32()),
    ]
    told = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
    table = pa.table(columns, schema=_SCHEMA)
    meta = {_KEY: told, _DIGEST: _digest(told, table).encode()}
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(meta), sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def read_detector(data: bytes, *, file: str | None = None) -> Detector:
    """Raises EngineInputError: detector_broken (cut short or changed), detector_version (given, known)."""
    where = Where(file=file)
    try:
        table = pq.read_table(pa.BufferReader(data))
        meta = table.schema.metadata or {}
        about = json.loads(meta[_KEY])
        sound = meta[_DIGEST].decode() == _digest(meta[_KEY], table)
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise EngineInputError("detector_broken", where) from error
    if isinstance(about, dict) and about.get("form") != FORM:
        raise EngineInputError("detector_version", where, given=about.get("form"), known=FORM)
    if not sound:
        raise EngineInputError("detector_broken", where)
    return _detector(about, table, where)


def _detector(about: dict[str, Any], table: pa.Table, where: Where) -> Detector:
    blocks: list[Any] = table["block"].to_pylist()
    weight = np.asarray(table["weight"].to_numpy(), dtype=np.float32)
    rarity = np.asarray(table["rarity"].to_numpy(), dtype=np.float32)
    known = {name: number for number, name in enumerate(_NAMES)}
    number = np.array([known.get(name, -1) for name in blocks], dtype=np.int8)
    if (number < 0).any() or (np.diff(number) < 0).any() or not np.isfinite([*weight, *rarity]).all():
        raise EngineInputError("detector_broken", where)
    card = about["card"]
    names: list[Any] = table["ngram"].to_pylist()
    return Detector(
        standard=about["standard"],
        edition=about["edition"],
        version=about["version"],
        training=about["training"],
        vocabulary=Vocabulary(number, tuple(names), rarity),
        weight=weight,
        bias=float(about["bias"]),
        card=None if card is None else card_from_dict(card),
    )


def _digest(told: bytes, table: pa.Table) -> str:
    digest = sha256(told)
    for name in _SCHEMA.names:
        column: Any = table[name]
        words = pa.types.is_string(column.type)
        digest.update("\n".join(column.to_pylist()).encode() if words else column.to_numpy().tobytes())
    return digest.hexdigest()
