"""Questions that grants raise: asked where chance would hardly make the pattern, and seldom elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from gracja.engine.gesture.questions import GRANTS, SERVED, questions
from gracja.wording.gestures import question_in_words

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def contacts(employee, customer, count, *, place="rynek", complained=False, first_day=0):
    return [
        {
            "employee": employee,
            "customer": customer,
            "place": place,
            "complained": complained,
            "at": START + timedelta(days=first_day + day),
        }
        for day in range(count)
    ]


def grants(employee, customer, count, *, place="rynek", first_day=0):
    return [
        {
            "employee": employee,
            "customer": customer,
            "place": place,
            "kind": "gift",
            "cost_minor": 1000,
            "at": START + timedelta(days=first_day + 20 * number, hours=1),
        }
        for number in range(count)
    ]


def asked(given, served):
    return questions(pa.Table.from_pylist(given, schema=GRANTS), pa.Table.from_pylist(served, schema=SERVED))


def usual_month():
    """Two employees, twenty customers each with ten contacts, a gesture for every other customer."""
    served, given = [], []
    for employee in ("anna", "darek"):
        for number in range(20):
            served += contacts(employee, f"{employee}{number}", 10)
            given += grants(employee, f"{employee}{number}", number % 2)
    return given, served


def test_a_fair_month_raises_no_question():
    assert asked(*usual_month()) == ()


def test_gestures_that_keep_going_to_one_customer_raise_a_question_with_the_counts():
    given, served = usual_month()

    (found,) = asked([*given, *grants("darek", "darek0", 8)], served)

    assert found.code == "same_pair"
    assert found.facts == {
        "employee": "darek",
        "customer": "darek0",
        "grants": 8,
        "contacts": 10,
        "expected": pytest.approx(0.9),
    }
    assert found.chance < 0.05
    assert question_in_words(found, "en").startswith(
        "Is there a reason why 8 gestures of darek went to darek0?"
    )
    assert "trafiło 8 gestów" in question_in_words(found, "pl")


def test_always_serving_the_same_customer_is_no_favour():
    given, served = usual_month()
    many = contacts("darek", "faithful", 190)

    assert not [
        one
        for one in asked([*given, *grants("darek", "faithful", 8)], [*served, *many])
        if one.code == "same_pair"
    ]


def test_giving_far_more_than_colleagues_with_as_many_contacts_raises_a_question_for_both_ends():
    given, served = usual_month()
    more = [row for number in range(20) for row in grants("darek", f"darek{number}", 2)]

    found = asked([*given, *more], served)

    assert {(one.code, one.facts["employee"]) for one in found} == {
        ("gives_more", "darek"),
        ("gives_less", "anna"),
    }
    assert all(question_in_words(one, lang) for one in found for lang in ("pl", "en"))


def test_colleagues_of_another_place_are_no_measure():
    served = [*contacts("anna", "a", 100), *contacts("celina", "c", 100, place="dworzec")]

    assert asked(grants("anna", "a", 10), served) == ()


def test_gestures_that_keep_following_complaints_raise_a_question():
    given, served = usual_month()
    served += [row for n in range(5) for row in contacts("anna", "ewa", 1, complained=True, first_day=20 * n)]
    served += [row for n in range(5) for row in contacts("darek", "ewa", 9, first_day=20 * n + 1)]

    found = [
        one for one in asked([*given, *grants("anna", "ewa", 5)], served) if one.code == "complains_first"
    ]

    assert [(one.facts["customer"], one.facts["times"], one.facts["grants"]) for one in found] == [
        ("ewa", 5, 5)
    ]
    assert "14 days" in question_in_words(found[0], "en")


def test_a_gesture_to_somebody_never_served_is_asked_about_whatever_chance_says():
    given, served = usual_month()

    found = asked([*given, *grants("darek", "nobody", 1)], served)

    assert [(one.code, one.chance) for one in found] == [("never_served", None)]
    assert all(question_in_words(found[0], lang) for lang in ("pl", "en"))


def test_no_grants_raise_no_questions():
    assert asked([], contacts("anna", "ola", 3)) == ()


def test_where_gestures_fall_at_random_a_question_is_asked_in_few_companies():
    draw = np.random.default_rng(4)
    companies, asked_in = 60, {"same_pair": 0, "rates": 0, "complains_first": 0}
    for _ in range(companies):
        served = [
            {
                "employee": f"e{draw.integers(6)}",
                "customer": f"c{draw.integers(60)}",
                "place": "rynek",
                "complained": bool(draw.random() < 0.1),
                "at": START + timedelta(hours=float(draw.uniform(0, 2000))),
            }
            for _ in range(600)
        ]
        given = [
            {
                **{name: row[name] for name in ("employee", "customer", "place", "at")},
                "kind": "gift",
                "cost_minor": 1,
            }
            for row in served
            if draw.random() < 0.1
        ]
        codes = {one.code for one in asked(given, served)}
        asked_in["same_pair"] += "same_pair" in codes
        asked_in["complains_first"] += "complains_first" in codes
        asked_in["rates"] += bool(codes & {"gives_more", "gives_less"})

    # 5 % of 60 are 3; 9 or more would happen by chance once in 500
    assert max(asked_in.values()) <= 8, asked_in
