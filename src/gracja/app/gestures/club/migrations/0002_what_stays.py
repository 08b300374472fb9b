from __future__ import annotations

from django.db import migrations

from gracja.app.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = (("club", "0001_club_and_gifts"),)
    operations = (append_only("club_movement"), append_only("club_clubrules"))
