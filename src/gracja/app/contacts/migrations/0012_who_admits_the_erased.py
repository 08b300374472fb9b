from __future__ import annotations

from typing import Any

from django.db import migrations

NEW = "customer.admit"


def give(apps: Any, _editor: Any) -> None:
    """Whoever may write customers down goes on; a program has to be given the scope."""
    for role in apps.get_model("organisation", "Role").objects.all():
        if {"customer.find", "customer.manage"} & set(role.permissions) and NEW not in role.permissions:
            role.permissions = [*role.permissions, NEW]
            role.save(update_fields=("permissions",))


def take(apps: Any, _editor: Any) -> None:
    for role in apps.get_model("organisation", "Role").objects.all():
        role.permissions = [one for one in role.permissions if one != NEW]
        role.save(update_fields=("permissions",))


class Migration(migrations.Migration):
    dependencies = (
        ("contacts", "0011_wrong_telephones"),
        ("organisation", "0005_large_files_in_background"),
    )
    operations = (migrations.RunPython(give, take),)
