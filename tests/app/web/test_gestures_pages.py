"""The manager's pages of gestures: who may, what is refused, and nothing typed is lost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Budget, Eligible, Entry, Gesture, Policy
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.granting import give_gesture, grant_gesture
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.wish import Wish

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TERMS = {
    "kind": "gift",
    "title": {"pl": "Krem do rąk", "en": "Hand cream"},
    "currency": "PLN",
    "usual_minor": 10_00,
    "most_minor": 80_00,
}
TYPED = {
    "kind": "gift",
    "title_pl": "Kawa",
    "title_en": "A coffee",
    "usual": "9,50",
    "most": "12",
    "currency": "PLN",
    "approve_above": "",
    "lasts_days": "30",
    "joined": "all",
    "held_out": "20",
    "return_days": "60",
    "worthwhile": "5",
    "conditions": "1",
    "c0-fact": "earlier_visits",
    "c0-comparison": "at_least",
    "c0-value": "3",
    "caps": "1",
    "k0-of": "customer",
    "k0-most": "1",
    "k0-counts": "gestures",
    "k0-days": "30",
    "k0-kinds": "this",
    "do": "save",
}


@pytest.fixture(autouse=True)
def _it_is_november():
    with stopped_at(NOON):
        yield


@pytest.fixture
def filip(cast, signed_in):
    return signed_in(cast.filip)


@pytest.fixture
def budget(cast, rynek):
    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)}
    return open_budget(by=cast.filip, place=rynek, amount=Money(100_00, "PLN"), **days)


@pytest.fixture
def policy(cast):
    return write_policy(by=cast.filip, document=TERMS)


@pytest.fixture
def given(cast, rynek, budget, policy):
    customer = add_customer(by=cast.darek, details=Details("Joanna Kruk"))
    made = grant_gesture(by=cast.darek, wish=Wish(policy, rynek, customer, "=Czekała; długo"), key="1")
    give_gesture(by=cast.darek, gesture=made, spent=Money(7_35, "PLN"))
    return made


def text(response):
    return response.content.decode().replace("\xa0", " ")


# The front page


def test_before_the_first_policy_the_front_page_leads_to_it_and_to_the_first_budget(filip):
    page = text(filip.get("/gestures/"))

    assert 'href="/gestures/policies/new/"' in page
    assert 'href="/gestures/budgets/open/"' in page


def test_the_front_page_says_what_is_left_this_month(filip, given):
    page = text(filip.get("/gestures/"))

    assert "PLN 92.65 of PLN 100.00 is left for gestures in November." in page
    assert "Rynek: 7% spent, 0% set aside, 93% left" in page
    assert "Hand cream" in page


def test_a_lead_sees_the_budgets_of_their_own_place_only(cast, signed_in, given):
    assert "Rynek" in text(signed_in(cast.anna).get("/gestures/budgets/"))
    assert "Rynek" not in text(signed_in(cast.celina).get("/gestures/budgets/"))
    assert signed_in(cast.celina).get(f"/gestures/budgets/{given.budget.uid}/").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        *("gestures", "gesture_policies", "gesture_budgets", "gesture_questions"),
        *("statement", "statement_csv", "statement_pdf"),
    ],
)
def test_an_employee_has_no_page_of_the_managers(cast, signed_in, name):
    client = signed_in(cast.darek)

    assert client.get(reverse(name)).status_code == 403
    assert 'href="/gestures/"' not in text(client.get("/me/"))


def test_every_door_beside_the_overview_opens_to_who_sees_it(cast, signed_in):
    for user in (cast.anna, cast.hubert, cast.filip):
        client = signed_in(user)
        doors = client.get("/gestures/").context["subdoors"]

        assert len(doors) > 4
        assert {client.get(one.address, follow=True).status_code for one in doors} == {200}


# Policies


def test_a_policy_is_written_as_a_form_and_read_as_sentences(filip):
    answer = filip.post("/gestures/policies/new/", TYPED)

    document = Policy.objects.get().versions.first().document
    page = text(filip.get(answer.headers["Location"]))
    assert (document["usual_minor"], document["most_minor"], document["held_out_share"]) == (9_50, 12_00, 0.2)
    assert document["conditions"] == {
        "all": [{"field": "earlier_visits", "comparison": "at_least", "value": 3}]
    }
    assert document["caps"] == [
        {"of": "customer", "counts": "gestures", "most": 1, "days": 30, "kinds": ["gift"]}
    ]
    assert "The customer has been here before at least 3 times." in page
    assert "One customer: 1 gesture at most in any 30 days." in page
    assert "20% of eligible customers are held out by lot." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"usual": "many"}, "“many” is no amount."),
        ({"usual": "20"}, "This is less than what it costs as a rule."),
        ({"title_pl": "", "title_en": ""}, "Give it a name, in one language at least."),
        ({"held_out": "80"}, "50"),
        ({"c0-value": ""}, "Fill this in."),
        ({"k0-most": "a few"}, "Write a whole number, such as 1."),
        ({"k0-counts": "cost_minor", "k0-most": "1,999"}, "finer than this currency"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field_and_nothing_typed_is_lost(filip, typed, said):
    answer = filip.post("/gestures/policies/new/", TYPED | typed)

    page = text(answer)
    assert answer.status_code == 422
    assert said in page
    assert 'value="12"' in page
    assert 'name="c0-fact" value="earlier_visits"' in page
    assert not Policy.objects.exists()


def test_rows_are_added_and_removed_without_a_script(filip):
    added = filip.post(
        "/gestures/policies/new/", TYPED | {"do": "add_condition", "new_fact": "purchase_minor"}
    )
    dropped = filip.post("/gestures/policies/new/", TYPED | {"do": "drop_condition:0"})
    cap = filip.post("/gestures/policies/new/", TYPED | {"do": "add_cap"})
    uncapped = filip.post("/gestures/policies/new/", TYPED | {"do": "drop_cap:0"})

    assert [one.status_code for one in (added, dropped, cap, uncapped)] == [200] * 4
    assert 'name="c1-fact" value="purchase_minor"' in text(added)
    assert 'name="c0-fact" value="earlier_visits"' in text(added)
    assert 'value="9,50"' in text(added)
    assert "c0-fact" not in text(dropped)
    assert 'name="k1-days"' in text(cap)
    assert "k0-days" not in text(uncapped)
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("fact", "given", "kept"),
    [
        ("purchases_total_minor", {"c0-comparison": "at_least", "c0-value": "200"}, ("at_least", 200_00)),
        ("club_member", {"c0-value": "yes"}, ("is", True)),
        ("weekday", {"c0-comparison": "one_of", "c0-value": ["friday"]}, ("one_of", ["friday"])),
        ("cues", {"c0-comparison": "excludes", "c0-value": ["hurried"]}, ("excludes", ["hurried"])),
        ("band", {"c0-comparison": "none_of", "c0-value": ["discreet"]}, ("none_of", ["discreet"])),
    ],
)  # fmt: skip
def test_every_kind_of_condition_comes_back_as_it_was_written(filip, fact, given, kept):
    typed = {name: value for name, value in TYPED.items() if not name.startswith("c0")}
    filip.post("/gestures/policies/new/", typed | {"c0-fact": fact} | given)

    policy = Policy.objects.get()
    condition = {"field": fact, "comparison": kept[0], "value": kept[1]}
    assert policy.versions.first().document["conditions"] == {"all": [condition]}

    page = text(filip.get(f"/gestures/policies/{policy.uid}/change/"))
    assert f'name="c0-fact" value="{fact}"' in page


def test_a_discount_says_what_it_takes_off(filip):
    typed = TYPED | {
        "kind": "discount",
        "off_by": "percent",
        "off": "15 %",
        "above": "80",
        "goods_en": "Shampoo",
    }
    filip.post("/gestures/policies/new/", typed)
    wrong = filip.post("/gestures/policies/new/", typed | {"off": "150"})

    document = Policy.objects.get().versions.first().document
    assert document["discount"] == {"percent": 15, "above_minor": 80_00, "goods": {"en": "Shampoo"}}
    assert "Write a whole number from 1 to 100." in text(wrong)


def test_changed_terms_are_a_new_version_and_what_changed_is_said(filip, policy):
    address = f"/gestures/policies/{policy.uid}/"
    typed = TYPED | {"title_pl": "Krem do rąk", "title_en": "Hand cream", "seen": "1", "usual": "11"}
    assert filip.post(f"{address}change/", typed).status_code == 302

    page = text(filip.get(address))
    assert "<del>As a rule PLN 10.00, PLN 80.00 at most.</del>" in page
    assert "<ins>As a rule PLN 11.00, PLN 12.00 at most.</ins>" in page
    assert "Version 2" in page


def test_two_who_change_at_once_do_not_overwrite_each_other(filip, policy):
    address = f"/gestures/policies/{policy.uid}/change/"
    filip.post(address, TYPED | {"seen": "1"})
    late = filip.post(address, TYPED | {"seen": "1", "title_en": "A cake"})

    assert late.status_code == 409
    assert "Somebody changed this policy in the meantime" in text(late)
    assert 'value="A cake"' in text(late)
    assert policy.versions.count() == 2


def test_nested_conditions_from_elsewhere_stay_as_they_are(cast, filip):
    inner = {
        "any": [
            {"field": "club_member", "comparison": "is", "value": True},
            {"all": [{"field": "birthday", "comparison": "is", "value": True}]},
        ]
    }
    simple = {"field": "earlier_visits", "comparison": "at_least", "value": 3}
    policy = write_policy(by=cast.filip, document=TERMS | {"conditions": {"all": [simple, inner]}})
    page = text(filip.get(f"/gestures/policies/{policy.uid}/change/"))
    kept = page.split('name="kept" value="')[1].split('"')[0].replace("&quot;", '"')
    filip.post(f"/gestures/policies/{policy.uid}/change/", TYPED | {"seen": "1", "kept": kept})

    assert policy.versions.first().document["conditions"] == {"all": [simple, inner]}


def test_for_whom_it_would_be_open_is_shown_before_it_is_saved(cast, filip):
    add_customer(by=cast.darek, details=Details("Joanna Kruk"))
    typed = {name: value for name, value in TYPED.items() if not name.startswith("c0")}
    fragment = text(filip.post("/gestures/policies/look/", typed))
    page = text(filip.post("/gestures/policies/new/", typed | {"do": "look"}))

    for one in (fragment, page):
        assert "of 1 customer" in one
        assert "Joanna" not in one
    assert not Policy.objects.exists()


def test_a_policy_is_closed_after_a_question_and_closing_it_again_does_no_harm(filip, policy):
    address = f"/gestures/policies/{policy.uid}/close/"
    asked = text(filip.get(address))
    answers = [filip.post(address).status_code for _ in range(2)]

    policy.refresh_from_db()
    assert "Close “Hand cream”?" in asked
    assert answers == [302, 302]
    assert policy.closed_at is not None


def test_an_edition_that_forbids_gestures_is_said_on_the_pages_of_policies(filip, policy, edition):
    type(edition).objects.create(
        edition_id=edition.edition_id,
        version=2,
        document=edition.document | {"version": 2, "gestures": "forbidden"},
        digest="of version 2",
        effective_from=date(2026, 11, 1),
    )
    listed = text(filip.get("/gestures/policies/"))
    assert "Some of your standards in force forbid gestures." in listed
    assert "No gesture can be given now." in listed
    assert "Standards in force forbid gestures" in text(filip.get("/gestures/policies/new/?kind=gift"))


def test_only_who_manages_gestures_writes_changes_or_closes(cast, signed_in, policy):
    anna = signed_in(cast.anna)
    uid = policy.uid
    addresses = ["new/", "look/", f"{uid}/change/", f"{uid}/close/"]

    assert [anna.post(f"/gestures/policies/{one}", TYPED).status_code for one in addresses] == [403] * 4
    assert anna.get(f"/gestures/policies/{uid}/").status_code == 200
    assert policy.versions.count() == 1


# Budgets


def test_a_budget_is_opened_changed_and_never_below_what_is_promised(filip, rynek, given):
    days = {"first_day": "2026-12-01", "last_day": "2026-12-31"}
    typed = days | {"place": rynek.uid, "amount": "50,00", "currency": "PLN"}
    assert filip.post("/gestures/budgets/open/", typed).status_code == 302
    address = f"/gestures/budgets/{given.budget.uid}/change/"
    low, fine = filip.post(address, {"amount": "7,34"}), filip.post(address, {"amount": "7,35"})

    assert Budget.objects.filter(amount_minor=50_00, first_day=date(2026, 12, 1)).exists()
    assert (low.status_code, fine.status_code) == (422, 302)
    assert "cannot be lowered to 7.34 PLN" in text(low)
    assert 'value="7,34"' in text(low)
    given.budget.refresh_from_db()
    assert given.budget.amount_minor == 7_35


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "-5"}, "cannot be an amount here"),
        ({"last_day": "2026-11-01"}, "This place has a budget from"),
        ({"first_day": "2026-12-31", "last_day": "2026-12-01"}, "last"),
        ({"currency": "EUR"}, "in PLN, not in EUR"),
        ({"amount": ""}, "Fill this in."),
    ],
)
def test_a_budget_that_cannot_be_opened_is_refused_beside_its_field(filip, rynek, budget, typed, said):
    days = {"first_day": "2026-11-01", "last_day": "2026-12-31"}
    fine = days | {"place": rynek.uid, "amount": "50", "currency": "PLN"}
    answer = filip.post("/gestures/budgets/open/", fine | typed)

    assert answer.status_code == 422
    assert said in text(answer)
    assert Budget.objects.count() == 1


def test_last_month_s_budgets_are_copied_once(filip, budget):
    for _ in range(2):
        assert filip.post("/gestures/budgets/copy/", {"month": "2026-12"}).status_code == 302

    assert Budget.objects.filter(first_day=date(2026, 12, 1), last_day=date(2026, 12, 31)).count() == 1


def test_a_lead_opens_changes_and_copies_nothing(cast, signed_in, budget):
    anna = signed_in(cast.anna)
    addresses = ["open/", f"{budget.uid}/change/", "copy/"]

    assert [anna.post(f"/gestures/budgets/{one}").status_code for one in addresses] == [403] * 3


def test_a_budget_s_ledger_says_that_its_sums_agree_or_that_they_do_not(filip, given):
    address = f"/gestures/budgets/{given.budget.uid}/"
    fine = text(filip.get(address))
    Budget.objects.update(spent_minor=1)

    assert "The sums agree" in fine
    assert "1 balance does not agree with its entries" in text(filip.get(address))


def test_a_long_ledger_comes_fifty_at_a_time(filip, given):
    Entry.objects.bulk_create(
        Entry(gesture=one, budget=given.budget, kind="reserve", amount_minor=1) for one in _more(given, 60)
    )
    first = text(filip.get(f"/gestures/budgets/{given.budget.uid}/"))
    second = text(filip.get(f"/gestures/budgets/{given.budget.uid}/?page=2"))

    assert (first.count("<tr>"), second.count("<tr>")) == (51, 14)


def _more(given, n):
    return Gesture.objects.bulk_create(
        Gesture(
            key=f"more-{at}",
            terms=given.terms,
            budget=given.budget,
            place=given.place,
            given_by=given.given_by,
            customer_key=given.customer_key,
            cost_minor=1,
            currency="PLN",
            reason="więcej",
            state="reserved",
        )
        for at in range(n)
    )


# The statement


def test_the_statement_s_files_hold_every_entry_to_the_minor_unit_and_no_formula(filip, given):
    english = filip.get("/gestures/statement/csv/?month=2026-11&lang=en")
    polish = filip.get("/gestures/statement/csv/?month=2026-11&lang=pl")
    rows = list(csv.DictReader(io.StringIO(english.content.decode("utf-8-sig"))))
    wiersze = list(csv.DictReader(io.StringIO(polish.content.decode("utf-8-sig")), delimiter=";"))

    assert [one["Amount"] for one in rows] == ["10.00", "2.65", "7.35"]
    assert [one["Kwota"] for one in wiersze] == ["10,00", "2,65", "7,35"]
    assert {one["Why"] for one in rows} == {"'=Czekała; długo"}
    assert sum(round(100 * float(one["Amount"])) for one in rows) == sum(
        Entry.objects.values_list("amount_minor", flat=True)
    )
    assert "gesty-2026-11.csv" in polish.headers["Content-Disposition"]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_statement_is_printed_in_both_languages(filip, given, language):
    answer = filip.get(f"/gestures/statement/pdf/?month=2026-11&lang={language}")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_the_statement_of_another_s_place_is_not_there(cast, signed_in, given, rynek):
    celina = signed_in(cast.celina)

    for page in ("", "csv/", "pdf/"):
        assert celina.get(f"/gestures/statement/{page}?place={rynek.uid}").status_code == 404
    assert "Nothing was entered in this month." in text(celina.get("/gestures/statement/?month=2026-11"))


def test_a_month_or_language_that_is_none_is_answered_calmly(filip, given):
    assert "PLN 7.35 spent on gestures." in text(filip.get("/gestures/statement/?month=2026-13"))
    assert filip.get("/gestures/statement/csv/?lang=de").status_code == 404


# Does it work, and fairness


def test_where_nobody_is_held_out_the_page_says_that_nothing_can_be_concluded(filip, policy):
    page = text(filip.get(f"/gestures/policies/{policy.uid}/effect/"))

    assert "Nothing can be concluded" in page
    assert "Hold out a share" in page


def test_an_effect_is_drawn_with_its_interval_and_said_in_words(cast, filip, rynek):
    with stopped_at(NOON - timedelta(days=100)):
        made = write_policy(by=cast.filip, document=TERMS | {"held_out_share": 0.3, "return_days": 30})
    for at in range(40):
        customer = add_customer(by=cast.darek, details=Details(f"Klient {at}"))
        day = NOON - timedelta(days=90 - at)
        Eligible.objects.create(
            policy=made, customer_key=customer.key, place=rynek, held_out=at % 3 == 0, at=day
        )
    page = text(filip.get(f"/gestures/policies/{made.uid}/effect/"))

    assert "Go on: it is not known yet." in page
    assert 'class="looks" role="img"' in page
    assert "somewhere from −" in page


def test_questions_are_not_measured_where_no_contact_is_known(filip, given):
    page = text(filip.get("/gestures/questions/"))

    assert "Who serves whom is not known, so nothing can be asked yet." in page


def test_pages_that_only_read_take_no_post(filip, given):
    addresses = [
        "",
        "policies/",
        "budgets/",
        "statement/",
        "questions/",
        f"policies/{given.terms.policy.uid}/",
    ]

    assert {filip.post(f"/gestures/{one}").status_code for one in addresses} == {405}


def test_an_unknown_policy_or_budget_is_not_there(filip):
    addresses = ["policies/nobody", "policies/nobody/effect", "policies/nobody/change", "budgets/nobody"]

    assert {filip.get(f"/gestures/{one}/").status_code for one in addresses} == {404}
