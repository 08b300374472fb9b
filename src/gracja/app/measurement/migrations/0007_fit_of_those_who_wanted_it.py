from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("measurement", "0006_fit_by_place_and_part")]

    operations = [
        migrations.AddField("partfit", "wanted_close", models.PositiveIntegerField(null=True)),
        migrations.AddField("partfit", "wanted_distance", models.PositiveIntegerField(null=True)),
        migrations.AddConstraint(
            "partfit",
            models.CheckConstraint(
                condition=Q(wanted_close=None)
                | Q(
                    wanted_close__gte=F("distant"),
                    wanted_distance__gte=F("close"),
                    judged__gte=F("wanted_close") + F("wanted_distance"),
                ),
                name="part_fit_within_wanted",
            ),
        ),
    ]
