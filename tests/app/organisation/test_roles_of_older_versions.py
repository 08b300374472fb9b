"""A company that was set up by an older version has, once migrated, the roles that a new one starts with."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from gracja.app.organisation.models import Role
from gracja.app.organisation.permissions import PERMISSIONS, ROLES

# In this order; a permission that is new wants a migration that gives it to the roles that are there
MIGRATIONS = (
    "gracja.app.service_mode.migrations.0002_rules_stay",
    "gracja.app.contacts.migrations.0004_roles_over_customers_and_gestures",
    "gracja.app.contacts.migrations.0012_who_admits_the_erased",
    "gracja.app.observations.migrations.0004_who_orders_visits",
)
FIRST = {
    *("company.manage", "place.manage", "person.read", "person.manage", "person.pseudonymise"),
    *("role.manage", "roster.manage", "notice.give", "audit.read", "edition.read", "edition.draft"),
    *("edition.publish", "question.answer", "promise.manage", "conversation.read", "conversation.import"),
    *("visit.import", "visit.read", "result.read", "measurement.run", "token.manage"),
}


@pytest.fixture
def of_an_older_version(roles):
    for role in roles.values():
        role.permissions = [one for one in role.permissions if one in FIRST]
        role.save()


def test_built_in_roles_get_what_is_new(of_an_older_version):
    for name in MIGRATIONS:
        import_module(name).give(apps, None)

    there = {role.slug: set(role.permissions) for role in Role.objects.all()}
    assert there == {one.slug: set(one.permissions) for one in ROLES}


def test_a_role_of_ones_own_gets_nothing_and_going_back_takes_all_of_it(of_an_older_version):
    own = Role.objects.create(slug="own", title_pl="Goniec", title_en="Courier", permissions=["edition.read"])

    for name in MIGRATIONS:
        import_module(name).give(apps, None)
    own.refresh_from_db()
    assert own.permissions == ["edition.read"]

    for name in reversed(MIGRATIONS):
        import_module(name).take(apps, None)
    administrator = Role.objects.get(slug="administrator")
    assert set(administrator.permissions) == FIRST < set(PERMISSIONS)
