from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("contacts", "0008_one_telephone_once"),)
    operations = (migrations.AddField("purchaseimport", "looking", models.BooleanField(default=False)),)
