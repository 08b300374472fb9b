"""Advice in a situation, by the company's rules and with the lines of its editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, get_args

from django.core.cache import cache

from gracja.app.common.clock import today
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.app.standards.models import Edition
from gracja.engine.dial.advice import Advice, advise
from gracja.engine.dial.rules import Kind, SituationRules
from gracja.engine.dial.situation import Situation
from gracja.engine.edition.model import Channel
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.read import edition_from_json

CHANNELS: Final[tuple[str, ...]] = get_args(Channel)
EDITIONS_AS: Final = "advice_editions"
_SECONDS: Final = 5  # so long may an edition that comes into force be late


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known. edition: its name, `salon` or `salon@3`; empty: that of the occupation, if any."""

    kind: Kind | None = None
    occupation: str | None = None
    cues: Mapping[str, int] = field(default_factory=dict)
    edition: str = ""
    channel: Channel | None = None
    moves_made: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """advice, by which rules, and from whose standards its lines are (none: only the rules spoke)."""

    advice: Advice
    rules: SituationRules
    edition: Document | None
    cues: Mapping[str, int]


def advice(*, by: User, asked: Asked) -> Told:
    """How personal to be. Raises Refused: not_permitted; edition_not_in_force (given, known). Raises
    ManyInputErrors as `check_situation`.
    """
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    return advise_for(asked)


def rules_readable(*, by: User) -> SituationRules:
    """The rules in force, for whoever is advised by them. Raises Refused: not_permitted."""
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    return company_rules()


def advise_for(asked: Asked) -> Told:
    """As `advice`, for whoever was let in already."""
    rules = company_rules()
    document = _edition(asked)
    kind, occupation = asked.kind, asked.occupation
    if document is not None and kind is None and occupation is None:
        kind = document.service.kind
        named = document.service.occupation
        occupation = named if named and rules.occupation(named) else None
    situation = Situation(kind, occupation, asked.cues)
    told = advise(situation, rules, document, channel=asked.channel, moves_made=asked.moves_made)
    return Told(told, rules, document, asked.cues)


def editions_in_force() -> list[Document]:
    """The edition of each service that holds today, by its name."""
    found = cache.get(EDITIONS_AS)
    if found is None:
        rows = Edition.objects.filter(effective_from__lte=today()).order_by("edition_id", "version")
        found = list(
            {
                name: (pk, digest) for name, pk, digest in rows.values_list("edition_id", "pk", "digest")
            }.values()
        )
        cache.set(EDITIONS_AS, found, _SECONDS)
    return [_document(*one) for one in found]


def _edition(asked: Asked) -> Document | None:
    """The edition named, else that of the occupation, else the only one. Raises Refused:
    edition_not_in_force (given, known).
    """
    known = editions_in_force()
    if asked.edition:
        named = (one for one in known if asked.edition in (one.id, f"{one.id}@{one.version}"))
        if (found := next(named, None)) is None:
            names = ", ".join(f"{one.id}@{one.version}" for one in known) or "–"
            raise Refused("edition_not_in_force", given=asked.edition, known=names)
        return found
    if asked.occupation:
        return next((one for one in known if one.service.occupation == asked.occupation), None)
    return known[0] if len(known) == 1 and asked.kind in (None, known[0].service.kind) else None


@lru_cache(maxsize=32)
def _document(pk: int, _digest: str) -> Document:
    return edition_from_json(Edition.objects.values_list("document", flat=True).get(pk=pk))
