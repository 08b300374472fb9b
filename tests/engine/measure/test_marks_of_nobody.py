"""What is not named is no average person, place or evaluator."""

import pytest

from gracja.engine.measure import measure


def marks(share_met, count, first=0, **fields):
    return [
        {"contact": f"c{first + n}", "standard": "greet", "value": float(n % 20 < share_met * 20), **fields}
        for n in range(count)
    ]


@pytest.fixture
def greeting(edition):
    return edition([{"standard": "greet"}])


def company(missing):
    """Six employees who greet in 90 of 100 contacts, and rows with something missing that fail."""
    rows = [
        row
        for number in range(6)
        for row in marks(0.9, 60, 1_000 * number, employee=f"p{number}", place="rynek", evaluator="Borys")
    ]
    return rows + [
        row | missing for row in marks(0.2, 80, 9_000, employee="p0", place="rynek", evaluator="Borys")
    ]


@pytest.mark.parametrize("source", ["visit", "automatic"])
def test_absences_that_belong_to_nobody_do_not_pull_the_company_down(greeting, observations, rows, source):
    given = [row | {"source": source} for row in company({"employee": None})]
    measured = measure(observations(given), greeting)
    assert rows("standard", measured)["greet"]["base"] == pytest.approx(0.9, abs=0.02)
    assert all(row["base"] == pytest.approx(0.9, abs=0.03) for row in rows("employee", measured).values())
    assert ("employee_unknown", {"rows": 80}) in [tuple(note) for note in measured.notes]


def test_where_nobody_is_named_the_marks_still_measure_the_standard(greeting, observations, rows):
    measured = measure(observations(marks(0.9, 200, source="automatic")), greeting)
    assert rows("standard", measured)["greet"]["base"] == pytest.approx(0.9, abs=0.03)
