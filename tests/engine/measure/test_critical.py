"""Critical standards in a grade: only what was seen of an employee puts them below."""

from __future__ import annotations

import pyarrow as pa
import pytest

from gracja.engine.measure import PROVISIONAL_CODES, measure

PLAIN = [{"standard": "greet"}, {"standard": "thanks"}]
CRITICAL = [*PLAIN, {"standard": "pay", "critical": True}]


def pay(shop, people):
    return shop(people, standards=("pay",))


def test_critical_standards_that_nobody_marked_leave_the_grade_to_what_was_measured(edition, shop, rows):
    team = {"anna": (200, 0.99), "darek": (200, 0.95), "ewa": (12, 0.88), "jan": (200, 0.4)}
    without, with_it = (measure(shop(team), edition(standards)) for standards in (PLAIN, CRITICAL))

    columns = ("grade", "grade_probability", "needed")
    graded = [
        {name: [row[column] for column in columns] for name, row in rows("employee", measured).items()}
        for measured in (without, with_it)
    ]
    assert graded[0] == graded[1]
    assert {name: row[0] for name, row in graded[1].items()} == {
        "anna": "standard",
        "darek": "standard",
        "ewa": None,
        "jan": "below",
    }
    assert 0 < graded[1]["ewa"][2] <= 500


def test_every_row_says_that_critical_standards_were_not_measured(edition, shop):
    measured = measure(shop({"anna": (20, 0.9), "darek": (20, 0.8)}), edition(CRITICAL))

    assert set(measured.results["provisional"].to_pylist()) == {"reference_mix_open,critical_not_measured"}
    assert ("critical_not_measured", {"standards": 1}) in measured.notes
    assert PROVISIONAL_CODES[-1] == "critical_not_measured"


def test_one_mark_of_a_critical_standard_is_enough_not_to_say_so(edition, shop):
    marks = pa.concat_tables([shop({"anna": (20, 0.9)}), pay(shop, {"darek": (1, 1.0)})])
    measured = measure(marks, edition(CRITICAL))

    assert set(measured.results["provisional"].to_pylist()) == {"reference_mix_open"}
    assert "critical_not_measured" not in dict(measured.notes)


def test_a_critical_standard_of_a_mode_that_nobody_wanted_was_not_measured(edition, shop, contacts):
    of = edition([*PLAIN, {"standard": "pay", "critical": True, "service_mode": "discreet"}])
    marks = shop({"anna": (200, 0.99)}, standards=("greet", "thanks", "pay"))
    personal = [{"contact": f"anna-{n:04}", "wanted_low": 80, "wanted_high": 90} for n in range(200)]
    measured = measure(marks, of, contacts=contacts(personal))

    assert "critical_not_measured" in dict(measured.notes)
    assert ("standard", "pay", "mode_never_wanted", {}) in measured.not_measured


@pytest.mark.parametrize("share_kept", [1.0, 0.9])
def test_what_colleagues_did_never_puts_below_whom_nobody_watched(edition, shop, rows, share_kept):
    """Base is likelier above its level than not, so only critical standards could put Anna below."""
    team = {"anna": (150, 0.87), "darek": (150, 0.95), "jan": (150, 0.95)}
    critical = pay(shop, {"darek": (150, share_kept), "jan": (150, share_kept)})
    people = rows("employee", measure(pa.concat_tables([shop(team), critical]), edition(CRITICAL)))

    assert people["anna"]["grade"] == ("standard" if share_kept == 1 else None)
    assert people["darek"]["grade"] == ("standard" if share_kept == 1 else "below")


def test_few_critical_marks_without_a_failure_put_nobody_below(edition, shop, rows):
    team = {"anna": (150, 0.99), "darek": (150, 0.95), "jan": (150, 0.95)}
    critical = pay(shop, {"anna": (2, 1.0), "darek": (150, 0.8), "jan": (150, 0.8)})
    people = rows("employee", measure(pa.concat_tables([shop(team), critical]), edition(CRITICAL)))

    assert {name: row["grade"] for name, row in people.items()} == {
        "anna": None,
        "darek": "below",
        "jan": "below",
    }


def test_who_was_not_watched_needs_to_be_and_more_often_the_less_is_known_of_others(edition, shop, rows):
    def needed(times):
        team = dict.fromkeys(("anna", "darek", "jan"), (40, 0.99))
        critical = pay(shop, {"darek": (times, 1.0), "jan": (times, 1.0)})
        people = rows("employee", measure(pa.concat_tables([shop(team), critical]), edition(CRITICAL)))
        assert people["anna"]["grade"] is None
        return people["anna"]["needed"]

    assert 20 <= needed(20) < needed(8)


def test_a_base_surely_under_its_level_is_below_without_critical_marks(edition, shop, rows):
    team = {"anna": (150, 0.5), "darek": (150, 0.95)}
    marks = pa.concat_tables([shop(team), pay(shop, {"darek": (150, 1.0)})])

    assert rows("employee", measure(marks, edition(CRITICAL)))["anna"]["grade"] == "below"


def test_failures_that_were_seen_put_below_however_good_the_base(edition, shop, rows):
    team = {"anna": (150, 1.0), "darek": (150, 1.0)}
    marks = pa.concat_tables([shop(team), pay(shop, {"anna": (150, 1.0), "darek": (150, 0.8)})])
    people = rows("employee", measure(marks, edition(CRITICAL)))

    assert people["darek"]["grade"] == "below"
    assert people["darek"]["grade_probability"] >= 0.8


def test_without_a_base_no_number_of_like_contacts_is_promised(edition, shop, rows):
    of = edition([*PLAIN, {"standard": "carry", "rung": "initiative"}])
    marks = pa.concat_tables([shop({"anna": (30, 0.9)}), shop({"darek": (30, 0.9)}, standards=("carry",))])
    darek = rows("employee", measure(marks, of))["darek"]

    assert darek["grade"] is darek["needed"] is None
