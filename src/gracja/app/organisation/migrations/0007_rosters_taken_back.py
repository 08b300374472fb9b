from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("organisation", "0006_roles_end"),)
    operations = (
        migrations.AddField("importfile", "undone_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField(
            "importfile",
            "doing",
            models.CharField(
                blank=True,
                choices=[("look", "look"), ("apply", "apply"), ("undo", "undo")],
                max_length=5,
            ),
        ),
        migrations.AddField(
            "shift",
            "file",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.SET_NULL,
                related_name="shifts",
                to="organisation.importfile",
            ),
        ),
        migrations.AddField("shift", "ends_before", models.DateTimeField(blank=True, null=True)),
    )
