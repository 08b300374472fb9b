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


def test_a_standard_that_only_marks_of_nobody_show_is_no_part_of_what_people_are_held_to(
    edition, observations, rows
):
    of = edition([{"standard": "greet"}, {"standard": "smile"}, {"standard": "thank", "part": "door"}])
    smiles = [row | {"standard": "smile", "contact": f"s{row['contact']}"} for row in company({})]
    strangers = [
        row | {"standard": "thank", "contact": f"x{at}"}
        for at, row in enumerate(marks(0.5, 40, employee=None, place="rynek", evaluator="Borys"))
    ]

    measured = measure(observations([*company({}), *smiles, *strangers]), of)

    assert rows("employee", measured).keys() == {f"p{number}" for number in range(6)}
    assert rows("employee", measured)["p1"]["base"] == pytest.approx(0.9, abs=0.05)
    assert rows("part", measured)["door"]["base"] is None
