from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models.functions import Lower


def in_small_letters(apps: Any, _editor: Any) -> None:
    apps.get_model("contacts", "Customer").objects.exclude(email="").update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = (("contacts", "0004_roles_over_customers_and_gestures"),)
    operations = (
        migrations.AlterField(
            "customer", "email", models.EmailField(blank=True, db_index=True, max_length=254)
        ),
        migrations.AlterField("customernumber", "value", models.CharField(db_index=True, max_length=200)),
        migrations.RunPython(in_small_letters, migrations.RunPython.noop),
    )
