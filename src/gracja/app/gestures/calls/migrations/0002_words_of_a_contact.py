from django.db import migrations, models


class Migration(migrations.Migration):
    """A contact that somebody plans by hand has words of its own."""

    dependencies = [("calls", "0001_contacts_we_start")]

    operations = [
        migrations.AddField("call", "text", models.TextField(blank=True, max_length=600)),
        migrations.AlterField(
            "call",
            "reason",
            models.CharField(
                choices=[
                    ("after_failure", "after_failure"),
                    ("thanks_purchase", "thanks_purchase"),
                    ("thanks_visits", "thanks_visits"),
                    ("anniversary_first", "anniversary_first"),
                    ("anniversary_joined", "anniversary_joined"),
                    ("promised", "promised"),
                    ("other", "other"),
                ],
                max_length=20,
            ),
        ),
    ]
