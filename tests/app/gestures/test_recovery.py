"""Failures and complaints as cases: noted, promised, settled, told; and no gestures."""

from __future__ import annotations

import importlib
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from gracja.app.common.clock import now, stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.models import Eligible, Gesture
from gracja.app.gestures.recovery import selectors
from gracja.app.gestures.recovery.models import Case, Step
from gracja.app.gestures.recovery.selectors import Sought, case_for, cases, waiting
from gracja.app.gestures.recovery.services.cases import (
    Happened,
    Remedy,
    close_case,
    give_case,
    note_case,
    promise_remedy,
    tell_customer,
)
from gracja.app.gestures.recovery.services.deadlines import change_deadlines
from gracja.app.gestures.recovery.services.forgetting import forget_customers
from gracja.app.gestures.selectors.facts import grants_before
from gracja.app.operations.erasure import erase_customer, pseudonymise_person
from gracja.app.operations.export import export_customer

REMEDY = Remedy("Farbujemy jeszcze raz", Money(80_00, "PLN"), "naprawy")


@pytest.fixture
def noted(cast, rynek, joanna):
    def note(by=None, *, own=True, **given):
        happened = {
            "place": rynek,
            "kind": "complaint",
            "what": "Kolor zszedł",
            "at": now(),
            "customer": joanna,
        }
        return note_case(by=by or cast.darek, happened=Happened(**(happened | given)), own=own)

    return note


def settled(by, case, **given):
    promise_remedy(by=by, case=case, remedy=REMEDY)
    return close_case(by=by, case=case, **({"done": True, "answer": "Gotowe", "told": "yes"} | given))


def test_anybody_who_serves_notes_a_case_at_their_place_and_nobody_elsewhere(cast, noted):
    case = noted()

    assert (case.owner, case.state, case.due_on) == (cast.darek.person, "open", date(2026, 12, 4))
    for stranger in (cast.edyta, cast.borys, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            noted(stranger)
    assert Case.objects.count() == 1


def test_the_same_form_sent_twice_is_one_case(cast, noted):
    first, second = noted(key="k" * 16), noted(key="k" * 16)

    assert first.pk == second.pk
    with pytest.raises(Refused, match="case_key_of_another"):
        noted(cast.anna, key="k" * 16)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"what": "  "}, "case_empty"),
        ({"kind": "quarrel"}, "case_kind_unknown"),
        ({"part": "salon@9:roof"}, "case_part_unknown"),
    ],
)
def test_what_cannot_be_a_case_is_refused(noted, given, code):
    with pytest.raises(Refused, match=code):
        noted(**given)


def test_nothing_is_noted_that_lies_ahead_or_in_a_region(cast, noted, krakow):
    with pytest.raises(Refused, match="case_ahead"):
        noted(at=now() + timedelta(hours=1))
    with pytest.raises(Refused, match="case_long_ago"):
        noted(at=now() - timedelta(days=4000))
    with pytest.raises(Refused, match="case_at_region"):
        noted(cast.filip, place=krakow)


def test_the_part_is_one_of_the_edition_in_force(noted, edition):
    part = selectors.parts_in_force()[0]

    case = noted(part=part.value)

    assert (case.edition, selectors.part_of(case)) == ("salon@1", part.title)


def test_the_deadline_is_the_company_s_and_stays_with_the_case(cast, noted):
    before = noted()
    change_deadlines(by=cast.filip, complaint_days=7, failure_days=1)

    assert noted().due_on == date(2026, 11, 27)
    assert noted(kind="failure").due_on == date(2026, 11, 21)
    before.refresh_from_db()
    assert before.due_on == date(2026, 12, 4)
    with pytest.raises(Refused, match="not_permitted"):
        change_deadlines(by=cast.anna, complaint_days=7, failure_days=1)
    with pytest.raises(Refused, match="deadline_wrong"):
        change_deadlines(by=cast.filip, complaint_days=0, failure_days=1)


def test_the_day_is_that_of_the_place(cast, noted):
    from datetime import UTC, datetime

    with stopped_at(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)):  # half past midnight at Rynek
        assert noted().due_on == date(2026, 12, 5)


def test_a_promise_then_the_remedy_then_the_customer(cast, noted):
    case = settled(cast.darek, noted(), told="not_yet")

    assert (case.state, case.remedy, case.cost) == ("done", "Farbujemy jeszcze raz", Money(80_00, "PLN"))
    assert waiting(by=cast.anna).not_told == 1
    told = tell_customer(by=cast.darek, case=case)
    again = tell_customer(by=cast.darek, case=case)
    assert told.told_at == again.told_at is not None
    assert [step.kind for step in case.steps.all()] == ["noted", "promised", "done", "told"]


