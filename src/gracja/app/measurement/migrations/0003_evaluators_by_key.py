"""Results of earlier versions held names of evaluators from outside: keys take their place."""

from typing import Any

from django.db import migrations

from gracja.app.observations.selectors.outside import OUTSIDE, outside_key


def by_key(apps: Any, _editor: Any) -> None:
    """In results, and in the notes of runs: of evaluators who are none of our people."""
    ours = set(apps.get_model("organisation", "Person").objects.values_list("key", flat=True))

    def key_of(name: str) -> str:
        return name if name in ours or name.startswith(OUTSIDE) else outside_key(name)

    for row in apps.get_model("measurement", "Result").objects.filter(subject_kind="evaluator", person=None):
        row.subject = key_of(row.subject)
        row.row = row.row | {"subject": row.subject}
        row.save(update_fields=("subject", "row"))
    for run in apps.get_model("measurement", "Run").objects.exclude(notes=[]):
        run.notes = [
            [code, facts | {"evaluator": key_of(facts["evaluator"])} if "evaluator" in facts else facts]
            for code, facts in run.notes
        ]
        run.save(update_fields=("notes",))


class Migration(migrations.Migration):
    dependencies = (
        ("measurement", "0002_runs_are_jobs"),
        ("observations", "0002_imports_are_jobs"),
    )
    operations = (migrations.RunPython(by_key, migrations.RunPython.noop),)
