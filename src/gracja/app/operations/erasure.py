"""Erasing a person everywhere: each word forgets its own, in one transaction."""

from __future__ import annotations

from functools import partial

from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from gracja.app.common.erasures import Erasures
from gracja.app.common.names import Names
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services import forgetting as contacts
from gracja.app.contacts.services.customers import erasing
from gracja.app.contacts.services.customers.files import forgetting as purchase_files
from gracja.app.contacts.services.customers.suppressing import suppress_again
from gracja.app.gestures.calls.services import forgetting as calls
from gracja.app.gestures.calls.services.locking import lock_calls_of
from gracja.app.gestures.club.services import forgetting as club
from gracja.app.gestures.recovery.services import forgetting as recovery
from gracja.app.gestures.services import forgetting as gestures
from gracja.app.measurement.services import forgetting as measurement
from gracja.app.observations.services import forgetting as observations
from gracja.app.organisation.models import Person, User
from gracja.app.organisation.services import people
from gracja.app.service_mode.services import forgetting as service_mode
from gracja.app.standards.services import forgetting as standards
from gracja.app.tokens.services import forgetting as tokens


def pseudonymise_person(*, by: User, person: Person) -> None:
    """Erase who they are, for ever, wherever their name was written; out of the archive in the background.
    Results and log keep the key, which names nobody. Repeating is harmless.

    Raises Refused: not_permitted, above_you, last_administrator; erasure_waits (files are being put in, or
    something is being measured: they could write the name again).
    """
    people.pseudonymise_person(by=by, person=person, forget=_forget_while_nothing_is_written)
    _leave_nothing_behind()


def erase_again(since: Erasures) -> tuple[int, int]:
    """After a restore: erase anew whoever was erased since the backup was made, and keep away whom the backup
    never knew. How many were erased, and how many marks are new to it.
    """
    back = people.erase_again(since.keys, forget=partial(_forget, at_once=True))
    back += erasing.erase_customers_again(since.keys, forget=_forget_customers)
    new = suppress_again(since.marks)
    _leave_nothing_behind()
    return back, new


def erase_customer(*, by: User, customer: Customer) -> None:
    """Erase who a customer is, for ever; their open gestures give their money back. Repeating is harmless.

    Raises Refused: not_permitted, customer_gone, erasure_waits (files are being put in: they could write the
    customer's number again).
    """
    with transaction.atomic():
        lock_calls_of(customer)  # before the customer's own row, as everybody who makes contacts does
        erasing.erase_customer(by=by, customer=customer, forget=_forget_customers_while_nothing_comes_in)
    _leave_nothing_behind()


def _forget_while_nothing_is_written(person: Person, names: Names) -> None:
    files = contacts.uploads_under_way() or purchase_files.imports_under_way()
    if files or observations.imports_under_way() or measurement.run_under_way():
        raise Refused("erasure_waits")
    _forget(person, names, at_once=False)


def _forget_customers_while_nothing_comes_in(keys: list[str], names: Names) -> None:
    if contacts.uploads_under_way() or purchase_files.imports_under_way():
        raise Refused("erasure_waits")
    _forget_customers(keys, names)


def _forget_customers(keys: list[str], names: Names) -> None:
    gestures.forget_customers(keys)
    gestures.forget_names(names)
    club.forget_customers(keys)
    recovery.forget_customers(keys)
    recovery.forget_names(names)
    calls.forget_customers(keys)
    calls.forget_names(names)
    uids = list(Customer.objects.filter(key__in=keys).values_list("uid", flat=True))
    service_mode.forget_customers([*keys, *uids], names)
    measurement.forget_visits(observations.forget_visits_of(names))
    purchase_files.forget_names(names)
    tokens.forget_customers(uids, names)


@transaction.atomic
def _forget(person: Person, names: Names, *, at_once: bool) -> None:
    tokens.forget_person(person, names)
    standards.forget_person(names)
    contacts.forget_person(person, names, at_once=at_once)
    purchase_files.forget_names(names)
    renamed = observations.forget_person(person, names)
    measurement.forget_person(names, renamed)
    service_mode.forget_person(person, names)
    gestures.forget_names(names)
    recovery.forget_names(names)
    calls.forget_names(names)
    # a task that broke may have been told the name by the database
    broke = DBTaskResult.objects.exclude(traceback="").values_list("pk", "traceback")
    DBTaskResult.objects.filter(pk__in=[pk for pk, said in broke if names.stand_in(said)]).delete()


def _leave_nothing_behind() -> None:
    """SQLite overwrites what is deleted (settings), but its log of pages holds the old ones until now."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
