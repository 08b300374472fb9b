"""A notice that staff were given is neither changed nor deleted, by whatever way."""

from __future__ import annotations

from django.db import migrations

from gracja.app.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = (("organisation", "0003_notices_and_files"),)
    operations = (append_only("organisation_staffnotice", once="given_at"),)
