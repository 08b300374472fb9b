"""Levels brought up to date: up at once, down only after the day to which the level was promised."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.contacts.models import Consent, CustomerNumber
from gracja.app.gestures.club.models import Member
from gracja.app.gestures.club.rules import ClubDocument, end_of_month
from gracja.app.gestures.club.selectors.counting import counted
from gracja.app.gestures.club.selectors.members import customer_of
from gracja.app.gestures.club.selectors.rules import club_in_force
from gracja.app.gestures.club.services.birthdays import leave_with_birthday
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import today_here

CARD_SYSTEM: Final = "club"  # as which a card's number stands among the customer's numbers
_AT_ONCE: Final = 500


def update_levels() -> int:
    """Every member's level, as of today; how many changed. Whoever took consent back is a member no longer.
    Harmless to repeat: the worker does it daily.
    """
    club = club_in_force()
    _end_without_consent()
    last, changed = 0, 0
    while club is not None:
        with transaction.atomic():
            some = list(
                Member.objects.select_for_update(of=("self",))
                .filter(left_at=None, pk__gt=last)
                .select_related("customer__merged_into")
                .order_by("pk")[:_AT_ONCE]
            )
            if not some:
                break
            changed += settle(some, club.document)
        last = some[-1].pk
    return changed


def settle(members: Collection[Member], rules: ClubDocument) -> int:
    """The levels of these members, locked by the caller; how many changed."""
    day, counts = today_here(), counted(members, rules)
    noted: list[AuditEntry] = []
    touched = []
    for member in members:
        before = (member.level, member.level_since, member.holds_until)
        _move(member, rules.rung(counts[member.pk]), len(rules.levels), rules.keep_months, day)
        if before != (member.level, member.level_since, member.holds_until):
            touched.append(member)
        if before[0] != member.level:
            up = member.level > before[0]
            noted.append(
                audit.entry(
                    "club.level_up" if up else "club.level_down",
                    by=None,
                    subject=("customer", customer_of(member).key),
                    before={"level": before[0]},
                    after={"level": member.level},
                )
            )
    Member.objects.bulk_update(touched, ("level", "level_since", "holds_until"))
    audit.record_all(noted)
    return len(noted)


def end_membership(member: Member, *, by: User | None = None) -> None:
    """They are in the club no longer, their card stops, and their birthday is forgotten (birthdays.py). by:
    none where their consent was taken back elsewhere.
    """
    member.left_at = now()
    member.save(update_fields=("left_at",))
    stop_cards(member)
    leave_with_birthday(by=by, member=member)


def stop_cards(member: Member) -> None:
    """The card works no longer: neither here, nor as the customer's number at tills and in files."""
    working = member.cards.filter(stopped_at=None)
    numbers = list(working.values_list("number", flat=True))
    working.update(stopped_at=now())
    CustomerNumber.objects.filter(system=CARD_SYSTEM, value__in=numbers).delete()


@transaction.atomic
def _end_without_consent() -> None:
    """Consent may be taken back on the customer's page, which knows no club."""
    given = Consent.objects.filter(purpose="club", withdrawn_at=None, customer=OuterRef("owner"))
    owner = Coalesce("customer__merged_into", "customer")
    gone = Member.objects.filter(left_at=None).annotate(owner=owner).filter(~Exists(given))
    for member in gone:
        end_membership(member)


def _move(member: Member, deserved: int, top: int, keep_months: int, day: date) -> None:
    held = min(member.level, top)  # rules that lost a level leave its members at the top
    promised = member.holds_until or day
    if deserved > held or (deserved < held and day > promised):
        member.level, member.level_since = deserved, day
        member.holds_until = end_of_month(day, keep_months) if deserved else None
    elif deserved == held and held:
        member.level, member.holds_until = held, max(promised, end_of_month(day, keep_months))
