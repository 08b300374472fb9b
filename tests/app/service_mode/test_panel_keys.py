"""Keys of panels: whose they are, what they open, and when they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache

from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.operations.erasure import pseudonymise_person
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.services.people import deactivate_person, reactivate_person
from gracja.app.service_mode.models import Keeping, PanelKey
from gracja.app.service_mode.selectors.panel_keys import panel_keys_of
from gracja.app.service_mode.services.panel_keys import make_panel_key, panel_reader, withdraw_panel_key


@pytest.fixture(autouse=True)
def helpdesk(db):
    cache.clear()
    Keeping.objects.create(panel_origins=["https://chat.example.com"])
    yield
    cache.clear()


def made(by, **given):
    return make_panel_key(by=by, **({"title": "Chatwoot", "grants": False, "days": 30} | given))


def refused_code(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_a_key_opens_advice_as_its_person_and_gestures_only_where_they_chose_it(cast):
    advised = panel_reader(made(cast.anna).secret)
    granting = panel_reader(made(cast.anna, grants=True).secret)

    assert advised == granting == cast.anna
    assert {one for held in advised.held for one in held.role.permissions} == {"advice.ask"}
    assert may_somewhere(granting, "gesture.grant")
    assert not may_somewhere(granting, "gesture.approve")


def test_a_key_never_exceeds_what_its_person_may_do_now(cast, roles):
    secret = made(cast.darek, grants=True).secret
    cast.darek.person.memberships.update(role=roles["evaluator"])

    assert panel_reader(secret).held[0].role.permissions == []


@pytest.mark.parametrize("end", ["withdrawn", "expired", "deactivated", "back again", "nowhere", "cut"])
def test_a_key_that_ended_lets_nobody_in(cast, end):
    new = made(cast.darek)
    secret = new.secret
    if end == "withdrawn":
        withdraw_panel_key(by=cast.darek, key=new.key)
    elif end == "expired":
        PanelKey.objects.update(made_at=now() - timedelta(days=2), expires_at=now() - timedelta(seconds=1))
    elif end == "deactivated":
        deactivate_person(by=cast.grazyna, person=cast.darek.person)
    elif end == "back again":
        deactivate_person(by=cast.grazyna, person=cast.darek.person)
        reactivate_person(by=cast.grazyna, person=cast.darek.person)
    elif end == "nowhere":
        Keeping.objects.update(panel_origins=[])
        cache.clear()
    else:
        secret = secret[:-1]

    assert panel_reader(secret) is None


def test_the_secret_is_kept_nowhere_and_making_one_is_in_the_log(cast):
    new = made(cast.darek, grants=True)

    kept = [str(value) for value in PanelKey.objects.values().get().values()]
    entry = AuditEntry.objects.get(action="panel_key.make")
    assert not any(new.secret in value for value in kept)
    assert new.secret not in str(entry.after)
    assert (entry.by_key, entry.after["grants"]) == (cast.darek.person.key, True)
    assert panel_reader(new.secret)
    assert PanelKey.objects.get().used_at


def test_no_key_without_name_end_helpdesk_or_permission(cast):
    assert refused_code(lambda: made(cast.darek, title=" ")) == "panel_key_untitled"
    assert refused_code(lambda: made(cast.darek, days=0)) == "panel_key_too_long_lived"
    assert refused_code(lambda: made(cast.darek, days=367)) == "panel_key_too_long_lived"
    assert refused_code(lambda: made(cast.borys)) == "not_permitted"
    Keeping.objects.update(panel_origins=[])
    cache.clear()
    assert refused_code(lambda: made(cast.darek)) == "panel_nowhere"


def test_a_key_is_withdrawn_by_its_person_or_who_manages_the_panel_and_by_nobody_else(cast):
    key = made(cast.darek).key

    assert refused_code(lambda: withdraw_panel_key(by=cast.anna, key=key)) == "not_permitted"
    assert list(panel_keys_of(by=cast.anna)) == []
    assert list(panel_keys_of(by=cast.filip)) == list(panel_keys_of(by=cast.darek)) == [key]
    for _ in range(2):
        withdraw_panel_key(by=cast.filip, key=key)

    assert AuditEntry.objects.filter(action="panel_key.withdraw").count() == 1


def test_whoever_is_erased_leaves_no_key_and_no_name_in_others(cast):
    secret = made(cast.darek).secret
    made(cast.anna, title="Laptop Darek Lis")

    pseudonymise_person(by=cast.grazyna, person=cast.darek.person)

    assert panel_reader(secret) is None
    assert "Darek" not in PanelKey.objects.get().title
