"""What somebody at the counter wants to give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gracja.app.common.money import Money
from gracja.app.contacts.models import Customer
from gracja.app.gestures.models import Policy
from gracja.app.organisation.models import Place


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to give. cost: null, what it costs as a rule. reason: why, for the second person
    and the statement. contact: in which it is given, where that is known. told: of the contact itself
    (selectors/facts.py, TOLD).
    """

    policy: Policy
    place: Place
    customer: Customer
    reason: str
    cost: Money | None = None
    contact: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
