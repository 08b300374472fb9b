"""Which contacts people should read next, with the probability that each was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from gracja.engine.edition.model import Edition
from gracja.engine.errors import EngineInputError
from gracja.engine.sampling import order
from gracja.engine.sampling.draw import Design, Drawn, Ints, seats_by_size
from gracja.engine.tables import LEDGER

SIMPLE: Final = "simple_random@1"
BY_EMPLOYEE: Final = "by_employee@1"
_HUMAN: Final = ("visit", "review")


@dataclass(frozen=True)
class Budget:
    """How many contacts people will read, and for what.

    random, exceptional: shares of the budget; what is left is for the uncertain. per_employee: at least so
    many of the random part for each employee, or all that there are.
    """

    contacts: int
    random: float = 0.5
    exceptional: float = 0.15
    per_employee: int = 0


@dataclass(frozen=True)
class Choice:
    """ledger: tables.LEDGER, the random part first. seats: contacts planned for each stratum; where a list
    is too short its seats went to the random part.
    """

    ledger: pa.Table
    seats: dict[str, int]


def choose(
    observations: pa.Table,
    edition: Edition,
    budget: Budget,
    *,
    seed: int,
    drawn_at: datetime,
    already: pa.Table | None = None,
    asked: Sequence[str] | None = None,
) -> Choice:
    """The sampling ledger of contacts to read next.

    observations: tables.OBSERVATIONS; the automatic ones of this edition are looked at, and their contacts
    are the population. already: human observations; their contacts are drawn at random like all others,
    but cost nothing, and nobody is asked again. asked: standards to mark, all of the edition if None. The
    same seed and the same rows, in any order, give the same ledger.

    Raises EngineInputError: sample_standard_unknown, sample_no_automatic, sample_budget_range,
    sample_share_range, sample_seed_range, sample_budget_too_large, sample_per_employee_too_many.
    """
    names = [standard.standard for _, _, standard in edition.standards()]
    wanted = names if asked is None else [name for name in names if name in asked]
    if unknown := sorted(set(asked or ()) - set(names)):
        raise EngineInputError("sample_standard_unknown", given=unknown, known=names)
    _check(budget, seed)
    marks = _automatic(observations, edition, wanted)
    frame = _frame(marks, already, edition)
    ranked = _ranked(marks, frame, edition, wanted, budget)
    design, seats = _design(frame, ranked, budget)
    drawn = design.draw(seed)
    rows = _rows(frame, ranked, design, drawn, seed)
    constant = {
        "population": frame.height,
        "seed": seed,
        "design": BY_EMPLOYEE if budget.per_employee else SIMPLE,
        "drawn_at": drawn_at,
        "edition": edition.name,
        "asked": wanted,
        "turn_characters": None,
    }
    ledger = pa.Table.from_pylist([row | constant for row in rows.to_dicts()], schema=LEDGER)
    return Choice(ledger, seats)


def _check(budget: Budget, seed: int) -> None:
    if budget.contacts < 1:
        raise EngineInputError("sample_budget_range", given=budget.contacts)
    shares_fit = 0 < budget.random <= 1 and 0 <= budget.exceptional <= 1 - budget.random + 1e-9
    if not shares_fit:
        raise EngineInputError("sample_share_range", random=budget.random, exceptional=budget.exceptional)
    if not 0 <= seed < 2**63:
        raise EngineInputError("sample_seed_range", given=seed)


def _automatic(observations: pa.Table, edition: Edition, wanted: Sequence[str]) -> pl.DataFrame:
    """Automatic marks of the wanted standards, and at least one row of every contact of this edition."""
    columns = ["contact", "employee", "place", "occurred_at", "standard", "edition", "source", "status"]
    found = pl.from_arrow(observations.select([*columns, "value", "probability"]))
    assert isinstance(found, pl.DataFrame)
    ours = found.filter((pl.col("source") == "automatic") & (pl.col("edition") == edition.name))
    if ours.is_empty():
        editions = sorted(found["edition"].drop_nulls().unique().to_list())
        raise EngineInputError("sample_no_automatic", edition=edition.name, found=editions)
    status = pl.when(pl.col("standard").is_in(list(wanted))).then("status")
    return ours.with_columns(status.alias("status"))


def _frame(marks: pl.DataFrame, already: pa.Table | None, edition: Edition) -> pl.DataFrame:
    """One row a contact, by name: whose it mostly is, where and when, and whether people have marked it."""
    frame = marks.group_by("contact").agg(pl.col("occurred_at").min())
    for column in ("place", "employee"):
        frame = _mostly(marks, column).join(frame, on="contact", how="right")
    frame = frame.select("contact", "employee", "place", "occurred_at").sort("contact")
    read: list[str] = []
    if already is not None:
        human = pl.from_arrow(already.select(["contact", "edition", "source"]))
        assert isinstance(human, pl.DataFrame)
        same = pl.col("edition").str.split("@").list.first() == edition.id
        read = human.filter(pl.col("source").is_in(_HUMAN) & same)["contact"].unique().to_list()
    return frame.with_columns(
        pl.col("contact").is_in(read).alias("read"),
        pl.col("contact").map_elements(order.tie_breaker, pl.Int64).alias("tie"),
    ).with_row_index("at")


def _mostly(marks: pl.DataFrame, column: str) -> pl.DataFrame:
    """The most frequent of the column's values in each contact, of several the first by name."""
    counts = marks.filter(pl.col(column).is_not_null()).group_by("contact", column).len()
    ordered = counts.sort("len", column, descending=[True, False])
    return ordered.unique("contact", keep="first", maintain_order=True).select("contact", column)