def test_nothing_is_done_that_was_not_promised_and_a_refusal_says_why(cast, noted):
    case = noted()

    with pytest.raises(Refused, match="case_not_promised"):
        close_case(by=cast.darek, case=case, done=True, answer="", told="yes")
    with pytest.raises(Refused, match="answer_missing"):
        close_case(by=cast.darek, case=case, done=False, answer=" ", told="yes")
    with pytest.raises(Refused, match="told_unknown"):
        close_case(by=cast.darek, case=case, done=False, answer="Nie nasz szampon", told="")
    with pytest.raises(Refused, match="remedy_missing"):
        promise_remedy(by=cast.darek, case=case, remedy=Remedy(" "))
    assert close_case(by=cast.darek, case=case, done=False, answer="Nie nasz", told="yes").state == "refused"


def test_closing_twice_is_harmless_and_closing_otherwise_is_refused(cast, noted):
    case = settled(cast.darek, noted())

    assert close_case(by=cast.darek, case=case, done=True, answer="", told="").told == "yes"
    with pytest.raises(Refused, match="case_closed"):
        close_case(by=cast.darek, case=case, done=False, answer="Nie", told="yes")
    with pytest.raises(Refused, match="case_closed"):
        promise_remedy(by=cast.darek, case=case, remedy=REMEDY)
    with pytest.raises(Refused, match="case_still_open"):
        tell_customer(by=cast.darek, case=noted())


def test_another_promise_replaces_the_first_which_stays_in_the_history(cast, noted):
    case = noted()
    promise_remedy(by=cast.darek, case=case, remedy=REMEDY)
    promise_remedy(by=cast.darek, case=case, remedy=REMEDY)
    kept = promise_remedy(by=cast.anna, case=case, remedy=Remedy("Zwrot pieniędzy"))

    assert (kept.remedy, kept.cost, kept.currency) == ("Zwrot pieniędzy", None, "")
    assert [step.text for step in case.steps.filter(kind="promised")] == [REMEDY.what, "Zwrot pieniędzy"]


