from __future__ import annotations

from typing import Any

from django.db import migrations

from gracja.app.common.append_only import append_only

# The roles that a company starts with; one that was set up before gets what is new.
NEW = {
    "administrator": ("advice.ask", "rules.manage"),
    "service_manager": ("advice.ask", "rules.manage"),
    "place_lead": ("advice.ask",),
    "employee": ("advice.ask",),
}


def give(apps: Any, _editor: Any) -> None:
    for role in apps.get_model("organisation", "Role").objects.filter(built_in=True, slug__in=NEW):
        role.permissions = [*role.permissions, *(p for p in NEW[role.slug] if p not in role.permissions)]
        role.save(update_fields=("permissions",))


def take(apps: Any, _editor: Any) -> None:
    for role in apps.get_model("organisation", "Role").objects.all():
        role.permissions = [one for one in role.permissions if one not in ("advice.ask", "rules.manage")]
        role.save(update_fields=("permissions",))


class Migration(migrations.Migration):
    dependencies = (
        ("service_mode", "0001_initial"),
        ("organisation", "0005_large_files_in_background"),
    )
    operations = (
        append_only("service_mode_rulesversion", columns=("version", "document", "note", "published_at")),
        migrations.RunPython(give, take),
    )
