from __future__ import annotations

from typing import Any

from django.db import migrations

from gracja.app.common.append_only import append_only

HELD = ("case_id", "kind", "at", "by_key", "facts")
_held = append_only("recovery_step", columns=HELD)
_let_go = _held.reverse_code or migrations.RunPython.noop


def take_out_who_pays(apps: Any, _editor: Any) -> None:
    """Once, whoever paid a remedy stood in the history as it was typed, and may be a name; the case has it
    still, where it can be erased.
    """
    steps = apps.get_model("recovery", "Step").objects
    for pk, facts in steps.filter(kind="promised").values_list("pk", "facts").iterator():
        if "paid_from" in facts:
            kept = {name: value for name, value in facts.items() if name != "paid_from"}
            steps.filter(pk=pk).update(facts=kept)


class Migration(migrations.Migration):
    dependencies = (("recovery", "0003_received_on"),)
    operations = (
        # the rows are held by triggers, which are taken away for as long as this takes
        migrations.RunPython(_let_go, _held.code),
        migrations.RunPython(take_out_who_pays, migrations.RunPython.noop),
        _held,
    )
