"""What the organisation's codes are called: permissions, sources, kinds, states."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PERMISSIONS: Final = {
    "company.manage": _("Change the company’s name and settings, load and remove demo data"),
    "place.manage": _("Add, rename, move and close places"),
    "person.read": _("See people, their roles and teams"),
    "person.manage": _("Add, change, invite and deactivate people"),
    "person.pseudonymise": _("Erase who somebody is, for ever"),
    "role.manage": _("Make and change roles"),
    "roster.manage": _("Plan who serves where and when"),
    "notice.give": _("Tell staff what will be measured"),
    "audit.read": _("Read the log of every change"),
    "edition.read": _("Read published standards"),
    "edition.draft": _("Work on standards in the studio"),
    "edition.publish": _("Publish an edition"),
    "question.answer": _("Answer staff’s questions about standards"),
    "promise.manage": _("Show customers the public promise"),
    "advice.ask": _("Ask at the counter how personal to be"),
    "rules.manage": _("Change the rules by which the counter advises"),
    "conversation.read": _("Read conversations with customers"),
    "conversation.import": _("Upload files of conversations"),
    "visit.import": _("Record and upload visits"),
    "visit.plan": _("Order visits with their scenario"),
    "visit.read": _("Read what was seen on visits"),
    "result.read": _("See other people’s results"),
    "measurement.run": _("Start a measurement"),
    "customer.find": _("Find a customer who is there"),
    "customer.admit": _("Write down again a customer who was erased"),
    "customer.read": _("See all customers"),
    "customer.manage": _("Upload purchases and join customers’ records"),
    "customer.erase": _("Erase a customer"),
    "gesture.grant": _("Grant gestures"),
    "gesture.approve": _("Approve gestures that another has asked for"),
    "gesture.read": _("See who gave which gestures, and what they change"),
    "gesture.manage": _("Write policies of gestures and open budgets"),
    "token.manage": _("Let programs in with tokens"),
}
GROUPS: Final = (
    (_("Company"), ("company.manage", "role.manage", "token.manage", "audit.read", "notice.give")),
    (
        _("People and places"),
        ("place.manage", "person.read", "person.manage", "person.pseudonymise", "roster.manage"),
    ),
    (
        _("Standards"),
        ("edition.read", "edition.draft", "edition.publish", "question.answer", "promise.manage"),
    ),
    (_("At the counter"), ("advice.ask", "rules.manage")),
    (
        _("Measuring"),
        (
            "conversation.read",
            "conversation.import",
            "visit.read",
            "visit.plan",
            "visit.import",
            "result.read",
            "measurement.run",
        ),
    ),
    (
        _("Customers"),
        ("customer.find", "customer.admit", "customer.read", "customer.manage", "customer.erase"),
    ),
    (_("Gestures"), ("gesture.grant", "gesture.approve", "gesture.read", "gesture.manage")),
)
SOURCES: Final = {
    "visit": _("Visits on the spot"),
    "review": _("Reviews of conversations by people"),
    "automatic": _("Conversations, marked automatically"),
    "customer": _("Customers’ ratings"),
}
STATES: Final = {
    "active": _("At work"),
    "trainee": _("In training"),
    "invited": _("Invited"),
    "no_account": _("Without an account"),
    "inactive": _("Deactivated"),
}
COLUMNS: Final = {
    "name": pgettext_lazy("of a place, team or person", "Name"),
    "code": _("Code"),
    "email": _("E-mail"),
    "place": _("Place"),
    "role": _("Role"),
    "started_on": _("Began on"),
    "trainee_until": _("In training until"),
    "parent": _("Region"),
    "kind": _("Kind"),
    "zone": _("Time zone"),
    "person": _("Person"),
    "day": _("Day"),
    "begins": _("From"),
    "ends": _("To"),
}
KINDS_OF_PLACE: Final = {"region": _("region"), "place": _("place")}
KINDS: Final = {"people": _("People"), "places": _("Places"), "roster": _("Roster")}


def column(kind: str, key: str) -> str | Promise:
    """What a column of an import is called."""
    if (kind, key) == ("people", "name"):
        return _("First name and surname")
    return COLUMNS.get(key, key)
