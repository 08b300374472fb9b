"""What was seen stands apart. In a migration of its own: PostgreSQL alters no table with rows still to check."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("measurement", "0004_what_was_seen_apart"),)
    operations = (migrations.RemoveField(model_name="result", name="seen"),)
