from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("measurement", "0010_nights_and_footings")]

    operations = [
        migrations.AddField(
            model_name="standing", name="attempts", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="standing", name="not_before", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