def test_only_the_owner_and_whoever_leads_there_settle_a_case(cast, noted):
    case = noted(own=False)

    for by in (cast.darek, cast.edyta, cast.celina, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            promise_remedy(by=by, case=case, remedy=REMEDY)
    assert promise_remedy(by=cast.anna, case=case, remedy=REMEDY).state == "promised"


def test_the_lead_gives_a_case_to_somebody_who_serves_there(cast, noted):
    case = noted(own=False)

    with pytest.raises(Refused, match="not_permitted"):
        give_case(by=cast.darek, case=case, owner=cast.darek.person)
    with pytest.raises(Refused, match="case_owner_elsewhere"):
        give_case(by=cast.anna, case=case, owner=cast.edyta.person)
    give_case(by=cast.anna, case=case, owner=cast.darek.person)
    give_case(by=cast.anna, case=case, owner=cast.darek.person)
    assert case.steps.filter(kind="owner").count() == 1
    assert case_for(by=cast.darek, uid=case.uid).owner == cast.darek.person


def test_who_sees_a_case(cast, noted, galeria, joanna):
    at_rynek = noted(own=False)
    elsewhere = noted(cast.edyta, place=galeria)

    def seen(by):
        return set(cases(by=by))

    assert seen(cast.anna) == seen(cast.darek) == {at_rynek}
    assert seen(cast.celina) == seen(cast.edyta) == {elsewhere}
    assert seen(cast.filip) == seen(cast.grazyna) == {at_rynek, elsewhere}
    assert seen(cast.hubert) == seen(cast.borys) == set()
    with pytest.raises(Http404):
        case_for(by=cast.celina, uid=at_rynek.uid)


def test_what_is_overdue_stands_first_and_is_counted(cast, noted):
    noted(what="Nowa")
    with stopped_at(now() - timedelta(days=30)):
        old = noted(what="Stara")
    settled(cast.darek, noted(what="Zamknięta"))

    assert next(iter(cases(by=cast.anna))) == old
    assert (waiting(by=cast.anna).waiting, waiting(by=cast.anna).overdue) == (2, 1)
    assert [one.what for one in cases(by=cast.anna, sought=Sought(show="overdue"))] == ["Stara"]
    assert [one.what for one in cases(by=cast.anna, sought=Sought(show="closed"))] == ["Zamknięta"]
    assert cases(by=cast.anna, sought=Sought(show="all", mine=True)).count() == 0
    assert cases(by=cast.filip, sought=Sought(place=old.place.uid)).count() == 2


def test_a_remedy_is_no_gesture(cast, noted, joanna, budget):
    settled(cast.darek, noted())

    budget.refresh_from_db()
    assert (Gesture.objects.count(), Eligible.objects.count()) == (0, 0)
    assert budget.left == Money(100_00, "PLN")
    before = grants_before(
        keys=[joanna.key],
        employee_pk=cast.darek.person.pk,
        employee_key=cast.darek.person.key,
        since=now() - timedelta(days=365),
        currency="PLN",
    )
    assert before == []
    assert selectors.cost_of_remedies(by=cast.anna, since=date(2026, 11, 1)) == [("PLN", 80_00)]


def test_the_history_can_be_neither_changed_nor_shortened(cast, noted):
    noted()

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Step.objects.update(kind="told")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Step.objects.all().delete()
    assert Step.objects.get().kind == "noted"


def test_the_log_holds_no_words_of_anybody(cast, noted):
    settled(cast.darek, noted())

    said = " ".join(str(one.after) for one in AuditEntry.objects.filter(action__startswith="case."))
    assert "promised" in said
    assert "Kolor" not in said
    assert "Farbujemy" not in said


def test_words_of_an_erased_customer_go_and_the_case_stays(cast, noted, joanna):
    case = settled(cast.darek, noted())
    other = noted(customer=None, what="Zepsuta suszarka")

    erase_customer(by=cast.grazyna, customer=joanna)
    forget_customers([joanna.key])

    case.refresh_from_db()
    assert (case.what, case.remedy, case.answer, case.state) == ("", "", "", "done")
    assert set(case.steps.values_list("text", flat=True)) == {""}
    assert Case.objects.get(pk=other.pk).what == "Zepsuta suszarka"
    assert selectors.customers_of([joanna.key]) == {}


def test_whoever_pays_is_written_where_it_can_be_erased(cast, noted, joanna):
    case = noted()
    named = Remedy("Zwrot", Money(10_00, "PLN"), "z zaliczki, którą dała Joanna Kruk")
    promise_remedy(by=cast.darek, case=case, remedy=named)
    other = noted(customer=None, what="Zepsuta suszarka")
    promise_remedy(by=cast.darek, case=other, remedy=named)

    erase_customer(by=cast.grazyna, customer=joanna)

    kept = [*Case.objects.values_list("paid_from", flat=True), *case.steps.values_list("facts", flat=True)]
    kept += AuditEntry.objects.values_list("after", flat=True)
    assert not [one for one in kept if "Kruk" in str(one)]
    assert "zaliczki" in Case.objects.get(pk=other.pk).paid_from


def test_the_name_of_an_erased_colleague_is_masked(cast, noted):
    case = noted(what="Edyta Kos zapomniała o wizycie")

    pseudonymise_person(by=cast.grazyna, person=cast.edyta.person)

    case.refresh_from_db()
    assert "Edyta" not in case.what
    assert "zapomniała" in case.what
    assert "Edyta" not in case.steps.get().text


def test_a_customer_gets_what_is_known_of_them(cast, noted, joanna):
    settled(cast.darek, noted())

    records = export_customer(by=cast.filip, customer=joanna)["records"]

    row = records["recovery.case"][0]
    assert (row["what"], row["cost_minor"], row["answer"], row["place"]) == (
        "Kolor zszedł",
        80_00,
        "Gotowe",
        "Rynek",
    )
    assert [one["kind"] for one in records["recovery.step"]] == ["noted", "promised", "done"]


def test_an_erased_customer_gets_no_new_case(cast, noted, joanna):
    erase_customer(by=cast.grazyna, customer=joanna)

    with pytest.raises(Refused, match="customer_gone"):
        noted()


def test_the_deadline_of_a_complaint_counts_from_the_day_on_which_it_came(noted):
    happened = now() - timedelta(days=10)

    late = noted(at=happened, received_on=date(2026, 11, 13))
    today = noted(at=happened)
    ours = noted(at=happened, kind="failure", received_on=date(2026, 11, 13))

    assert (late.received_on, late.due_on) == (date(2026, 11, 13), date(2026, 11, 27))
    assert (today.received_on, today.due_on) == (date(2026, 11, 20), date(2026, 12, 4))
    assert (ours.received_on, ours.due_on) == (None, date(2026, 11, 23))
    assert late.steps.get().facts["received_on"] == "2026-11-13"


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2026, 11, 21), "case_received_ahead"), (date(2026, 11, 19), "case_received_before")],
)
def test_no_complaint_comes_tomorrow_or_before_it_happened(noted, day, code):
    with pytest.raises(Refused, match=code):
        noted(received_on=day)
    assert not Case.objects.exists()


def test_who_paid_leaves_the_history_of_before_and_the_rows_are_held_again(cast, noted):
    migration = importlib.import_module(
        "gracja.app.gestures.recovery.migrations.0004_who_pays_leaves_the_history"
    ).Migration
    case = noted()
    step = Step.objects.create(
        case=case, kind="promised", by_key="k", facts={"cost": "80.00 PLN", "paid_from": "Kasia"}
    )

    for operation in migration.operations:
        operation.code(apps, connection.schema_editor())

    step.refresh_from_db()
    assert step.facts == {"cost": "80.00 PLN"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(pk=step.pk).update(facts={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(pk=step.pk).delete()
