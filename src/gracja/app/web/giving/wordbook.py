"""Gestures in words: what a code gives, what becomes of a gesture, why something was refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gracja.app.common.money import Money, money
from gracja.app.common.refused import Refused
from gracja.app.gestures.terms import Discount, TermsDocument
from gracja.app.web.templatetags.words import day, local, percent, reader
from gracja.wording import say
from gracja.wording.refusals import say_refusal

STATES: Final = {
    "asked": gettext_lazy("waits for a second person"),
    "reserved": gettext_lazy("granted, not given yet"),
    "committed": gettext_lazy("given"),
    "released": gettext_lazy("taken back or refused"),
    "expired": gettext_lazy("run out unused"),
}
NOTHING: Final = {
    "gesture_forbidden": gettext_lazy(
        "Your standards forbid gestures here. Good service is what you give; a remedy for a failure is "
        "always open."
    ),
    "no_budget": gettext_lazy("There is no budget for gestures at this place today."),
    "over_budget": gettext_lazy("The budget does not suffice for what could be given. Nothing was promised."),
    "nothing_open": gettext_lazy("No gesture is open to this customer now."),
}
_AMOUNT: Final = re.compile(r"^(\d+(?:\.\d+)?) ([A-Z]{3})$")
_DAY: Final = re.compile(r"^\d{4}-\d\d-\d\d")


def amount(given: Money) -> str:
    return given.in_words(reader())


def kind_in_words(kind: str) -> str:
    return say(f"kind_{kind}", reader(), area="gesture")


def discount_in_words(discount: Discount, currency: str) -> str:
    """`10% off a purchase from 50.00 zł`."""
    off = (
        percent(discount.percent / 100)
        if discount.percent is not None
        else amount(Money(discount.amount_minor or 0, currency))
    )
    facts = {"off": off, "above": amount(Money(discount.above_minor, currency))}
    if discount.goods is None:
        if discount.above_minor:
            return _("%(off)s off a purchase from %(above)s") % facts
        return _("%(off)s off the purchase") % facts
    goods = discount.goods if isinstance(discount.goods, str) else dict(discount.goods)
    facts["goods"] = local(goods)
    if discount.above_minor:
        return _("%(off)s off %(goods)s, in a purchase from %(above)s") % facts
    return _("%(off)s off %(goods)s") % facts


def what_it_is(terms: TermsDocument) -> str:
    """The line under a gesture's title: its kind, or what its code takes off."""
    if terms.discount is not None:
        return discount_in_words(terms.discount, terms.currency)
    return kind_in_words(terms.kind)


def title_of(terms: TermsDocument) -> str:
    return local(terms.title if isinstance(terms.title, str) else dict(terms.title))


def why_refused(refused: Refused) -> str:
    """The sentence of a refusal, amounts and days as the reader's language writes them."""
    facts = {name: _written(name, value) for name, value in refused.facts.items()}
    return say_refusal(refused.code, reader(), **facts)


def _written(name: str, value: Any) -> Any:
    if name == "state":
        return STATES.get(value, value)
    if isinstance(value, str) and (found := _AMOUNT.match(value)):
        return amount(money(found[1], found[2]))
    if isinstance(value, str) and _DAY.match(value):
        return day(date.fromisoformat(value[:10]))
    return value
