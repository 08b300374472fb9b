"""Policies and their terms as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gracja.app.common.money import Money
from gracja.app.gestures.selectors.forbidding import is_forbidden
from gracja.app.gestures.selectors.policies import Given, Names, Written
from gracja.app.gestures.terms import Discount, TermsDocument
from gracja.engine.edition.texts import in_language
from gracja.engine.gesture.caps import Cap
from gracja.engine.gesture.policy import AllOf, AnyOf, Condition, Conditions, NotThis
from gracja.report.words import percent, typeset
from gracja.wording.gestures import condition_in_words

if TYPE_CHECKING:
    from gracja.app.gestures.models import Terms

NONE: Final = Given()


@dataclass(frozen=True, slots=True)
class Shown:
    """A policy in a list. state: open, closed, forbidden (by the standards)."""

    written: Written
    title: str
    state: str
    given: Given


@dataclass(frozen=True, slots=True)
class Change:
    """What a version changed. before or after empty: it was not there."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """terms: who made it and when; changes: against the one before; empty for the first."""

    terms: Terms
    changes: tuple[Change, ...]


def shown_policies(
    written: Iterable[Written], given: Mapping[int, Given], forbidding: frozenset[str], language: str
) -> list[Shown]:
    """The policies of a list, each with its title and state."""
    return [
        Shown(
            one,
            in_language(one.document.title, language),
            state_of(one, forbidding),
            given.get(one.policy.pk, NONE),
        )
        for one in written
    ]


def state_of(written: Written, forbidding: frozenset[str]) -> str:
    """closed, forbidden (by standards in force) or open."""
    if written.closed:
        return "closed"
    return "forbidden" if is_forbidden(written.document, forbidding) else "open"


def in_words(terms: TermsDocument, names: Names, language: str) -> dict[str, list[str]]:
    """What the terms say: heading -> sentences."""

    def amount(minor: int) -> str:
        return Money(minor, terms.currency).in_words(language)

    cost = [
        _("As a rule %(usual)s, %(most)s at most.")
        % {"usual": amount(terms.usual_minor), "most": amount(terms.most_minor)}
    ]
    if terms.approve_above_minor is not None:
        cost.append(
            _("Above %(limit)s a second person says yes first.")
            % {"limit": amount(terms.approve_above_minor)}
        )
    said = {
        _("Title"): [" / ".join(dict.fromkeys(terms.title.values()))]
        if isinstance(terms.title, dict)
        else [terms.title],
        _("What it costs"): cost,
    }
    if terms.discount:
        said[_("Discount")] = _discount(terms.discount, language, amount)
    said |= {
        _("Who may give it"): [_listed(terms.given_by, names.roles) or _("Whoever may grant gestures.")],
        _("Where"): [_listed(terms.places, names.places) or _("At every place.")],
        _("For which service"): [names.services.get(terms.service, terms.service) or _("For every service.")],
        _("To whom"): conditions_in_words(terms.conditions, terms.currency, names, language)
        if terms.conditions
        else [_("To every customer.")],
        _("How often"): [cap_sentence(one, terms.currency, language) for one in terms.caps]
        or [_("Without a cap.")],
        _("How long it is good"): [
            ngettext(
                "%(n)s day; then its money goes back to the budget.",
                "%(n)s days; then its money goes back to the budget.",
                terms.lasts_days,
            )
            % {"n": terms.lasts_days}
        ],
        _("Does it work?"): [held_out_sentence(terms, language)],
    }
    return {what: [typeset(one, language) for one in sentences] for what, sentences in said.items()}


def held_out_sentence(terms: TermsDocument, language: str) -> str:
    """What is held out, and what counts as success."""
    if not terms.held_out_share:
        return _("Nobody is held out, so nobody will know whether it changes anything.")
    return ngettext(
        "%(share)s of eligible customers are held out by lot. Counted: who buys again within %(n)s day; "
        "worth it from %(worth)s more.",
        "%(share)s of eligible customers are held out by lot. Counted: who buys again within %(n)s days; "
        "worth it from %(worth)s more.",
        terms.return_days,
    ) % {
        "share": percent(terms.held_out_share, language),
        "n": terms.return_days,
        "worth": percent(terms.worthwhile_share, language),
    }


def _discount(discount: Discount, language: str, amount: Callable[[int], str]) -> list[str]:
    off = (
        percent(discount.percent / 100, language)
        if discount.percent is not None
        else amount(discount.amount_minor or 0)
    )
    goods = in_language(discount.goods, language) if discount.goods else ""
    said = [
        _("%(off)s off the next purchase of: %(goods)s.") % {"off": off, "goods": goods}
        if goods
        else _("%(off)s off the next purchase.") % {"off": off}
    ]
    if discount.above_minor:
        said.append(_("Only on purchases from %(above)s.") % {"above": amount(discount.above_minor)})
    return said


def conditions_in_words(node: Conditions, currency: str, names: Names, language: str) -> list[str]:
    """A sentence for each condition; where one of several is enough, that is said first."""
    if isinstance(node, Condition):
        titles = names.cues | names.places
        return [condition_in_words(node, language, currency=currency, titles=titles)]
    if isinstance(node, NotThis):
        inner = node.not_
        if isinstance(inner, Condition):
            return conditions_in_words(inner.opposite(), currency, names, language)
        flipped = [NotThis.model_validate({"not": one}) for one in _below(inner)]
        turned = AnyOf(any=flipped) if isinstance(inner, AllOf) else AllOf(all=flipped)
        return conditions_in_words(
            inner.not_ if isinstance(inner, NotThis) else turned, currency, names, language
        )
    parts = [one for below in _below(node) for one in conditions_in_words(below, currency, names, language)]
    if isinstance(node, AnyOf) and len(parts) > 1:
        return [_("One of these is enough: %(sentences)s") % {"sentences": " ".join(parts)}]
    return parts


def cap_sentence(cap: Cap, currency: str, language: str) -> str:
    """How often, in one sentence."""
    if cap.counts == "cost_minor":
        most = Money(cap.most, currency).in_words(language)
    else:
        most = ngettext("%(n)s gesture", "%(n)s gestures", cap.most) % {"n": cap.most}
    if cap.of == "customer":
        said = ngettext(
            "One customer: %(most)s at most in any %(n)s day.",
            "One customer: %(most)s at most in any %(n)s days.",
            cap.days,
        )
    else:
        said = ngettext(
            "One employee: %(most)s at most in any %(n)s day.",
            "One employee: %(most)s at most in any %(n)s days.",
            cap.days,
        )
    return said % {"most": most, "n": cap.days}


def versions_in_words(written: Written, names: Names, language: str) -> list[Version]:
    """Every version, newest first, each with what it changed."""
    documents = [TermsDocument.model_validate(one.document) for one in written.versions]
    found = []
    for at, terms in enumerate(written.versions):
        before = documents[at + 1] if at + 1 < len(documents) else None
        found.append(Version(terms, _changes(before, documents[at], names, language) if before else ()))
    return found


def _changes(before: TermsDocument, after: TermsDocument, names: Names, language: str) -> tuple[Change, ...]:
    old, new = in_words(before, names, language), in_words(after, names, language)
    return tuple(
        Change(what, " ".join(old.get(what, [])), " ".join(new.get(what, [])))
        for what in dict.fromkeys((*new, *old))
        if old.get(what) != new.get(what)
    )


def _listed(ids: Iterable[str], titles: Mapping[str, str]) -> str:
    return ", ".join(titles.get(one, one) for one in ids)


def _below(node: Conditions) -> list[Conditions]:
    if isinstance(node, AllOf):
        return list(node.all)
    if isinstance(node, AnyOf):
        return list(node.any)
    return [node.not_] if isinstance(node, NotThis) else []
