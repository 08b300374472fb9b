"""Simulated companies whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from scipy.special import expit

from gracja.engine import tables
from gracja.engine.edition.model import Edition


def edition_of(standards: list[dict[str, Any]], **aspire: float) -> Edition:
    """An edition of one enhancer a part; each standard may name its `part` (else `only`)."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for given in standards:
        own = {key: value for key, value in given.items() if key != "part"}
        parts.setdefault(given.get("part", "only"), []).append(
            {"behaviour": "x", "channels": ["in_person"], **own}
        )
    return Edition.model_validate(
        {
            "gracja": 1,
            "id": "salon",
            "version": 3,
            "title": "Salon",
            "service": {"kind": "encounter"},
            "aspire": aspire,
            "sequence": [
                {
                    "part": part,
                    "title": part,
                    "enhancers": [{"enhancer": f"e_{part}", "title": "e", "standards": own}],
                }
                for part, own in parts.items()
            ],
        }
    )


def observations_of(rows: list[dict[str, Any]] | pl.DataFrame) -> pa.Table:
    """Observation rows from what matters; the rest by default."""
    given = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(rows, infer_schema_length=None)
    size = len(given)
    defaults: dict[str, Any] = {
        "segment": 0,
        "edition": "salon@3",
        "source": "visit",
        "status": "marked",
        "revision": 0,
        "evidence": [],
    }
    columns = []
    for field in tables.OBSERVATIONS:
        if field.name in given.columns:
            columns.append(given[field.name].to_arrow().cast(field.type))
        else:
            columns.append(pa.array([defaults.get(field.name)] * size, type=field.type))
    return pa.Table.from_arrays(columns, schema=tables.OBSERVATIONS)


def contacts_of(rows: list[dict[str, Any]]) -> pa.Table:
    defaults = {"segment": 0, "edition": "salon@3", "service_kind": "encounter", "wanted_source": "scenario"}
    return pa.Table.from_pylist([{**defaults, **row} for row in rows], schema=tables.CONTACTS)


@dataclass(frozen=True)
class World:
    """A simulated company: what is observed, and each employee's true base and effect."""

    observations: pa.Table
    edition: Edition
    employees: list[str]
    base: np.ndarray
    effect: np.ndarray


def world(
    random: np.random.Generator,
    *,
    employees: int = 12,
    standards: int = 8,
    evaluators: int = 5,
    contacts: tuple[int, int] = (10, 30),
    spread: tuple[float, float, float] = (0.5, 1.0, 0.4),
    contact_spread: float = 0.0,
    intercept: float = 0.8,
    source: str = "visit",
) -> World:
    """Marks from the rating model. spread: logits between employees, standards and evaluators."""
    employee, standard, severity = (
        random.normal(0, sd, size)
        for sd, size in zip(spread, (employees, standards, evaluators), strict=True)
    )
    count = random.integers(contacts[0], contacts[1] + 1, employees)
    who = np.repeat(np.arange(employees), count)
    eye = random.integers(0, evaluators, len(who))
    mood = random.normal(0, contact_spread, len(who)) if contact_spread else np.zeros(len(who))
    logits = intercept + (employee[who] - severity[eye] + mood)[:, None] + standard
    met = random.random(logits.shape) < expit(logits)
    names = [f"e{i:03}" for i in range(employees)]
    frame = pl.DataFrame(
        {
            "contact": np.repeat([f"c{i:06}" for i in range(len(who))], standards),
            "employee": np.repeat(np.array(names)[who], standards),
            "evaluator": np.repeat(np.array([f"v{i}" for i in range(evaluators)])[eye], standards),
            "standard": np.tile([f"s{i}" for i in range(standards)], len(who)),
            "value": met.ravel().astype(np.float32),
            "source": np.full(met.size, source),
        }
    )
    edition = edition_of([{"standard": f"s{i}"} for i in range(standards)])
    true_logits = intercept + employee[:, None] + standard
    if contact_spread:  # the share met, averaged over the moods of contacts
        nodes, masses = np.polynomial.hermite_e.hermegauss(21)
        base = (expit(true_logits[..., None] + contact_spread * nodes) @ (masses / masses.sum())).mean(axis=1)
    else:
        base = expit(true_logits).mean(axis=1)
    return World(observations_of(frame), edition, names, base, employee)
