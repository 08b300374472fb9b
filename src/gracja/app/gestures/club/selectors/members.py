"""Members as the counter may see them: what they are entitled to, and no more of who they are than needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import Http404

from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.gestures.club.models import Card, Member, Seen
from gracja.app.gestures.club.rules import ClubDocument, Level, near_birthday
from gracja.app.gestures.club.selectors.counting import counted
from gracja.app.gestures.club.selectors.rules import the_club
from gracja.app.gestures.models import Policy, Terms
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.organisation.selectors.company import today_here
from gracja.engine.edition.texts import LocalText


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands today. level: null, none yet. after: the level that what counts today deserves,
    where it is lower than theirs. still: what the next level needs. goes_by: rules of the level's gesture.
    """

    member: Member
    rules: ClubDocument
    level: Level | None
    counted: int
    after: Level | None
    falls: bool
    next: Level | None
    still: int
    birthday: LocalText | None
    policy: LocalText | None
    here_today: bool
    day: date


def member_for(*, by: User, uid: str) -> Member:
    """One member, also one who left. Raises Http404, Refused: not_permitted."""
    require_counter(by)
    rows = Member.objects.select_related("customer__merged_into", "rules", "taken_by")
    if (found := rows.filter(uid=uid).first()) is None:
        raise Http404
    return found


def member_of(customer: Customer) -> Member | None:
    """The membership of a customer, under whichever of their records; the oldest, where two were joined."""
    rows = Member.objects.select_related("customer__merged_into", "rules", "taken_by")
    return rows.filter(of(customer), left_at=None).first()


def of(customer: Customer) -> Q:
    """A filter on Member: of this customer, under any of their records."""
    return Q(customer=customer) | Q(customer__merged_into=customer)


def customer_of(member: Member) -> Customer:
    """Whose membership it is now: the record that theirs was merged into."""
    return member.customer.merged_into or member.customer


def card_of(member: Member) -> Card | None:
    """The card that works."""
    return member.cards.filter(stopped_at=None).first()


def standing(member: Member) -> Standing:
    """Where they stand, counted now. Raises Refused: club_not_set_up."""
    rules, day = the_club().document, today_here()
    counts = counted([member], rules)[member.pk]
    rung = min(member.level, len(rules.levels))
    level, deserved = rules.level(rung), rules.rung(counts)
    above = rules.levels[rung] if rung < len(rules.levels) else None
    return Standing(
        member=member,
        rules=rules,
        level=level,
        counted=counts,
        after=rules.level(deserved),
        falls=deserved < rung,
        next=above,
        still=max(0, above.start_at - counts) if above else 0,
        birthday=_birthday(member, rules, day),
        policy=_policy(level),
        here_today=Seen.objects.filter(member=member, day=day).exists(),
        day=day,
    )


def how_many(*, by: User) -> dict[int, int]:
    """Level -> how many members hold it. Raises Refused: not_permitted."""
    require_counter(by)
    rows = Member.objects.filter(left_at=None, customer__erased_at=None).order_by()
    return dict(rows.values_list("level").annotate(n=Count("pk")))


def require_counter(by: User) -> None:
    """A customer belongs to no place: whoever serves anywhere may serve a member. Raises Refused:
    not_permitted.
    """
    if not may_somewhere(by, "customer.find"):
        raise Refused("not_permitted", permission="customer.find")


def _birthday(member: Member, rules: ClubDocument, day: date) -> LocalText | None:
    """What they get around their birthday; only where they agreed that it is used."""
    customer = customer_of(member)
    if rules.birthday is None or member.birthday_agreed_at is None:
        return None
    if customer.birthday_month is None or customer.birthday_day is None:
        return None
    near = near_birthday(day, customer.birthday_month, customer.birthday_day, rules.birthday)
    return rules.birthday.perk if near else None


def _policy(level: Level | None) -> LocalText | None:
    """What the gesture of a level is called, while it is open."""
    if level is None or not level.policy:
        return None
    terms = Terms.objects.filter(policy__uid=level.policy, policy__closed_at=None).first()
    title: LocalText | None = terms.document["title"] if terms else None
    return title


def policies_to_link(*, by: User) -> list[tuple[str, LocalText]]:
    """Open policies: uid, title. Raises Refused: not_permitted."""
    require_counter(by)
    rows = Policy.objects.filter(closed_at=None).prefetch_related("versions")
    return [(one.uid, one.versions.all()[0].document["title"]) for one in rows]
