"""All that the counter's page needs to advise by itself, without the server: rules, lines, words. Nobody's
name is in it, so that a device may keep it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from django.utils.crypto import salted_hmac

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.service_mode.selectors.asking import editions_in_force
from gracja.app.service_mode.selectors.keeping import kept
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.app.service_mode.selectors.where import place_at
from gracja.engine.dial.advice import GLANCE_DO, GLANCE_HOLD
from gracja.engine.dial.read import as_json
from gracja.engine.dial.rules import BANDS, SituationRules
from gracja.engine.edition.model import Edition as Document

_FIELDS: Final = {"standard", "behaviour", "when", "channels", "rung", "service_mode", "weight", "critical"}


@dataclass(frozen=True, slots=True)
class Policy:
    """data: what the page is given; place: where the reader serves now, empty where that is not known."""

    data: dict[str, Any]
    place: str

    @property
    def version(self) -> str:
        """Changes with everything that advice depends on."""
        return str(self.data["version"])


def policy(*, by: User) -> Policy:
    """Raises Refused: not_permitted."""
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    rules = company_rules()
    settings = kept()
    place = place_at(by, now())
    told = {
        "rules": as_json(rules),
        "bands": list(BANDS),
        "glance": {"do": GLANCE_DO, "hold": GLANCE_HOLD},
        "services": [_service(one, rules) for one in editions_in_force()] or _bare(),
        "keeps": settings.keep,
    }
    version = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
    data = told | {"version": version, "as_of": now().isoformat(), "reader": reader_mark(by)}
    return Policy(data, place.name if place else "")


def reader_mark(by: User) -> str:
    """Tells two readers of one device apart, and says nothing of who they are."""
    return salted_hmac("gracja.counter", by.person.key, algorithm="sha256").hexdigest()[:16]


def _service(document: Document, rules: SituationRules) -> dict[str, Any]:
    named = document.service.occupation
    known = named if named and rules.occupation(named) else None
    standards = [one.model_dump(mode="json", include=_FIELDS) for _, _, one in document.standards()]
    return {
        "edition": f"{document.id}@{document.version}",
        "title": document.title if isinstance(document.title, str) else dict(document.title),
        "kind": document.service.kind,
        "occupation": known,
        "standards": standards,
        "gestures": document.allows_gestures,
    }


def _bare() -> list[dict[str, Any]]:
    """Where no edition is in force: only the rules speak, of either kind of service."""
    kinds = ("encounter", "relationship")
    return [
        {
            "edition": "",
            "title": kind,
            "kind": kind,
            "occupation": None,
            "standards": [],
            "gestures": True,
        }
        for kind in kinds
    ]
