"""What may be given to a customer here and now. Nobody is told who is held out: they are offered nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from django.http import Http404

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import keys_of
from gracja.app.gestures.models import Eligible, Policy
from gracja.app.gestures.selectors.facts import facts_of, grants_before
from gracja.app.gestures.selectors.forbidding import is_forbidden, services_that_forbid
from gracja.app.gestures.services.admitting import guard_against_overdose
from gracja.app.gestures.services.budgets import budget_for
from gracja.app.gestures.terms import TermsDocument, may_give
from gracja.app.organisation.access import may_somewhere, require
from gracja.app.organisation.models import Place, User
from gracja.engine.gesture.caps import Grant, within_caps
from gracja.engine.gesture.fitting import fitting_gestures
from gracja.engine.gesture.holdout import is_held_out
from gracja.engine.gesture.policy import eligible, names_in

Nothing = Literal["", "gesture_forbidden", "no_budget", "over_budget", "nothing_open"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A policy that is open to the customer. cost: as a rule. waits: a second person has to say yes."""

    policy: Policy
    terms: TermsDocument
    cost: Money
    waits: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """left: of the place's budget today; null where it has none. nothing: why there is no offer at all; it is
    the same for who is held out and for whom nothing is open.
    """

    offers: tuple[Offer, ...] = ()
    left: Money | None = None
    nothing: Nothing = ""


@dataclass(frozen=True, slots=True)
class Considered:
    """The policies whose conditions the customer meets here now, by whoever asks; and whether anything could
    be given by anybody.
    """

    policies: list[tuple[Policy, TermsDocument]] = field(default_factory=list)
    forbidden: bool = False


def offers(*, by: User, place: Place, customer: Customer, told: Mapping[str, Any]) -> Offers:
    """The policies open to this customer at this place now, as far as there is money for them. It writes
    nothing: whoever shows the offer to somebody calls services.offering.offer_gestures.

    told: of the contact itself (selectors/facts.py, TOLD). Raises Refused: not_permitted.
    """
    require(by, "gesture.grant", place=place)
    return offers_of(by, place, customer, consider(by, place, customer, told))


def all_forbidden() -> bool:
    """Whether standards in force forbid every open policy, so that nobody can be granted anything."""
    forbidding = services_that_forbid()
    return bool(forbidding) and all(is_forbidden(terms, forbidding) for _, terms in _open_policies())


def policy_named(*, by: User, uid: str) -> Policy:
    """A policy to grant by; whether it is open to anybody is asked by granting. Raises Http404."""
    found = Policy.objects.filter(uid=uid).first() if may_somewhere(by, "gesture.grant") else None
    if found is None:
        raise Http404
    return found


def consider(by: User, place: Place, customer: Customer, told: Mapping[str, Any]) -> Considered:
    """Every open policy that `by` may grant here, that fits the situation, and whose conditions are met."""
    open_ = [
        (policy, terms)
        for policy, terms in _open_policies()
        if _is_for(terms, by, place) and terms.kind in _fitting(told, customer)
    ]
    forbidding = services_that_forbid()
    allowed = [one for one in open_ if not is_forbidden(one[1], forbidding)]
    known: dict[str, dict[str, Any]] = {}
    met = []
    for policy, terms in allowed:
        if terms.conditions is not None:
            if terms.currency not in known:
                known[terms.currency] = facts_of(
                    customer,
                    place=place,
                    currency=terms.currency,
                    at=now(),
                    told=told,
                    asked=_asked(allowed, terms.currency),
                )
            if not eligible(known[terms.currency] | {"kind": terms.kind}, terms.conditions).met:
                continue
        met.append((policy, terms))
    return Considered(met, forbidden=bool(forbidding) and not allowed)


def offers_of(by: User, place: Place, customer: Customer, considered: Considered) -> Offers:
    """Of what was considered: without those held out, within the caps, and within the budget."""
    if considered.forbidden:
        return Offers(nothing="gesture_forbidden")
    try:
        budget = budget_for(place, now())
    except Refused:
        return Offers(nothing="no_budget")
    keys = keys_of(customer)
    found = [
        Offer(
            policy,
            terms,
            Money(terms.usual_minor, terms.currency),
            terms.approve_above_minor is not None and terms.usual_minor > terms.approve_above_minor,
        )
        for policy, terms in considered.policies
        if terms.currency == budget.currency
    ]
    found = list(_within_caps(by, place, keys, found))
    if any(one.terms.kind == "personal_contact" for one in found) and not _may_contact(customer):
        found = [one for one in found if one.terms.kind != "personal_contact"]
    paid = [one for one in found if one.cost.minor <= budget.left.minor]
    # said before hold-out is asked: with the budget used up, all hear the same
    if not paid:
        return Offers((), budget.left, "over_budget" if found else "nothing_open")
    held = _held_out(customer, keys, [one.policy for one in paid], considered.policies)
    open_ = tuple(one for one in paid if one.policy.pk not in held)
    return Offers(open_, budget.left, "" if open_ else "nothing_open")


def _open_policies() -> Iterator[tuple[Policy, TermsDocument]]:
    for policy in Policy.objects.filter(closed_at=None).prefetch_related("versions"):
        if versions := policy.versions.all():
            yield policy, TermsDocument.model_validate(versions[0].document)


def _asked(policies: list[tuple[Policy, TermsDocument]], currency: str) -> set[str]:
    """The facts that policies in this currency ask for."""
    return {
        name
        for _, terms in policies
        if terms.conditions is not None and terms.currency == currency
        for name in names_in(terms.conditions)
    }


def _is_for(terms: TermsDocument, by: User, place: Place) -> bool:
    if not may_give(terms, by, place):
        return False
    return not terms.places or any(uid in place.path for uid in terms.places)


def _fitting(told: Mapping[str, Any], customer: Customer) -> set[str]:
    """The kinds that fit the situation; all of them where nobody advised. The discreet band closes most."""
    band = told.get("band", "personal")
    fits = fitting_gestures(
        band,
        list(told.get("cues", ())),
        after_failure=told.get("after_failure"),
        do_not_contact=customer.do_not_contact,
    )
    return {one.kind for one in fits if one.fits}


def _held_out(
    customer: Customer, keys: list[str], asked: list[Policy], policies: list[tuple[Policy, TermsDocument]]
) -> set[int]:
    """By the row of their first eligibility; by the draw that it will keep, where there is none yet."""
    rows = Eligible.objects.filter(policy__in=[one.pk for one in asked], customer_key__in=keys)
    # the oldest last: of joined records the first draw holds
    kept = dict(rows.order_by("-pk").values_list("policy", "held_out"))
    return {
        policy.pk
        for policy, terms in policies
        if kept.get(
            policy.pk,
            is_held_out(customer.key, policy.uid, terms.held_out_share, policy.salt.encode()),
        )
    }


def _within_caps(by: User, place: Place, keys: list[str], found: list[Offer]) -> Iterator[Offer]:
    capped = [cap.days for one in found for cap in one.terms.caps]
    before = (
        grants_before(
            keys=keys,
            employee_pk=by.person.pk,
            employee_key=by.person.key,
            since=now() - timedelta(days=max(capped)),
            currency=found[0].cost.currency,
        )
        if capped
        else []
    )
    for one in found:
        asked = Grant(by.person.key, keys[0], place.uid, one.terms.kind, one.cost.minor, now())
        if not within_caps(before, one.terms.caps, asked):
            yield one


def _may_contact(customer: Customer) -> bool:
    try:
        guard_against_overdose(customer)
    except Refused:
        return False
    return True
