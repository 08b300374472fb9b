"""A customer can have all that is kept of them, and once erased leaves no trace in any table."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import PurchaseImport
from gracja.app.contacts.services.customers.files import imports
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.purchases import add_purchase, refund_purchase
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
    number_customer,
    withdraw_consent,
)
from gracja.app.contacts.services.receiving import receive_conversations
from gracja.app.gestures.models import Eligible, Gesture, Policy, Terms
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.ledger import note_reserved, set_aside
from gracja.app.operations.erasure import erase_customer
from gracja.app.operations.export import export_customer
from gracja.app.operations.rows import dump_rows
from gracja.app.service_mode.models import Advised
from gracja.app.tokens.models import KeptAnswer

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PERSONAL = ("Kruk", "601 234 567", "601234567", "joanna@kruk.example", "K-17", "C-9", "PA-77", "ZW-1", "P-of")
TALK = {
    "contact": "talk-9",
    "customer": "K-17",
    "channel": "chat",
    "language": "pl",
    "started_at": "2026-10-05T10:00:00Z",
    "turns": [{"speaker": "customer", "text": "Farba nie chwyciła"}],
}


@pytest.fixture
def joanna(cast, rynek):
    """Somebody of whom every word knows something, joined from two records."""
    one = add_customer(
        by=cast.darek, details=Details("Joanna Kruk", "601 234 567", "joanna@kruk.example", "pl", (2, 29))
    )
    number_customer(by=cast.darek, customer=one, system="till", value="K-17")
    twin = add_customer(by=cast.darek, details=Details("J. Kruk"), numbers=[("shop", "C-9")])
    change_customer(by=cast.darek, customer=twin, details=Details("Joanna Kruk"))
    give_consent(by=cast.darek, customer=one, purpose="club")
    give_consent(by=cast.darek, customer=twin, purpose="call")
    withdraw_consent(by=cast.darek, customer=twin, purpose="call")
    purchase = add_purchase(
        by=cast.filip,
        customer=one,
        place=rynek,
        system="till",
        number="PA-77",
        at=NOON,
        amount=Money(120_00, "PLN"),
    )
    refund_purchase(by=cast.filip, purchase=purchase, amount=Money(20_00, "PLN"), number="ZW-1")
    budget = open_budget(
        by=cast.filip,
        place=rynek,
        first_day=date(2026, 11, 1),
        last_day=date(2026, 11, 30),
        amount=Money(100_00, "PLN"),
    )
    terms = Terms.objects.create(policy=Policy.objects.create(kind="gift"), version=1, document={})
    set_aside(budget, 5_00)
    gesture = Gesture.objects.create(
        key="a",
        terms=terms,
        budget=budget,
        place=rynek,
        customer_key=twin.key,
        cost_minor=5_00,
        currency="PLN",
        reason="Joanna Kruk waited",
        state="reserved",
    )
    note_reserved(gesture, by_key="")
    Eligible.objects.create(policy=terms.policy, customer_key=one.key, held_out=False)
    Advised.objects.create(
        uid="a" * 16,
        at=now(),
        customer_key=one.key,
        contact="call of Joanna Kruk",
        kind="encounter",
        dial=30,
        band="discreet",
        rules="bundled@1",
        source="program",
    )
    merge_customers(by=cast.filip, kept=one, other=twin)
    return one


def every_row():
    """(table, values) of all that is kept."""
    file = io.BytesIO()
    dump_rows(file)
    table, rows = "", []
    for line in gzip.decompress(file.getvalue()).decode().splitlines():
        said = json.loads(line)
        if isinstance(said, dict):
            table = said["table"]
        else:
            rows.append((table, said))
    return rows


def test_the_export_holds_every_row_that_a_search_by_their_keys_finds(cast, joanna):
    receive_conversations(by=cast.grazyna, records=[TALK])
    keys = [joanna.key, *joanna.merged.values_list("key", flat=True)]
    naming = {table for table, row in every_row() if set(keys) & {str(value) for value in row}}

    known = export_customer(by=cast.filip, customer=joanna)

    # customer, and audit entries, have sections of their own
    assert naming == {
        "contacts_customer",
        "common_auditentry",
        "gestures_gesture",
        "gestures_eligible",
        "service_mode_advised",
    }
    counts = {name: len(rows) for name, rows in known["records"].items()}
    assert counts["gestures.gesture"] == counts["gestures.eligible"] == counts["service_mode.advised"] == 1
    assert counts["gestures.entry"] == 1  # what hangs on the gesture, too
    assert {one["number"] for one in known["numbers"]} == {"K-17", "C-9"}
    assert {one["purpose"] for one in known["consents"]} == {"club", "call"}
    assert known["purchases"][0]["kept"] == "100.00 PLN"
    subjects = AuditEntry.objects.filter(subject_key__in=keys).exclude(action="customer.export")
    assert len(known["log"]) >= subjects.count() > 5
    assert known["conversations"][0]["turns"][0]["text"] == "Farba nie chwyciła"
    assert set(known["keys"]) == set(keys)
    json.dumps(known, cls=DjangoJSONEncoder)


def test_the_export_names_nobody_of_ours(cast, joanna):
    said = json.dumps(export_customer(by=cast.filip, customer=joanna), cls=DjangoJSONEncoder)

    assert cast.darek.person.name not in said
    assert cast.darek.person.key not in said


def test_only_who_reads_customers_exports(cast, joanna):
    for who in (cast.darek, cast.anna, cast.hubert):
        with pytest.raises(Refused, match="not_permitted"):
            export_customer(by=who, customer=joanna)


def test_whoever_is_erased_stands_in_no_row_of_any_table(cast, joanna):
    KeptAnswer.objects.create(
        person=cast.filip.person,
        key_hash="k",
        request_digest="d",
        status=201,
        body=json.dumps({"uid": joanna.uid, "name": "Joanna Kruk", "birthday": {"month": 2, "day": 29}}),
    )
    file = imports.give_file(
        by=cast.filip,
        file_name="zakupy Joanna Kruk.csv",
        content=b"Data;Paragon;Karta;Kwota\n2.11.2026;P-of;K-17;10\n",
    )

    erase_customer(by=cast.filip, customer=joanna)

    left = [(table, row) for table, row in every_row() if any(trace in str(row) for trace in PERSONAL)]
    assert left == []
    assert not PurchaseImport.objects.filter(pk=file.pk).exists()
    assert json.loads(KeptAnswer.objects.get().body) == {"uid": joanna.uid, "name": None, "birthday": None}


def test_while_purchases_are_put_in_nobody_is_erased(cast, joanna):
    PurchaseImport.objects.create(file_name="z.csv", stored_as="purchases/z.csv", state="running")

    with pytest.raises(Refused, match="erasure_waits"):
        erase_customer(by=cast.filip, customer=joanna)
