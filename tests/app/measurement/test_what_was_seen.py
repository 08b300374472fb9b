"""What was seen of an employee stands in a table of its own; results from before keep theirs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("measurement", "0003_evaluators_by_key")]
AFTER = [("measurement", "0005_no_seen_in_results")]
SEEN = [{"standard": "greets", "met": 2.0, "marks": 3}]


def at(state: list[tuple[str, str]]):
    executor = MigrationExecutor(connection)
    executor.migrate(state)
    return MigrationExecutor(connection).loader.project_state(state).apps


@pytest.mark.django_db(transaction=True)
def test_results_of_an_earlier_version_keep_what_was_seen_there_and_back():
    try:
        old = at(BEFORE)
        edition = old.get_model("standards", "Edition").objects.create(
            edition_id="salon", version=1, document={}, digest="", effective_from=date(2026, 9, 1)
        )
        run = old.get_model("measurement", "Run").objects.create(
            edition=edition, period_start=date(2026, 9, 1), period_end=date(2026, 10, 31)
        )
        for subject, seen in (("anna", SEEN), ("nobody", [])):
            old.get_model("measurement", "Result").objects.create(
                run=run, subject_kind="employee", subject=subject, row={}, seen=seen
            )

        new = at(AFTER).get_model("measurement", "ResultSeen")
        assert list(new.objects.values_list("result__subject", "standards")) == [("anna", SEEN)]

        back = at(BEFORE).get_model("measurement", "Result")
        assert dict(back.objects.values_list("subject", "seen")) == {"anna": SEEN, "nobody": []}
    finally:  # what comes after finds the tables of today
        at(MigrationExecutor(connection).loader.graph.leaf_nodes())
