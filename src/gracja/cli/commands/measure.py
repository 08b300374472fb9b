# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from gracja.cli import pipeline
from gracja.cli.commands import options
from gracja.cli.screen import Screen
from gracja.engine.measure import Measured
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja measure`: observations -> results."""

    @app.command(name="measure", help=say("help_measure", lang), short_help=say("short_measure", lang))
    def measure(
        observations: Annotated[
            list[str], typer.Argument(help=say("help_observations", lang), metavar="OBSERVATIONS")
        ],
        edition: options.edition(lang),  # type: ignore[valid-type]
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_results", lang), metavar="FILE")
        ] = Path("results.parquet"),
        contacts: options.contacts(lang) = [],  # type: ignore[valid-type]  # noqa: B006  typer copies it
        source: options.source(lang) = "auto",  # type: ignore[valid-type]
        rejected: options.rejected(lang) = None,  # type: ignore[valid-type]
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = pipeline.load_edition(edition)
        measured, tally = pipeline.measure_files(
            observations,
            document.edition,
            out=out,
            screen=screen,
            contacts=contacts,
            rejected=rejected,
            strict=strict,
            source=source,
        )
        screen.say("counts_rows", read=tally.read, accepted=tally.accepted, rejected=tally.rejected)
        tell(measured, screen)
        screen.say("wrote", path=out, seconds=sum(screen.seconds.values()))
        if format_ == "json":
            typer.echo(
                json.dumps(summary(measured) | {"out": str(out), "seconds": screen.seconds}, default=float)
            )


def tell(measured: Measured, screen: Screen) -> None:
    """How many employees were measured, and whether they can be told apart."""
    counted = summary(measured)
    screen.say("measured_employees", count=counted["employees"], known=counted["ranked"])
    if counted["ranked"] > 1:
        key = "tiers_many" if counted["tiers"] > 1 else "ends_apart" if counted["told_apart"] else "tiers_one"
        screen.say(key, count=counted["tiers"])
    if measured.basis == "automatic":
        screen.say("automatic_only")


def _somebody_told_apart(employees: pa.Table) -> bool:
    """Whether any two employees can be told apart: somebody's range of ranks is not the whole range."""
    ranked = employees.filter(pc.is_valid(employees["tier"]))
    return bool(pc.max(ranked["rank_low"]).as_py() not in (None, 1))


def summary(measured: Measured) -> dict[str, Any]:
    """The same for the next program."""
    employees = measured.results.filter(pc.field("subject_kind") == "employee")
    tiers = employees["tier"].drop_null().unique()
    return {
        "basis": measured.basis,
        "employees": employees.num_rows,
        "ranked": employees.num_rows - employees["tier"].null_count,
        "tiers": len(tiers),
        "told_apart": _somebody_told_apart(employees),
        "results": measured.results.num_rows,
        "notes": [{"code": note.code, "facts": note.facts} for note in measured.notes],
        "not_measured": [
            {"subject_kind": n.subject_kind, "subject": n.subject, "code": n.code, "facts": n.facts}
            for n in measured.not_measured
        ],
    }
