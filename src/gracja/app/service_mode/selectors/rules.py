"""The situation rules that hold: the company's own, and until it publishes any, those of Gracja."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from django.core.cache import cache
from django.db.models import QuerySet

from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.service_mode.models import RulesDraft, RulesVersion
from gracja.engine.dial.read import as_json, bundled_rules, check_rules
from gracja.engine.dial.rules import SituationRules

IN_FORCE_AS: Final = "situation_rules"
KEPT_SECONDS: Final = 5  # so long may another process still advise by the rules before


def company_rules() -> SituationRules:
    """The rules in force. Which version that is, is asked for every few seconds; what it says, once."""
    found = cache.get(IN_FORCE_AS)
    if found is None:
        found = RulesVersion.objects.values_list("pk", "version", "published_at").first() or ()
        cache.set(IN_FORCE_AS, found, KEPT_SECONDS)
    return _read(*found) if found else bundled_rules()


def published(*, by: User) -> QuerySet[RulesVersion]:
    """Every version of the company's own rules, newest first. Raises Refused: not_permitted."""
    require(by, "rules.manage")
    return RulesVersion.objects.select_related("published_by").defer("document")


def draft_of_rules(*, by: User) -> RulesDraft:
    """The draft; where there is none, the rules in force as one that was not saved yet.

    Raises Refused: not_permitted.
    """
    require(by, "rules.manage")
    found = RulesDraft.objects.select_related("changed_by").first()
    return found or RulesDraft(document=as_json(company_rules()))


def title_of_cue(name: str) -> Mapping[str, str] | str:
    """What it is called, or was in the newest rules that knew it; else its name."""
    documents = RulesVersion.objects.values_list("document", flat=True)
    for document in chain(documents.iterator(), [as_json(bundled_rules())]):
        for cue in document["cues"]:
            if cue["cue"] == name:
                title: Mapping[str, str] | str = cue["title"]
                return title
    return name


@lru_cache(maxsize=8)
def _read(pk: int, _version: int, _published_at: object) -> SituationRules:
    return check_rules(RulesVersion.objects.values_list("document", flat=True).get(pk=pk))


def rules_as_document(*, by: User) -> dict[str, Any]:
    """The rules in force as plain data, for whoever changes them. Raises Refused: not_permitted."""
    require(by, "rules.manage")
    return as_json(company_rules())
