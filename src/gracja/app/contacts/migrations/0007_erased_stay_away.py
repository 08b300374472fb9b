from __future__ import annotations

import logging
from typing import Any

from django.db import migrations, models
from django.db.models import Count, Min

import gracja.app.common.clock

log = logging.getLogger(__name__)


def keep_those_shared(apps: Any, _editor: Any) -> None:
    """Two records of one telephone or e-mail stay as they are; all but the oldest say that they share it."""
    customers = apps.get_model("contacts", "Customer").objects.filter(merged_into=None, erased_at=None)
    for said, flag in (("phone_digits", "phone_shared"), ("email", "email_shared")):
        shared = customers.exclude(**{said: ""}).values(said).annotate(first=Min("pk"), rows=Count("pk"))
        twice = {one[said]: one["first"] for one in shared.order_by().filter(rows__gt=1)}
        marked = sum(
            customers.filter(**{said: value}).exclude(pk=first).update(**{flag: True})
            for value, first in twice.items()
        )
        if marked:
            log.warning("customers share what should be one's own", extra={"facts": {said: marked}})


class Migration(migrations.Migration):
    dependencies = (("contacts", "0006_purchases_in_files"),)
    operations = (
        migrations.CreateModel(
            name="ErasedMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("erased_at", models.DateTimeField(default=gracja.app.common.clock.now)),
            ],
        ),
        migrations.AddField("customer", "phone_shared", models.BooleanField(default=False, editable=False)),
        migrations.AddField("customer", "email_shared", models.BooleanField(default=False, editable=False)),
        migrations.RunPython(keep_those_shared, migrations.RunPython.noop),
    )
