"""What the pages of gestures show: offers, gestures, codes, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import segno
from django.utils.safestring import SafeString, mark_safe

from gracja.app.common.money import Money
from gracja.app.gestures.club.selectors.stock import OnShelf, gifts_of_policies
from gracja.app.gestures.selectors.given import Shown
from gracja.app.gestures.selectors.offers import Offer, Offers
from gracja.app.web.giving import wordbook
from gracja.app.web.templatetags.words import local

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer
    from gracja.app.organisation.models import Place


@dataclass(frozen=True, slots=True)
class Tile:
    """An offer to tap; of a policy with gifts on the place's shelf, one of them. choice: what is sent."""

    choice: str
    title: str
    line: str
    cost: str
    waits: bool
    left: int | None = None  # on the shelf


@dataclass(frozen=True, slots=True)
class Row:
    """A gesture as its reader sees it."""

    shown: Shown
    title: str
    line: str
    cost: str
    spent: str
    state: str
    customer: Customer | None

    @property
    def uid(self) -> str:
        return self.shown.gesture.uid

    @property
    def qr(self) -> SafeString:
        """The code to scan: letters and digits only, nobody's name."""
        plain = self.shown.code.replace(" ", "")
        drawn = segno.make(plain, error="m", micro=False).svg_inline(scale=5, border=2, omitsize=True)
        return mark_safe(drawn)  # noqa: S308  (drawn here, of letters and digits)


def offers_shown(found: Offers, place: Place) -> dict[str, Any]:
    """gone: titles of policies whose gifts are all given out here."""
    shelves = gifts_of_policies(place, [one.policy.pk for one in found.offers])
    plain = [one for one in found.offers if one.policy.pk not in shelves]
    kept = [(one, there) for one in found.offers if (there := shelves.get(one.policy.pk))]
    gifts = [(one, each) for one, there in kept for each in there if each.balance]
    return {
        "tiles": [*(_gift_tile(*one) for one in gifts), *(_tile(one) for one in plain)],
        "gone": [
            wordbook.title_of(one.terms) for one, there in kept if not any(each.balance for each in there)
        ],
        "left": wordbook.amount(found.left) if found.left else "",
        "nothing": wordbook.NOTHING.get(found.nothing, ""),
        "varies": any(one.terms.most_minor > one.terms.usual_minor for one in plain),
    }


def row_of(shown: Shown) -> Row:
    gesture, terms = shown.gesture, shown.terms
    spent = gesture.spent_minor
    gift = shown.gift
    return Row(
        shown,
        local(gift.title) if gift else wordbook.title_of(terms),
        wordbook.title_of(terms) if gift else wordbook.what_it_is(terms),
        wordbook.amount(gesture.cost),
        "" if spent is None else wordbook.amount(Money(spent, gesture.currency)),
        str(wordbook.STATES[gesture.state]),
        shown.customer,
    )


def _gift_tile(offer: Offer, on_shelf: OnShelf) -> Tile:
    gift, limit = on_shelf.gift, offer.terms.approve_above_minor
    return Tile(
        f"{offer.policy.uid}.{gift.uid}",
        local(gift.title),
        wordbook.title_of(offer.terms),
        wordbook.amount(gift.value),
        limit is not None and gift.value_minor > limit,
        on_shelf.balance,
    )


def _tile(offer: Offer) -> Tile:
    return Tile(
        offer.policy.uid,
        wordbook.title_of(offer.terms),
        wordbook.what_it_is(offer.terms),
        wordbook.amount(offer.cost),
        offer.waits,
    )
