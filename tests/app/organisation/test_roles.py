from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gracja.app.common.clock import today
from gracja.app.common.models import AuditEntry
from gracja.app.operations.erasure import pseudonymise_person
from gracja.app.organisation.access import may
from gracja.app.organisation.models import Role, User
from gracja.app.organisation.selectors.people import earlier_roles
from gracja.app.organisation.selectors.roles import roles as roles_of_company
from gracja.app.organisation.selectors.roles import roles_to_give
from gracja.app.organisation.services.people import deactivate_person
from gracja.app.organisation.services.roles import (
    add_membership,
    add_role,
    change_role,
    delete_role,
    remove_membership,
)

DAY = timedelta(days=1)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def coach(cast):
    return add_role(
        by=cast.grazyna, title_pl="Trener", title_en="Coach", permissions=["edition.read", "result.read"]
    )


def test_a_role_of_ones_own_holds_what_was_chosen(cast, coach, rynek):
    add_membership(by=cast.grazyna, person=cast.darek.person, role=coach, place=rynek)

    assert coach.slug == "coach"
    assert may(fresh(cast.darek), "result.read", place=rynek)


def test_only_an_administrator_makes_roles(cast, refused):
    with refused("not_permitted"):
        add_role(by=cast.filip, title_pl="X", title_en="X", permissions=[])


def test_titles_are_not_used_twice(cast, coach, refused):
    with refused("role_title_taken"):
        add_role(by=cast.grazyna, title_pl="trener", title_en="Trainer", permissions=[])


def test_built_in_roles_stay(cast, roles, refused):
    with refused("role_built_in"):
        change_role(
            by=cast.grazyna, role=roles["employee"], title_pl="a", title_en="b", permissions=["result.read"]
        )
    with refused("role_built_in"):
        delete_role(by=cast.grazyna, role=roles["employee"])


def test_a_role_that_somebody_holds_is_not_deleted(cast, coach, rynek, refused):
    held = add_membership(by=cast.grazyna, person=cast.darek.person, role=coach, place=rynek)
    with refused("role_held", n=1):
        delete_role(by=cast.grazyna, role=coach)
    remove_membership(by=cast.grazyna, membership=held)  # given today: nothing of it is to be kept
    delete_role(by=cast.grazyna, role=coach)
    assert not Role.objects.filter(slug="coach").exists()


def test_nobody_gives_a_permission_that_they_do_not_hold(cast, roles, rynek, galeria, refused):
    with refused("permission_not_yours"):
        add_membership(by=cast.filip, person=cast.darek.person, role=roles["administrator"], place=None)
    with refused("not_permitted"):
        add_membership(by=cast.anna, person=cast.darek.person, role=roles["employee"], place=galeria)
    with refused("not_permitted"):
        add_membership(by=cast.anna, person=cast.darek.person, role=roles["place_lead"], place=None)
    with refused("permission_not_yours"):
        add_membership(by=cast.anna, person=cast.darek.person, role=roles["analyst"], place=rynek)
    assert cast.darek.person.memberships.count() == 1


def test_a_lead_gives_her_own_role_at_her_own_place_once(cast, roles, rynek):
    for _ in range(2):
        add_membership(by=cast.anna, person=cast.darek.person, role=roles["place_lead"], place=rynek)

    assert cast.darek.person.memberships.count() == 2
    assert AuditEntry.objects.filter(action="membership.add").count() == 1


def test_a_role_for_the_whole_company_is_not_given_for_a_place(cast, roles, rynek, refused):
    with refused("role_company_wide"):
        add_membership(by=cast.grazyna, person=cast.darek.person, role=roles["administrator"], place=rynek)


def test_a_role_held_at_a_place_gains_nothing_company_wide(cast, coach, rynek, refused):
    add_membership(by=cast.grazyna, person=cast.darek.person, role=coach, place=rynek)
    with refused("role_held_at_places"):
        change_role(
            by=cast.grazyna, role=coach, title_pl="Trener", title_en="Coach", permissions=["audit.read"]
        )


def test_the_last_administrator_cannot_go(cast, refused):
    own = cast.grazyna.person.memberships.get()
    with refused("last_administrator"):
        remove_membership(by=cast.grazyna, membership=own)
    with refused("last_administrator"):
        deactivate_person(by=cast.grazyna, person=cast.grazyna.person)
    with refused("last_administrator"):
        pseudonymise_person(by=cast.grazyna, person=cast.grazyna.person)
    assert may(fresh(cast.grazyna), "role.manage")


def test_an_administrator_may_go_where_another_stays(cast, roles):
    add_membership(by=cast.grazyna, person=cast.filip.person, role=roles["administrator"], place=None)

    remove_membership(by=cast.grazyna, membership=cast.grazyna.person.memberships.get())

    assert not may(fresh(cast.grazyna), "role.manage")


