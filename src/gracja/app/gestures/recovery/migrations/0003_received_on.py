from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("recovery", "0002_history_stays"),)
    operations = (migrations.AddField("case", "received_on", models.DateField(blank=True, null=True)),)
