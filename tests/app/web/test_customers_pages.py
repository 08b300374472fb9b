"""Pages of customers: the list, the record, joining, the file of purchases, leaving."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.contacts.models import Customer, Purchase, PurchaseImport
from gracja.app.contacts.selectors.customers import consents_of
from gracja.app.contacts.services.customers.files import imports
from gracja.app.contacts.services.customers.purchases import add_purchase, refund_purchase
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    give_consent,
    number_customer,
)
from gracja.app.contacts.services.value import refit_value
from gracja.app.gestures.models import Gesture, Policy, Terms
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.ledger import note_reserved, set_aside
from gracja.app.operations.erasure import erase_customer
from gracja.app.web.customers.views import listed

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ROWS = "Data;Paragon;Karta;Kwota\n2.11.2026;P-1;K-17;120,50\n3.11.2026;P-2;K-99;10\n4.11.2026;P-3;K-17;dużo\n"


@pytest.fixture
def joanna(cast):
    customer = add_customer(
        by=cast.darek, details=Details("Joanna Kruk", "601 234 567", "joanna@kruk.example", "pl", (2, 29))
    )
    number_customer(by=cast.darek, customer=customer, system="till", value="K-17")
    return customer


@pytest.fixture
def bought(cast, joanna, rynek):
    purchase = add_purchase(
        by=cast.filip,
        customer=joanna,
        place=rynek,
        system="till",
        number="P-77",
        at=NOON,
        amount=Money(120_00, "PLN"),
    )
    return refund_purchase(by=cast.filip, purchase=purchase, amount=Money(20_00, "PLN"), number="Z-1")


@pytest.fixture
def gift(cast, joanna, rynek):
    """A gesture that is granted and not used yet."""
    budget = open_budget(
        by=cast.filip,
        place=rynek,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        amount=Money(100_00, "PLN"),
    )
    policy = Policy.objects.create(kind="gift")
    terms = Terms.objects.create(policy=policy, version=1, document={"title": {"en": "Coffee"}})
    set_aside(budget, 5_00)
    gesture = Gesture.objects.create(
        key="a",
        terms=terms,
        budget=budget,
        place=rynek,
        customer_key=joanna.key,
        cost_minor=5_00,
        currency="PLN",
        reason="Za cierpliwość",
        state="reserved",
    )
    note_reserved(gesture, by_key="")
    return gesture


def page(customer, act=""):
    return f"/customers/one/{customer.uid}/{act}"


def test_customers_without_a_name_come_after_those_with_one_from_page_to_page(
    cast, signed_in, joanna, monkeypatch
):
    monkeypatch.setattr(listed, "AT_ONCE", 2)
    for name, phone in (("", "700 700 701"), ("Jan Nowak", "700 700 702"), ("", "700 700 703")):
        add_customer(by=cast.darek, details=Details(name, phone))
    client = signed_in(cast.filip)

    pages = [client.get("/customers/", {"page": number}).context["rows"] for number in (1, 2)]
    assert [[one.name for one, _ in rows] for rows in pages] == [["Jan Nowak", "Joanna Kruk"], ["", ""]]
    [first, second] = [one for one, _ in pages[1]]
    assert first.pk < second.pk


def test_who_reads_customers_has_a_list_and_searches_it(cast, signed_in, joanna):
    add_customer(by=cast.darek, details=Details("Jan Nowak", "700 700 700"))
    client = signed_in(cast.filip)

    assert "Jan Nowak" in client.get("/customers/").content.decode()
    for text in ("kruk", "K-17", "+48 601 234 567", "JOANNA@kruk.example"):
        found = client.get("/customers/", {"text": text}).content.decode()
        assert "Joanna Kruk" in found, text
        assert "Jan Nowak" not in found, text


def test_who_serves_has_no_list_and_finds_one_by_a_number(cast, signed_in, joanna):
    client = signed_in(cast.darek)

    assert "Joanna" not in client.get("/customers/").content.decode()
    assert client.post("/customers/find/", {"given": "K-17"}).url == page(joanna)
    nobody = client.post("/customers/find/", {"given": "Kruk"})
    assert nobody.status_code == 422
    assert 'value="Kruk"' in nobody.content.decode()


def test_who_looks_without_end_is_stopped(cast, signed_in, joanna):
    client = signed_in(cast.darek)
    for _ in range(30):
        client.post("/customers/find/", {"given": "000"})

    stopped = client.post("/customers/find/", {"given": "K-17"})

    assert stopped.status_code == 422
    assert "K-17" in stopped.content.decode()


def test_the_counter_sees_consents_and_not_what_was_bought(cast, signed_in, joanna, bought, gift):
    counter = signed_in(cast.darek).get(page(joanna)).content.decode()
    manager = signed_in(cast.filip).get(page(joanna)).content.decode()

    for seen in ("Joanna Kruk", "K-17", "29"):
        assert seen in counter
        assert seen in manager
    for hidden in ("P-77", "Coffee", "100.00"):
        assert hidden not in counter
        assert hidden in manager
    assert "20.00" in manager  # what was given back


@pytest.mark.parametrize("who", ["borys", "hubert"])
def test_nobody_else_learns_that_a_customer_is_there(cast, signed_in, joanna, who):
    client = signed_in(getattr(cast, who))

    for address in ("/customers/", page(joanna), page(joanna, "erase/"), "/customers/files/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("act", ["merge/", "export.json", "erase/", "conversations/", "value/"])
def test_the_counter_neither_joins_nor_exports_nor_erases(cast, signed_in, joanna, act):
    assert signed_in(cast.darek).get(page(joanna, act)).status_code == 404
    assert signed_in(cast.filip).get(page(joanna, act)).status_code == 200


def test_whoever_approves_a_cost_sees_what_the_customer_is_worth(cast, signed_in, joanna):
    assert signed_in(cast.anna).get(page(joanna, "value/")).status_code == 200


def test_a_customer_is_added_and_what_was_typed_stays_where_it_is_wrong(cast, signed_in):
    client = signed_in(cast.darek)
    wrong = client.post(
        "/customers/add/",
        {"name": "Ewa Mak", "email": "nie adres", "birthday_day": "31", "birthday_month": "4"},
    )
    assert wrong.status_code == 422
    assert "Ewa Mak" in wrong.content.decode()
    impossible = client.post("/customers/add/", {"name": "Ewa", "birthday_day": "31", "birthday_month": "4"})
    assert impossible.status_code == 422
    half = client.post("/customers/add/", {"name": "Ewa", "birthday_day": "31"})
    assert half.status_code == 422

    right = client.post("/customers/add/", {"name": "Ewa Mak", "birthday_day": "30", "birthday_month": "4"})

    new = Customer.objects.get()
    assert right.url == page(new)
    assert (new.name, new.birthday_month, new.birthday_day) == ("Ewa Mak", 4, 30)


def test_particulars_are_changed(cast, signed_in, joanna):
    client = signed_in(cast.darek)
    assert 'value="Joanna Kruk"' in client.get(page(joanna, "change/")).content.decode()

    client.post(page(joanna, "change/"), {"name": "Joanna Sowa", "do_not_contact": "on"})

    joanna.refresh_from_db()
    assert (joanna.name, joanna.do_not_contact, joanna.phone) == ("Joanna Sowa", True, "")


def test_a_second_record_of_who_is_here_is_made_only_on_purpose(cast, signed_in, joanna):
    client, zofia = signed_in(cast.darek), {"name": "Zofia", "phone": "601234567"}
    assert 'type="hidden" name="although_known"' in client.get("/customers/add/").content.decode()

    told = client.post("/customers/add/", zofia)

    page_ = told.content.decode()
    assert told.status_code == 422
    assert "is here already" in page_
    assert 'value="Zofia"' in page_
    assert 'type="checkbox" name="although_known"' in page_
    assert client.post("/customers/add/", zofia | {"although_known": "on"}).status_code == 302
    assert Customer.objects.count() == 2


def test_somebody_who_was_erased_is_written_down_again_only_when_the_page_was_told_why(
    cast, signed_in, joanna
):
    number_customer(by=cast.darek, customer=joanna, system="till", value="K-4711")
    erase_customer(by=cast.grazyna, customer=joanna)
    client, back = signed_in(cast.darek), {"name": "Joanna", "phone": "601 234 567"}

    told = client.post("/customers/add/", back)
    assert told.status_code == 422
    assert "somebody who was erased" in told.content.decode()
    asked = told.content.decode()
    assert asked.index('<select name="back_because"') < asked.index('name="name"')  # beside what asks for it
    label = re.search(r'<label[^>]*for="id_back_because".*?</label>', asked, re.DOTALL)[0]
    assert "optional" not in label
    assert (
        client.post("/customers/add/", back | {"phone": "601 234 568"}).status_code == 302
    )  # mended instead
    erase_customer(by=cast.grazyna, customer=Customer.objects.get(erased_at=None))
    done = client.post("/customers/add/", back | {"back_because": "own_wish"})
    again = Customer.objects.get(erased_at=None)
    assert done.url == page(again)
    number = {"system": "till", "value": "K-4711"}
    told = client.post(page(again, "number/"), number)
    assert told.status_code == 422
    assert '<select name="back_because"' in told.content.decode()
    assert client.post(page(again, "number/"), number | {"back_because": "own_wish"}).status_code == 302
    assert again.numbers.get().value == "K-4711"


def test_a_file_page_says_how_many_rows_belong_to_erased_customers_and_names_none(cast, signed_in, joanna):
    erase_customer(by=cast.grazyna, customer=joanna)
    client = signed_in(cast.filip)
    file = SimpleUploadedFile("zakupy.csv", b"Data;Paragon;Telefon;Kwota\n2.11.2026;P-1;601234567;10\n")

    shown = client.post("/customers/files/", {"file": file}, follow=True).content.decode()

    assert "row belongs to an erased customer: left out" in shown
    # only the first value of each column, which somebody has to choose the columns by
    assert shown.count("601234567") == shown.count("Telefon: 601234567")


def test_what_was_asked_while_a_page_was_open_is_not_taken_back_by_it(cast, signed_in, joanna):
    """It showed the box empty; saving it says nothing of the box."""
    Customer.objects.update(do_not_contact=True)
    client = signed_in(cast.darek)

    client.post(page(joanna, "change/"), {"name": "J.", "was_not_to_be_contacted": "False"})
    assert Customer.objects.get().do_not_contact
    assert (
        'name="was_not_to_be_contacted" value="True"' in client.get(page(joanna, "change/")).content.decode()
    )
    client.post(page(joanna, "change/"), {"name": "J.", "was_not_to_be_contacted": "True"})
    assert not Customer.objects.get().do_not_contact


def test_a_number_is_added_once_and_another_customers_is_refused_beside_the_field(cast, signed_in, joanna):
    other = add_customer(by=cast.darek, details=Details("Jan"))
    client = signed_in(cast.darek)

    taken = client.post(page(other, "number/"), {"system": "till", "value": "K-17"})
    assert taken.status_code == 422
    assert "K-17" in taken.content.decode()
    for _ in range(2):
        assert client.post(page(other, "number/"), {"system": "till", "value": "K-18"}).status_code == 302
    assert other.numbers.get().value == "K-18"


def test_a_consent_is_given_and_taken_back(cast, signed_in, joanna):
    client = signed_in(cast.darek)
    for _ in range(2):
        client.post(page(joanna, "consent/"), {"purpose": "card", "given": "yes"})
    assert consents_of(joanna) == {"card"}
    client.post(page(joanna, "consent/"), {"purpose": "everything", "given": "yes"})
    for _ in range(2):
        client.post(page(joanna, "consent/"), {"purpose": "card", "given": "no"})

    assert consents_of(joanna) == set()
    assert joanna.consents.count() == 1
    assert client.get(page(joanna, "consent/")).status_code == 405


def test_two_records_are_compared_and_joined(cast, signed_in, joanna, bought):
    twin = add_customer(by=cast.darek, details=Details("J. Kruk", "", "inny@kruk.example"))
    number_customer(by=cast.darek, customer=twin, system="till", value="C-9")
    give_consent(by=cast.darek, customer=twin, purpose="club")
    client = signed_in(cast.filip)

    assert "J. Kruk" in client.get(page(joanna, "merge/"), {"text": "kruk"}).content.decode()
    preview = client.get(page(joanna, "merge/"), {"other": twin.uid}).content.decode()
    assert "will be gone" in preview
    assert Customer.objects.get(pk=twin.pk).merged_into is None
    client.post(page(joanna, "merge/"), {"other": twin.uid})

    assert Customer.objects.get(pk=twin.pk).merged_into == joanna
    assert client.get(page(twin)).url == page(joanna)
    assert consents_of(joanna) == {"club"}
    assert client.get(page(joanna, "merge/"), {"other": joanna.uid}).status_code == 200


def test_the_export_is_a_file_and_is_noted(cast, signed_in, joanna, bought, gift):
    response = signed_in(cast.filip).get(page(joanna, "export.json"))

    known = json.loads(response.content)
    assert "attachment" in response.headers["Content-Disposition"]
    assert known["purchases"][0]["refunds"][0]["number"] == "Z-1"
    assert known["records"]["gestures.gesture"][0]["reason"] == "Za cierpliwość"
    assert AuditEntry.objects.filter(action="customer.export", subject_key=joanna.key).count() == 1


def test_erasing_asks_first_and_says_what_becomes_of_open_gestures(cast, signed_in, joanna, bought, gift):
    client = signed_in(cast.filip)

    asked = client.get(page(joanna, "erase/")).content.decode()
    assert "Joanna Kruk" in asked
    assert "One gesture" in asked
    assert Customer.objects.get().name == "Joanna Kruk"
    client.post(page(joanna, "erase/"))
    client.post(page(joanna, "erase/"))

    gift.refresh_from_db()
    assert (Customer.objects.get().name, gift.state) == ("", "released")
    after = client.get(page(joanna)).content.decode()
    assert "100.00" in after
    assert "P-77" not in after


def test_purchases_come_from_a_file_in_three_steps(cast, signed_in, joanna):
    client = signed_in(cast.filip)
    given = client.post("/customers/files/", {"file": SimpleUploadedFile("z.csv", ROWS.encode())})
    file = PurchaseImport.objects.get()
    assert given.url == f"/customers/files/{file.uid}/"
    looked = client.get(given.url).content.decode()
    assert "K-99" in looked
    assert not Purchase.objects.exists()

    sent = {"field_at": 0, "field_number": 1, "field_customer": 2, "field_amount": 3}
    sent |= {"customer_by": "number", "unknown": "make", "system": "till", "currency": "pln"}
    assert client.post(given.url, sent | {"currency": "złote"}).status_code == 422
    assert client.post(given.url, sent | {"field_amount": 2}).status_code == 422
    assert client.post(given.url, sent).status_code == 302
    client.post(f"{given.url}add/")

    assert Purchase.objects.count() == 2
    done = client.get(given.url).content.decode()
    assert "faults.csv" in done
    assert "dużo" in client.get(f"{given.url}faults.csv").content.decode()
    assert client.post(f"{given.url}drop/").url == given.url  # it is in: nothing to drop


def test_a_large_file_is_looked_at_in_the_background_and_the_page_follows(
    cast, signed_in, joanna, monkeypatch
):
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 2)
    client, file = signed_in(cast.filip), SimpleUploadedFile("zakupy.csv", ROWS.encode())
    given = client.post("/customers/files/", {"file": file}).url
    htmx = {"HX-Request": "true"}

    shown = client.get(given).content.decode()
    assert "The file is being looked at." in shown
    assert "hx-trigger" in client.get(given, headers=htmx).content.decode()
    assert "being looked at" in client.get("/customers/files/").content.decode()
    PurchaseImport.objects.update(state="failed", trouble={"code": "job_broke", "facts": {}})
    failed = client.get(given).content.decode()
    assert "The file could not be looked at." in failed
    assert client.post(f"{given}add/").status_code == 302
    assert PurchaseImport.objects.get().state == "queued"

    imports.carry_out_purchases.func(PurchaseImport.objects.get().uid)

    assert client.get(given, headers=htmx).headers["HX-Refresh"] == "true"
    assert "If you add it now" in client.get(given).content.decode()


def test_a_file_that_broke_off_says_what_of_it_is_here_and_can_be_tried_again(cast, signed_in, joanna):
    client = signed_in(cast.filip)
    given = client.post("/customers/files/", {"file": SimpleUploadedFile("zakupy.csv", ROWS.encode())}).url
    broke = {"code": "job_broke", "facts": {}}
    PurchaseImport.objects.update(state="failed", trouble=broke, applied=0)
    assert "The purchases could not be added." in client.get(given).content.decode()

    PurchaseImport.objects.update(applied=1200, outcome={"rows": 3000, "new": 3000})
    page = client.get(given).content.decode()

    assert "Not all purchases could be added." in page
    assert "1,200 rows of 3,000 were looked at before that." in page
    assert "Try again" in page
    assert f"{given}add/" in page


def test_a_file_that_went_away_while_it_waited_is_chosen_anew_instead_of_tried_again(
    cast, signed_in, joanna, settings, monkeypatch
):
    client = signed_in(cast.filip)
    given = client.post("/customers/files/", {"file": SimpleUploadedFile("zakupy.csv", ROWS.encode())}).url
    monkeypatch.setattr(imports, "ROWS_AT_ONCE", 2)
    client.post(f"{given}add/")
    one = PurchaseImport.objects.get()
    (settings.HOME / "files" / one.stored_as).unlink()
    imports.carry_out_purchases.func(one.uid)

    page = client.get(given).content.decode()

    assert "This file is no longer here." in page
    assert "Try again" not in page
    assert "Choose a file" in page
    client.post(f"{given}drop/")
    assert not PurchaseImport.objects.exists()


def test_a_file_that_is_none_is_refused_beside_its_field(cast, signed_in):
    client = signed_in(cast.filip)
    workbook = client.post("/customers/files/", {"file": SimpleUploadedFile("z.xlsx", b"PK\x03\x04xx")})

    assert workbook.status_code == 422
    assert not PurchaseImport.objects.exists()


def test_a_value_is_a_sentence_or_says_what_is_missing(cast, signed_in, joanna, bought):
    client = signed_in(cast.filip)
    assert "once a day" in client.get(page(joanna)).content.decode()
    refit_value()
    assert "needs 30" in client.get(page(joanna)).content.decode()


def test_a_record_without_anything_is_not_made(cast, signed_in):
    client = signed_in(cast.darek)

    assert client.post("/customers/add/", {"language": "pl"}).status_code == 422
    assert not Customer.objects.exists()


def test_no_page_asks_the_database_too_often(
    cast, signed_in, joanna, bought, gift, django_assert_max_num_queries
):
    refit_value()
    give_consent(by=cast.darek, customer=joanna, purpose="card")
    twin = add_customer(by=cast.darek, details=Details("Jan Nowak"))
    client = signed_in(cast.filip)
    client.get("/customers/")

    for address in (
        "/customers/",
        "/customers/?text=kruk",
        page(joanna),
        page(joanna, f"merge/?other={twin.uid}"),
        page(joanna, "erase/"),
    ):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200, address
