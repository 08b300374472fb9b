"""The company, its places and people, what each may do, and how they sign in."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

import gracja.app.common.clock
import gracja.app.common.uid
import gracja.app.organisation.models.people


class Migration(migrations.Migration):
    replaces = [
        ("organisation", "0001_initial"),
        ("organisation", "0002_names_found_and_files"),
        ("organisation", "0003_sessions_end"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Company",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("only", models.BooleanField(default=True, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "language",
                    models.CharField(
                        choices=[("pl", "Polski"), ("en", "English")], default="pl", max_length=2
                    ),
                ),
                ("zone", models.CharField(default="Europe/Warsaw", max_length=60)),
                ("checklist_hidden", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=gracja.app.common.clock.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("only", True)), name="one_company")
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
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
                        choices=[("region", "region"), ("place", "place")], default="place", max_length=6
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("code", models.CharField(blank=True, max_length=60)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organisation.place",
                    ),
                ),
                ("path", models.CharField(db_index=True, editable=False, max_length=400)),
                ("zone", models.CharField(default="Europe/Warsaw", max_length=60)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ("path",),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        django.db.models.functions.comparison.Coalesce("parent", 0),
                        name="place_name_once",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("code"),
                        condition=models.Q(("code", ""), _negated=True),
                        name="place_code_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
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
                    "key",
                    models.CharField(
                        default=gracja.app.common.uid.new_uid, editable=False, max_length=22, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "found_by",
                    gracja.app.organisation.models.people.Folded(
                        "name", db_index=True, default="", editable=False, max_length=200
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("started_on", models.DateField(blank=True, null=True)),
                ("trainee_until", models.DateField(blank=True, null=True)),
                ("deactivated_at", models.DateTimeField(blank=True, null=True)),
                ("pseudonymised_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("name", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("code"),
                        condition=models.Q(("code", ""), _negated=True),
                        name="person_code_once",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="person_email_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(unique=True)),
                ("title_pl", models.CharField(max_length=60)),
                ("title_en", models.CharField(max_length=60)),
                ("permissions", models.JSONField(default=list)),
                ("built_in", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="organisation.person",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisation.role",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisation.place",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("person"),
                        models.F("role"),
                        django.db.models.functions.comparison.Coalesce("place", 0),
                        name="membership_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="user",
                        to="organisation.person",
                    ),
                ),
                ("login", models.CharField(max_length=120, unique=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "language",
                    models.CharField(blank=True, choices=[("pl", "Polski"), ("en", "English")], max_length=2),
                ),
                (
                    "theme",
                    models.CharField(
                        blank=True,
                        choices=[("", "system"), ("light", "light"), ("dark", "dark")],
                        max_length=6,
                    ),
                ),
                ("made_at", models.DateTimeField(default=gracja.app.common.clock.now)),
                ("signed_out_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("login"), name="login_once")
                ],
            },
        ),
    ]
