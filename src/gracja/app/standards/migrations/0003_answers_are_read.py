from __future__ import annotations

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def those_of_before_are_read(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody is told today of an answer that stood there for weeks."""
    questions = apps.get_model("standards", "Question").objects.using(schema_editor.connection.alias)
    questions.exclude(answered_at=None).update(answer_read_at=F("answered_at"))


class Migration(migrations.Migration):
    dependencies = (("standards", "0002_editions_stay"),)
    operations = (
        migrations.AddField("question", "answer_read_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(those_of_before_are_read, migrations.RunPython.noop),
    )
