from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = (("organisation", "0005_large_files_in_background"),)
    operations = (
        migrations.RemoveConstraint("membership", "membership_once"),
        migrations.AddConstraint(
            "membership",
            models.UniqueConstraint(
                models.F("person"),
                models.F("role"),
                Coalesce("place", 0),
                condition=models.Q(until=None),
                name="membership_once",
            ),
        ),
    )
