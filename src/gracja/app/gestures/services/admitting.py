"""Whether a customer may be given a gesture now: conditions, then hold-out; and caps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.selectors.customers import consents_of, keys_of
from gracja.app.gestures.calls.selectors.guard import begun_since
from gracja.app.gestures.models import Eligible, Gesture, Policy
from gracja.app.gestures.selectors.facts import facts_of, grants_before
from gracja.app.gestures.selectors.forbidding import is_forbidden, services_that_forbid
from gracja.app.gestures.terms import TermsDocument
from gracja.app.gestures.wish import Wish
from gracja.app.organisation.models import Place, User
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.engine.dial.overdose import PERIOD, may_start_contact
from gracja.engine.gesture.caps import Broken, Grant, within_caps
from gracja.engine.gesture.holdout import is_held_out
from gracja.engine.gesture.policy import Decision, eligible, names_in

_OPEN: Final = Decision(met=True)


def admit(policy: Policy, terms: TermsDocument, wish: Wish) -> bool:
    """Let a wish through, or say why not; whether the customer is held out. The policy's row is locked.

    Raises Refused: gesture_forbidden, not_eligible (conditions).
    """
    forbid_where_standards_do(terms)
    decision = decide(wish.customer, wish.place, terms, told=wish.told)
    if not decision.met:
        raise Refused("not_eligible", conditions=len(decision.failed) + len(decision.unknown))
    return first_eligible(policy, terms, wish.customer, wish.place).held_out


def decide(customer: Customer, place: Place, terms: TermsDocument, *, told: Mapping[str, Any]) -> Decision:
    """What the policy's conditions say of this customer now."""
    if terms.conditions is None:
        return _OPEN
    asked = names_in(terms.conditions)
    facts = facts_of(customer, place=place, currency=terms.currency, at=now(), told=told, asked=asked)
    return eligible(facts | {"kind": terms.kind}, terms.conditions)


def first_eligible(policy: Policy, terms: TermsDocument, customer: Customer, place: Place) -> Eligible:
    """The row of the customer's first eligibility; made now if there is none. It is never changed: a share
    that is raised later holds for those who come later.
    """
    found = Eligible.objects.filter(policy=policy, customer_key__in=keys_of(customer)).order_by("pk").first()
    if found is not None:
        return found
    held = is_held_out(customer.key, policy.uid, terms.held_out_share, policy.salt.encode())
    made, _ = Eligible.objects.get_or_create(
        policy=policy, customer_key=customer.key, defaults={"place": place, "held_out": held, "at": now()}
    )
    return made


def caps_broken(terms: TermsDocument, wish: Wish, cost: Money, by: User) -> tuple[Broken, ...]:
    """The caps that this gesture would break."""
    if not terms.caps:
        return ()
    keys = keys_of(wish.customer)
    longest = timedelta(days=max(cap.days for cap in terms.caps))
    before = grants_before(
        keys=keys,
        employee_pk=by.person.pk,
        employee_key=by.person.key,
        since=now() - longest,
        currency=cost.currency,
    )
    asked = Grant(by.person.key, keys[0], wish.place.uid, terms.kind, cost.minor, now())
    return within_caps(before, terms.caps, asked)


def forbid_where_standards_do(terms: TermsDocument) -> None:
    """Raises Refused: gesture_forbidden where the standards in force say so (an office, a surgery)."""
    if is_forbidden(terms, services_that_forbid()):
        raise Refused("gesture_forbidden")


def forbid_unwanted_contact(gesture: Gesture) -> None:
    """Raises Refused: customer_not_contacted where they have said so since the contact was asked for."""
    if gesture.terms.policy.kind != "personal_contact":
        return
    known = Customer.objects.select_related("merged_into").filter(key=gesture.customer_key).first()
    if known is None or (known.merged_into or known).do_not_contact:
        raise Refused("customer_not_contacted")


def guard_against_overdose(customer: Customer) -> None:
    """Whether we may start one more contact with this customer (engine/dial/overdose.py): calls and cards
    count as gestures of personal contact do.

    Raises Refused: customer_not_contacted; contact_not_agreed (to neither calls nor cards);
    contact_too_often (days).
    """
    # read anew: they may have said it while somebody looked at the page
    if Customer.objects.filter(pk=customer.pk, do_not_contact=True).exists():
        raise Refused("customer_not_contacted")
    if not consents_of(customer) & {"call", "card"}:
        raise Refused("contact_not_agreed")
    at, keys = now(), keys_of(customer)
    given = Gesture.objects.filter(
        customer_key__in=keys,
        terms__policy__kind="personal_contact",
        state__in=(*Gesture.OPEN, "committed"),
        made_at__gt=at - PERIOD,
    )
    begun = [*given.values_list("made_at", flat=True), *begun_since(keys, at - PERIOD)]
    if not may_start_contact(begun, at, company_rules()).now:
        raise Refused("contact_too_often", days=PERIOD.days)
