"""Scores of categories and reviews, in percent.

Rules as two widely used quality tools publish them (Zendesk QA, "Understanding how scores are calculated";
MaestroQA, "Total point rubrics" and "Custom weighted sections"); their worked examples are our tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from gracja.engine.classic.answers import checked_answers

PASSED: Final = 0.5  # of its scale: a critical category under it makes the review 0
_SHARE: Final = (pl.col("selected") - pl.col("lowest")) / (pl.col("highest") - pl.col("lowest"))


def category_scores(answers: pl.DataFrame) -> pl.DataFrame:
    """Each answer with its `score`: 100 * (selected - lowest) / (highest - lowest), null where there is none.

    answers: as `review_scores`. Returns review, section, category, score (percent, 0 to 100), in their order.

    Raises EngineInputError as `review_scores`.
    """
    return checked_answers(answers).select("review", "section", "category", score=100 * _SHARE)


def review_scores(answers: pl.DataFrame) -> pl.DataFrame:
    """One row for each review: `answered` categories, `failed` on a critical one, and `score` in percent.

    answers: one row for each category of a review. `review`, `category`; `selected` (null: not applicable,
    it leaves the denominator) on the scale from `lowest` to `highest`. Optional: `weight` (from 0; without
    it points count as points), `section` and `section_weight` (from 0; sections without an answer leave the
    denominator too), `critical` (under half of its scale makes the review 0), `bonus` (adds points, and
    nothing to be reached: the score may pass 100).

    score: weighted mean over what was answered; null where nothing was: that is "not measured", never 0.

    >>> review_scores(pl.DataFrame({
    ...     "review": ["a"] * 4, "category": ["tone", "knowledge", "solving", "privacy"],
    ...     "selected": [3, 5, 8, None], "lowest": [0] * 4, "highest": [5, 10, 15, 5],
    ... }))["score"].round(1).to_list()
    [53.3]

    Raises EngineInputError: answers_empty, columns_missing, column_type, column_has_gaps, number_not_finite,
    scale_empty, selected_outside_scale, weight_negative, section_weights_differ, answer_twice; each with the
    column and the first wrong row, counted from 1.
    """
    rows = checked_answers(answers).with_columns(share=_SHARE)
    scores = scored(rows.filter(pl.col("share").is_not_null()), ["review"])
    reviews = rows.select("review").unique(maintain_order=True)
    return reviews.join(scores, on="review", how="left", maintain_order="left").with_columns(
        pl.col("answered").fill_null(0), pl.col("failed").fill_null(value=False)
    )


def scored(answered: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """`answered` (count), `failed` and `score` (percent, or null) of each combination of `by`.

    answered: share (0-1), weight, critical, bonus; with `section` and `section_weight` where sections have a
    weight of their own.
    """
    points, weight = pl.col("weight") * pl.col("share"), pl.col("weight")
    failed = (pl.col("critical") & (pl.col("share") < PASSED)).any()
    if "section_weight" not in answered.columns:
        sums = answered.group_by(by, maintain_order=True).agg(
            answered=pl.len().cast(pl.Int64),
            failed=failed,
            earned=points.sum(),
            possible=weight.filter(~pl.col("bonus")).sum(),
        )
    else:
        sections = answered.group_by(*by, "section", "bonus", maintain_order=True).agg(
            answered=pl.len().cast(pl.Int64),
            failed=failed,
            share=pl.when(weight.sum() > 0).then(points.sum() / weight.sum()),
            weight=pl.col("section_weight").first(),
        )
        told = pl.col("share").is_not_null()
        sums = sections.group_by(by, maintain_order=True).agg(
            pl.col("answered").sum(),
            pl.col("failed").any(),
            earned=points.sum(),
            possible=weight.filter(told & ~pl.col("bonus")).sum(),
        )
    score = (
        pl.when("failed")
        .then(0.0)
        .when(pl.col("possible") > 0)
        .then(100 * pl.col("earned") / pl.col("possible"))
    )
    return sums.select(*by, "answered", "failed", score=score)
