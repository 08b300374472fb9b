"""No page asks the database more than 15 times, however much there is to show."""

from __future__ import annotations

import pytest
from app.web.addresses import pages
from app.web.test_permission_matrix import READERS, reverse_of, table
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gracja.app.organisation.models import Membership, Person, Place
from gracja.app.organisation.selectors.company import company_zone
from gracja.app.service_mode.selectors.asking import EDITIONS_AS
from gracja.app.service_mode.selectors.rules import IN_FORCE_AS

MOST = 15
# A copy of all that is kept of a customer looks once into every table that may hold something of them; a plan
# that is reckoned anew, once an hour, gathers all that a measurement rests on. The overview asks once for
# each kind of thing that may wait for somebody
MORE = {"customer_export": 30, "home": 20, "results_plan": 20, "results_plan_csv": 20}
MANY = 60  # more than a page of a list holds


@pytest.fixture
def crowded(world, krakow, rynek, roles):
    """So many people at Rynek and places beside it that a query for each of them would be seen."""
    Place.objects.bulk_create(
        Place(name=f"Salon {n}", parent=krakow, uid=f"salon-{n:010}", path=f"{krakow.path}salon-{n:010}/")
        for n in range(MANY)
    )
    people = Person.objects.bulk_create(
        Person(name=f"Osoba {n}", found_by=f"osoba {n}", code=f"o-{n}") for n in range(MANY)
    )
    Membership.objects.bulk_create(
        Membership(person=one, role=roles["employee"], place=rynek) for one in people
    )
    return world


def test_no_page_asks_the_database_too_often(cast, signed_in, crowded):
    """Of a page that fails, few queries mean nothing: each has to answer as the permission matrix says."""
    wrong, kept = [], table()
    for name in ("grazyna", "anna", "darek"):
        client = signed_in(getattr(cast, name))
        client.raise_request_exception = False
        client.get("/me/")  # what a server asks once in its life, not with each page
        for page in pages():
            # Kept for a minute, which a slow machine outlasts; kept for seconds: each page may find it gone.
            company_zone()
            cache.delete_many((IN_FORCE_AS, EDITIONS_AS))
            with CaptureQueriesContext(connection) as asked:
                status = str(client.get(reverse_of(page, crowded)).status_code)
            row = kept.get((page.name, "GET"))  # the matrix's own test fails on a page without one
            if row and status != row[READERS.index(name)]:
                wrong.append(f"{page.name} for {name}: {status}, and not {row[READERS.index(name)]}")
            if len(asked) > MORE.get(page.name, MOST):
                wrong.append(f"{page.name} for {name}: {len(asked)} queries")

    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
