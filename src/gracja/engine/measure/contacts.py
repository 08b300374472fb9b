"""Contact by contact: what was wanted, what fitted, what went beyond, and today's classic percent."""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from gracja.engine import tables
from gracja.engine.classic import scored
from gracja.engine.edition.model import Aspire
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.measure.marks import checked, choices
from gracja.engine.measure.measured import Note

ATTENTIVE_FROM: Final = 35.0
PERSONAL_FROM: Final = 65.0
# A mark of at least half counts as done where a contact is judged as a whole.
_DONE: Final = 0.5
_NEEDED = ("contact", "segment", "wanted_low", "wanted_high", "wanted_source")
_NOT_USABLE = ("staff_tap", "none")  # what the employee taps never judges their own fit


def with_wanted(frame: pl.DataFrame, contacts: pa.Table | None) -> pl.DataFrame:
    """Marks with `low` and `high` of what was wanted, null where it is not known without hindsight.

    Raises EngineInputError: columns_missing, column_type, column_has_gaps, choice_unknown,
    wanted_out_of_range, wanted_twice.
    """
    if contacts is None:
        unknown = pl.lit(None, dtype=pl.Float64)
        return frame.with_columns(unknown.alias("low"), unknown.alias("high"))
    rows = checked(contacts, tables.CONTACTS, _NEEDED, "contacts")
    choices(rows, "wanted_source", tables.WANTED_SOURCES, "contacts")
    low, high = pl.col("wanted_low").cast(pl.Float64), pl.col("wanted_high").cast(pl.Float64)
    wrong = rows.filter((low < 0) | (high > 100) | (low > high) | low.is_nan() | high.is_nan())
    if len(wrong):
        first = wrong.sort("contact", "segment").row(0, named=True)
        raise EngineInputError(
            "wanted_out_of_range",
            Where(field="contacts.wanted_low"),
            contact=first["contact"],
            low=first["wanted_low"],
            high=first["wanted_high"],
        )
    twice = rows.filter(rows.select("contact", "segment").is_duplicated())
    if len(twice):
        raise EngineInputError("wanted_twice", Where(field="contacts"), contact=twice["contact"].sort()[0])
    known = rows.filter(
        ~pl.col("wanted_source").is_in(_NOT_USABLE) & low.is_not_null() & high.is_not_null()
    ).select("contact", "segment", low=low, high=high)
    return frame.join(known, on=["contact", "segment"], how="left", maintain_order="left")


def unmatched_contacts(contacts: pa.Table | None, observed: pl.DataFrame) -> tuple[Note, ...]:
    """How many rows say what was wanted in a contact and segment that has no observation."""
    if contacts is None:
        return ()
    given = checked(contacts, tables.CONTACTS, ("contact", "segment"), "contacts")
    rows = len(given.join(observed, on=["contact", "segment"], how="anti"))
    return (Note("contacts_unmatched", {"rows": rows}),) if rows else ()


# The whole interval lies in the band; null where nothing is known.
SURELY_DISCREET: Final = pl.col("high") < ATTENTIVE_FROM
SURELY_PERSONAL: Final = pl.col("low") >= PERSONAL_FROM
_COULD_BE_DISCREET: Final = pl.col("low") < ATTENTIVE_FROM
_COULD_BE_PERSONAL: Final = pl.col("high") >= PERSONAL_FROM
# The mark is of a standard for everyone, or of a mode that this contact surely wanted.
FITTING: Final = (
    (pl.col("service_mode") == "any")
    | ((pl.col("service_mode") == "personal") & SURELY_PERSONAL).fill_null(value=False)
    | ((pl.col("service_mode") == "discreet") & SURELY_DISCREET).fill_null(value=False)
)


# The mark is of a mode that this contact surely did not want.
NOT_ITS_MODE: Final = (
    ((pl.col("service_mode") == "personal") & ~_COULD_BE_PERSONAL)
    | ((pl.col("service_mode") == "discreet") & ~_COULD_BE_DISCREET)
).fill_null(value=False)


def unfit_modes(frame: pl.DataFrame) -> dict[str, str]:
    """Base standards of a mode that no contact surely wanted -> why they are not measured."""
    of_mode = frame.filter((pl.col("rung") == "base") & (pl.col("service_mode") != "any"))
    why = of_mode.group_by("standard").agg(fits=FITTING.any(), never=NOT_ITS_MODE.all()).sort("standard")
    return {
        standard: "mode_never_wanted" if never else "wanted_unknown"
        for standard, fits, never in why.rows()
        if not fits
    }


def base_marks(frame: pl.DataFrame) -> pl.DataFrame:
    """Marks that base rests on: base standards for everyone, and those of the wanted band."""
    return frame.filter((pl.col("rung") == "base") & FITTING)


def initiative_marks(frame: pl.DataFrame) -> pl.DataFrame:
    """Marks of initiatives that fit the contact."""
    return frame.filter((pl.col("rung") == "initiative") & FITTING)


