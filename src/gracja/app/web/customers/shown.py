"""What services tell of a customer, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gracja.app.common.money import Money
from gracja.app.contacts.selectors.value import NotMeasured, Value
from gracja.engine.edition.texts import in_language
from gracja.report import words

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer
    from gracja.app.contacts.selectors.merging import Preview, Side
    from gracja.app.gestures.models import Gesture

KINDS: Final[dict[str, Any]] = {
    "gift": gettext_lazy("gift"),
    "discount": gettext_lazy("discount"),
    "covered_cost": gettext_lazy("covered cost"),
    "personal_contact": gettext_lazy("personal contact"),
}
STATES: Final[dict[str, Any]] = {
    "asked": gettext_lazy("waits for a second person"),
    "reserved": gettext_lazy("granted, not used yet"),
    "committed": gettext_lazy("given"),
    "released": gettext_lazy("given back"),
    "expired": gettext_lazy("not used in time"),
}
PURPOSES: Final[dict[str, Any]] = {
    "club": gettext_lazy("the club"),
    "call": gettext_lazy("telephone calls"),
    "card": gettext_lazy("cards and letters"),
    "study": gettext_lazy("surveys and studies"),
}
NUMBERS: Final[dict[str, Any]] = {
    "till": gettext_lazy("Number at the till"),
    "club": gettext_lazy("Club card"),
}
_WIDE: Final = 1.08  # the axis ends a little after what is on it


@dataclass(frozen=True, slots=True)
class Given:
    """A gesture on the customer's page."""

    gesture: Gesture
    title: str
    kind: Any
    state: Any
    cost: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Places on the axis as SVG lengths, and the axis's end in words. usual: None where it is not known."""

    low: str
    high: str
    at: str
    usual: str | None
    end: str


@dataclass(frozen=True, slots=True)
class Valued:
    """The sentence first; mark and details where it is measured."""

    sentence: str
    why: str = ""
    mark: Mark | None = None
    label: str = ""
    spend: str = ""
    usual: str = ""
    never: str = ""


def number_of(system: str) -> str:
    """What a number of this system is called: those that Gracja knows in words, others by their name."""
    if system in NUMBERS:
        return str(NUMBERS[system])
    return _("Number (%(system)s)") % {"system": system}


def called(one: Customer) -> str:
    """The name, or the beginning of the key: a pseudonym that says nothing."""
    return one.name or _("without a name (%(key)s)") % {"key": one.key[:6]}


def given(gesture: Gesture, language: str) -> Given:
    """A gesture with its title as its terms have it."""
    document = gesture.terms.document
    spent = gesture.cost_minor if gesture.spent_minor is None else gesture.spent_minor
    return Given(
        gesture,
        in_language(document["title"], language) if document.get("title") else "",
        KINDS[gesture.terms.policy.kind],
        STATES[gesture.state],
        Money(spent, gesture.currency).in_words(language),
    )


def valued(value: Value | NotMeasured, language: str) -> Valued:
    """What a customer is likely to buy in a year, in a sentence and on an axis."""
    if isinstance(value, NotMeasured):
        return Valued(_("What this customer will buy in a year is not measured."), _why(value, language))
    spend, low, high = (one.about_in_words(language) for one in (value.spend, value.low, value.high))
    sentence = _("In the next 12 months: about %(spend)s, most likely between %(low)s and %(high)s.") % {
        "spend": spend,
        "low": low,
        "high": high,
    }
    times = ngettext(
        "That is about %(times)s day with a purchase (%(low)s–%(high)s).",
        "That is about %(times)s days with a purchase (%(low)s–%(high)s).",
        round(value.times),
    ) % {
        "times": words.number(round(value.times, 1), language),
        "low": value.times_low,
        "high": value.times_high,
    }
    usual = value.usual.about_in_words(language) if value.usual else ""
    return Valued(
        sentence,
        times,
        _mark(value, language),
        _("Expected %(spend)s, with 9 chances in 10 between %(low)s and %(high)s.")
        % {"spend": spend, "low": low, "high": high},
        spend,
        usual,
        _("%(n)s in 100") % {"n": round(100 * value.nothing)},
    )


def merged(preview: Preview) -> list[dict[str, Any]]:
    """A row for each field: of the record that stays, of the other, and what is kept."""
    fields: tuple[tuple[str, Any], ...] = (
        (_("Name"), lambda side: side.name),
        (_("Telephone"), lambda side: side.phone),
        (_("E-mail"), lambda side: side.email),
        (_("Speaks"), lambda side: side.language),
        (_("Birthday"), lambda side: side.birthday),
        (_("Asked not to be contacted"), lambda side: _("yes") if side.do_not_contact else _("no")),
        (_("Consents"), _consents),
        (_("Numbers"), lambda side: str(side.numbers)),
        (_("Purchases"), lambda side: str(side.purchases)),
    )
    lost = {"name": _("Name"), "phone": _("Telephone"), "email": _("E-mail"), "birthday": _("Birthday")}
    gone = {lost[name] for name in preview.lost}
    return [
        {
            "title": title,
            "kept": said(preview.kept),
            "other": said(preview.other),
            "result": said(preview.result),
            "lost": title in gone,
        }
        for title, said in fields
    ]


def _consents(side: Side) -> str:
    return ", ".join(str(PURPOSES[one]) for one in side.consents) or "–"


def _why(value: NotMeasured, language: str) -> str:
    facts = dict(value.facts)
    said = {
        "no_purchases": _("No purchases are known. Bring them in from a file of the till or the shop."),
        "not_fitted_yet": _("It is worked out once a day: look again tomorrow."),
        "no_mean": _("Amounts differ too much for an average to mean anything."),
        "value_not_converged": _("The purchases fit no pattern yet; more of them will help."),
    }
    if value.code == "too_few_repeaters":
        return _(
            "It needs %(fewest)s customers with purchases on two days or more; there are %(repeaters)s."
        ) % {"fewest": facts["fewest"], "repeaters": facts["repeaters"]}
    if value.code == "history_too_short":
        return _(
            "A year is foretold from %(fewest)s weeks of purchases at least; those that are known reach back "
            "%(weeks)s."
        ) % {"fewest": facts["fewest"], "weeks": facts["weeks"]}
    if value.code == "purchases_stale":
        return _("The last purchase that is known of anybody is of %(day)s. Bring in newer ones.") % {
            "day": format_date(facts["day"], locale=language)
        }
    return said.get(value.code, said["value_not_converged"])


def _mark(value: Value, language: str) -> Mark:
    ends = [value.high.minor, value.spend.minor, value.usual.minor if value.usual else 0, 1]
    end = max(ends) * _WIDE

    def at(minor: int) -> str:
        return f"{100 * minor / end:.1f}%"

    return Mark(
        at(value.low.minor),
        at(value.high.minor),
        at(value.spend.minor),
        at(value.usual.minor) if value.usual else None,
        Money(round(end), value.spend.currency).about_in_words(language),
    )
