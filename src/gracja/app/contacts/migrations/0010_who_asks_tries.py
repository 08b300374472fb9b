from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def by_giver(apps: Any, _editor: Any) -> None:
    files = apps.get_model("contacts", "PurchaseImport").objects.filter(looking=True)
    files.update(looked_by=F("given_by"))


class Migration(migrations.Migration):
    dependencies = (
        ("contacts", "0009_large_files_tried_in_background"),
        ("organisation", "0005_large_files_in_background"),
    )
    operations = (
        migrations.AddField(
            "purchaseimport",
            "looked_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="organisation.person",
            ),
        ),
        migrations.RunPython(by_giver, migrations.RunPython.noop),
    )
