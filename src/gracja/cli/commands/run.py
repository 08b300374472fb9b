# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import pyarrow as pa
import typer

from gracja.cli import pipeline
from gracja.cli.commands import options
from gracja.cli.commands.summaries import (
    measured_as_data,
    rows_as_data,
    scored_as_data,
    tell_measured,
    tell_scored,
)
from gracja.cli.detector_files import Learned
from gracja.cli.edition_file import load_edition
from gracja.cli.files import rejected_to
from gracja.cli.flat_files import read_observations
from gracja.cli.paths import check_paths
from gracja.cli.scoring import Job
from gracja.cli.screen import Screen
from gracja.engine.edition.model import Edition
from gracja.engine.measure import Measured
from gracja.files.batches import CONVERSATIONS_AT_ONCE
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja run`: score, measure and report in one go."""

    @app.command(name="run", help=say("help_run", lang), short_help=say("short_run", lang))
    def run(
        conversations: options.conversations(lang),  # type: ignore[valid-type]
        edition: options.edition(lang),  # type: ignore[valid-type]
        *,
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_folder", lang), metavar="FOLDER")
        ] = Path("gracja-results"),
        detectors: options.detectors(lang) = None,  # type: ignore[valid-type]
        contacts: options.contacts(lang) = [],  # type: ignore[valid-type]  # noqa: B006  typer copies it
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        workers: options.workers(lang) = 1,  # type: ignore[valid-type]
        batch: options.batch(lang) = CONVERSATIONS_AT_ONCE,  # type: ignore[valid-type]
        fresh: options.fresh(lang) = False,  # type: ignore[valid-type]
        title: options.title(lang) = None,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        done = whole_job(
            conversations,
            edition,
            out,
            screen,
            detectors=detectors,
            contacts=contacts,
            strict=strict,
            language=conversation_language,
            title=title,
            workers=workers,
            at_once=batch,
            fresh=fresh,
        )
        if format_ == "json":
            typer.echo(json.dumps(done, ensure_ascii=False, default=float))


class Outputs(NamedTuple):
    """What stands in the folder of a run."""

    observations: Path
    results: Path
    report: Path
    rejected: Path


def outputs_in(folder: Path) -> Outputs:
    names = ("observations.parquet", "results.parquet", "report.html", "rejected.jsonl")
    return Outputs(*(folder / name for name in names))


def whole_job(
    conversations: list[str],
    edition: Path,
    out: Path,
    screen: Screen,
    *,
    detectors: Path | None = None,
    contacts: Sequence[str] = (),
    strict: bool = False,
    language: str | None = None,
    title: str | None = None,
    workers: int = 1,
    at_once: int = CONVERSATIONS_AT_ONCE,
    fresh: bool = False,
) -> dict[str, Any]:
    """All three steps into one folder; says what it did and returns the same as data."""
    document = load_edition(edition)
    to = outputs_in(out)
    learned = Learned.from_folder(detectors, document.edition, language)
    job = Job(
        conversations,
        document.edition,
        to.observations,
        language,
        scorer=learned.scorer,
        scored_with=learned.scored_with,
        workers=workers or os.cpu_count() or 1,
        at_once=at_once,
        fresh=fresh,
    )
    earlier = out / "rejected_observations.jsonl"  # of `gracja measure` in the same folder
    check_paths([*conversations, *contacts], [edition], outputs=to, also=[earlier])
    # What lies in the folder afterwards comes from this run, even from one that fails half way.
    with (
        job.parts() as parts,
        tempfile.TemporaryDirectory() as folder,
        rejected_to(to.rejected, lang=screen.lang, beside=to.observations) as rejected,
    ):
        for old in (*to, earlier):
            old.unlink(missing_ok=True)
        kept = Path(folder) / "conversations.parquet"
        wanted, wanted_tally = pipeline.read_contact_rows(
            contacts, screen=screen, rejected=rejected, strict=strict
        )
        scored = pipeline.score(job, parts, screen=screen, rejected=rejected, strict=strict, keep=kept)
        tell_scored(scored, screen)
        measured = _measure_and_report(scored, document.edition, to, screen, wanted, kept, title)
    _tell_cost(screen)
    screen.say("report_is_in", path=to.report)
    return {
        **scored_as_data(scored, to.rejected),
        **measured_as_data(measured),
        "contact_rows": rows_as_data(wanted_tally),
        "seconds": screen.seconds,
        "peak_megabytes": peak_megabytes(),
        "report": str(to.report),
    }


def _measure_and_report(
    scored: pipeline.Scored,
    edition: Edition,
    to: Outputs,
    screen: Screen,
    contacts: pa.Table | None,
    kept: Path,
    title: str | None,
) -> Measured:
    """The second and third step, from what the first has written."""
    measured = pipeline.measure_rows(
        read_observations([to.observations]),
        edition,
        out=to.results,
        screen=screen,
        contacts=contacts,
        unread=scored.tally.rejected,
    )
    tell_measured(measured, screen)
    pipeline.report_files(
        to.results,
        [str(to.observations)],
        edition,
        out=to.report,
        screen=screen,
        conversations=[str(kept)],
        title=title,
    )
    return measured


def _tell_cost(screen: Screen) -> None:
    for stage, seconds in screen.seconds.items():
        screen.say("stage_took", stage=say(f"stage_{stage}", screen.lang), seconds=seconds)
    if (peak := peak_megabytes()) is not None:
        screen.say("memory", megabytes=peak)


def peak_megabytes() -> float | None:
    """The most memory that this process has held so far (megabytes of 10^6 bytes); None where unknown."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