def contact_outcomes(frame: pl.DataFrame, customers: pl.DataFrame, aspire: Aspire) -> pl.DataFrame:
    """One row for each contact, employee and evaluator.

    frame: marks with `low` and `high`. Columns: contact, employee?, evaluator?, place?, share (1 / evaluators
    of that contact and employee), critical_failed? (null: none marked where it fits), fit? (0-1;
    null: not measured), initiative? (null: no opportunity), exceptional.
    """
    form = ["contact", "employee", "evaluator"]
    weight, value = pl.col("weight"), pl.col("value")
    base = (pl.col("rung") == "base") & FITTING
    chance = (pl.col("rung") == "initiative") & FITTING
    judged = (pl.col("service_mode") != "any") & pl.col("low").is_not_null()
    outcomes = frame.group_by(form, maintain_order=True).agg(
        pl.col("place").drop_nulls().first(),
        _over((weight * value).filter(base).sum(), weight.filter(base).sum()).alias("base"),
        (value.filter(pl.col("critical") & FITTING).min() < _DONE).alias("critical_failed"),
        (1 - _over((weight * _wrong_side()).filter(judged).sum(), weight.filter(judged).sum())).alias("fit"),
        (value.filter(chance).max() >= _DONE).alias("initiative"),
    )
    below = pl.col("critical_failed").fill_null(value=False) | (pl.col("base") < aspire.base).fill_null(
        value=False
    )
    above = _far_above(frame, customers)
    return (
        outcomes.join(above, on=["contact", "employee"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            exceptional=pl.col("far_above").fill_null(value=False) & ~below,
            share=1.0 / pl.len().over("contact", "employee"),
        )
        .drop("base", "far_above")
    )


def _wrong_side() -> pl.Expr:
    """How much of a mode standard was on the wrong side, whatever in the wanted interval was true.

    Pressed: done where it was not wanted. Withheld: not done where it was; what goes beyond expectation
    (rung initiative) is never withheld. Where the interval touches *attentive*, neither is required nor
    wrong; a straddling interval counts the least wrong.
    """
    value, personal = pl.col("value"), pl.col("service_mode") == "personal"
    withheld = pl.when(pl.col("rung") == "base").then(1 - value).otherwise(0.0)
    if_discreet = pl.when(personal).then(value).otherwise(withheld)
    if_personal = pl.when(personal).then(withheld).otherwise(value)
    return pl.when(SURELY_DISCREET).then(if_discreet).when(SURELY_PERSONAL).then(if_personal).otherwise(0.0)


def _far_above(frame: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Contacts with fitting initiatives in two parts, or one that a second pair of eyes confirms."""
    done = initiative_marks(frame).filter(pl.col("value") >= _DONE)
    confirmed = customers.filter(pl.col("value") >= _DONE).select("contact", "standard").unique()
    done = done.join(
        confirmed.with_columns(by_customer=True),
        on=["contact", "standard"],
        how="left",
        maintain_order="left",
    ).with_columns(second=pl.col("evaluator").n_unique().over("contact", "employee", "standard") > 1)
    return done.group_by("contact", "employee").agg(
        far_above=(pl.col("part").n_unique() > 1)
        | pl.col("second").any()
        | pl.col("by_customer").fill_null(value=False).any()
    )


def classic(frame: pl.DataFrame, subject: str) -> dict[str, float]:
    """Today's arithmetic, in percent, for each value of a column.

    Per contact as `engine.classic`: the weighted sum met over the answered base standards; initiatives are a
    bonus, in the numerator alone, so that a contact may pass 100; a failed critical standard makes the
    contact 0, one of a mode where it was wanted; not applicable leaves the denominator. Then the mean over
    contacts; one without an answered base standard or a failure is not scored. frame: marks with `low` and
    `high`.
    """
    marks = frame.filter(pl.col(subject).is_not_null())
    # Several evaluators of one contact are one voice.
    marks = marks.group_by([subject, "contact", "segment", "standard"], maintain_order=True).agg(
        pl.col("value").mean(),
        pl.col("weight", "rung").first(),
        (pl.col("critical") & FITTING).first().alias("critical"),
    )
    contacts = scored(marks.with_columns(share="value", bonus=pl.col("rung") != "base"), [subject, "contact"])
    means = contacts.group_by(subject, maintain_order=True).agg(pl.col("score").mean())
    return {name: mean for name, mean in means.rows() if mean is not None}


def classic_of_standards(frame: pl.DataFrame) -> dict[str, float]:
    """Percent met of each standard: the mean over contacts, whatever its rung."""
    contacts = frame.group_by("standard", "contact", maintain_order=True).agg(pl.col("value").mean())
    return dict(contacts.group_by("standard", maintain_order=True).agg(100 * pl.col("value").mean()).rows())


def _over(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)
