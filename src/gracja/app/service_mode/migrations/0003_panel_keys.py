import django.db.models.deletion
from django.db import migrations, models

import gracja.app.common.clock
import gracja.app.common.uid


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0006_roles_end"),
        ("service_mode", "0002_rules_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="PanelKey",
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
                ("title", models.CharField(max_length=80)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("ending", models.CharField(max_length=4)),
                ("grants", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=gracja.app.common.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="panel_keys",
                        to="organisation.person",
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="panel_key_ends_after_it_is_made",
                    )
                ],
            },
        ),
    ]