def test_a_lead_takes_no_role_from_somebody_above_her(cast, rynek, refused):
    more = ["visit.read", "conversation.read", "token.manage"]
    above = cast.hubert.person.memberships.create(
        role=Role.objects.create(slug="x", title_pl="x", title_en="x", permissions=more), place=rynek
    )
    with refused("above_you"):
        remove_membership(by=cast.anna, membership=above)


def test_a_lead_draws_nobody_of_another_place_to_hers(cast, roles, rynek, refused):
    cast.anna.person.memberships.create(role=roles["analyst"])  # she reads everybody

    with refused("not_permitted", permission="person.manage"):
        add_membership(by=fresh(cast.anna), person=cast.edyta.person, role=roles["employee"], place=rynek)
    assert cast.edyta.person.memberships.count() == 1


def test_reading_somebody_is_not_enough_to_give_them_a_role(cast, roles, rynek, signed_in):
    cast.anna.person.memberships.create(role=roles["analyst"])
    given = {"role": "employee", "place": rynek.uid}

    answer = signed_in(cast.anna).post(f"/organisation/people/{cast.edyta.person.uid}/roles/add/", given)

    assert answer.status_code == 403
    assert cast.edyta.person.memberships.count() == 1


def test_somebody_without_a_role_is_given_one_by_who_manages_the_whole_company(cast, roles, rynek, refused):
    cast.darek.person.memberships.all().delete()

    with refused("not_permitted"):
        add_membership(by=cast.anna, person=cast.darek.person, role=roles["employee"], place=rynek)
    add_membership(by=cast.filip, person=cast.darek.person, role=roles["employee"], place=rynek)
    assert cast.darek.person.memberships.count() == 1


def test_who_manages_nobody_gives_no_role(cast):
    assert not roles_to_give(by=cast.darek).exists()
    assert not roles_to_give(by=cast.hubert).exists()


def test_roles_to_give_are_those_whose_permissions_one_holds_where_one_manages(cast, roles, galeria):
    cast.anna.person.memberships.create(role=roles["analyst"])  # everywhere, but she manages Rynek alone

    given = set(roles_to_give(by=fresh(cast.anna)).values_list("slug", flat=True))

    assert given >= {"employee", "evaluator", "place_lead"}
    assert "analyst" not in given
    assert roles_to_give(by=cast.filip).filter(slug="administrator").count() == 0


def test_a_role_taken_away_ends_and_stays(cast):
    held = cast.darek.person.memberships.get()

    for _ in range(2):
        remove_membership(by=cast.anna, membership=held)

    assert cast.darek.person.memberships.get().until == today() - DAY
    assert not fresh(cast.darek).held
    assert list(earlier_roles(cast.darek.person)) == [held]
    assert AuditEntry.objects.filter(action="membership.remove").count() == 1


def test_a_role_that_began_today_goes_when_it_is_taken_away(cast, roles, galeria):
    given = {"by": cast.filip, "person": cast.darek.person, "role": roles["employee"], "place": galeria}

    remove_membership(by=cast.filip, membership=add_membership(**given))

    assert not cast.darek.person.memberships.filter(place=galeria).exists()


def test_the_same_role_given_again_is_another_row_and_leaves_the_gap(cast, roles, rynek):
    cast.darek.person.memberships.update(until=today() - 30 * DAY)
    given = {"by": cast.filip, "person": cast.darek.person, "role": roles["employee"], "place": rynek}

    for _ in range(2):
        add_membership(**given)

    days = cast.darek.person.memberships.order_by("pk").values_list("since", "until")
    assert list(days) == [(None, today() - 30 * DAY), (today(), None)]
    assert may(fresh(cast.darek), "edition.read", place=rynek)


def test_a_role_is_open_once(cast, roles, rynek):
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.darek.person.memberships.create(role=roles["employee"], place=rynek)
    assert cast.darek.person.memberships.count() == 1


def test_a_role_that_somebody_held_once_is_not_deleted_and_counts_nobody(cast, coach, rynek, refused):
    cast.darek.person.memberships.create(role=coach, place=rynek, until=today() - DAY)

    assert roles_of_company(by=cast.grazyna).get(slug="coach").held_by == 0
    with refused("role_was_held", n=1):
        delete_role(by=cast.grazyna, role=coach)


def test_a_role_held_at_a_place_once_may_gain_what_is_company_wide(cast, coach, rynek):
    cast.darek.person.memberships.create(role=coach, place=rynek, until=today() - DAY)

    change_role(by=cast.grazyna, role=coach, title_pl="Trener", title_en="Coach", permissions=["audit.read"])

    assert Role.objects.get(slug="coach").permissions == ["audit.read"]


def test_an_administrator_whose_role_is_over_is_none(cast, roles, refused):
    cast.filip.person.memberships.create(role=roles["administrator"], until=today() - DAY)

    with refused("last_administrator"):
        remove_membership(by=cast.grazyna, membership=cast.grazyna.person.memberships.get())
    assert may(fresh(cast.grazyna), "role.manage")
