"""What staff were told and who read it; files that wait to be taken over."""

import django.db.models.deletion
from django.db import migrations, models

import gracja.app.common.clock
import gracja.app.common.uid


class Migration(migrations.Migration):
    replaces = [
        ("organisation", "0001_initial"),
        ("organisation", "0002_names_found_and_files"),
        ("organisation", "0003_sessions_end"),
    ]

    dependencies = [
        ("organisation", "0002_teams_shifts_invitations"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffNotice",
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
                ("text_pl", models.TextField(blank=True)),
                ("text_en", models.TextField(blank=True)),
                ("sources", models.JSONField(default=list)),
                ("given_at", models.DateTimeField(blank=True, null=True)),
                ("measured_from", models.DateField()),
            ],
            options={
                "ordering": ("-measured_from",),
            },
        ),
        migrations.CreateModel(
            name="NoticeRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reads",
                        to="organisation.staffnotice",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices_read",
                        to="organisation.person",
                    ),
                ),
                ("at", models.DateTimeField(default=gracja.app.common.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "person"), name="notice_read_once")
                ],
            },
        ),
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
                ("counts", models.JSONField(default=dict)),
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
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisation.person",
                    ),
                ),
                ("given_at", models.DateTimeField(default=gracja.app.common.clock.now)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-given_at",),
            },
        ),
    ]
