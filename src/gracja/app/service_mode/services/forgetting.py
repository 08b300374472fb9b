"""What was recorded of advice keeps neither a person's name nor a customer's contact."""

from __future__ import annotations

from collections.abc import Iterable

from gracja.app.common.names import Names
from gracja.app.organisation.models import Person
from gracja.app.service_mode.models import Advised


def forget_person(person: Person, names: Names) -> None:
    """Records lead to the person no longer, and contacts that name them are masked."""
    Advised.objects.filter(person=person).update(person=None)
    for pk, contact in Advised.objects.exclude(contact="").values_list("pk", "contact"):
        if names.stand_in(contact):
            Advised.objects.filter(pk=pk).update(contact=names.masked(contact)[:200])


def forget_customers(keys: Iterable[str]) -> None:
    """What was advised stays as a situation; whose it was, and in which contact, does not."""
    Advised.objects.filter(customer_key__in=list(keys)).update(customer_key="", contact="")
