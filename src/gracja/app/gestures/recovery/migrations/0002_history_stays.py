from __future__ import annotations

from django.db import migrations

from gracja.app.common.append_only import append_only

# all but `text`, which is emptied where the customer is erased
HELD = ("case_id", "kind", "at", "by_key", "facts")


class Migration(migrations.Migration):
    dependencies = (("recovery", "0001_cases"),)
    operations = (append_only("recovery_step", columns=HELD),)
