"""A salon that never was: conversations, observations and results for the report's tests.

Fourteen employees at one place, four with too few contacts; Polish and English; three kinds of source.
What a colleague says is made of the sentences that the detectors look for, so evidence offsets are real.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import exp, log, sqrt
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
from ruamel.yaml import YAML

from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import read_edition
from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS, RESULTS

HERE = Path(__file__).parent
START, END = datetime(2026, 9, 1, 7, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
PEOPLE = (
    *(("Darek Wójcik", 64, 4.3), ("Celina Mazur", 58, 4.1), ("Ola Nowak", 61, 3.8)),
    *(
        ("Piotr Zając", 47, 2.5),
        ("Iga Lis", 52, 2.35),
        ("Marek Kowalczyk", 66, 2.3),
        ("Basia Wrona", 39, 2.2),
    ),
    *(("Tomek Duda", 28, 2.1), ("Ewa Król", 55, 1.0), ("7d0f6f3e-6b1c-4a57-9d29-0f8f2f1f6a10", 49, 0.7)),
    *(("Kuba Sowa", 4, 2.0), ("Nina Bąk", 3, 2.0), ("Adam Wilk", 2, 2.0), ("Zofia Pawlak", 1, 2.0)),
)
PART_SHIFT = {"welcome": 0.9, "consultation": 0.3, "settlement": -1.1}
RARE = ("own_mistake", "small_gift", "allergy", "follow_up")  # due in three contacts of ten
WIDER = 1.5  # marks of one contact go together, so they say less than as many marks apart


def salon() -> Edition:
    return read_edition((HERE / "salon.yaml").read_text(encoding="utf-8")).edition


def shop(seed: int = 11, people: tuple[tuple[str, int, float], ...] = PEOPLE) -> dict[str, Any]:
    """Everything `write_report` takes, by its names."""
    random, edition = Random(seed), salon()  # noqa: S311 (a play, not a secret)
    said = YAML(typ="safe").load((HERE / "talk.yaml").read_text(encoding="utf-8"))
    talks: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    for name, contacts, skill in people:
        for _ in range(contacts):
            talk, marked = contact(random, edition, said, name, skill, len(talks))
            talks.append(talk)
            marks.extend(marked)
    for one in marks:
        one["employee"] = None if one["contact"].endswith("33") else one["employee"]
    return {
        "results": pa.Table.from_pylist(results(edition, marks, people), schema=RESULTS),
        "observations": pa.Table.from_pylist(marks, schema=OBSERVATIONS),
        "edition": edition,
        "conversations": [pa.Table.from_pylist(talks, schema=CONVERSATIONS)],
    }


def contact(random, edition, said, name, skill, number):
    """One conversation and its marks."""
    language = "en" if number % 5 == 4 else "pl"
    met = {}
    for part, _, standard in edition.standards():
        logit = skill + PART_SHIFT.get(part.part, 0.0) - (4.1 if standard.rung == "initiative" else 0)
        met[standard.standard] = random.random() < expit(logit + random.gauss(0, 0.4))
    turns, where = speak(random, said, said[language], name, met)
    talk = {
        "contact": f"c-{number:05d}",
        "employee": name,
        "place": "Rynek",
        "channel": "chat",
        "language": language,
        "started_at": START + timedelta(hours=3.5 * (number * 37 % 590)),
        "complete": number % 17 != 16,
        "turns": turns,
    }
    source = "visit" if number % 70 == 3 else "review" if number % 9 == 2 else "automatic"
    return talk, [
        mark(random, standard, talk, source, met, where.get(standard.standard))
        for _, _, standard in edition.standards()
    ]


def speak(random, said, words, name, met):
    """The turns, and where in them each standard was met: (turn, start, end)."""
    turns: list[dict[str, Any]] = []
    where: dict[str, tuple[int, int, int]] = {}
    for step, standards in enumerate(said["turns"]):
        turns.append({"speaker": "customer", "text": random.choice(words["customer"][step])})
        text = ""
        for standard in (one for one in standards if met[one]):
            sentence = words[standard].format(name=(name.split() or ["Ola"])[0][:8])
            where[standard] = (len(turns), len(text), len(text) + len(sentence))
            text += sentence + (" " if sentence[-1] in ".?" else ", " if standard == "greet" else ". ")
        turns.append({"speaker": "agent", "employee": name, "text": text.strip() or words["filler"][step]})
    return turns, where


def mark(random, standard, talk, source, met, spot) -> dict[str, Any]:
    key = standard.standard
    status = "marked"
    if standard.detect == "none":
        status = "not_applicable" if source != "visit" else "not_seen" if key == "quiet_kept" else "marked"
    elif key in RARE and random.random() < 0.7:
        status = "not_applicable"
    elif not talk["complete"] and not met[key]:
        status = "not_seen"
    elif key == "by_name" and random.random() < 0.3:
        status = "abstained"
    marked, automatic = status == "marked", source == "automatic"
    return {
        "contact": talk["contact"],
        "segment": 0,
        "employee": talk["employee"],
        "standard": key,
        "edition": "salon@3",
        "source": source,
        "evaluator": {"visit": "Borys", "review": "Anna"}.get(source),
        "place": "Rynek",
        "occurred_at": talk["started_at"],
        "status": status,
        "value": float(met[key]) if marked else None,
        "probability": 0.9 if marked and automatic else None,
        "detector": "rules" if automatic else None,
        "evidence": [dict(zip(("turn", "start", "end"), spot, strict=True))] if marked and spot else [],
        "revision": 0,
    }


def expit(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def interval(met: float, seen: float) -> tuple[float, float, float]:
    share = (met + 1) / (seen + 2)
    logit, error = log(share / (1 - share)), WIDER * 1.96 / sqrt((seen + 2) * share * (1 - share))
    return share, expit(logit - error), expit(logit + error)


def results(edition: Edition, marks: list[dict[str, Any]], people) -> list[dict[str, Any]]:
    about = {standard.standard: (part, standard) for part, _, standard in edition.standards()}

    def row(kind: str, subject: str, where) -> dict[str, Any]:
        return result(kind, subject, [one for one in marks if where(one)], about)

    rows = [row("place", "Rynek", lambda _: True)]
    rows += [
        row("part", part.part, lambda one, part=part: about[one["standard"]][0] is part)
        for part in edition.sequence
    ]
    rows += [row("standard", key, lambda one, key=key: one["standard"] == key) for key in about]
    return rows + ranked(
        [row("employee", name, lambda one, name=name: one["employee"] == name) for name, _, _ in people]
    )


def result(kind: str, subject: str, marks: list[dict[str, Any]], about) -> dict[str, Any]:
    row: dict[str, Any] = {
        "subject_kind": kind,
        "subject": subject,
        "period_start": START,
        "period_end": END,
        "edition": "salon@3",
        "run": "2026-12-01-a1",
        "contacts": len({one["contact"] for one in marks}),
        "observations": len(marks),
        "evaluators": 2,
        "provisional": "reference_mix_open",
    }
    for measure in ("base", "fit", "initiative"):
        given = [one for one in marks if one["value"] is not None]
        seen = [one["value"] for one in given if counts(measure, about[one["standard"]][1], kind)]
        if len(seen) >= (3 if kind != "employee" else 8):
            row[measure], row[f"{measure}_low"], row[f"{measure}_high"] = interval(sum(seen), len(seen))
    return row


def counts(measure: str, standard, kind: str) -> bool:
    if kind in ("standard", "part"):
        return measure == "base" and (kind == "standard" or standard.rung == "base")
    if standard.rung == "initiative":
        return measure == "initiative"
    return measure == ("base" if standard.service_mode == "any" else "fit")


def ranked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = sorted((r for r in rows if r.get("base") and r["contacts"] >= 5), key=lambda r: -r["base"])
    tier = 1
    for place, row in enumerate(known):
        row["rank_low"] = 1 + sum(other["base_low"] > row["base_high"] for other in known)
        row["rank_high"] = len(known) - sum(other["base_high"] < row["base_low"] for other in known)
        below, sure = row["base_high"] < 0.85, row["base_low"] > 0.85
        row["grade"] = "below" if below else ("above" if place == 0 else "standard") if sure else None
        row["grade_probability"] = 0.97 if row["grade"] else 0.6
        row["needed"] = None if row["grade"] else 40 + 25 * place
        apart = [a["base_low"] > b["base_high"] for a in known[:place] for b in known[place:]]
        tier += bool(apart) and all(apart)
        row["tier"] = tier
    for row in rows:
        if row not in known:
            row["needed"] = 60
    return rows
