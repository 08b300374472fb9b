"""What a customer's own words say of their state, for the panel: read, shown with its words, and not kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import User
from gracja.app.service_mode.selectors.keeping import kept
from gracja.app.service_mode.selectors.rules import company_rules

LAST: Final = 20  # messages; what was said long before says little of now
LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class Heard:
    """A cue that the customer's words say, and the words."""

    cue: str
    words: str


def cues_said(*, by: User, messages: Iterable[str], language: str) -> list[Heard]:
    """Cues of the company's rules that the customer's last messages say; none where the company does not let
    words be read. Raises Refused: not_permitted.
    """
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    if not kept().read_words:
        return []
    from gracja.engine.state.reading import states_so_far  # noqa: PLC0415  (its compilers load as long as a page)

    texts = [one[:LONGEST] for one in messages][-LAST:]
    turns = [{"speaker": "customer", "text": one} for one in texts]
    rules = company_rules()
    return [
        Heard(one.state, "; ".join(texts[turn][start:end] for turn, start, end in one.evidence))
        for one in states_so_far(turns, language)
        if one.status == "said" and rules.cue(one.state) is not None
    ]
