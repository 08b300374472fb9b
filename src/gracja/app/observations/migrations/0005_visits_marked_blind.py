from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("observations", "0004_who_orders_visits")]

    operations = [migrations.AddField("visit", "blind", models.BooleanField(blank=True, null=True))]
