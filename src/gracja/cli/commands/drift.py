# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from gracja.cli.commands import options
from gracja.cli.detector_files import read_detectors
from gracja.cli.flat_files import read_observations
from gracja.cli.screen import Screen
from gracja.engine.detect.certainty.card import Card
from gracja.engine.detect.certainty.drift import Drift, compare
from gracja.engine.errors import EngineInputError, Where
from gracja.wording import say

RECHECK = 1


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja drift`: do detectors still see what they saw when their cards were made?"""

    @app.command(name="drift", help=say("help_drift", lang), short_help=say("short_drift", lang))
    def drift(
        detectors: Annotated[
            Path, typer.Option("--detectors", help=say("help_drift_detectors", lang), metavar="DIR")
        ],
        observations: Annotated[
            list[str],
            typer.Option("--observations", help=say("help_drift_observations", lang), metavar="FILE"),
        ],
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        cards = [one.card for one in read_detectors(detectors) if one.card is not None]
        if not cards:
            raise EngineInputError("cards_not_found", Where(str(detectors)))
        with screen.stage("read"):
            table = read_observations(observations).select(["standard", "source", "detector", "probability"])
        rows = pl.DataFrame(pl.from_arrow(table)).filter(
            (pl.col("source") == "automatic") & pl.col("probability").is_not_null()
        )
        if rows.is_empty():
            raise EngineInputError("drift_not_scored", Where(observations[0]), folder=str(detectors))
        found = [compare(card, _probabilities(rows, card)) for card in cards]
        others = len(rows) - sum(one.contacts for one in found)
        _tell(found, others, screen)
        if format_ == "json":
            said = {"standards": [asdict(one) for one in found], "rows_of_other_detectors": others}
            typer.echo(json.dumps(said, ensure_ascii=False))
        if any(one.verdict == "recheck" for one in found):
            raise typer.Exit(RECHECK)


def _probabilities(rows: pl.DataFrame, card: Card) -> pl.Series:
    """What this card's detector said; a probability of another detector has another meaning."""
    ours = (pl.col("standard") == card.about.standard) & (pl.col("detector") == card.about.detector)
    return rows.filter(ours)["probability"]


def _tell(found: list[Drift], others: int, screen: Screen) -> None:
    for one in found:
        screen.say(
            f"drift_{one.verdict}", standard=one.standard, contacts=one.contacts, marks=one.marks_to_draw
        )
        if one.verdict == "recheck":
            facts = {
                "scores": {"index": one.stability},
                "decided": {"then": one.decided_then, "now": one.decided},
                "mean": {"then": one.mean_then, "now": one.mean},
            }
            for signal in one.signals:
                screen.say(f"drift_because_{signal}", **facts[signal])
    if others:
        screen.say("drift_others", rows=others)
