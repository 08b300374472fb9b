"""Planned visits: what the scenario wants is fixed before anybody knows how it went."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gracja.app.common.clock import now, stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Wanted
from gracja.app.observations.models import PlannedVisit, Visit
from gracja.app.observations.selectors.planned import plan_for, plans_of, sheet_of, visits_made
from gracja.app.observations.selectors.visits import visit_of
from gracja.app.observations.services.imports import add_visits
from gracja.app.observations.services.planned import Order, call_off_visit, plan_visit
from gracja.app.observations.services.recording import Seen, record_visit
from gracja.app.operations.erasure import pseudonymise_person
from gracja.app.standards.models import Edition

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)
VISITED = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(MORNING):
        yield


@pytest.fixture
def order(cast, rynek, shop):
    def make(**other):
        given = {
            "place": rynek,
            "edition_uid": shop.uid,
            "evaluator": cast.borys.person,
            "due_on": date(2026, 11, 30),
            "scenario": "Szuka prezentu dla mamy i nie wie, jakiego.",
            "wanted": "personal",
        }
        return Order(**given | other)

    return make


@pytest.fixture
def plan(cast, order):
    def make(by=cast.anna, **other):
        return plan_visit(by=by, order=order(**other))

    return make


@pytest.fixture
def visited(cast, rynek, shop):
    """`visited(plan)`: Borys marks it in the evening."""

    def make(plan, *, by=cast.borys, edition=shop, marks=None, **other):
        given = {"contact": plan.number, "place": rynek, "occurred_at": VISITED}
        given |= {"employee": cast.darek.person, "evaluator": cast.borys.person}
        with stopped_at(VISITED + timedelta(hours=3)):
            seen = Seen(**given | other)
            return record_visit(by=by, edition_uid=edition.uid, seen=seen, marks=marks or {"greet": "tak"})

    return make


def test_a_visit_takes_what_was_wanted_from_its_plan_with_the_time_at_which_it_was_fixed(cast, plan, visited):
    planned = plan()

    visit, again = visited(planned), visited(planned)

    assert visit == again
    kept = Wanted.objects.get()
    assert (kept.contact, kept.low, kept.source, kept.edition) == (planned.number, 65, "scenario", "shop@1")
    assert kept.recorded_at == MORNING < visit.occurred_at
    assert visit_of(by=cast.filip, uid=visit.uid).wanted == "personal"
    assert visits_made([planned]) == {planned.number: visit.uid}


@pytest.mark.parametrize("said", ["discreet", "attentive"])
def test_how_it_went_changes_nothing_of_what_was_wanted(plan, visited, said):
    with pytest.raises(Refused, match="visit_wanted_late"):
        visited(plan(), wanted=said)
    with pytest.raises(Refused, match="visit_wanted_late"):
        visited(plan(wanted=""), wanted=said)


def test_a_scenario_that_says_nothing_leaves_fit_unmeasured(plan, visited):
    visited(plan(wanted=""))

    assert not Wanted.objects.exists()


@pytest.mark.parametrize("at", [MORNING, MORNING - timedelta(days=1)])
def test_a_visit_that_was_made_before_its_plan_is_refused(plan, visited, at):
    with pytest.raises(Refused, match="visit_before_plan"):
        visited(plan(), occurred_at=at)


def test_a_visit_elsewhere_or_by_another_edition_is_not_the_planned_one(plan, visited, galeria, shop):
    planned = plan()
    newer = Edition(edition_id="shop", version=2, document=shop.document, digest="of the second")
    newer.effective_from = shop.effective_from
    newer.save()

    for other in ({"place": galeria}, {"edition": newer}):
        with pytest.raises(Refused, match="visit_not_as_planned"):
            visited(planned, **other)


def test_who_ordered_the_visit_cannot_be_the_one_who_was_visited(cast, plan, visited):
    with pytest.raises(Refused, match="visit_wanted_own"):
        visited(plan(), employee=cast.anna.person)


def test_a_visit_that_was_called_off_is_made_by_nobody(cast, plan, visited):
    planned = plan()
    for _ in range(2):
        call_off_visit(by=cast.anna, plan=planned)

    with pytest.raises(Refused, match="planned_visit_called_off"):
        visited(planned)
    assert not Wanted.objects.exists()
    assert AuditEntry.objects.filter(action="visit.call_off").count() == 1


def test_a_visit_that_was_made_is_not_called_off(cast, plan, visited):
    planned = plan()
    visited(planned)

    with pytest.raises(Refused, match="planned_visit_made"):
        call_off_visit(by=cast.anna, plan=planned)


def test_only_who_orders_visits_there_orders_and_calls_off(cast, plan):
    planned = plan()

    for by in (cast.borys, cast.celina, cast.darek, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            plan(by=by)
        with pytest.raises(Refused, match="not_permitted"):
            call_off_visit(by=by, plan=planned)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"due_on": date(2026, 11, 19)}, "day_out_of_range"),
        ({"due_on": date(2027, 12, 1)}, "day_out_of_range"),
        ({"scenario": "  "}, "scenario_missing"),
        ({"edition_uid": "nie ma takiego"}, "no_such_edition"),
    ],
)
def test_an_order_that_cannot_be_is_refused(plan, wrong, code):
    with pytest.raises(Refused, match=code):
        plan(**wrong)

    assert not PlannedVisit.objects.exists()


def test_nobody_is_sent_where_they_may_not_put_in_visits(cast, plan, rynek):
    for person in (cast.darek.person, cast.celina.person):
        with pytest.raises(Refused, match="evaluator_elsewhere"):
            plan(evaluator=person)
    rynek.active = False
    rynek.save()
    with pytest.raises(Refused, match="place_closed"):
        plan()


def test_a_plan_is_seen_by_its_evaluator_and_by_who_orders_there_and_never_by_who_is_visited(
    cast, plan, visited
):
    planned = plan()

    for by in (cast.borys, cast.anna, cast.filip):
        assert list(plans_of(by=by)) == [planned]
        assert plan_for(by=by, uid=planned.uid) == planned
    for by in (cast.darek, cast.celina, cast.hubert, cast.edyta):
        assert list(plans_of(by=by)) == []
        assert plan_for(by=by, uid=planned.uid) is None
    visited(planned)
    assert (list(plans_of(by=cast.borys)), list(plans_of(by=cast.borys, made=True))) == ([], [planned])


def test_the_sheet_of_a_planned_visit_comes_back_as_that_visit(cast, plan, given):
    planned = plan()
    heading, row = sheet_of(planned, "pl").decode("utf-8-sig").splitlines()
    cells = row.split(";")
    cells[1:3], cells[4], cells[8] = ["20.11.2026", "16:00"], "Darek Lis", "tak"

    with stopped_at(VISITED + timedelta(hours=3)):
        file = given(cast.borys, f"{heading}\n{';'.join(cells)}\n")
        assert (file.outcome["new"], file.outcome["faults"]) == (1, 0)
        add_visits(by=cast.borys, uid=file.uid)

    assert Visit.objects.get().contact == planned.number
    assert Wanted.objects.get().recorded_at == MORNING


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("20.11.2026;Rynek;Darek Lis;;tak", "visit_before_plan"),  # it may have been at seven
        ("20.11.2026 16:00;Galeria;Edyta Kos;;tak", "visit_not_as_planned"),
        ("20.11.2026 16:00;Rynek;Darek Lis;dyskretna;tak", "visit_wanted_late"),
        ("20.11.2026 16:00;Rynek;Borys Sowa;;tak", "visit_wanted_own"),
    ],
)
def test_a_row_with_the_number_of_a_plan_has_to_be_that_visit(cast, plan, given, row, code):
    planned = plan()
    head = "Numer wizyty;Data;Placówka;Pracownik;Chciana bliskość;Mówi: „Dzień dobry”\n"

    with stopped_at(VISITED + timedelta(hours=3)):
        file = given(cast.filip, f"{head}{planned.number};{row}\n")

    assert [one[3] for one in file.outcome["shown"]] == [code]


def test_a_colleague_who_is_erased_leaves_the_scenario(cast, plan):
    plan(scenario="Prosi o Darek Lis przy kasie.")

    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    assert "Darek" not in PlannedVisit.objects.get().scenario


def test_a_number_is_told_from_others_and_read_by_people(plan):
    numbers = {plan().number for _ in range(20)}

    assert len(numbers) == 20
    assert all(len(one) == 8 and one.startswith("W-") and not set(one) & set("01OI") for one in numbers)
    assert now() == MORNING
