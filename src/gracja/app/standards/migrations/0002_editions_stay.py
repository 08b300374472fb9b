from __future__ import annotations

from django.db import migrations

from gracja.app.common.append_only import append_only


class Migration(migrations.Migration):
    dependencies = (("standards", "0001_initial"),)
    operations = (
        append_only(
            "standards_edition",
            columns=(
                "edition_id",
                "version",
                "document",
                "digest",
                "effective_from",
                "published_at",
                "changes",
            ),
        ),
    )
