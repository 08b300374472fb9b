"""Whatever is done to a draft, the engine reads it, and every step can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gracja.app.common.refused import Refused
from gracja.app.standards.models import Draft
from gracja.app.standards.services.drafts import change_draft, redo, undo
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.operations import KINDS, spots
from gracja.engine.edition.read import check_edition
from gracja.engine.errors import EngineInputError

pytestmark = pytest.mark.django_db
TEXTS = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["Powitanie", "Żółć", "title", "welcome", "\x00"])
)
FIELDS = {
    "part": st.sampled_from(
        [("title", "pl"), ("title", "en"), ("customer_does", "pl"), ("feeling",), ("thought", "en")]
    ),
    "enhancer": st.sampled_from([("title", "pl"), ("evidence", "en"), ("sources",)]),
    "standard": st.sampled_from([("behaviour", "pl"), ("weight",), ("rung",), ("critical",), ("when", "en")]),
}
VALUES = st.one_of(
    TEXTS,
    st.integers(-120, 120),
    st.booleans(),
    st.just([{"source": {"pl": "rozmowy"}, "number": "14/20", "date": "2026-03-01"}]),
)
OPERATION = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from(["set", "add", "remove", "move", "undo", "redo"]),
    st.integers(0, 30),
    st.integers(0, 30),
    st.data(),
)


def drawn_change(document, kind, verb, at, other, data):
    """An action with its path and value, on whatever stands in the document."""
    paths = {of: [spot.path for found, spot in spots(document) if found == of] for of in KINDS}
    if verb == "add":
        parents = [()] if kind == "part" else paths[KINDS[KINDS.index(kind) - 1]]
        if not parents:
            return None
        value = {"title": {"pl": data.draw(st.text(max_size=8)) or "x"}}
        if kind == "standard":
            value = {"behaviour": value["title"], "channels": ["chat"]}
        return f"{kind}.add", parents[at % len(parents)], value
    if not paths[kind]:
        return None
    path = paths[kind][at % len(paths[kind])]
    if verb == "set":
        return f"{kind}.set", (*path, *data.draw(FIELDS[kind])), data.draw(VALUES)
    if verb == "move":
        target = paths[kind][other % len(paths[kind])]
        parent = target[-2] if len(target) > 1 else None
        return f"{kind}.move", path, {"parent": parent, "next": target[-1]}
    return f"{kind}.remove", path, None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations=st.lists(OPERATION, max_size=14))
def test_any_series_of_changes_stays_readable_and_can_be_taken_back(cast, operations):
    Draft.objects.all().delete()
    draft = start_draft(by=cast.filip, title={"pl": "Próba"})
    states = [draft.document]  # what undo would walk through
    ahead = []  # what redo would
    for kind, verb, at, other, data in operations:
        before = draft
        if verb in ("undo", "redo"):
            draft = (undo if verb == "undo" else redo)(
                by=cast.filip, draft_uid=draft.uid, seen=draft.revision
            )
            if verb == "undo" and len(states) > 1:
                ahead.append(states.pop())
            elif verb == "redo" and ahead:
                states.append(ahead.pop())
        elif asked := drawn_change(draft.document, kind, verb, at, other, data):
            action, path, value = asked
            try:
                draft = change_draft(
                    by=cast.filip,
                    draft_uid=draft.uid,
                    seen=draft.revision,
                    action=action,
                    path=path,
                    value=value,
                )
            except (EngineInputError, Refused):
                draft = Draft.objects.get()
            if draft.revision > before.revision:
                states.append(draft.document)
                ahead.clear()
        check_edition(draft.document)
        assert draft.document == states[-1]
    while len(states) > 1:
        states.pop()
        draft = undo(by=cast.filip, draft_uid=draft.uid, seen=draft.revision)
        assert draft.document == states[-1]
