"""What can be permitted, and the roles that a company starts with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# permission -> may it be held for one place (True), or only in the whole company (False)?
PERMISSIONS: Final[dict[str, bool]] = {
    "company.manage": False,  # name, language, settings, demo data
    "place.manage": False,
    "person.read": True,
    "person.manage": True,  # add, invite, deactivate
    "person.pseudonymise": False,
    "role.manage": False,
    "roster.manage": True,
    "notice.give": False,
    "audit.read": False,
    "edition.read": True,  # published editions; everybody of the company
    "edition.draft": False,
    "edition.publish": False,
    "question.answer": True,
    "promise.manage": False,
    "advice.ask": True,  # at the counter
    "rules.manage": False,  # of situations, and what is kept of advice
    "conversation.read": True,
    "conversation.import": False,
    "visit.import": True,
    "visit.plan": True,  # order visits, with their scenario
    "visit.read": True,
    "result.read": True,  # of others; one's own needs no permission
    "measurement.run": False,
    "customer.find": True,  # one, by the number, telephone or address that they give
    "customer.admit": True,  # who was erased, and comes back by their own wish
    "customer.read": False,  # all of them, with what they bought
    "customer.manage": False,  # files of purchases, joining two records
    "customer.erase": False,
    "gesture.grant": True,
    "gesture.approve": True,  # what another has asked for, above the limit of its policy
    "gesture.read": True,  # of others: who gave what, statements, what gestures change
    "gesture.manage": False,  # policies and budgets
    "token.manage": False,
}


@dataclass(frozen=True, slots=True)
class BuiltIn:
    slug: str
    title_pl: str
    title_en: str
    permissions: tuple[str, ...]


ROLES: Final = (
    BuiltIn("administrator", "Administrator", "Administrator", tuple(PERMISSIONS)),
    BuiltIn(
        "service_manager",
        "Kierownik obsługi",
        "Service manager",
        tuple(p for p in PERMISSIONS if p not in ("company.manage", "role.manage", "token.manage")),
    ),
    BuiltIn(
        "place_lead",
        "Kierownik placówki",
        "Place lead",
        (
            "person.read",
            "person.manage",
            "roster.manage",
            "edition.read",
            "question.answer",
            "conversation.read",
            "visit.import",
            "visit.plan",
            "visit.read",
            "result.read",
            "advice.ask",
            "customer.find",
            "customer.admit",
            "gesture.grant",
            "gesture.approve",
            "gesture.read",
        ),
    ),
    BuiltIn("evaluator", "Oceniający", "Evaluator", ("edition.read", "conversation.read", "visit.import")),
    BuiltIn(
        "employee",
        "Pracownik",
        "Employee",
        ("edition.read", "advice.ask", "customer.find", "customer.admit", "gesture.grant"),
    ),
    BuiltIn(
        "analyst",
        "Analityk",
        "Analyst",
        (
            "person.read",
            "edition.read",
            "conversation.read",
            "visit.read",
            "result.read",
            "measurement.run",
            "gesture.read",
        ),
    ),
)
