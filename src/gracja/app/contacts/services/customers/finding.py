"""A customer found at the counter by what they say of themselves: noted, and not without end."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors import customers
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import Person, User

MOST: Final = 30  # in a minute: no counter serves so many, and who tries numbers one by one needs more
MINUTE: Final = timedelta(minutes=1)


@transaction.atomic
def find_customer(*, by: User, given: str) -> Customer | None:
    """As `selectors.customers.find_customer`. Who looked, and whom they found, is written down; what they
    typed is not.

    Raises Refused: not_permitted, customer_looked_for_too_often (most).
    """
    if not may_somewhere(by, "customer.find"):
        raise Refused("not_permitted", permission="customer.find")
    # locked: two tabs at once are counted one after the other
    Person.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    lately = AuditEntry.objects.filter(
        by_key=by.person.key, action="customer.find", at__gt=now() - MINUTE
    ).count()
    if lately >= MOST:
        raise Refused("customer_looked_for_too_often", most=MOST)
    found = customers.find_customer(by=by, given=given)
    # A row for each search, not a count for each person and day: it alone answers a customer who asks who
    # looked them up and when, and nobody alters a row of the log, so none could be counted up. The log gains
    # one short row for each customer served, as the purchases do.
    audit.record(
        "customer.find",
        by=by,
        subject=("customer", found.key if found else ""),
        after={"found": found is not None},
    )
    return found
