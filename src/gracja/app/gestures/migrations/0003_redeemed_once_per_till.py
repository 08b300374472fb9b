from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("gestures", "0002_ledger_stays"),)
    operations = (
        migrations.AddField("code", "redeemed_key", models.CharField(blank=True, default="", max_length=64)),
        migrations.AlterField("code", "redeemed_key", models.CharField(blank=True, max_length=64)),
    )
