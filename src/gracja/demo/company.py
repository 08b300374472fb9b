"""The demo company as tables: conversations and what is known of their contacts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final

import pyarrow as pa

from gracja.demo import journeys
from gracja.demo.customers import Wanted, customer, wanted_by
from gracja.demo.diary import as_utc, opening_moment
from gracja.demo.people import CENTRE, NOBODY_KNOWN, PLACES, STAFF, Employee, Skill, skill_of
from gracja.demo.scene import Meant, Scene
from gracja.engine.tables import CONTACTS, CONVERSATIONS

EDITION_NAME: Final = "salon"
EDITION: Final = "salon@1"
RULES_VERSION: Final = "dial@1"
_JOURNEYS: Final = {"book": 66, "show_picture": 8, "complain": 11, "ask": 5, "move_visit": 4, "follow_up": 6}
_CHANNELS: Final[dict[str, dict[str, int]]] = {
    "book": {"phone": 50, "chat": 25, "message": 25},
    "show_picture": {"chat": 40, "message": 60},
    "complain": {"phone": 45, "chat": 20, "message": 35},
    "ask": {"phone": 35, "chat": 45, "message": 20},
    "move_visit": {"phone": 60, "chat": 10, "message": 30},
    "follow_up": {"message": 1},
}
_INCOMPLETE_SHARE: Final = 0.04
_HANDED_OVER_SHARE: Final = 0.12  # of the visits asked for at the contact centre
_EVENING_SHARE: Final = 0.04  # of messages: written after closing, answered the next morning


@dataclass(frozen=True)
class DemoCompany:
    """conversations: tables.CONVERSATIONS; contacts: tables.CONTACTS; meant: what detectors should find."""

    edition_name: str
    conversations: pa.Table
    contacts: pa.Table
    meant: tuple[Meant, ...]


def demo_company(seed: int = 2026) -> DemoCompany:
    """Three salons and their contact centre from September to November 2026."""
    skills = {employee.name: skill_of(employee, seed) for employee in (*STAFF, NOBODY_KNOWN)}
    scenes = [
        _contact(f"{seed} {employee.name} {number}", employee, skills)
        for employee in (*STAFF, NOBODY_KNOWN)
        for number in range(employee.contacts)
    ]
    scenes.sort(key=lambda scene: (scene.started, scene.employee.name))
    for number, scene in enumerate(scenes, start=1):
        scene.contact = f"rozmowa-{number:04}"
    return DemoCompany(
        EDITION_NAME,
        pa.Table.from_pylist([_conversation(scene) for scene in scenes], schema=CONVERSATIONS),
        pa.Table.from_pylist([_known(scene) for scene in scenes], schema=CONTACTS),
        tuple(meant for scene in scenes for meant in scene.meant()),
    )


def _contact(seed: str, employee: Employee, skills: dict[str, Skill]) -> Scene:
    """One contact from beginning to end; its own seed, so that one more sentence changes few others."""
    random = Random(seed)  # noqa: S311
    journey = random.choices(list(_JOURNEYS), list(_JOURNEYS.values()))[0]
    channels = _CHANNELS[journey]
    channel = random.choices(list(channels), list(channels.values()))[0]
    now = opening_moment(random)
    if journey == "book" and channel == "message" and random.random() < _EVENING_SHARE:
        now = now.replace(hour=random.choice((20, 21, 22)))
    scene = Scene(
        contact="",
        random=random,
        customer=customer(random),
        skill=skills[employee.name],
        place=random.choice(employee.places),
        channel=channel,
        now=now,
        colour=random.random() < (0.65 if journey == "show_picture" else 0.33),
    )
    course: Callable[[Scene], None] = getattr(journeys, journey)
    if journey == "book" and scene.place == CENTRE and random.random() < _HANDED_OVER_SHARE:
        course = partial(journeys.book, hand_over=partial(_hand_over, skills=skills))
    course(scene)
    if random.random() < _INCOMPLETE_SHARE and len(scene.turns) > 3:
        scene.cut_off()
    return scene


def _hand_over(scene: Scene, *, skills: dict[str, Skill]) -> None:
    """The contact centre passes the customer to a salon, whose employee goes on."""
    place = scene.random.choice(PLACES[:3])
    there = [e for e in STAFF if place in e.places and e.contacts > 4 and e is not scene.employee]
    scene.agent(scene.move("transfer"))
    scene.system("transfer", f"Rozmowa przekazana: {place}")
    scene.hand_over(skills[scene.random.choice(there).name], place)
    scene.wait(scene.random.uniform(5, 60))
    scene.agent(scene.move("taken_over"))


def _conversation(scene: Scene) -> dict[str, Any]:
    """A row of the conversations table; turns name their employee only where several spoke."""
    spoke = {turn["employee"] for turn in scene.turns if turn["speaker"] == "agent"}
    turns = scene.turns if len(spoke) > 1 else [turn | {"employee": None} for turn in scene.turns]
    return {
        "contact": scene.contact,
        "employee": scene.employee_id if len(spoke) != 1 else next(iter(spoke)),
        "customer": scene.customer.uid,
        "place": scene.place,
        "channel": scene.channel,
        "language": scene.customer.language,
        "started_at": _started(scene),
        "complete": scene.complete,
        "turns": turns,
    }


def _known(scene: Scene) -> dict[str, Any]:
    """A row of the contacts table: how personal the contact was wanted, where that is known."""
    wanted: Wanted = wanted_by(scene.customer, scene.random)
    known = wanted.source != "none"
    return {
        "contact": scene.contact,
        "segment": 0,
        "edition": EDITION,
        "service_kind": "relationship",
        "wanted_low": wanted.low,
        "wanted_high": wanted.high,
        "wanted_source": wanted.source,
        "wanted_recorded_at": _started(scene) + timedelta(seconds=20) if known else None,
        "rules_version": RULES_VERSION if known else None,
    }


def _started(scene: Scene) -> datetime:
    return as_utc(scene.started.replace(microsecond=0))
