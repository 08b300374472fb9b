"""A member's birthday: remembered as agreed, and forgotten when they leave.

The stated rule of leaving: the day is deleted, unless the customer agrees to calls or to cards at that
moment; those consents carry a greeting of their own.
"""

from __future__ import annotations

from calendar import monthrange
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import consents_of
from gracja.app.contacts.services.customers.records import locked
from gracja.app.gestures.club.models import Member
from gracja.app.gestures.club.selectors.members import customer_of, require_counter
from gracja.app.organisation.models import User

CARRY: Final = frozenset(("call", "card"))  # consents that a birthday is of use to
_LEAP: Final = 2028


@transaction.atomic
def agree_birthday(*, by: User, member: Member, birthday: tuple[int, int]) -> Member:
    """The member agrees that this day (month, day) is remembered. The same again changes nothing; another
    day replaces it.

    Raises Refused: not_permitted, card_left (they are in the club no longer), customer_gone,
    birthday_impossible (month, day).
    """
    require_counter(by)
    month, day = birthday
    if not (1 <= month <= 12 and 1 <= day <= monthrange(_LEAP, month)[1]):
        raise Refused("birthday_impossible", month=month, day=day)
    kept = Member.objects.select_for_update().get(pk=member.pk)
    if kept.left_at:
        raise Refused("card_left")
    customer = locked(customer_of(member))
    if kept.birthday_agreed_at and (customer.birthday_month, customer.birthday_day) == birthday:
        return kept
    kept.birthday_agreed_at = kept.birthday_agreed_at or now()
    kept.save(update_fields=("birthday_agreed_at",))
    customer.birthday_month, customer.birthday_day = birthday
    customer.save(update_fields=("birthday_month", "birthday_day"))
    audit.record("club.birthday_agree", by=by, subject=("customer", customer.key), after={"birthday": True})
    return kept


def leave_with_birthday(*, by: User | None, member: Member) -> None:
    """Forget the day of somebody who leaves, by the rule above; in the caller's transaction. by: none where
    their consent was taken back elsewhere.
    """
    member.birthday_agreed_at = None
    member.save(update_fields=("birthday_agreed_at",))
    customer = Customer.objects.select_for_update().get(pk=customer_of(member).pk)
    if customer.birthday_month is None:
        return
    carried = sorted(consents_of(customer) & CARRY)
    if not carried:
        customer.birthday_month = customer.birthday_day = None
        customer.save(update_fields=("birthday_month", "birthday_day"))
    audit.record(
        "club.birthday_leave",
        by=by,
        subject=("customer", customer.key),
        after={"birthday": bool(carried), "carried_by": carried},
    )
