"""Teams: people who work together at one place."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from gracja.app.common import audit
from gracja.app.common.clock import today
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.organisation.access import in_force, require
from gracja.app.organisation.models import Membership, Person, Place, Team, User


@transaction.atomic
def save_team(*, by: User, team: Team | None, name: str, place: Place, people: Collection[Person]) -> Team:
    """A new team, or another name and other people of one.

    Raises Refused: not_permitted, team_name_taken (name), team_person_elsewhere (name).
    """
    require(by, "person.manage", place=place)
    if team is not None:
        require(by, "person.manage", place=team.place)
    _check_name(name.strip(), place, team)
    _check_people(people, place, team)
    before = _facts(team) if team else None
    team = team or Team(place=place)
    team.name, team.place = name.strip(), place
    with unless_taken(team_name_once=Refused("team_name_taken", name=team.name)):
        team.save()
    team.people.set(people)
    after = _facts(team)
    if before != after:
        audit.record(
            "team.change" if before else "team.add",
            by=by,
            subject=("team", team.uid),
            before=before,
            after=after,
            place=place.uid,
        )
    return team


@transaction.atomic
def delete_team(*, by: User, team: Team) -> None:
    """The people stay. Raises Refused: not_permitted."""
    require(by, "person.manage", place=team.place)
    audit.record("team.delete", by=by, subject=("team", team.uid), before=_facts(team), place=team.place.uid)
    team.delete()


def _check_name(name: str, place: Place, team: Team | None) -> None:
    others = Team.objects.filter(place=place)
    if team is not None:
        others = others.exclude(pk=team.pk)
    if any(one.casefold() == name.casefold() for one in others.values_list("name", flat=True)):
        raise Refused("team_name_taken", name=name)


def _check_people(people: Collection[Person], place: Place, team: Team | None) -> None:
    """Whoever joins has a role there, or below. Who is in already, and moved since, may stay."""
    there = in_force(today()) & Q(place__path__startswith=place.path)
    known = set(Membership.objects.filter(there, person__in=people).values_list("person", flat=True))
    if team is not None and team.place_id == place.pk:
        known.update(team.people.values_list("pk", flat=True))
    for one in people:
        if one.pk not in known:
            raise Refused("team_person_elsewhere", name=one.name)


def _facts(team: Team) -> dict[str, object]:
    return {
        "name": team.name,
        "place": team.place.name,
        "people": sorted(team.people.values_list("key", flat=True)),
    }
