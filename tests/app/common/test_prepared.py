"""Queries whose SQL is worked out once answer as those that are worked out each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connections

from gracja.app.common.prepared import Given, Prepared, PreparedRow
from gracja.app.organisation.models import Role, Shift

NINE = datetime(2026, 9, 1, 9, tzinfo=UTC)


def roles_of(name):
    return Prepared(
        lambda: Role.objects.filter(slug=Given("slug", Role._meta.get_field("slug"))).values_list(*name)
    )


def test_each_asking_is_answered_for_its_own_value(cast):
    asked = roles_of(("slug", "permissions", "built_in"))

    for slug in ("administrator", "employee", "nobody"):
        plainly = Role.objects.filter(slug=slug).values_list("slug", "permissions", "built_in")
        assert [tuple(row) for row in asked.rows(slug=slug)] == list(plainly)


def test_a_value_is_no_part_of_the_statement(cast):
    asked = roles_of(("slug",))

    assert asked.rows(slug="x' OR 1=1 --") == []


def test_moments_compare_as_moments(cast):
    Shift.objects.create(
        person=cast.darek.person,
        place=cast.darek.held[0].place,
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=8),
    )
    field = Shift._meta.get_field("starts_at")
    asked = Prepared(
        lambda: Shift.objects.filter(
            starts_at__lte=Given("at", field), ends_at__gt=Given("at", field)
        ).values_list("starts_at")
    )

    assert asked.rows(at=NINE) == [[NINE]]
    assert asked.rows(at=NINE - timedelta(seconds=1)) == []
    assert asked.rows(at=NINE + timedelta(hours=8)) == []


def test_it_is_one_query_whatever_was_asked_before(cast, django_assert_num_queries):
    asked = roles_of(("slug",))

    with django_assert_num_queries(2):
        asked.rows(slug="administrator")
        asked.rows(slug="employee")


def test_a_connection_that_was_closed_is_opened_again(transactional_db):
    Role.objects.create(slug="one", permissions=[])
    asked = roles_of(("slug",))
    asked.rows(slug="one")

    connections.close_all()

    assert asked.rows(slug="one") == [["one"]]


def test_a_whole_row_comes_as_its_model_has_it(cast, django_assert_num_queries):
    slug = Given("slug", Role._meta.get_field("slug"))
    asked = PreparedRow(lambda: Role.objects.filter(slug=slug))
    plainly = Role.objects.get(slug="employee")

    with django_assert_num_queries(1):
        found = asked.first(slug="employee")

    assert found == plainly
    assert {name: getattr(found, name) for name in vars(plainly) if name != "_state"} == {
        name: value for name, value in vars(plainly).items() if name != "_state"
    }
    assert asked.first(slug="nobody") is None
