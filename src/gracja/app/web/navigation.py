"""The way around: which doors a reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gracja.app.organisation.access import may_somewhere

if TYPE_CHECKING:
    from gracja.app.organisation.models import User


@dataclass(frozen=True, slots=True)
class Door:
    title: str | Promise
    address: str
    here: bool


# title, name of the address, the permissions of which one opens it (none: everybody)
_DOORS: Final = (
    (_("Overview"), "home"),
    (_("Counter"), "counter", "advice.ask"),
    (_("Customers"), "customers", "customer.read", "customer.find"),
    (_("Our standards"), "our_standards", "edition.read"),
    (_("Studio"), "studio", "edition.draft"),
    (_("Conversations"), "conversations", "conversation.read"),
    (_("Visits"), "visits", "visit.read", "visit.import"),
    (_("Results"), "results", "result.read"),
    (_("My results"), "my_results"),
    (_("Gestures"), "gestures", "gesture.read", "gesture.approve", "gesture.manage"),
    (_("Organisation"), "organisation", "person.read"),
)
# what stands under no door's address, and the doors it belongs to: the first one open to the reader is marked
_BELONGS: Final = (
    ("/standards/editions/", "studio", "our_standards"),
    ("/standards/promise/", "studio"),
    ("/calls/", "gestures", "counter"),
    ("/club/", "gestures", "counter"),
    ("/giving/", "counter", "gestures"),
    ("/recovery/", "gestures", "counter"),
    ("/tokens/", "organisation"),
    ("/api/", "organisation"),
)


def doors(user: User, path: str) -> tuple[Door, ...]:
    """The doors open to this user, in the order of the loop; the one they stand in is marked."""
    open_ = [
        (title, reverse(name))
        for title, name, *permissions in _DOORS
        if not permissions or any(may_somewhere(user, permission) for permission in permissions)
    ]
    # the overview is every address's beginning, and only its own page
    around = [
        address for _, address in open_ if path == address or (address != "/" and path.startswith(address))
    ]
    here = max(around, key=len, default="") or _belongs(path, {address for _, address in open_})
    return tuple(Door(title, address, address == here) for title, address in open_)


def _belongs(path: str, open_: set[str]) -> str:
    names = next((names for start, *names in _BELONGS if path.startswith(start)), [])
    return next((address for name in names if (address := reverse(name)) in open_), "")
