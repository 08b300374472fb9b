"""What people agree on: the marks of one standard in one contact by several evaluators -> one label."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import polars as pl
import pyarrow as pa

from gracja.engine.errors import EngineInputError, Where
from gracja.engine.revisions import FAMILY, KEY, latest_version, newest_rows
from gracja.engine.tables import OBSERVATIONS

HUMAN: Final = ("visit", "review")
_NEEDED: Final = (*KEY, "status", "value", "revision")
_MAY_LACK: Final = ("supersedes", "inclusion")
_ONE: Final = ["contact", "standard"]


@dataclass(frozen=True)
class Consensus:
    """One label for each contact and standard on which people agree, and how many they do not.

    labels: contact str, standard str, met bool, evaluators uint32 (votes), inclusion float32? (probability
    that a human was asked; null = not sampled), sorted by standard and contact.
    ties: contact str, standard str: as many for as against. unclear: marks between 0 and 1, or one person's
    marks of one contact that differ between its employees or segments; they are no vote.
    """

    labels: pl.DataFrame
    ties: pl.DataFrame
    unclear: int

    def of(self, standard: str) -> pl.DataFrame:
        """Labels of one standard, sorted by contact."""
        return self.labels.filter(pl.col("standard") == standard)

    def tied(self, standard: str) -> int:
        """How many contacts of one standard have no label, because people disagree evenly."""
        return len(self.ties.filter(pl.col("standard") == standard))


def consensus(observations: pa.Table | pl.DataFrame, edition_id: str) -> Consensus:
    """The majority of people's marks of each contact and standard; a tie gives no label.

    observations: tables.OBSERVATIONS, of any source; counted are marked rows of visits and reviews, the
    latest revision of each, made with any version of the edition (`salon` for salon@2 and salon@3). Each
    evaluator has one vote; rows without an evaluator are one evaluator's.

    Raises EngineInputError: columns_missing, observation_twice.
    """
    votes = (
        counted_rows(_rows(observations), edition_id)
        .group_by(*_ONE, "source", "evaluator")
        .agg(vote=pl.col("value").mean(), inclusion=pl.col("inclusion").max())
    )
    clear = votes.filter(pl.col("vote").is_in([0.0, 1.0]))
    counted = (
        clear.group_by(_ONE)
        .agg(share=pl.col("vote").mean(), evaluators=pl.len(), inclusion=pl.col("inclusion").max())
        .sort("standard", "contact")
    )
    labels = counted.filter(pl.col("share") != 0.5).select(
        *_ONE, (pl.col("share") > 0.5).alias("met"), "evaluators", "inclusion"
    )
    ties = counted.filter(pl.col("share") == 0.5).select(_ONE)
    return Consensus(labels, ties, len(votes) - len(clear))


def counted_rows(observations: pl.DataFrame, edition_id: str) -> pl.DataFrame:
    """The rows that `consensus` counts, with all columns. Raises EngineInputError: observation_twice."""
    rows = newest_rows(observations.filter(pl.col("source").is_in(HUMAN)))
    return latest_version(rows.filter(edition_id == FAMILY)).filter(
        (pl.col("status") == "marked") & pl.col("value").is_not_null()
    )


def evaluators_of(counted: pl.DataFrame, labels: pl.DataFrame) -> int:
    """How many people gave these labels. counted: `counted_rows`."""
    return int(counted.join(labels, on=_ONE, how="semi")["evaluator"].n_unique())


def random_stratum(labels: pl.DataFrame, contacts: Collection[str] | None = None) -> pl.DataFrame:
    """The labels that may calibrate one standard: drawn at random, never chosen because they looked hard.

    labels: of one standard. contacts: those that the sampling ledger drew (`drawn_evenly`). Without it every
    label counts, but only where no mark knows a probability of having been asked: that they were drawn at
    random is then the caller's word. One probability for all says nothing: every contact at the head of the
    list of the uncertain is asked with certainty.

    Raises EngineInputError: calibration_needs_ledger, where a mark comes from a draw and no ledger is given.
    """
    if contacts is not None:
        return labels.filter(pl.col("contact").is_in(list(contacts)))
    if labels["inclusion"].is_not_null().any():
        raise EngineInputError(
            "calibration_needs_ledger",
            Where(field="observations.inclusion"),
            standard=str(labels["standard"][0]),
        )
    return labels


def drawn_evenly(ledger: pa.Table | pl.DataFrame) -> list[str]:
    """The contacts that a ledger drew at random, thinned until each had the same probability.

    ledger: tables.LEDGER, of it contact, stratum, random_inclusion in (0, 1] and seed. Where each employee
    has a least number of contacts, those of small teams are drawn more often and would count for too much.
    A contact drawn with probability p stays with probability least p / p, by a hash of its name and the seed:
    the same ledger always keeps the same contacts, and no mark has a say. A draw with one probability keeps
    all.

    Raises EngineInputError: inclusion_out_of_range.
    """
    random = pl.DataFrame(ledger).filter(pl.col("stratum") == "random")
    drawn = random.select("contact", "random_inclusion", "seed")
    for chance in drawn["random_inclusion"]:
        if chance is None or not 0 < chance <= 1:
            raise EngineInputError(
                "inclusion_out_of_range", Where(field="ledger.random_inclusion"), given=str(chance)
            )
    least = drawn["random_inclusion"].min()
    return [name for name, chance, seed in drawn.iter_rows() if _lot(name, seed) < least / chance]


def _lot(contact: str, seed: int) -> float:
    """A number in [0, 1) that has nothing to do with the draw itself; 53 bits, so that 1 never comes up."""
    digest = sha256(f"calibration {seed} {contact}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def _rows(observations: pa.Table | pl.DataFrame) -> pl.DataFrame:
    given = pl.DataFrame(observations)
    if missing := [name for name in _NEEDED if name not in given.columns]:
        raise EngineInputError(
            "columns_missing", Where(field="observations"), missing=missing, found=given.columns[:20]
        )
    kept = given.select(*_NEEDED, *(name for name in _MAY_LACK if name in given.columns))
    empty = pl.DataFrame(schema={name: _polars_type(name) for name in (*_NEEDED, *_MAY_LACK)})
    return pl.concat([empty, kept], how="diagonal")


def _polars_type(name: str) -> pl.DataType:
    return pl.Series(pl.from_arrow(pa.array([], OBSERVATIONS.field(name).type))).dtype
