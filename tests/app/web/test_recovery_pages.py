"""Failures and complaints on pages: who sees them, what stays typed, and what happens twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from gracja.app.common.clock import now
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.recovery.models import Case, Deadlines
from gracja.app.gestures.recovery.services.cases import Happened, note_case
from gracja.app.organisation.selectors.company import today_here


@pytest.fixture
def joanna(cast):
    return add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567"))


@pytest.fixture
def case(cast, rynek, joanna):
    happened = Happened(rynek, "complaint", "Kolor zszedł <b>", now(), joanna)
    return note_case(by=cast.darek, happened=happened, own=True)


def typed(rynek, **given):
    return {
        "key": "k" * 16,
        "kind": "complaint",
        "what": "Kolor zszedł",
        "at": "2026-11-20T10:00",
        "place": rynek.uid,
        "customer": "601234567",
        "own": "on",
        **given,
    }


def test_an_employee_notes_a_case_once_and_stands_before_it(signed_in, cast, rynek, joanna, edition):
    darek = signed_in(cast.darek)

    answers = [darek.post(reverse("recovery_note"), typed(rynek)) for _ in range(2)]

    case = Case.objects.get()
    assert {one.url for one in answers} == {reverse("recovery_case", args=[case.uid])}
    assert (case.customer_key, case.owner) == (joanna.key, cast.darek.person)
    page = darek.get(answers[0].url).content.decode()
    assert "Joanna Kruk" in page
    assert "This is to be settled by" in page


def test_the_day_on_which_a_complaint_came_is_filled_in_and_can_be_corrected(
    signed_in, cast, rynek, joanna, edition
):
    darek, today = signed_in(cast.darek), today_here()
    assert f'value="{today}"' in darek.get(reverse("recovery_note")).content.decode()
    said = {"at": f"{today - timedelta(days=10)}T10:00"}

    ahead = darek.post(reverse("recovery_note"), typed(rynek, received_on=today + timedelta(days=1), **said))
    assert ahead.status_code == 422
    assert "This day has not come yet." in ahead.content.decode()
    noted = darek.post(reverse("recovery_note"), typed(rynek, received_on=today - timedelta(days=8), **said))

    assert Case.objects.get().due_on == today + timedelta(days=6)
    page = darek.get(noted.url).content.decode()
    assert "Complaint came" in page
    assert f"customer={joanna.uid}&amp;reason=after_failure" in page


def test_what_was_typed_stays_where_nobody_is_found(signed_in, cast, rynek, joanna):
    answer = signed_in(cast.darek).post(reverse("recovery_note"), typed(rynek, customer="no such"))

    assert answer.status_code == 422
    assert "Kolor zszedł" in answer.content.decode()
    assert "Nobody, or more than one, is found by that." in answer.content.decode()
    assert not Case.objects.exists()


def test_a_place_of_others_cannot_be_chosen(signed_in, cast, galeria):
    answer = signed_in(cast.darek).post(reverse("recovery_note"), typed(galeria, customer=""))

    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_the_form_knows_the_customer_of_whom_the_counter_speaks(signed_in, cast, joanna):
    page = signed_in(cast.darek).get(reverse("recovery_note") + f"?customer={joanna.uid}").content.decode()

    assert f'value="{joanna.uid}"' in page


def test_from_promise_to_told(signed_in, cast, case):
    darek = signed_in(cast.darek)
    at = {name: reverse(f"recovery_{name}", args=[case.uid]) for name in ("promise", "close", "told", "case")}

    darek.post(at["promise"], {"promise-what": "Farba", "promise-cost": "80,50", "promise-currency": "pln"})
    case.refresh_from_db()
    assert (case.state, str(case.cost)) == ("promised", "80.50 PLN")
    darek.post(at["close"], {"close-outcome": "done", "close-answer": "Gotowe", "close-told": "not_yet"})
    assert "The customer does not know yet." in darek.get(at["case"]).content.decode()
    darek.post(at["told"])
    darek.post(at["told"])
    case.refresh_from_db()
    assert (case.state, case.told, case.steps.count()) == ("done", "yes", 4)


def test_closing_without_saying_whether_the_customer_knows_is_asked_again(signed_in, cast, case):
    answer = signed_in(cast.darek).post(
        reverse("recovery_close", args=[case.uid]), {"close-outcome": "refused", "close-answer": "Nie nasz"}
    )

    case.refresh_from_db()
    assert (answer.status_code, case.state) == (422, "open")
    assert "Nie nasz" in answer.content.decode()


def test_an_amount_that_is_none_is_said_beside_its_field(signed_in, cast, case):
    answer = signed_in(cast.darek).post(
        reverse("recovery_promise", args=[case.uid]),
        {"promise-what": "Farba", "promise-cost": "dużo", "promise-currency": "PLN"},
    )

    assert answer.status_code == 422
    assert "“dużo” is no amount" in answer.content.decode()


def test_others_do_not_see_it_and_text_is_text(signed_in, cast, case):
    address = reverse("recovery_case", args=[case.uid])

    for by in (cast.celina, cast.edyta, cast.borys, cast.hubert):
        assert signed_in(by).get(address).status_code == 404
        assert signed_in(by).post(reverse("recovery_told", args=[case.uid])).status_code == 404
    page = signed_in(cast.anna).get(address).content.decode()
    assert "Kolor zszedł &lt;b&gt;" in page
    assert "Give it to them" in page


def test_the_list_says_what_waits_and_what_is_overdue(signed_in, cast, case):
    Case.objects.update(due_on="2026-01-02")

    page = signed_in(cast.anna).get(reverse("recovery")).content.decode()

    assert "1 case waits." in page
    assert "1 is overdue." in page
    assert "was due on 2\xa0January\xa02026" in page
    assert "Kolor" not in signed_in(cast.celina).get(reverse("recovery")).content.decode()
    assert signed_in(cast.borys).get(reverse("recovery")).status_code == 404


def test_the_lead_gives_a_case_to_a_colleague(signed_in, cast, case):
    address = reverse("recovery_owner", args=[case.uid])
    anna = signed_in(cast.anna)

    anna.post(address, {"owner": cast.edyta.person.uid})
    case.refresh_from_db()
    assert case.owner == cast.darek.person
    anna.post(address, {"owner": cast.anna.person.uid})
    case.refresh_from_db()
    assert case.owner == cast.anna.person
    assert signed_in(cast.darek).post(address, {"owner": cast.darek.person.uid}).status_code == 403


def test_the_manager_sets_deadlines(signed_in, cast):
    address = reverse("recovery_deadlines")
    filip = signed_in(cast.filip)

    assert filip.post(address, {"complaint_days": 0, "failure_days": 2}).status_code == 422
    assert filip.post(address, {"complaint_days": 10, "failure_days": 2}).status_code == 302
    assert Deadlines.objects.get().complaint_days == 10
    assert signed_in(cast.anna).get(address).status_code == 404


def test_actions_are_posted(signed_in, cast, case):
    darek = signed_in(cast.darek)

    for name in ("promise", "close", "told", "owner"):
        assert darek.get(reverse(f"recovery_{name}", args=[case.uid])).status_code == 405
