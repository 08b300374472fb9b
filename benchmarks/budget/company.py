"""A company with one budget, and its ledger read back: each in a process of its own, beside the server.

python company.py seed AMOUNT | python company.py account
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()  # before any model is imported

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from gracja.app.common.clock import today  # noqa: E402
from gracja.app.common.money import Money  # noqa: E402
from gracja.app.contacts.services.customers.records import Details, add_customer  # noqa: E402
from gracja.app.gestures.models import Budget, Entry, Gesture  # noqa: E402
from gracja.app.gestures.selectors.ledger import proof  # noqa: E402
from gracja.app.gestures.services.budgets import open_budget  # noqa: E402
from gracja.app.gestures.services.policies import write_policy  # noqa: E402
from gracja.app.organisation.models import Company, Membership, Person, Place, User  # noqa: E402
from gracja.app.organisation.services.setup import make_built_in_roles  # noqa: E402
from gracja.app.tokens.services.tokens import make_token  # noqa: E402

CUSTOMERS = 40
TERMS = {
    "kind": "gift",
    "title": {"pl": "Krem do rąk", "en": "Hand cream"},
    "currency": "PLN",
    "usual_minor": 10_00,
    "most_minor": 50_00,
}


def seed(amount: int) -> dict[str, Any]:
    """One place, one policy without caps, one budget of so many minor units, some customers."""
    call_command("migrate", verbosity=0)
    Company.objects.create(name="Bench")
    role = make_built_in_roles()["administrator"]
    person = Person.objects.create(name="Bench")
    Membership.objects.create(person=person, role=role)
    user = User.objects.create(person=person, login="bench")
    place = Place.objects.create(name="Rynek")
    day = today()
    open_budget(
        by=user,
        place=place,
        first_day=day - timedelta(days=2),
        last_day=day + timedelta(days=2),
        amount=Money(amount, "PLN"),
    )
    policy = write_policy(by=user, document=TERMS)
    customers = [add_customer(by=user, details=Details(f"Customer {n}")).uid for n in range(CUSTOMERS)]
    scopes = ["gesture.grant", "customer.find", "customer.read"]
    secret = make_token(by=user, title="till", scopes=scopes, days=2).secret
    named = {"person": person.key, "policy": policy.uid, "place": place.uid, "customers": customers}
    return named | {"token": secret}


def account() -> dict[str, Any]:
    """What the database holds at the end."""
    budget = Budget.objects.get()
    return {
        "database": connection.vendor,
        "amount": budget.amount_minor,
        "reserved": budget.reserved_minor,
        "spent": budget.spent_minor,
        "gestures": list(Gesture.objects.values_list("key", "uid", "cost_minor", "state")),
        "entries": list(Entry.objects.values_list("gesture__key", "kind", "amount_minor")),
        "discrepancies": [str(one) for one in proof()],
    }


if __name__ == "__main__":
    done = seed(int(sys.argv[2])) if sys.argv[1] == "seed" else account()
    print(json.dumps(done))
