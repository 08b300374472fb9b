"""Purchases from a spreadsheet: tried first, put in once, with nothing lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gracja.app.common.clock import today
from gracja.app.common.kept_sheets import faults_of, sheet_of
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer, Purchase, PurchaseImport, Refund
from gracja.app.contacts.selectors.customers import find_customer
from gracja.app.contacts.services.customers.files import imports, reading
from gracja.app.contacts.services.customers.files.forgetting import imports_under_way
from gracja.app.contacts.services.customers.files.mapping import Columns
from gracja.app.contacts.services.customers.records import Details, add_customer, number_customer
from gracja.app.operations.erasure import erase_customer
from gracja.app.organisation.models import Membership

pytestmark = pytest.mark.django_db
HEADING = "Data;Godzina;Nr paragonu;Karta;Kwota;Placówka;Waluta;Zwrot do"
GOOD = """\
2.11.2026;10:15;P-1;K-17;120,50;Rynek;PLN;
2.11.2026;11:00;P-2;K-17;1 234,00 zł;KR-1;;
3.11.2026;9:00;Z-1;K-17;-20,50;Rynek;PLN;P-1
"""


@pytest.fixture
def joanna(cast):
    customer = add_customer(by=cast.darek, details=Details("Joanna Kruk", "601 234 567", "j@kruk.example"))
    number_customer(by=cast.darek, customer=customer, system="till", value="K-17")
    return customer


@pytest.fixture
def give(cast, rynek):
    def given(rows=GOOD, heading=HEADING, **columns):
        file = imports.give_file(by=cast.filip, file_name="zakupy.csv", content=f"{heading}\n{rows}".encode())
        if columns:
            changed = replace(Columns.from_json(file.mapping), **columns)
            file = imports.map_columns(by=cast.filip, uid=file.uid, columns=changed)
        return file

    return given


def counts(file, *names):
    return tuple(file.outcome[name] for name in names or ("new", "refunds", "same", "faults", "made"))


def faults(file):
    return [(one.line, one.column, one.value, one.code) for one in faults_of(file)]


def added(cast, file):
    return imports.add_purchases(by=cast.filip, uid=file.uid)


def test_a_file_is_tried_and_nothing_is_put_in_before_it_is_asked_for(give, joanna):
    file = give()

    assert counts(file) == (2, 1, 0, 0, 0)
    assert not Purchase.objects.exists()


def test_purchases_and_refunds_are_put_in_with_their_place_and_the_hour_of_its_clock(
    cast, give, joanna, rynek
):
    added(cast, give())

    first, second = Purchase.objects.order_by("at")
    assert (first.customer, first.place, first.number, first.amount_minor) == (joanna, rynek, "P-1", 120_50)
    assert first.at.isoformat() == "2026-11-02T09:15:00+00:00"
    assert (first.kept.minor, second.kept.minor) == (100_00, 1234_00)
    assert Refund.objects.get().number == "Z-1"


def test_the_same_file_again_adds_nothing_and_a_longer_one_only_what_is_new(cast, give, joanna):
    added(cast, give())

    again = give()
    assert counts(again) == (0, 0, 3, 0, 0)
    with pytest.raises(Refused, match="purchase_nothing_to_add"):
        added(cast, again)
    longer = give(GOOD + "4.11.2026;;P-3;K-17;5;;;\n")
    assert counts(longer) == (1, 0, 3, 0, 0)
    added(cast, longer)

    assert (Purchase.objects.count(), Refund.objects.count()) == (3, 1)
    assert Purchase.objects.get(number="P-1").kept.minor == 100_00


def test_who_is_unknown_is_refused_or_made_by_choice(cast, give, joanna):
    rows = "2.11.2026;;P-1;K-99;10;;;\n3.11.2026;;P-2;K-99;10;;;\n4.11.2026;;P-3;K-17;10;;;\n"

    refusing = give(rows)
    assert counts(refusing) == (1, 0, 0, 2, 0)
    assert faults(refusing)[0] == (2, "Karta", "K-99", "purchase_customer_unknown")
    making = give(rows, unknown="make")
    assert counts(making) == (3, 0, 0, 0, 1)
    added(cast, making)

    new = find_customer(by=cast.darek, given="K-99")
    assert new.purchases.count() == 2
    assert (new.name, new.phone) == ("", "")


@pytest.mark.parametrize(
    ("by", "said", "known"),
    [("phone", "+48 601-234-567", "700 700 700"), ("email", "J@Kruk.example", "nowa@firma.example")],
)
def test_customers_are_known_by_their_telephone_or_address(cast, give, joanna, by, said, known):
    file = give(
        f"2.11.2026;;P-1;{said};10;;;\n2.11.2026;;P-2;{known};10;;;\n", customer_by=by, unknown="make"
    )
    added(cast, file)

    assert joanna.purchases.get().number == "P-1"
    assert find_customer(by=cast.darek, given=known).purchases.get().number == "P-2"


def test_two_who_share_a_telephone_are_not_guessed(cast, give, joanna):
    add_customer(by=cast.darek, details=Details("Jan Kruk", "601234567"), although_known=True)

    file = give("2.11.2026;;P-1;601234567;10;;;\n", customer_by="phone", unknown="make")

    assert [code for *_, code in faults(file)] == ["purchase_customer_shared"]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2.11.2026;;;K-17;10;;;", "Nr paragonu", "purchase_number_missing"),
        ("2.11.2026;;P-1;;10;;;", "Karta", "purchase_customer_missing"),
        (";;P-1;K-17;10;;;", "Data", "purchase_time_missing"),
        ("31.02.2026;;P-1;K-17;10;;;", "Data", "purchase_time_unreadable"),
        ("9999-12-31T23:59:59-12:00;;P-1;K-17;10;;;", "Data", "purchase_time_unreadable"),
        ("2.11.2099;;P-1;K-17;10;;;", "Data", "purchase_in_future"),
        ("2.11.1889;;P-1;K-17;10;;;", "Data", "purchase_too_old"),
        ("2.11.2026;;P-1;K-17;;;;", "Kwota", "purchase_amount_missing"),
        ("2.11.2026;;P-1;K-17;dużo;;;", "Kwota", "amount_unreadable"),
        ("2.11.2026;;P-1;K-17;1,234;;;", "Kwota", "amount_too_fine"),
        ("2.11.2026;;P-1;K-17;10;Nigdzie;;", "Placówka", "purchase_place_unknown"),
        ("2.11.2026;;P-1;K-17;10;;EUR;", "Waluta", "purchase_other_currency"),
        ("2.11.2026;;P-1;K-17;10 EUR;;;", "Kwota", "purchase_other_currency"),
        ("2.11.2026;;P-1;K-17;dwieście;;;", "Kwota", "amount_unreadable"),
        ("2.11.2026;;Z-9;K-17;-10;;;P-404", "Zwrot do", "refund_of_nothing"),
        ("2.11.2026;;Z-9;K-17;-10;;;", "Nr paragonu", "refund_without_purchase"),
        ("2.11.2026;;" + "P" * 101 + ";K-17;10;;;", "Nr paragonu", "purchase_number_too_long"),
    ],
)
def test_what_cannot_be_read_says_line_column_and_why(give, joanna, row, column, code):
    file = give(f"1.11.2026;;P-0;K-17;1;;;\n{row}\n")
    if code == "refund_without_purchase":
        file = give(f"{row}\n3.11.2026;;P-0;K-17;100;;;\n")

    found = faults(file)

    assert [(column, code)] == [(one[1], one[3]) for one in found]
    assert found[0][0] == (2 if code == "refund_without_purchase" else 3)
    assert file.outcome["new"] == 1


@pytest.mark.parametrize(
    ("cell", "minor"),
    [("12,50", 12_50), ("1.234,50", 1234_50), ("1,234.50", 1234_50), ("1 234.5 zł", 1234_50), ("PLN", None)],
)
def test_amounts_are_read_as_tills_write_them(cast, give, joanna, cell, minor):
    file = give(f'2.11.2026;;P-1;K-17;"{cell}";;;\n')

    assert [one[3] for one in faults(file)] == ([] if minor else ["amount_unreadable"])
    if minor:
        added(cast, file)
        assert Purchase.objects.get().amount_minor == minor


@pytest.mark.parametrize("cell", ["-20", "20-", "(20)", "\u221220,00 zł"])
def test_an_amount_below_zero_is_a_refund(cast, give, joanna, cell):
    added(cast, give(f"2.11.2026;;P-1;K-17;50;;;\n3.11.2026;;Z-1;K-17;{cell};;;P-1\n"))

    assert Purchase.objects.get().kept.minor == 30_00


def test_a_refund_that_names_nothing_lowers_the_latest_purchase_that_can_bear_it(cast, give, joanna):
    rows = (
        "1.11.2026;;P-1;K-17;100;;;\n2.11.2026;;P-2;K-17;30;;;\n5.11.2026;;P-3;K-17;100;;;\n"
        "3.11.2026;;Z-1;K-17;-40;;;\n3.11.2026;;Z-2;K-17;-70;;;\n"
    )

    file = give(rows)
    assert [one[3] for one in faults(file)] == ["refund_without_purchase"]
    added(cast, file)

    assert {one.number: one.kept.minor for one in Purchase.objects.all()} == {
        "P-1": 60_00,
        "P-2": 30_00,
        "P-3": 100_00,
    }


def test_a_refund_under_the_purchases_own_number_lowers_it_once(cast, give, joanna):
    rows = "1.11.2026;;P-1;K-17;100;;;\n2.11.2026;;P-1;K-17;-100;;;\n"
    added(cast, give(rows))

    assert counts(give(rows), "same", "faults") == (2, 0)
    assert Purchase.objects.get().kept.minor == 0


def test_no_more_is_given_back_than_was_paid_also_by_two_rows(give, joanna):
    file = give("1.11.2026;;P-1;K-17;100;;;\n2.11.2026;;Z-1;K-17;-60;;;P-1\n2.11.2026;;Z-2;K-17;-60;;;P-1\n")

    (fault,) = faults_of(file)
    assert (fault.line, fault.code, fault.facts) == (4, "refund_over_purchase", {"kept": "40.00 PLN"})


def test_nobody_gets_back_what_another_paid(cast, give, joanna):
    other = add_customer(by=cast.darek, details=Details("Jan"))
    number_customer(by=cast.darek, customer=other, system="till", value="K-18")

    file = give("1.11.2026;;P-1;K-17;100;;;\n2.11.2026;;Z-1;K-18;-60;;;P-1\n")

    assert [one[3] for one in faults(file)] == ["refund_of_another"]


def test_one_document_twice_is_known_again_or_pointed_at(give, joanna):
    row = "1.11.2026;;P-1;K-17;100;;;\n"

    assert counts(give(row + row), "new", "repeated", "faults") == (1, 1, 0)
    (fault,) = faults_of(give(row + row.replace("100", "90")))
    assert (fault.line, fault.code, fault.facts) == (3, "purchase_twice", {"line": 2})


def test_a_document_that_is_here_with_another_amount_stays_as_it_is(cast, give, joanna):
    added(cast, give())

    file = give(GOOD.replace("120,50", "99,00").replace("-20,50", "-1"))

    assert [one[3] for one in faults(file)] == ["purchase_differs", "refund_differs"]
    assert Purchase.objects.get(number="P-1").amount_minor == 120_50


def test_columns_that_are_missing_are_asked_for(give, joanna):
    file = give("1;2\n", heading="Co;Ile")

    assert file.outcome == {"missing": ["customer", "at", "amount", "number"]}


def test_a_column_is_one_thing(cast, give):
    with pytest.raises(Refused, match="purchase_column_twice"):
        give(fields={"customer": 3, "at": 0, "amount": 3, "number": 2})


def test_many_rows_are_put_in_by_a_worker_and_the_file_goes(
    cast, give, joanna, monkeypatch, django_capture_on_commit_callbacks
):
    file = give()
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 2)

    with django_capture_on_commit_callbacks(execute=True):
        added(cast, file)
    file.refresh_from_db()
    assert file.state in ("queued", "done")
    imports.carry_out_purchases.func(file.uid)
    file.refresh_from_db()

    assert (file.state, file.applied, Purchase.objects.count()) == ("done", 3, 2)
    with pytest.raises(Refused, match="purchase_import_gone"):
        sheet_of(file)
    with pytest.raises(Refused, match="purchase_import_begun"):
        added(cast, file)


def test_a_file_can_be_dropped(cast, give, joanna):
    file = give()
    imports.drop_import(by=cast.filip, uid=file.uid)

    assert not PurchaseImport.objects.exists()
    with pytest.raises(Refused, match="purchase_import_gone"):
        imports.drop_import(by=cast.filip, uid=file.uid)


def test_only_who_manages_customers_brings_files(cast, give, joanna):
    file = give()
    for who in (cast.anna, cast.darek, cast.hubert):
        for act in (imports.add_purchases, imports.drop_import):
            with pytest.raises(Refused, match="not_permitted"):
                act(by=who, uid=file.uid)
        with pytest.raises(Refused, match="not_permitted"):
            imports.give_file(by=who, file_name="a.csv", content=b"a;b\n1;2\n")
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("said", ["48601234567.0", "48601234567,0", "0048601234567", "+48 601 234 567"])
def test_a_telephone_is_known_though_a_spreadsheet_took_it_for_an_amount(give, joanna, said):
    file = give(f"2.11.2026;;P-1;{said};10;;;\n", customer_by="phone")

    assert counts(file) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize("by", ["phone", "number"])
def test_a_number_that_the_spreadsheet_rounded_is_nobodys(give, joanna, by):
    file = give("2.11.2026;;P-1;4,86012E+10;10;;;\n", customer_by=by, unknown="make")

    assert faults(file) == [(2, "Karta", "4,86012E+10", "purchase_number_rounded")]


@pytest.mark.parametrize("kept", ["+48601234567", "0048601234567", "48601234567"])
@pytest.mark.parametrize("said", ["48601234567", "48601234567.0", "+48601234567"])
def test_a_telephone_for_a_number_is_known_without_the_signs_that_a_spreadsheet_takes(
    cast, give, joanna, kept, said
):
    number_customer(by=cast.darek, customer=joanna, system="till", value=kept)

    assert counts(give(f"2.11.2026;;P-1;{said};10;;;\n", unknown="make")) == (1, 0, 0, 0, 0)
    erase_customer(by=cast.grazyna, customer=joanna)
    assert give(f"2.11.2026;;P-1;{said};10;;;\n", unknown="make").outcome["erased"] == 1


def test_a_number_stands_for_whom_it_names_exactly_and_else_for_one_alone(cast, give, joanna):
    for name, value in (("Jan", "0601234567"), ("Iga", "+601234567")):
        add_customer(by=cast.darek, details=Details(name), numbers=[("till", value)])

    file = give("2.11.2026;;P-1;0601234567;10;;;\n2.11.2026;;P-2;601234567;10;;;\n")

    assert (file.outcome["new"], [one[3] for one in faults(file)]) == (1, ["purchase_customer_shared"])


def test_a_short_number_of_a_card_is_not_taken_for_a_telephone(cast, give, joanna):
    add_customer(by=cast.darek, details=Details("Jan"), numbers=[("till", "01234567")])

    assert [one[3] for one in faults(give("2.11.2026;;P-1;1234567;10;;;\n"))] == ["purchase_customer_unknown"]


def test_a_document_and_its_refund_are_one_though_a_column_with_gaps_reads_as_amounts(give, joanna):
    file = give("2.11.2026;;10234;K-17;10;;;\n3.11.2026;;10235;K-17;-4;;;10234.0\n")

    assert counts(file) == (1, 1, 0, 0, 0)


@pytest.fixture
def many(monkeypatch):
    """Three rows are many."""
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(imports.jobs, "BEAT_SECONDS", 0.0)
    monkeypatch.setattr(reading, "TOLD_AFTER", 1)


def test_many_rows_are_tried_by_a_worker_and_then_as_few_are(cast, give, joanna, many):
    file = give(f"{GOOD}4.11.2026;9:00;P-9;K-17;dużo;;;\n")

    assert (file.state, file.looking, file.outcome) == ("queued", True, {"missing": [], "rows": 4})
    for act in (imports.add_purchases, imports.drop_import, imports.look_again):
        with pytest.raises(Refused, match="purchase_import_begun"):
            act(by=cast.filip, uid=file.uid)
    imports.carry_out_purchases.func(file.uid)
    imports.carry_out_purchases.func(file.uid)
    file.refresh_from_db()

    assert (file.state, file.looking, file.under_way) == ("given", False, False)
    assert counts(file) == (2, 1, 0, 1, 0)
    assert faults(file) == [(5, "Kwota", "dużo", "amount_unreadable")]
    assert not Purchase.objects.exists()


def test_how_far_the_trying_is_is_told(cast, give, joanna, many, monkeypatch):
    file = give()
    seen = []
    saving = PurchaseImport.save

    def noted(one, *args, **given):
        seen.append((one.applied, one.share_done))
        return saving(one, *args, **given)

    monkeypatch.setattr(PurchaseImport, "save", noted)
    imports.carry_out_purchases.func(file.uid)

    shares = [share for _, share in seen if share]
    assert shares == sorted(shares)
    assert len(set(shares)) >= 3


def test_trying_that_failed_is_begun_anew_or_dropped(cast, give, joanna, many, monkeypatch):
    file = give()
    monkeypatch.setattr(imports, "known", None)  # breaks
    PurchaseImport.objects.update(attempts=imports.jobs.MOST_ATTEMPTS - 1)
    imports.carry_out_purchases.func(file.uid)
    file.refresh_from_db()
    assert (file.state, file.looking, file.trouble["code"]) == ("failed", True, "job_broke")
    with pytest.raises(Refused, match="purchase_nothing_to_add"):
        added(cast, file)
    monkeypatch.undo()

    imports.look_again(by=cast.filip, uid=file.uid)
    imports.carry_out_purchases.func(file.uid)
    file.refresh_from_db()
    assert (file.state, counts(file)) == ("given", (2, 1, 0, 0, 0))
    imports.drop_import(by=cast.filip, uid=file.uid)
    imports.carry_out_purchases.func(file.uid)  # a second call of the task finds nothing
    assert not PurchaseImport.objects.exists()


def test_a_file_is_tried_again_by_leave_of_whoever_asks_not_of_whoever_gave_it(cast, give, joanna, many):
    file = give()
    gave = Membership.objects.filter(person=cast.filip.person)
    gave.update(until=today() - timedelta(days=1))
    imports.carry_out_purchases.func(file.uid)
    file.refresh_from_db()
    assert (file.state, file.trouble["code"]) == ("failed", "not_permitted")

    imports.look_again(by=cast.grazyna, uid=file.uid)
    imports.carry_out_purchases.func(file.uid)
    file.refresh_from_db()
    assert (file.state, counts(file)) == ("given", (2, 1, 0, 0, 0))


def test_nobody_is_erased_while_a_file_is_being_tried(cast, give, joanna, many):
    file = give()
    assert imports_under_way()
    PurchaseImport.objects.update(state="done")  # it was tried, and not given back yet
    assert imports_under_way()
    imports.carry_out_purchases.func(file.uid)

    assert not imports_under_way()
    assert PurchaseImport.objects.get().state == "given"
