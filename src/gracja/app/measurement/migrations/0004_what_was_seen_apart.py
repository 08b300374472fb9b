"""What was seen of an employee moves to a table of its own: lists of results need not read past it."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

_AT_ONCE = 500


def apart(apps: Any, _editor: Any) -> None:
    """From each result to its own row; a result without anything gets none."""
    seen = apps.get_model("measurement", "ResultSeen")
    rows = apps.get_model("measurement", "Result").objects.exclude(seen=[]).only("seen")
    waiting = []
    for row in rows.iterator(chunk_size=_AT_ONCE):
        waiting.append(seen(result_id=row.pk, standards=row.seen))
        if len(waiting) >= _AT_ONCE:
            seen.objects.bulk_create(waiting)
            waiting = []
    seen.objects.bulk_create(waiting)


def together(apps: Any, _editor: Any) -> None:
    """Back into the results."""
    result = apps.get_model("measurement", "Result")
    for row in apps.get_model("measurement", "ResultSeen").objects.iterator(chunk_size=_AT_ONCE):
        result.objects.filter(pk=row.result_id).update(seen=row.standards)


class Migration(migrations.Migration):
    dependencies = (("measurement", "0003_evaluators_by_key"),)
    operations = (
        migrations.CreateModel(
            name="ResultSeen",
            fields=[
                (
                    "result",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="what_was_seen",
                        serialize=False,
                        to="measurement.result",
                    ),
                ),
                ("standards", models.JSONField(default=list)),
            ],
        ),
        migrations.RunPython(apart, together),
    )
