"""What the pages of gestures show: offers, gestures, codes, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import segno
from django.utils.safestring import SafeString, mark_safe

from gracja.app.common.money import Money
from gracja.app.gestures.selectors.given import Shown
from gracja.app.gestures.selectors.offers import Offer, Offers
from gracja.app.web.giving import wordbook

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer


@dataclass(frozen=True, slots=True)
class Tile:
    """An offer to tap."""

    policy: str
    title: str
    line: str
    cost: str
    waits: bool


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


def offers_shown(found: Offers) -> dict[str, Any]:
    return {
        "tiles": [_tile(one) for one in found.offers],
        "left": wordbook.amount(found.left) if found.left else "",
        "nothing": wordbook.NOTHING.get(found.nothing, ""),
        "varies": any(one.terms.most_minor > one.terms.usual_minor for one in found.offers),
    }


def row_of(shown: Shown) -> Row:
    gesture, terms = shown.gesture, shown.terms
    spent = gesture.spent_minor
    return Row(
        shown,
        wordbook.title_of(terms),
        wordbook.what_it_is(terms),
        wordbook.amount(gesture.cost),
        "" if spent is None else wordbook.amount(Money(spent, gesture.currency)),
        str(wordbook.STATES[gesture.state]),
        shown.customer,
    )


def _tile(offer: Offer) -> Tile:
    return Tile(
        offer.policy.uid,
        wordbook.title_of(offer.terms),
        wordbook.what_it_is(offer.terms),
        wordbook.amount(offer.cost),
        offer.waits,
    )
