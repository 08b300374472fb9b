from __future__ import annotations

from django.db import migrations

from gracja.app.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = (("gestures", "0001_initial"),)
    operations = (append_only("gestures_entry"), append_only("gestures_terms"))
