from __future__ import annotations

from typing import Any

from django.db import migrations

# The roles that a company starts with; one that was set up before gets what is new. Nobody else could give
# it: these roles cannot be changed.
WHO = ("administrator", "service_manager", "place_lead")
NEW = "visit.plan"


def give(apps: Any, _editor: Any) -> None:
    for role in apps.get_model("organisation", "Role").objects.filter(built_in=True, slug__in=WHO):
        if NEW not in role.permissions:
            role.permissions = [*role.permissions, NEW]
            role.save(update_fields=("permissions",))


def take(apps: Any, _editor: Any) -> None:
    for role in apps.get_model("organisation", "Role").objects.all():
        role.permissions = [one for one in role.permissions if one != NEW]
        role.save(update_fields=("permissions",))


class Migration(migrations.Migration):
    dependencies = (
        ("observations", "0003_visits_are_planned"),
        ("organisation", "0005_large_files_in_background"),
    )
    operations = (migrations.RunPython(give, take),)
