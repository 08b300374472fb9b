import django.db.models.deletion
from django.db import migrations, models

import gracja.app.common.clock
from gracja.app.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0008_agreement_and_courses"),
        ("standards", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReferenceMix",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reference_mix",
                        serialize=False,
                        to="standards.edition",
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("standards", models.JSONField()),
                ("frozen_at", models.DateTimeField(default=gracja.app.common.clock.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(last_day__gte=models.F("first_day")),
                        name="mix_days_in_order",
                    )
                ],
            },
        ),
        append_only("measurement_referencemix"),
    ]
