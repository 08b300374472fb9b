"""All that is kept of a customer, for the customer: their right to see it.

Every table that leads to a customer by key or by row is in it, also one that is made later: what a table
belongs to is read from its own fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Consent, Customer, CustomerNumber, Purchase, Refund
from gracja.app.contacts.selectors.customer_card import names_in_archive
from gracja.app.contacts.selectors.customers import export_record, keys_of
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, User
from gracja.engine.tables import CONVERSATIONS

KEY: Final = "customer_key"
# said by `export_record` in words of its own, and the log, which is asked for by subject
_SAID: Final = (Customer, CustomerNumber, Consent, Purchase, Refund, AuditEntry)
type Rows = dict[type[models.Model], list[models.Model]]


@transaction.atomic
def export_customer(*, by: User, customer: Customer) -> dict[str, Any]:
    """As plain data. That it was made is written down. Raises Refused: not_permitted."""
    require(by, "customer.read")
    keys = keys_of(customer)
    rows = _rows_of(customer, keys)
    subjects = {*keys, *(str(one.uid) for some in rows.values() for one in some if hasattr(one, "uid"))}
    known = export_record(customer) | {
        "exported_at": now().isoformat(),
        "keys": keys,
        "merged_records": list(customer.merged.values_list("uid", flat=True)),
        "records": {model._meta.label_lower: [_plain(one) for one in some] for model, some in rows.items()},
        "log": [
            {"at": one.at.isoformat(), "action": one.action, "before": one.before, "after": one.after}
            for one in AuditEntry.objects.filter(subject_key__in=subjects).order_by("pk")
        ],
        "conversations": list(_conversations(customer)),
    }
    audit.record("customer.export", by=by, subject=("customer", customer.key))
    return known


def _rows_of(customer: Customer, keys: list[str]) -> Rows:
    """Rows that name the customer, and rows that hang on those; a table once."""
    found: Rows = {}
    records = [customer.pk, *customer.merged.values_list("pk", flat=True)]
    for model in _kept():
        if ways := _ways(model, {Customer: records}, keys):
            found[model] = list(model._base_manager.filter(ways).order_by("pk"))
    waiting = list(found)
    while waiting:
        parents = {model: [one.pk for one in found[model]] for model in waiting if found[model]}
        waiting = []
        for model in _kept():
            if model not in found and (ways := _ways(model, parents, [])):
                found[model] = list(model._base_manager.filter(ways).order_by("pk"))
                waiting.append(model)
    return {model: some for model, some in found.items() if some}


def _kept() -> Iterator[type[models.Model]]:
    return (one for one in apps.get_models() if one not in _SAID and one._meta.app_label not in _TECHNICAL)


_TECHNICAL: Final = ("contenttypes", "auth", "sessions", "usersessions", "axes", "django_tasks_database")


def _ways(model: type[models.Model], parents: dict[type[models.Model], list[Any]], keys: list[str]) -> Q:
    ways = Q()
    for field in model._meta.concrete_fields:
        if field.name == KEY and keys:
            ways |= Q(**{f"{KEY}__in": keys})
        elif field.related_model and (pks := parents.get(field.related_model)):
            ways |= Q(**{f"{field.name}__in": pks})
    return ways


def _plain(row: models.Model) -> dict[str, Any]:
    """Its fields; who of our people did it is theirs, not the customer's."""
    said = {}
    for field in row._meta.concrete_fields:
        if field.is_relation and field.related_model is Person:
            continue
        value = getattr(row, field.name)
        if isinstance(value, Place):
            value = value.name
        elif isinstance(value, models.Model):
            value = getattr(value, "uid", str(value))
        said[field.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return said


def _conversations(customer: Customer) -> Iterator[dict[str, Any]]:
    archive = archive_if_there()
    if archive is None:
        return
    wanted = pa.array(names_in_archive(customer), pa.string())
    with archive.shared():
        stored = archive.conversation_files()
        for file in stored.files():
            for table in stored.read(file, CONVERSATIONS.names):
                for row in table.filter(pc.is_in(table["customer"], value_set=wanted)).to_pylist():
                    yield {
                        "contact": row["contact"],
                        "channel": row["channel"],
                        "at": row["started_at"].isoformat() if row["started_at"] else None,
                        "turns": [{"speaker": one["speaker"], "text": one["text"]} for one in row["turns"]],
                    }
