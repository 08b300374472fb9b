from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # apart from 0007: PostgreSQL makes no index in the transaction that has just written to the table
    dependencies = (("contacts", "0007_erased_stay_away"),)
    operations = (
        migrations.AddConstraint(
            "customer",
            models.UniqueConstraint(
                fields=("phone_digits",),
                condition=~Q(phone_digits="") & Q(phone_shared=False),
                name="customer_phone_once",
            ),
        ),
        migrations.AddConstraint(
            "customer",
            models.UniqueConstraint(
                fields=("email",), condition=~Q(email="") & Q(email_shared=False), name="customer_email_once"
            ),
        ),
    )
