import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0007_fit_of_those_who_wanted_it"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.AddField("result", "model_fit", models.JSONField(null=True)),
        migrations.AddField("run", "agreement", models.JSONField(default=dict)),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("standard", models.CharField(blank=True, max_length=80)),
                ("grain", models.CharField(max_length=5)),
                ("begins", models.JSONField()),
                ("met", models.JSONField()),
                ("judged", models.JSONField()),
                ("low", models.JSONField()),
                ("high", models.JSONField()),
                ("smoothed", models.JSONField()),
                ("signals", models.JSONField()),
                ("centre", models.FloatField()),
                ("dispersion", models.FloatField()),
                ("change", models.JSONField(null=True)),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisation.place",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="courses",
                        to="measurement.run",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "place", "standard"),
                        condition=models.Q(place__isnull=False),
                        name="course_once_a_place",
                    ),
                    models.UniqueConstraint(
                        fields=("run", "standard"),
                        condition=models.Q(place__isnull=True),
                        name="course_once_a_standard",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(place__isnull=False) | ~models.Q(standard=""),
                        name="course_of_a_place_or_standard",
                    ),
                ],
            },
        ),
    ]
