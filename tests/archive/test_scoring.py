"""Archived conversations are scored once by each edition and detector."""

from __future__ import annotations

import pytest

from gracja.engine.detect import detect
from gracja.engine.detect.batch import BatchScorer
from gracja.engine.detect.name import DETECTOR
from gracja.engine.edition.write import edition_digest
from gracja.engine.errors import EngineInputError


def test_the_archive_holds_the_rows_that_detection_gives(full, rows, edition):
    wanted = detect(rows(*full.conversations()), edition()).to_pylist()
    wanted.sort(key=lambda row: (row["contact"], row["edition"], row["segment"], row["standard"]))

    assert full.observations() == wanted


def test_scored_twice_the_rows_are_there_once(full):
    before = full.observations()
    again = full.scores()

    assert (again.conversations, again.observations) == (0, 0)
    assert full.observations() == before


def test_only_what_came_since_is_scored(full, call):
    full.takes(*(call(number) for number in range(50, 70)))

    assert full.scores(at_once=3).conversations == 10


def test_another_edition_adds_its_rows_beside(full, edition):
    before = full.observations()
    added = full.scores(BatchScorer(edition(2)))

    assert added.conversations == 60
    assert full.observations(edition="shop@1") == before
    assert len(full.observations(edition="shop@2")) == added.observations
    assert full.observations(edition_digest=edition_digest(edition(1)), scored_by=DETECTOR) == before


def test_only_the_months_asked_for_are_scored(shop, call):
    shop.takes(*(call(number) for number in range(60)))
    shop.scores(months=["2026-09", "unknown"])

    scored = {row["contact"] for row in shop.observations()}
    assert scored == {row["contact"] for row in shop.conversations("2026-09", "unknown")}
    assert {row["contact"] for row in shop.observations("unknown")} == {f"call {n}" for n in range(0, 60, 7)}


@pytest.mark.parametrize("month", ["2026-13", "november", "2026-1", ""])
def test_a_month_that_is_none_is_refused(full, month):
    for ask in (lambda: full.scores(months=[month]), lambda: full.observations(month)):
        with pytest.raises(EngineInputError) as refused:
            ask()
        assert refused.value.code == "archive_month"


def test_progress_is_told_of_every_conversation(full, call):
    full.takes(*(call(number) for number in range(60, 70)))
    looked_at = []
    full.scores(progress=looked_at.append)

    assert sum(looked_at) == 70
