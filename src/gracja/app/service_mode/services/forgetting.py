"""What was recorded of advice keeps neither a person's name nor a customer's contact; keys of panels go."""

from __future__ import annotations

from collections.abc import Iterable

from gracja.app.common.names import Names
from gracja.app.organisation.models import Person
from gracja.app.service_mode.models import Advised, PanelKey


def forget_person(person: Person, names: Names) -> None:
    """Records lead to the person no longer, contacts that name them are masked, and their keys are gone."""
    PanelKey.objects.filter(person=person).delete()
    for key in PanelKey.objects.all():
        if names.stand_in(key.title):
            PanelKey.objects.filter(pk=key.pk).update(title=names.masked(key.title)[:80])
    Advised.objects.filter(person=person).update(person=None)
    _mask_contacts(names)


def forget_customers(keys: Iterable[str], names: Names) -> None:
    """What was advised stays as a situation; whose it was, and in which contact, does not, by whatever name
    a program sent. Contacts of others that name them are masked.
    """
    called = {*keys, *names.called, *names.known_as, *names.codes}
    Advised.objects.filter(customer_key__in=called).update(customer_key="", contact="")
    _mask_contacts(names)


def _mask_contacts(names: Names) -> None:
    for pk, contact in Advised.objects.exclude(contact="").values_list("pk", "contact").iterator():
        if names.stand_in(contact):
            Advised.objects.filter(pk=pk).update(contact=names.masked(contact)[:200])
