from __future__ import annotations

from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import Role
from gracja.app.organisation.selectors.log import Asked, entries
from gracja.app.organisation.services.people import deactivate_person
from gracja.app.organisation.services.roles import add_membership, add_role


def test_the_log_is_for_the_whole_company_or_not_at_all(cast, rynek, refused):
    deactivate_person(by=cast.anna, person=cast.darek.person)
    reader = add_role(by=cast.grazyna, title_pl="Rewident", title_en="Auditor", permissions=["audit.read"])

    with refused("role_company_wide", permission="audit.read"):
        add_membership(by=cast.grazyna, person=cast.edyta.person, role=reader, place=rynek)
    cast.edyta.person.memberships.create(role=Role.objects.get(pk=reader.pk), place=rynek)
    with refused("not_permitted"):
        entries(by=cast.edyta, asked=Asked())
    assert entries(by=cast.filip, asked=Asked(action="person.deactivate")).get().place_key == ""


def test_what_is_about_a_person_is_found_under_the_places_where_they_serve(cast, krakow, rynek, galeria):
    deactivate_person(by=cast.anna, person=cast.darek.person)

    def of(place):
        asked = Asked(action="person.deactivate", place=place.uid)
        return list(entries(by=cast.grazyna, asked=asked).values_list("subject_key", flat=True))

    assert AuditEntry.objects.get(action="person.deactivate").place_key == ""
    assert of(rynek) == of(krakow) == [cast.darek.person.key]
    assert of(galeria) == []
