from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import migrations

from gracja.app.common.clock import now


def mark(apps: Any, _editor: Any) -> None:
    """Whoever was not called for a wrong number until now, is not called until there is another."""
    calls = apps.get_model("calls", "Call").objects
    wrong = calls.filter(outcome="wrong_number", ended_at__gte=now() - timedelta(days=365))
    keys = list(wrong.values_list("customer_key", flat=True))
    customers = apps.get_model("contacts", "Customer").objects
    customers.filter(key__in=keys).exclude(phone="").update(phone_wrong=True)


class Migration(migrations.Migration):
    dependencies = (("calls", "0002_words_of_a_contact"), ("contacts", "0011_wrong_telephones"))
    operations = (migrations.RunPython(mark, migrations.RunPython.noop),)