def _ranked(
    marks: pl.DataFrame, frame: pl.DataFrame, edition: Edition, wanted: Sequence[str], budget: Budget
) -> pl.DataFrame:
    """All contacts in the order in which they are worth reading: at, stratum (null: on no list)."""
    kinds = [standard for _, _, standard in edition.standards() if standard.standard in wanted]
    unread = frame.filter(~pl.col("read")).select("contact", "at", "employee", "tie")
    rows = (
        marks.filter(pl.col("status").is_not_null())
        .select("contact", "standard", "status", "value", "probability")
        .join(unread, on="contact")
        .drop("contact")
        .rename({"at": "contact"})  # by number: a tenth of the time
    )
    doubtful = order.uncertain(rows, wanted, budget.contacts)
    standing_out = order.exceptional(
        rows,
        budget.contacts,
        critical=[each.standard for each in kinds if each.critical],
        initiative=[each.standard for each in kinds if each.rung == "initiative"],
        base=[each.standard for each in kinds if each.rung == "base"],
    )
    shares = (max(0.0, 1 - budget.random - budget.exceptional), budget.exceptional)
    listed = order.merged(doubtful, standing_out, shares).with_row_index("rank")
    stratum = pl.when(pl.col("list") == 0).then(pl.lit("uncertain")).when(pl.col("list") == 1)
    return (
        frame.join(listed.rename({"contact": "at"}), on="at", how="left", maintain_order="left")
        .with_columns(stratum.then(pl.lit("exceptional")).alias("stratum"))
        .sort(~pl.col("read"), "rank", "tie", nulls_last=True)
        .select("at", "stratum")
    )


def _design(frame: pl.DataFrame, ranked: pl.DataFrame, budget: Budget) -> tuple[Design, dict[str, int]]:
    read = int(frame["read"].sum())
    if budget.contacts > frame.height - read:
        raise EngineInputError(
            "sample_budget_too_large", budget=budget.contacts, contacts=frame.height - read, read=read
        )
    strata, least = _strata(frame, budget.per_employee)
    needed = int(least.sum())
    if needed > budget.contacts:
        raise EngineInputError(
            "sample_per_employee_too_many",
            budget=budget.contacts,
            needed=needed,
            per_employee=budget.per_employee,
        )
    seats = _seats(ranked, budget, needed)
    sizes = np.bincount(strata, minlength=len(least)).astype(np.int64)
    random = seats_by_size(sizes, least, seats["random"])
    active = seats["uncertain"] + seats["exceptional"] + read  # those read already stand first and are kept
    return Design(strata, random, ranked["at"].to_numpy().astype(np.int64), active), seats


def _strata(frame: pl.DataFrame, per_employee: int) -> tuple[Ints, Ints]:
    """(contacts,) stratum and (strata,) fewest seats: one stratum, or one for each employee (and nobody)."""
    if not per_employee:
        return np.zeros(frame.height, dtype=np.int64), np.ones(1, dtype=np.int64)
    codes = frame["employee"].rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
    nobody = codes < 0
    strata: Ints = np.where(nobody, codes.max() + 1, codes)
    sizes = np.bincount(strata)
    least = np.minimum(sizes, per_employee)
    if nobody.any():
        least[-1] = 1  # nobody's contacts need no minimum, but no contact may be out of reach
    return strata, least.astype(np.int64)


def _seats(ranked: pl.DataFrame, budget: Budget, needed: int) -> dict[str, int]:
    """Contacts for each stratum: the shares, but the random part holds at least what every employee needs,
    and what a list cannot fill.
    """
    random = max(1, needed, round(budget.contacts * budget.random))
    left = budget.contacts - random
    on_list = {name: int((ranked["stratum"] == name).sum()) for name in ("uncertain", "exceptional")}
    exceptional = min(left, round(budget.contacts * budget.exceptional), on_list["exceptional"])
    uncertain = min(left - exceptional, on_list["uncertain"])
    taken = {"uncertain": uncertain, "exceptional": exceptional}
    return {"random": budget.contacts - uncertain - exceptional, **taken}


def _rows(frame: pl.DataFrame, ranked: pl.DataFrame, design: Design, drawn: Drawn, seed: int) -> pl.DataFrame:
    """The ledger's rows: the random part in the order of names, then the lists in their order.

    Who was read already is a row only if drawn at random, has no number, and was asked with certainty.
    """
    names = np.full(frame.height, "random", dtype=object)
    listed = drawn.listed[~frame["read"].to_numpy()[drawn.listed]]
    by_place = dict(ranked.filter(pl.col("at").is_in(listed.tolist())).rows())
    names[listed] = [by_place[at] or "uncertain" for at in listed.tolist()]
    chosen = np.concatenate([np.flatnonzero(drawn.random), listed])
    new = ~frame["read"].to_numpy()[chosen]
    numbers = np.zeros(len(chosen), dtype=np.int64)
    # by lot, so that neither the sheet nor its order shows why a contact was chosen
    numbers[new] = np.random.default_rng([seed, 1]).permutation(int(new.sum())) + 1
    return frame[chosen].select(
        "contact",
        pl.Series("number", numbers).replace(0, None),
        "employee",
        "place",
        "occurred_at",
        pl.Series("stratum", names[chosen].tolist(), pl.String),
        pl.Series("inclusion", design.inclusion[chosen]),
        pl.Series("random_inclusion", design.random_inclusion[chosen]),
    )
