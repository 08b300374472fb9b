"""The club: who is in it, their card, level and perks, and the gifts they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.customer_shapes import BirthdayGiven
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Day, Given, Moment, Page, Text, Uid, UidInPath
from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.customers import customer_for, keys_of
from gracja.app.gestures.club.selectors.members import card_of, customer_of, member_for, standing
from gracja.app.gestures.club.selectors.rules import club
from gracja.app.gestures.club.services.members import Agreed, join_club, leave_club, note_visit, scan_card
from gracja.app.gestures.selectors.of_customer import gestures_of
from gracja.engine.edition.texts import LocalText, in_language

if TYPE_CHECKING:
    from gracja.app.gestures.club.models import Member
    from gracja.app.gestures.club.rules import Level
    from gracja.app.gestures.models import Gesture

router = Router()


class LevelOut(Schema):
    """A level of the club."""

    title: str
    start_at: int = Field(description="So many visits, or so much spent in minor units, within the window.")
    perks: list[str]


class ClubOut(Schema):
    """The rules in force, and the text that a customer agrees to when they join."""

    version: int = Field(description="What `POST /club/members` names.")
    title: str
    counts: Literal["visits", "purchases"]
    currency: str
    window_months: int
    levels: list[LevelOut]
    consent: str = Field(description="In the language of `Accept-Language`, as every text here.")


class MemberOut(Schema):
    """A customer in the club, and what they are entitled to today."""

    uid: Uid
    customer: Uid
    joined_at: Moment
    left_at: Moment | None
    card: str | None = Field(description="The number of the card that works; null for whoever left.")
    agreed_version: int
    birthday_agreed: bool
    level: LevelOut | None = Field(description="Null: none yet, or left.")
    holds_until: Day | None = Field(description="To this day the level is theirs whatever they buy.")
    counted: int = Field(description="Visits, or spent in minor units, within the window.")
    next: LevelOut | None
    still: int = Field(description="What the next level needs.")
    birthday_perk: str | None = Field(description="Only around their birthday, and where they agreed to it.")


class GiftOut(Schema):
    """A gift that the customer was given, or that waits for them."""

    uid: Uid = Field(description="Of the gesture.")
    place: Uid
    state: str
    made_at: Moment
    cost_minor: int
    currency: str


class VisitNoted(Schema):
    noted: bool = Field(description="False: it was noted before today.")


class JoiningGiven(Given):
    """A customer who agreed to the club's text, as it was shown."""

    customer: Uid = Field(description="The `uid` of the customer.")
    version: int = Field(
        ge=1, description="Of the rules whose text they agreed to: `version` of `GET /club`."
    )
    language: Literal["pl", "en"] = Field(description="In which the text was shown.")
    birthday: BirthdayGiven | None = Field(
        None, description="Only where they agreed that it is used; left out, it is not."
    )


class CardGiven(Given):
    card: Text = Field(min_length=1, max_length=60, description="As scanned or typed; hyphens do no harm.")


@reads(router, "/club", scope="customer.find", response=ClubOut, also=(409,))
def get_club(request: Called) -> Any:
    """The club's rules in force."""
    found = club(by=request.auth)
    if found is None:
        raise Refused("club_not_set_up")
    rules = found.document
    return {
        "version": found.kept.version,
        "title": _said(rules.title),
        "counts": rules.counts,
        "currency": rules.currency,
        "window_months": rules.window_months,
        "levels": [_level(one) for one in rules.levels],
        "consent": _said(rules.consent),
    }


@writes(router, "POST", "/club/members", scope="customer.find", response={200: MemberOut}, also=(404,))
def join(request: Called, given: JoiningGiven) -> Any:
    """Take a customer into the club, with a card. Again is harmless: they are a member once."""
    try:
        customer = customer_for(by=request.auth, uid=given.customer)
    except ObjectDoesNotExist:
        raise Http404 from None
    birthday = (given.birthday.month, given.birthday.day) if given.birthday else None
    agreed = Agreed(given.version, given.language, birthday)
    return _member(join_club(by=request.auth, customer=customer, agreed=agreed))


@writes(router, "POST", "/club/cards/scan", scope="customer.find", response={200: MemberOut})
def scan(request: Called, given: CardGiven) -> Any:
    """Whose card it is, with their level as it is now. A write: a level that was reached is noted."""
    return _member(scan_card(by=request.auth, given=given.card))


@reads(router, "/club/members/{uid}", scope="customer.find", response=MemberOut, also=(409,))
def get_member(request: Called, uid: UidInPath) -> Any:
    """A member, also one who left."""
    return _member(member_for(by=request.auth, uid=uid))


@writes(router, "POST", "/club/members/{uid}/leave", scope="customer.find", response={200: MemberOut})
def leave(request: Called, uid: UidInPath) -> Any:
    """The member leaves: their consent is taken back and the card stops. Again is harmless."""
    leave_club(by=request.auth, member=member_for(by=request.auth, uid=uid))
    return _member(member_for(by=request.auth, uid=uid))


@writes(router, "POST", "/club/members/{uid}/visits", scope="customer.find", response={200: VisitNoted})
def note(request: Called, uid: UidInPath) -> Any:
    """The member is here today. Once a day, however often it is sent."""
    return {"noted": note_visit(by=request.auth, member=member_for(by=request.auth, uid=uid))}


@reads(router, "/club/members/{uid}/gifts", scope="customer.read", response=Page[GiftOut])
def list_gifts(request: Called, uid: UidInPath, paging: Query[Paging]) -> Any:
    """The gifts of a member, newest first, under all records of theirs that were joined."""
    customer = customer_of(member_for(by=request.auth, uid=uid))
    gifts = gestures_of(by=request.auth, keys=keys_of(customer)).filter(terms__policy__kind="gift")
    page = page_of_rows(gifts, paging, newest_first=True)
    return page | {"items": [_gift(one) for one in page["items"]]}


def _gift(one: Gesture) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "place": one.place.uid,
        "state": one.state,
        "made_at": one.made_at,
        "cost_minor": one.cost_minor,
        "currency": one.currency,
    }


def _said(text: LocalText) -> str:
    return in_language(text, (get_language() or settings.LANGUAGE_CODE)[:2])


def _level(one: Level) -> dict[str, Any]:
    return {"title": _said(one.title), "start_at": one.start_at, "perks": [_said(perk) for perk in one.perks]}


def _member(one: Member) -> dict[str, Any]:
    """Raises Refused: club_not_set_up."""
    now = standing(one)
    there, card = one.left_at is None, card_of(one)
    return {
        "uid": one.uid,
        "customer": customer_of(one).uid,
        "joined_at": one.joined_at,
        "left_at": one.left_at,
        "card": card.grouped if card else None,
        "agreed_version": one.rules.version,
        "birthday_agreed": one.birthday_agreed_at is not None,
        "level": _level(now.level) if now.level and there else None,
        "holds_until": one.holds_until if there else None,
        "counted": now.counted,
        "next": _level(now.next) if now.next and there else None,
        "still": now.still if there else 0,
        "birthday_perk": _said(now.birthday) if now.birthday and there else None,
    }
