"""The company "Trzy Grzebienie": its places, its people with roles and accounts, its roster."""

from __future__ import annotations

import secrets
from datetime import date, time, timedelta
from typing import Final, NamedTuple

from gracja.app.fill.autumn import FOUNDED, LATELY, at, who
from gracja.app.organisation.models import Person, Place, Role, User
from gracja.app.organisation.services.invitations import accept_invitation, invite_person
from gracja.app.organisation.services.people import add_person
from gracja.app.organisation.services.places import add_place
from gracja.app.organisation.services.roles import add_membership
from gracja.app.organisation.services.roster import add_shift
from gracja.app.organisation.services.setup import set_up_company
from gracja.app.organisation.services.teams import save_team
from gracja.demo.people import CENTRE, STAFF, Employee
from gracja.engine.words.tokens import fold

ADMINISTRATOR: Final = "halina"
MANAGER: Final = "marta"
EVALUATOR: Final = "borys"
# code in the conversations -> region, name
PLACES: Final = {
    "salon_rynek": ("Kraków", "Rynek"),
    "salon_podgorze": ("Kraków", "Podgórze"),
    "salon_ursynow": ("Warszawa", "Ursynów"),
    CENTRE: ("", "Infolinia"),
}
LEADS: Final = {
    "salon_rynek": "anna",
    "salon_podgorze": "beata",
    "salon_ursynow": "cezary",
    CENTRE: "dorota",
}
NEWCOMERS: Final = ("Kuba Sowa", "Nina Bąk", "Zofia Pawlak")
ROSTER_FROM: Final = date(2026, 11, 2)
ROSTER_DAYS: Final = 26


class Colleague(NamedTuple):
    """Somebody who does not serve customers."""

    name: str
    login: str
    role: str
    place: str | None = None


COLLEAGUES: Final = (
    Colleague("Marta Zielińska", MANAGER, "service_manager"),
    Colleague("Anna Wilk", LEADS["salon_rynek"], "place_lead", "salon_rynek"),
    Colleague("Beata Sroka", LEADS["salon_podgorze"], "place_lead", "salon_podgorze"),
    Colleague("Cezary Duda", LEADS["salon_ursynow"], "place_lead", "salon_ursynow"),
    Colleague("Dorota Lipiec", LEADS[CENTRE], "place_lead", CENTRE),
    Colleague("Borys Kruk", EVALUATOR, "evaluator"),
    Colleague("Hubert Jeż", "hubert", "analyst"),
)


def login_of(employee: Employee) -> str:
    """`darek.wojcik`: as the demo's people sign in."""
    return fold(employee.name).replace(" ", ".")


def make_the_company() -> None:
    """Set-up, places, people, accounts and the roster of November."""
    with at(FOUNDED):
        set_up_company(
            name="Trzy Grzebienie",
            language="pl",
            zone="Europe/Warsaw",
            login=ADMINISTRATOR,
            person_name="Halina Wrzos",
            password=secrets.token_urlsafe(24),
            email=_email(ADMINISTRATOR),
        )
        places = _places()
        for one in COLLEAGUES:
            _person(one.name, one.login, one.role, places[one.place] if one.place else None)
        for employee in STAFF:
            _employee(employee, places)
    with at(LATELY):
        _teams(places)
        _roster(places)


def _places() -> dict[str, Place]:
    by = who(ADMINISTRATOR)
    regions: dict[str, Place | None] = {"": None}
    made = {}
    for code, (region, name) in PLACES.items():
        if region not in regions:
            regions[region] = add_place(by=by, kind=Place.REGION, name=region)
        made[code] = add_place(by=by, kind=Place.PLACE, name=name, code=code, parent=regions[region])
    return made


def _employee(employee: Employee, places: dict[str, Place]) -> None:
    new = employee.name in NEWCOMERS
    person = _person(
        employee.name,
        login_of(employee),
        "employee",
        places[employee.places[0]],
        started_on=date(2026, 11, 2) if new else date(2024, 3, 1),
        trainee_until=date(2027, 1, 31) if new else None,
    )
    for place in employee.places[1:]:
        role = Role.objects.get(slug="employee")
        add_membership(by=who(ADMINISTRATOR), person=person, role=role, place=places[place])


def _person(
    name: str,
    login: str,
    role: str,
    place: Place | None,
    *,
    started_on: date = date(2024, 3, 1),
    trainee_until: date | None = None,
) -> Person:
    """Somebody with a role, who followed their invitation. Nobody knows the password."""
    by = who(ADMINISTRATOR)
    person = add_person(
        by=by,
        name=name,
        email=_email(login),
        code=login,
        role=Role.objects.get(slug=role),
        place=place,
        started_on=started_on,
        trainee_until=trainee_until,
    )
    _invitation, token = invite_person(by=by, person=person)
    accept_invitation(token=token, login=login, password=secrets.token_urlsafe(24), language="")
    return person


def _teams(places: dict[str, Place]) -> None:
    by = who(ADMINISTRATOR)
    centre = [login_of(employee) for employee in STAFF if CENTRE in employee.places]
    for name, logins in (("Telefon", centre[:2]), ("Czat", centre[2:])):
        people = [user.person for user in User.objects.filter(login__in=logins).select_related("person")]
        save_team(by=by, team=None, name=name, place=places[CENTRE], people=people)


def _roster(places: dict[str, Place]) -> None:
    """Mornings and afternoons in turn, Sundays off."""
    by = who(ADMINISTRATOR)
    people = {user.login: user.person for user in User.objects.select_related("person")}
    for number, employee in enumerate(STAFF):
        for days in range(ROSTER_DAYS):
            day = ROSTER_FROM + timedelta(days=days)
            if day.weekday() == 6 or (day.weekday() + number) % 6 == 0:
                continue
            early = (day.isocalendar().week + number) % 2 == 0
            add_shift(
                by=by,
                person=people[login_of(employee)],
                place=places[employee.places[day.day % len(employee.places)]],
                day=day,
                begins=time(9) if early else time(13),
                ends=time(15) if early else time(19),
            )


def _email(login: str) -> str:
    return f"{login}@trzygrzebienie.example"
