"""People are found without regard to case and diacritics; files wait to be taken over."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import gracja.app.common.clock
import gracja.app.common.uid
import gracja.app.organisation.models


def fold_names(apps: Any, _editor: Any) -> None:
    for person in apps.get_model("organisation", "Person").objects.all():
        person.save(update_fields=("found_by",))


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="found_by",
            field=gracja.app.organisation.models.Folded(
                "name", db_index=True, default="", editable=False, max_length=200
            ),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=gracja.app.common.uid.new_uid, editable=False, max_length=22, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("people", "people"), ("places", "places"), ("roster", "roster")],
                        max_length=6,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("encoding", models.CharField(blank=True, max_length=12)),
                ("separator", models.CharField(blank=True, max_length=1)),
                ("mapping", models.JSONField(null=True)),
                ("given_at", models.DateTimeField(default=gracja.app.common.clock.now)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("counts", models.JSONField(default=dict)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisation.person",
                    ),
                ),
            ],
            options={
                "ordering": ("-given_at",),
            },
        ),
    ]
