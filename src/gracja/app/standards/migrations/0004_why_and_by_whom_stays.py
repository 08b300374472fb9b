from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from gracja.app.common.append_only import append_only_also

BEFORE = ("edition_id", "version", "document", "digest", "effective_from", "published_at", "changes")


class Migration(migrations.Migration):
    dependencies = (("standards", "0003_answers_are_read"),)
    operations = (
        append_only_also(
            "standards_edition",
            before=BEFORE,
            columns=(*BEFORE, "published_by_id", "reasons", "must_acknowledge"),
        ),
        migrations.AlterField(  # in Python alone: the database is not touched, and the triggers stay
            "edition",
            "published_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.person",
            ),
        ),
    )
