# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli.commands import options
from gracja.cli.commands.planned import Asked, Planned, planned, reviews_as_csv
from gracja.cli.edition_file import load_edition
from gracja.cli.files import rejected_to
from gracja.cli.flat_files import read_observations
from gracja.cli.paths import check_paths
from gracja.cli.pipeline import read_rows
from gracja.cli.screen import Screen
from gracja.engine.measure.planning.sizes import Size
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja plan`: how many reviews are enough, and which to make next."""

    @app.command(name="plan", help=say("help_plan", lang), short_help=say("short_plan", lang))
    def plan(  # noqa: PLR0917  (typer passes them by name)
        edition: options.edition(lang),  # type: ignore[valid-type]
        observations: Annotated[
            list[str], typer.Argument(help=say("help_plan_observations", lang), metavar="[OBSERVATIONS]")
        ] = [],  # noqa: B006  typer copies it
        within: Annotated[float, typer.Option("--within", help=say("help_plan_within", lang))] = 0.05,
        apart: Annotated[
            tuple[float, float] | None, typer.Option("--apart", help=say("help_plan_apart", lang))
        ] = None,
        power: Annotated[float, typer.Option("--power", help=say("help_plan_power", lang))] = 0.8,
        evaluators: Annotated[
            int | None, typer.Option("--evaluators", help=say("help_plan_evaluators", lang), min=1)
        ] = None,
        employees: Annotated[
            int | None, typer.Option("--employees", help=say("help_plan_employees", lang), min=1)
        ] = None,
        next_: Annotated[int, typer.Option("--next", min=0, help=say("help_plan_next", lang))] = 20,
        evaluator: Annotated[
            list[str], typer.Option("--evaluator", help=say("help_plan_evaluator", lang), metavar="NAME")
        ] = [],  # noqa: B006
        out: Annotated[
            Path | None, typer.Option("--out", "-o", help=say("help_plan_out", lang), metavar="FILE")
        ] = None,
        rejected: options.rejected(lang) = None,  # type: ignore[valid-type]
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen, document = Screen(lang), load_edition(edition).edition
        asked = Asked(within, apart, power, evaluators, employees, next_, tuple(evaluator))
        check_paths(observations, [edition], outputs=[out] if out else [])
        table = None
        if observations:
            log = rejected or Path("rejected_observations.jsonl")
            with rejected_to(log, lang=lang) as rows:
                table, _ = read_rows(
                    read_observations,
                    observations,
                    counted="counts_observations",
                    screen=screen,
                    rejected=rows,
                    strict=strict,
                )
        found = planned(asked, document, table)
        _tell(found, screen)
        if out and found.reviews:
            out.write_text(reviews_as_csv(found.reviews, lang), encoding="utf-8-sig", newline="")
            screen.say("plan_wrote", path=out)
        if format_ == "json":
            typer.echo(json.dumps(_as_data(found), ensure_ascii=False))


def _tell(found: Planned, screen: Screen) -> None:
    grounds = found.grounds
    assumed = [say(f"plan_assumed_{name}", screen.lang) for name in grounds.assumed]
    if assumed:
        screen.say("plan_assumed", names=assumed)
    _tell_question(found, screen)
    for number, review in enumerate(found.reviews, 1):
        facts = {"number": number, "evaluator": review.evaluator, "employee": review.employee}
        if review.place is None:
            screen.say("plan_review", **facts)
        else:
            screen.say("plan_review_at", place=review.place, **facts)
    if found.connecting is None or found.connecting.groups < 2:
        return
    screen.say("plan_groups", groups=found.connecting.groups)
    for link in found.connecting.links:
        screen.say("plan_link", evaluator=link.evaluator, employee=link.employee, contacts=link.contacts)
    if found.connecting.left:
        screen.say("plan_groups_left", groups=found.connecting.left)


def _tell_question(found: Planned, screen: Screen) -> None:
    asked = found.asked
    if asked.apart is None:
        screen.say("plan_within", points=100 * asked.within)
    else:
        low, high = (100 * share for share in sorted(asked.apart))
        screen.say("plan_apart", low=low, high=high, power=100 * asked.power)
    for size in found.sizes:
        screen.say(
            "plan_size",
            evaluators=size.effort.evaluators,
            contacts=size.effort.contacts,
            reviews=size.reviews,
        )
    if found.twice is not None:
        screen.say("plan_twice", contacts=found.twice.effort.contacts, reviews=found.twice.reviews)
    if not found.sizes:
        screen.say("plan_never")
    elif found.fewest is not None and found.fewest > found.evaluators:
        screen.say("plan_more_evaluators", evaluators=found.evaluators, fewest=found.fewest)


def _as_data(found: Planned) -> dict[str, Any]:
    connecting = found.connecting
    return {
        "asked": asdict(found.asked),
        "grounds": asdict(found.grounds),
        "sizes": [_size_as_data(size) for size in found.sizes],
        "reviewed_twice": None if found.twice is None else _size_as_data(found.twice),
        "fewest_evaluators": found.fewest,
        "next": [asdict(review) for review in found.reviews],
        "connecting": None if connecting is None else asdict(connecting),
    }


def _size_as_data(size: Size) -> dict[str, Any]:
    return {**asdict(size.effort), "reached": size.reached, "reviews_of_all": size.reviews}
