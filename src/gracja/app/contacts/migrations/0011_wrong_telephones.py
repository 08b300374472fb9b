from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("contacts", "0010_who_asks_tries"),)
    operations = (
        migrations.AddField("customer", "phone_wrong", models.BooleanField(default=False, editable=False)),
    )
