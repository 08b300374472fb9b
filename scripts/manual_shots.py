"""What the pictures of the manual show: each a page of the demo, or of a new and empty installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from manual_steps import (
    PEOPLE,
    PURCHASES,
    TURNS,
    VISITS,
    Step,
    click,
    down_to,
    enter_the_new_company,
    follow,
    found,
    give,
    many_invited,
    member_shown,
    roster_taken_over,
    tap,
    to_top,
    tried,
    unfold,
)


@dataclass(frozen=True)
class Shot:
    """One picture. role: who looks (a door of the demo); steps: what is done before it is taken."""

    name: str
    address: str
    role: str = ""
    steps: tuple[Step, ...] = ()
    width: int = 1280
    height: int = 860
    sharpness: float = 1
    where: Literal["demo", "empty"] = "demo"
    enter: Step | None = None


def phone(name: str, address: str, role: str = "", steps: tuple[Step, ...] = (), height: int = 844) -> Shot:
    """A picture of a telephone, sharp enough to be read at its own size."""
    return Shot(name, address, role, steps, width=390, height=height, sharpness=1.5)


_DRAFT: Final = follow("main .drafts a")
_YEAR_OF_VISITS: Final = follow(".tbl--runs a", 1)
_STANDARD: Final = click('main a[href*="/standards/names_price/"]')

SHOTS: Final = (
    # Start
    Shot("start-setup", "/setup/", where="empty", height=980),
    Shot("start-trade", "/setup/start/", where="empty", enter=enter_the_new_company),
    Shot("start-first-steps", "/", where="empty", enter=enter_the_new_company, height=760),
    Shot("start-demo", "/demo/", height=720),
    Shot("start-overview", "/", "service_manager"),
    Shot("start-account", "/me/", "employee", height=760),
    phone("start-shifts", "/me/shifts/", "employee", height=620),
    Shot("start-security", "/me/", where="empty", enter=enter_the_new_company, height=1400),
    phone("start-signing-in", "/accounts/login/", height=700),
    # Organisation
    Shot("organisation-places", "/organisation/places/", "administrator", height=600),
    Shot("organisation-people", "/organisation/people/", "administrator", height=760),
    Shot(
        "organisation-person", "/organisation/people/?text=nina", "administrator", (follow("main tbody a"),)
    ),
    Shot("organisation-teams", "/organisation/teams/", "administrator", height=520),
    Shot("organisation-company", "/organisation/company/", "administrator", height=700),
    Shot("organisation-roles", "/organisation/roles/", "administrator", (unfold("main details"),)),
    Shot(
        "organisation-import",
        "/organisation/files/people/",
        "administrator",
        (give("kadry.csv", PEOPLE),),
        height=980,
    ),
    Shot("organisation-invite-many", "/organisation/people/invite/", "administrator", (many_invited,)),
    Shot("organisation-roster", "/organisation/roster/", "place_lead"),
    Shot(
        "organisation-taken-over",
        "/organisation/files/",
        "administrator",
        (roster_taken_over,),
        height=620,
    ),
    Shot(
        "organisation-notice",
        "/organisation/notices/",
        "administrator",
        (follow("main .tasks a"),),
        height=640,
    ),
    Shot("organisation-log", "/organisation/log/", "administrator"),
    # Studio
    Shot("studio-home", "/standards/studio/", "service_manager"),
    Shot(
        "studio-1-sequence",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 0)),
        height=980,
    ),
    Shot("studio-2-parts", "/standards/studio/", "service_manager", (_DRAFT, follow(".phases a", 1), to_top)),
    Shot(
        "studio-3-enhancers",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 2), to_top),
        height=980,
    ),
    Shot(
        "studio-4-standards",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 3), _STANDARD, tried),
        height=980,
    ),
    Shot(
        "studio-signals",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow(".phases a", 3), follow('main a[href$="/signals/"]')),
        height=760,
    ),
    Shot(
        "studio-publish",
        "/standards/studio/",
        "service_manager",
        (_DRAFT, follow('main a[href$="/publish/"]')),
        height=760,
    ),
    # Our standards
    phone("ours-read", "/standards/ours/", "employee"),
    phone(
        "ours-standard",
        "/standards/ours/",
        "employee",
        (unfold("main .stdlist details"), down_to("main .stdlist")),
    ),
    Shot(
        "ours-edition",
        "/standards/ours/",
        "service_manager",
        (follow('main a[href*="/standards/editions/"]', 1),),
    ),
    Shot("ours-questions", "/standards/ours/questions/", "place_lead", height=600),
    Shot("ours-promise", "/standards/promise/salon/", "service_manager"),
    # Visits and conversations
    Shot("visits-list", "/visits/", "service_manager", height=700),
    Shot(
        "visits-import",
        "/visits/files/",
        "service_manager",
        (give("wizyty-listopad.csv", VISITS),),
        height=980,
    ),
    Shot("visits-one", "/visits/", "service_manager", (follow("main tbody a"),)),
    Shot("conversations-list", "/conversations/", "service_manager", height=700),
    Shot("conversations-one", "/conversations/?channel=chat", "service_manager", (follow("main tbody a"),)),
    Shot(
        "conversations-upload",
        "/conversations/uploads/",
        "service_manager",
        (give("czat-listopad.csv", TURNS),),
        height=980,
    ),
    # Results
    Shot("results-people", "/results/", "service_manager"),
    Shot("results-person", "/results/?named=darek", "service_manager", (follow("main tbody a"),), height=980),
    Shot("results-standards", "/results/standards/", "service_manager"),
    Shot("results-places", "/results/places/", "service_manager", height=620),
    Shot("results-closeness", "/results/fit/", "service_manager", height=760),
    Shot(
        "results-over-time",
        "/results/runs/",
        "service_manager",
        (_YEAR_OF_VISITS, follow('.subnav a[href*="over-time"]'), follow(".tasks a")),
    ),
    Shot("results-evaluators", "/results/evaluators/", "service_manager"),
    Shot("results-runs", "/results/runs/", "service_manager", height=620),
    phone("results-mine", "/results/mine/", "employee"),
    # At the counter: one picture for each band, and a gesture
    phone("counter-personal", "/counter/", "employee", (tap("talkative", visits=6), to_top), height=980),
    phone("counter-attentive", "/counter/", "employee", (tap("hurried"), to_top), height=980),
    phone("counter-discreet", "/counter/", "employee", (tap("left_alone"), to_top), height=980),
    phone("counter-gesture", "/counter/?cue=talkative&known=6", "employee", (found("K-1020"),)),
    phone("counter-till", "/giving/till/", "employee", height=560),
    Shot("counter-approvals", "/giving/approvals/", "service_manager", height=600),
    # The rules of situations, and what they do to seven customers
    Shot("rules-sheet", "/situation-rules/", "service_manager"),
    Shot(
        "rules-gallery",
        "/situation-rules/",
        "service_manager",
        (down_to("#gallery", 24),),
        width=800,
        height=900,
    ),
    # Gestures
    Shot("gestures-front", "/gestures/", "service_manager"),
    Shot("gestures-kinds", "/gestures/policies/new/", "service_manager", height=560),
    Shot(
        "gestures-form",
        "/gestures/policies/",
        "service_manager",
        (follow("main tbody a"), follow('main a[href$="/change/"]')),
        height=980,
    ),
    Shot("gestures-policy", "/gestures/policies/", "service_manager", (follow("main tbody a"),), height=760),
    Shot("gestures-budget", "/gestures/budgets/", "service_manager", (follow(".ges__budgets a"),)),
    Shot("gestures-statement", "/gestures/statement/", "service_manager"),
    Shot(
        "gestures-effect",
        "/gestures/policies/",
        "service_manager",
        (follow('main tbody a[href$="/effect/"]'),),
        height=980,
    ),
    # Customers and the club
    Shot("customers-list", "/customers/", "service_manager", height=600),
    Shot(
        "customers-one",
        "/customers/?text=małgorzata+wierzba",
        "service_manager",
        (follow("main tbody a"),),
        height=980,
    ),
    Shot("customers-import", "/customers/files/", "service_manager", (give("zakupy.csv", PURCHASES),)),
    Shot("club-front", "/club/", "service_manager", height=620),
    phone("club-card", "/club/join/", "employee", (member_shown,), height=980),
    Shot("club-stock", "/club/stock/", "place_lead", height=620),
    # Failures put right, calls and cards
    Shot("recovery-cases", "/recovery/", "service_manager", height=700),
    Shot("recovery-case", "/recovery/", "service_manager", (follow("main li strong a"),)),
    phone("recovery-note", "/recovery/note/", "employee", height=980),
    Shot("calls-list", "/calls/", "service_manager", height=760),
    phone("calls-one", "/calls/", "service_manager", (follow("main li strong a"),)),
    # Programs
    Shot("interface-tokens", "/tokens/", "administrator"),
    Shot("interface-reference", "/api/v1/docs/", "administrator"),
)
