"""Joining with consent, leaving; cards made, replaced and scanned."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.contacts.models import Customer, CustomerNumber
from gracja.app.contacts.services.customers.records import (
    Details,
    add_customer,
    change_customer,
    give_consent,
    withdraw_consent,
)
from gracja.app.gestures.club.models import Card, Member, Seen
from gracja.app.gestures.club.selectors.members import customer_of, member_of, require_counter
from gracja.app.gestures.club.selectors.rules import the_club
from gracja.app.gestures.club.services.levels import CARD_SYSTEM, end_membership, settle, stop_cards
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import today_here

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
_CARD_LETTERS: Final = 12  # 60 bits


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a customer agreed to: the text of this version, in this language. birthday: (month, day), given
    so that it may be used; none: it is not used.
    """

    version: int
    language: str
    birthday: tuple[int, int] | None = None


@transaction.atomic
def join_club(
    *, by: User, customer: Customer | Details, agreed: Agreed, although_known: bool = False
) -> Member:
    """Take a customer (found, or new with these details) into the club, with a card. Repeating is harmless.
    although_known: as `add_customer`, of a new one.

    Raises Refused: not_permitted, club_not_set_up, club_changed_meanwhile (another text than was agreed to
    is in force), customer_gone, customer_known, birthday_impossible (month, day).
    """
    require_counter(by)
    rules = the_club().kept
    if rules.version != agreed.version:
        raise Refused("club_changed_meanwhile")
    if isinstance(customer, Details):
        # whoever was erased and agrees to the club now is back by their own wish
        customer = add_customer(
            by=by, details=customer, although_known=although_known, back_because="own_wish"
        )
    give_consent(by=by, customer=customer, purpose="club")
    if agreed.birthday:
        change_customer(by=by, customer=customer, details=_with_birthday(customer, agreed.birthday))
    found = member_of(customer)
    if found is None:
        meanwhile = Refused("club_joined_meanwhile")
        with unless_taken(member_once=meanwhile, customer=meanwhile):
            found = Member.objects.create(
                customer=customer,
                rules=rules,
                language=agreed.language,
                taken_by=by.person,
                birthday_agreed_at=now() if agreed.birthday else None,
            )
        _make_card(found)
        audit.record("club.join", by=by, subject=("customer", customer.key), after={"version": rules.version})
    elif agreed.birthday and found.birthday_agreed_at is None:
        found.birthday_agreed_at = now()
        found.save(update_fields=("birthday_agreed_at",))
    _settled(found)
    return Member.objects.select_related("customer__merged_into", "rules", "taken_by").get(pk=found.pk)


@transaction.atomic
def leave_club(*, by: User, member: Member) -> None:
    """The member leaves: their consent is taken back, the card stops, the birthday is forgotten unless
    another consent carries it (birthdays.py). Repeating is harmless.

    Raises Refused: not_permitted.
    """
    require_counter(by)
    kept = Member.objects.select_for_update().get(pk=member.pk)
    if kept.left_at is None:
        customer = customer_of(member)
        end_membership(kept, by=by)
        withdraw_consent(by=by, customer=customer, purpose="club")
        audit.record("club.leave", by=by, subject=("customer", customer.key), after={"left": True})


@transaction.atomic
def forget_birthday(*, by: User, member: Member) -> None:
    """The member takes back that their birthday is remembered: no perk, no birthday gesture from now on, and
    the day itself is kept no longer. Repeating is harmless.

    Raises Refused: not_permitted, customer_gone.
    """
    require_counter(by)
    kept = Member.objects.select_for_update().get(pk=member.pk)
    if kept.birthday_agreed_at is None:
        return
    kept.birthday_agreed_at = None
    kept.save(update_fields=("birthday_agreed_at",))
    customer = customer_of(member)
    change_customer(by=by, customer=customer, details=_with_birthday(customer, None))
    audit.record(
        "club.birthday_withdraw", by=by, subject=("customer", customer.key), after={"birthday": False}
    )


@transaction.atomic
def replace_card(*, by: User, member: Member, lost: str) -> Card:
    """A new card; the lost one stops at once. lost: its number: sent twice, one card is made.

    Raises Refused: not_permitted, card_left.
    """
    require_counter(by)
    kept = Member.objects.select_for_update().get(pk=member.pk)
    if kept.left_at:
        raise Refused("card_left")
    now_valid = kept.cards.filter(stopped_at=None).first()
    if now_valid is not None and now_valid.number != lost:
        return now_valid
    stop_cards(kept)
    made = _make_card(kept)
    audit.record("card.replace", by=by, subject=("customer", customer_of(member).key), after={"new": True})
    return made


@transaction.atomic
def scan_card(*, by: User, given: str) -> Member:
    """Whose card it is, their level counted now.

    Raises Refused: not_permitted, club_not_set_up, card_unknown, card_stopped (at), card_left.
    """
    require_counter(by)
    the_club()
    typed = "".join(sign for sign in given.upper() if sign.isalnum())
    rows = Card.objects.select_related("member__customer__merged_into")
    card = rows.filter(number=typed).first() if typed else None
    if card is None:
        raise Refused("card_unknown")
    if card.member.left_at:
        raise Refused("card_left")
    if card.stopped_at:
        raise Refused("card_stopped", at=card.stopped_at.date().isoformat())
    member = card.member
    if not customer_of(member).consents.filter(purpose="club", withdrawn_at=None).exists():
        raise Refused("card_left")  # consent was taken back elsewhere
    return _settled(member)


@transaction.atomic
def note_visit(*, by: User, member: Member) -> bool:
    """The member is here today; whether this call noted it. Once a day, however often it is sent.

    Raises Refused: not_permitted, card_left.
    """
    require_counter(by)
    kept = Member.objects.select_for_update().get(pk=member.pk)
    if kept.left_at:
        raise Refused("card_left")
    _, made = Seen.objects.get_or_create(member=kept, day=today_here())
    if made:
        audit.record("club.visit", by=by, subject=("customer", customer_of(member).key), after={"seen": True})
        _settled(member)
    return made


def _settled(member: Member) -> Member:
    # locked: the daily count may be under way
    kept = Member.objects.select_for_update(of=("self",)).select_related("customer__merged_into")
    locked = kept.get(pk=member.pk)
    settle([locked], the_club().document)
    return locked


def _make_card(member: Member) -> Card:
    """The card. Tills and files of purchases know the customer by its number, while it works."""
    number = "".join(secrets.choice(LETTERS) for _ in range(_CARD_LETTERS))
    CustomerNumber.objects.create(customer=customer_of(member), system=CARD_SYSTEM, value=number)
    return Card.objects.create(member=member, number=number)


def _with_birthday(customer: Customer, birthday: tuple[int, int] | None) -> Details:
    return Details(
        name=customer.name,
        phone=customer.phone,
        email=customer.email,
        language=customer.language,
        birthday=birthday,
    )
