# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
import secrets
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli.commands import options
from gracja.cli.edition_file import load_edition
from gracja.cli.flat_files import read_observations
from gracja.cli.ledger_file import LEDGER_FILE
from gracja.cli.made_with import warn_of_changed_edition
from gracja.cli.review_folder import SHEET_FILE, chosen_conversations, refuse_used_folder, write_review
from gracja.cli.screen import Screen
from gracja.engine.sampling import Budget, Choice, choose
from gracja.files.batches import batches
from gracja.files.opening import size_bytes, sources
from gracja.wording import say


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja sample`: which contacts people read next."""

    def option(name: str, help_: str, *short: str, **more: Any) -> Any:
        return typer.Option(name, *short, help=say(help_, lang), **more)

    @app.command(name="sample", help=say("help_sample", lang), short_help=say("short_sample", lang))
    def sample(
        conversations: options.conversations(lang),  # type: ignore[valid-type]
        *,
        edition: options.edition(lang),  # type: ignore[valid-type]
        observations: Annotated[
            list[str], option("--observations", "help_sample_observations", metavar="FILE")
        ],
        budget: Annotated[int, option("--budget", "help_budget", min=1)],
        out: Annotated[Path, option("--out", "help_out_review", "-o", metavar="FOLDER")] = Path("review"),
        already: Annotated[list[str], option("--already", "help_already", metavar="FILE")] = [],  # noqa: B006  typer copies it
        standard: Annotated[list[str], option("--standard", "help_sample_standard", metavar="ID")] = [],  # noqa: B006
        random_share: Annotated[float, option("--random-share", "help_random_share", metavar="0-1")] = 0.5,
        exceptional_share: Annotated[
            float, option("--exceptional-share", "help_exceptional_share", metavar="0-1")
        ] = 0.15,
        per_employee: Annotated[int, option("--per-employee", "help_per_employee", min=0)] = 0,
        seed: Annotated[int | None, option("--seed", "help_seed", show_default=False)] = None,
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        sources([*conversations, *observations, *already])
        refuse_used_folder(out)
        with screen.stage("read", size_bytes([*observations, *already])) as stage:
            automatic = read_observations(observations, progress=stage.advance)
            human = read_observations(already, progress=stage.advance) if already else None
        warn_of_changed_edition(observations, document.edition, screen)
        choice = choose(
            automatic,
            document.edition,
            Budget(budget, random_share, exceptional_share, per_employee),
            seed=secrets.randbits(32) if seed is None else seed,
            drawn_at=datetime.now(UTC),
            already=human,
            asked=standard or None,
        )
        with screen.stage("sample", size_bytes(conversations)) as stage:
            # What cannot be read was never scored, so it cannot have been chosen.
            tables = batches(conversations, on_rejected=lambda _: None, progress=stage.advance)
            found = chosen_conversations(choice.ledger, tables, conversations)
            rows = write_review(out, choice.ledger, found, document.edition, lang)
        said = _as_data(choice, rows, out)
        _tell(said, screen)
        if format_ == "json":
            typer.echo(json.dumps(said | {"seconds": screen.seconds}, ensure_ascii=False))


def _as_data(choice: Choice, rows: int, out: Path) -> dict[str, Any]:
    ledger = choice.ledger.select(["number", "stratum", "seed", "population", "design"]).to_pylist()
    counts = Counter(row["stratum"] for row in ledger if row["number"] is not None)
    return {
        "contacts": counts.total(),
        **{stratum: counts[stratum] for stratum in choice.seats},
        "random_read_already": sum(row["number"] is None for row in ledger),
        "population": ledger[0]["population"],
        "seed": ledger[0]["seed"],
        "design": ledger[0]["design"],
        "rows": rows,
        "ledger": str(out / LEDGER_FILE),
        "sheet": str(out / SHEET_FILE),
    }


def _tell(said: dict[str, Any], screen: Screen) -> None:
    screen.say("sampled", **{name: said[name] for name in ("contacts", "population", "seed")})
    screen.say("sampled_strata", **{name: said[name] for name in ("random", "uncertain", "exceptional")})
    if said["random_read_already"]:
        screen.say("sampled_already", count=said["random_read_already"])
    if not said["uncertain"] and not said["exceptional"]:
        screen.say("sampled_all_random")
    screen.say("sampled_next", sheet=said["sheet"], rows=said["rows"])
