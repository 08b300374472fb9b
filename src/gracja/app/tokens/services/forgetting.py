"""A person who was erased leaves the answers that were kept, and the titles of tokens."""

from __future__ import annotations

import json

from gracja.app.common.names import Names
from gracja.app.organisation.models import Person
from gracja.app.tokens.models import ApiToken, KeptAnswer


def forget_person(person: Person, names: Names) -> None:
    """What they were answered goes; in what others were answered, their names are masked: it stays an answer,
    so that no write is done twice. In the caller's transaction.
    """
    KeptAnswer.objects.filter(person=person).delete()
    for kept in KeptAnswer.objects.exclude(body=""):
        try:
            said = json.loads(kept.body)
        except ValueError:
            said = kept.body
        if names.stand_in(said):
            masked = names.masked(said)
            kept.body = masked if isinstance(said, str) else json.dumps(masked)
            kept.save(update_fields=("body",))
    for token in ApiToken.objects.all():
        if names.stand_in(token.title):
            token.title = names.masked(token.title)[:80]
            token.save(update_fields=("title",))
