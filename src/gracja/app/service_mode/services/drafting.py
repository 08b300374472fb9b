"""The draft of the situation rules: saved, undone, published."""

from __future__ import annotations

from typing import Any, Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.service_mode.models import RulesDraft, RulesStep, RulesVersion
from gracja.app.service_mode.selectors.changes import changed_values
from gracja.app.service_mode.selectors.rules import IN_FORCE_AS, company_rules
from gracja.engine.dial.read import as_json, check_rules

STEPS_KEPT: Final = 100
SUBJECT: Final = ("rules", "company")


@transaction.atomic
def save_draft(*, by: User, document: dict[str, Any], revision: int) -> RulesDraft:
    """What the next rules will be. revision: of the draft that the writer saw, 0 where there was none.
    Saving what is there already is harmless.

    Raises Refused: not_permitted; rules_changed_meanwhile (somebody saved in between). Raises
    ManyInputErrors as `check_rules`.
    """
    require(by, "rules.manage")
    draft = _locked(revision)
    wanted = _as_next(document)
    if wanted == draft.document:
        return draft
    before, draft.document = draft.document, wanted
    _step(draft, by, before)
    audit.record("rules.draft", by=by, subject=SUBJECT, **changed_values(before, wanted))
    return draft


@transaction.atomic
def undo_step(*, by: User, revision: int) -> RulesDraft:
    """The draft as it was before its last change. Raises Refused: not_permitted, rules_changed_meanwhile,
    nothing_to_undo.
    """
    require(by, "rules.manage")
    draft = _locked(revision)
    last = draft.steps.first() if draft.pk else None
    if last is None:
        raise Refused("nothing_to_undo")
    before, draft.document = draft.document, last.before
    last.delete()
    draft.revision += 1
    draft.changed_at, draft.changed_by = now(), by.person
    draft.save()
    audit.record("rules.undo", by=by, subject=SUBJECT, **changed_values(before, draft.document))
    return draft


@transaction.atomic
def drop_draft(*, by: User) -> None:
    """Leave the rules as they are in force. Repeating is harmless. Raises Refused: not_permitted."""
    require(by, "rules.manage")
    draft = RulesDraft.objects.select_for_update().first()
    if draft is not None:
        draft.delete()
        audit.record("rules.drop_draft", by=by, subject=SUBJECT, before={"revision": draft.revision})


@transaction.atomic
def publish_rules(*, by: User, note: str, revision: int) -> RulesVersion:
    """The draft becomes the company's rules, from this moment on, for ever as they are.

    Raises Refused: not_permitted; rules_changed_meanwhile; rules_note_missing; rules_not_changed.
    """
    require(by, "rules.manage")
    draft = _locked(revision)
    if not note.strip():
        raise Refused("rules_note_missing")
    in_force = company_rules()
    changed = changed_values(as_json(in_force), draft.document)
    if not changed["after"] and not changed["before"]:
        raise Refused("rules_not_changed")
    version = (RulesVersion.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    document = draft.document | {"id": "company", "version": version}
    made = RulesVersion.objects.create(
        version=version,
        document=as_json(check_rules(document)),
        note=note.strip()[:2000],
        published_by=by.person,
    )
    draft.delete()
    audit.record("rules.publish", by=by, subject=("rules", str(made)), **changed)
    transaction.on_commit(lambda: cache.delete(IN_FORCE_AS))
    return made


def _locked(revision: int) -> RulesDraft:
    """The draft, locked: two people may save at once. A new one, not yet saved, where there is none.

    Raises Refused: rules_changed_meanwhile.
    """
    draft = RulesDraft.objects.select_for_update().first()
    if draft is None:
        draft = RulesDraft(document=_as_next(as_json(company_rules())))
    if draft.revision != revision:
        raise Refused("rules_changed_meanwhile")
    return draft


def _as_next(document: dict[str, Any]) -> dict[str, Any]:
    """The document, checked, under the name that it will have."""
    last = RulesVersion.objects.aggregate(last=Max("version"))["last"] or 0
    return as_json(check_rules(document | {"gracja_rules": 1, "id": "company", "version": last + 1}))


def _step(draft: RulesDraft, by: User, before: dict[str, Any]) -> None:
    draft.revision += 1
    draft.changed_at, draft.changed_by = now(), by.person
    draft.save()
    RulesStep.objects.create(draft=draft, revision=draft.revision, before=before)
    draft.steps.filter(revision__lte=draft.revision - STEPS_KEPT).delete()
