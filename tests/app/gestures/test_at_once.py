"""Many at one budget at once, with transactions of their own: nothing overdrawn, doubled or lost."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import pytest
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.services.customers.erasing import erase_customer
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Budget, Code, Entry, Gesture
from gracja.app.gestures.selectors.ledger import proof
from gracja.app.gestures.services.budgets import change_budget
from gracja.app.gestures.services.expiring import expire_due
from gracja.app.gestures.services.forgetting import forget_customers
from gracja.app.gestures.services.granting import (
    approve_gesture,
    give_gesture,
    grant_gesture,
    release_gesture,
    return_gesture,
)
from gracja.app.gestures.services.policies import write_policy
from gracja.app.gestures.services.redeeming import redeem_code

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 6


def account():
    """What must hold whatever went before what."""
    for budget in Budget.objects.all():
        assert 0 <= budget.reserved_minor + budget.spent_minor <= budget.amount_minor
    for gesture in Gesture.objects.prefetch_related("entries"):
        moved = Counter({entry.kind: entry.amount_minor for entry in gesture.entries.all()})
        assert moved["reserve"] == gesture.cost_minor
        set_aside = moved["reserve"] - moved["commit"] - moved["release"] - moved["expire"]
        assert set_aside == (gesture.cost_minor if gesture.state in Gesture.OPEN else 0)
        assert moved["commit"] - moved["return"] == (
            gesture.spent_minor if gesture.state == "committed" else 0
        )
    assert proof() == []
    return Budget.objects.get(), Counter(Gesture.objects.values_list("state", flat=True))


def test_only_as_many_are_promised_as_there_is_money_for(cast, wish, at_once):
    def grant(key):
        return grant_gesture(by=cast.darek, wish=wish(cost=Money(30_00, "PLN")), key=key).state

    done = at_once(*(partial(grant, str(key)) for key in range(MANY)))

    assert Counter(done) == {"reserved": 3, "over_budget": MANY - 3}
    [(budget, states)] = at_once(account)
    assert (budget.left.minor, states["reserved"]) == (10_00, 3)


def test_one_key_sent_many_times_is_one_gesture_though_the_budget_bears_no_second(cast, wish, at_once):
    def grant():
        return grant_gesture(by=cast.darek, wish=wish(cost=Money(80_00, "PLN")), key="one").uid

    done = at_once(*[grant] * MANY)

    assert len(set(done)) == 1
    assert done[0] != "over_budget"
    [(budget, states)] = at_once(account)
    assert (budget.left.minor, states) == (20_00, {"reserved": 1})


def test_a_code_at_many_tills_is_used_once(cast, rynek, galeria, wish, at_once):
    discount = write_policy(by=cast.filip, document=terms("discount"))
    code = grant_gesture(by=cast.darek, wish=wish(policy=discount, cost=Money(40_00, "PLN")), key="1").code

    def redeem(by, place):
        redeem_code(by=by, place=place, given=code.code, purchase=Money(120_00, "PLN"))

    tills = [(cast.darek, rynek), (cast.edyta, galeria)] * (MANY // 2)
    done = at_once(*(partial(redeem, *till) for till in tills))

    assert Counter(done) == {None: 1, "code_used": MANY - 1}
    [(budget, _)] = at_once(account)
    assert (budget.spent_minor, budget.reserved_minor) == (12_00, 0)
    assert at_once(lambda: Code.objects.get().redeemed_in) == [tills[done.index(None)][1]]


def test_one_sale_sent_many_times_at_once_is_answered_alike(cast, rynek, wish, at_once):
    discount = write_policy(by=cast.filip, document=terms("discount"))
    code = grant_gesture(by=cast.darek, wish=wish(policy=discount, cost=Money(40_00, "PLN")), key="1").code

    def redeem():
        given = {"given": code.code, "purchase": Money(120_00, "PLN"), "key": "sale-1"}
        return redeem_code(by=cast.darek, place=rynek, **given).off.minor

    assert at_once(*[redeem] * MANY) == [12_00] * MANY
    [(budget, _)] = at_once(account)
    assert (budget.spent_minor, budget.reserved_minor) == (12_00, 0)


def test_a_gesture_ends_in_one_way(cast, wish, at_once):
    gesture = grant_gesture(by=cast.darek, wish=wish(), key="1")

    def fresh(do, **given):
        do(gesture=Gesture.objects.get(pk=gesture.pk), **given)

    at_once(
        *[partial(fresh, give_gesture, by=cast.darek, spent=Money(4_00, "PLN"))] * 3,
        *[partial(fresh, release_gesture, by=cast.darek)] * 3,
    )

    [(budget, states)] = at_once(account)
    assert budget.reserved_minor == 0
    assert (budget.spent_minor, states) in ((4_00, {"committed": 1}), (0, {"released": 1}))


def test_who_is_erased_meanwhile_keeps_no_open_gesture(cast, wish, joanna, at_once):
    def grant(key):
        return grant_gesture(by=cast.darek, wish=wish(), key=key).state

    def erase():
        erase_customer(by=cast.grazyna, customer=joanna, forget=lambda keys, _: forget_customers(keys))

    done = at_once(erase, *(partial(grant, str(key)) for key in range(MANY)))

    assert set(done[1:]) <= {"reserved", "customer_gone"}
    [(budget, states)] = at_once(account)
    assert (budget.reserved_minor, set(states)) in ((0, {"released"}), (0, set()))
    assert at_once(lambda: set(Gesture.objects.values_list("reason", flat=True))) in ([{""}], [set()])


def test_an_employees_cap_holds_over_all_policies(cast, wish, at_once):
    caps = [{"of": "employee", "most": 2, "days": 7}]
    policies = [write_policy(by=cast.filip, document=terms(caps=caps)) for _ in range(MANY)]

    def grant(policy):
        return grant_gesture(
            by=cast.darek, wish=wish(policy=policy, customer=others[policy]), key=policy.uid
        ).state

    others = {
        policy: add_customer(by=cast.darek, details=Details(f"Klient {policy.pk}")) for policy in policies
    }
    done = at_once(*(partial(grant, policy) for policy in policies))

    assert Counter(done) == {"reserved": 2, "cap_reached": MANY - 2}


class Somebody:
    """One of many who do this and that."""

    def __init__(self, seed, cast, rynek, wish, budget, policies):
        self.chance = random.Random(seed)  # noqa: S311
        self.cast, self.rynek, self.wish, self.budget, self.policies = cast, rynek, wish, budget, policies

    def grant(self):
        policy = self.chance.choice(self.policies)
        cost = Money(self.chance.randrange(1, 30) * 100, "PLN")
        key = f"{policy.pk}-{self.chance.randrange(12)}"  # others send it, too
        grant_gesture(by=self.cast.darek, wish=self.wish(policy=policy, cost=cost), key=key)

    def change_budget(self):
        amount = Money(self.chance.randrange(60, 140) * 100, "PLN")
        change_budget(by=self.cast.filip, budget=self.budget, amount=amount)

    def approve(self):
        approve_gesture(by=self.cast.anna, gesture=self.any_gesture())

    def release(self):
        release_gesture(by=self.cast.anna, gesture=self.any_gesture())

    def give(self):
        spent = self.chance.choice([None, Money(1, "PLN")])
        give_gesture(by=self.cast.darek, gesture=self.any_gesture(), spent=spent)

    def redeem(self):
        code = self.any_gesture(terms__policy__kind="discount").code.code
        redeem_code(by=self.cast.darek, place=self.rynek, given=code, purchase=Money(99_00, "PLN"))

    def return_(self):
        return_gesture(by=self.cast.anna, gesture=self.any_gesture(state="committed"))

    def expire(self):
        if self.chance.random() < 0.1:
            with stopped_at(NOON.replace(year=2027)):
                expire_due()

    def any_gesture(self, **of):
        known = list(Gesture.objects.filter(**of))
        if not known:
            raise Gesture.DoesNotExist
        return self.chance.choice(known)

    def many_steps(self):
        steps = [self.grant, self.grant, self.grant, self.change_budget, self.approve, self.release]
        steps += [self.give, self.redeem, self.return_, self.expire]
        for _ in range(25):
            try:
                self.chance.choice(steps)()
            except (Refused, Gesture.DoesNotExist, Code.DoesNotExist):
                continue  # it ended otherwise, or waits, or there is none yet: as good as done


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_many_do_in_whatever_order_the_ledger_agrees(cast, rynek, wish, budget, at_once, seed):
    discount = write_policy(by=cast.filip, document=terms("discount"))
    asked = write_policy(by=cast.filip, document=terms(approve_above_minor=5_00))
    policies = [wish().policy, discount, asked]

    at_once(
        *(Somebody(f"{seed}-{one}", cast, rynek, wish, budget, policies).many_steps for one in range(MANY))
    )

    [(_, states)] = at_once(account)
    assert sum(states.values()) > 3
    [kinds] = at_once(lambda: set(Entry.objects.values_list("kind", flat=True)))
    assert kinds >= {"reserve", "commit", "release"}
