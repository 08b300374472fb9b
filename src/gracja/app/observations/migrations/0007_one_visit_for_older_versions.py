from __future__ import annotations

from django.db import migrations

# An older version knows one visit of a contact. Second marks go: under another name they would count as a
# contact of its own. Apart from the tables' change, for PostgreSQL alters no table with deletions pending.
LEAVE_ONE = (
    "DELETE FROM observations_secondreview",
    """DELETE FROM observations_mark WHERE visit_id IN
       (SELECT id FROM observations_visit WHERE second_to_id IS NOT NULL)""",
    "DELETE FROM observations_visit WHERE second_to_id IS NOT NULL",
)


class Migration(migrations.Migration):
    dependencies = (("observations", "0006_second_reviews"),)
    operations = (migrations.RunSQL(migrations.RunSQL.noop, LEAVE_ONE),)
