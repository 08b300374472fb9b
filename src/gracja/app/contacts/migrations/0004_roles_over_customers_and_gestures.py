from __future__ import annotations

from typing import Any

from django.db import migrations

# The roles that a company starts with; one that was set up before gets what is new. Nobody else could give
# it: these roles cannot be changed.
_EVERYTHING = (
    "customer.find",
    "customer.read",
    "customer.manage",
    "customer.erase",
    "gesture.grant",
    "gesture.approve",
    "gesture.read",
    "gesture.manage",
)
NEW = {
    "administrator": _EVERYTHING,
    "service_manager": _EVERYTHING,
    "place_lead": ("customer.find", "gesture.grant", "gesture.approve", "gesture.read"),
    "employee": ("customer.find", "gesture.grant"),
    "analyst": ("gesture.read",),
}


def give(apps: Any, _editor: Any) -> None:
    for role in apps.get_model("organisation", "Role").objects.filter(built_in=True, slug__in=NEW):
        role.permissions = [*role.permissions, *(p for p in NEW[role.slug] if p not in role.permissions)]
        role.save(update_fields=("permissions",))


def take(apps: Any, _editor: Any) -> None:
    for role in apps.get_model("organisation", "Role").objects.all():
        role.permissions = [one for one in role.permissions if one not in _EVERYTHING]
        role.save(update_fields=("permissions",))


class Migration(migrations.Migration):
    dependencies = (
        ("contacts", "0003_customers"),
        ("organisation", "0005_large_files_in_background"),
    )
    operations = (migrations.RunPython(give, take),)
