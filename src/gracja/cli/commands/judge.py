# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gracja.cli import judging
from gracja.cli.commands import options
from gracja.cli.edition_file import load_edition
from gracja.cli.files import rejected_to, write_parquet
from gracja.cli.flat_files import read_observations
from gracja.cli.ledger_file import drawn_at_random
from gracja.cli.made_with import stamp, warn_of_changed_edition
from gracja.cli.paths import check_paths
from gracja.cli.screen import Screen
from gracja.engine.tables import OBSERVATIONS
from gracja.files.opening import size_bytes
from gracja.judge.check import certify
from gracja.judge.fill import Open
from gracja.judge.session import AT_ONCE
from gracja.wording import say

_KEY = "GRACJA_JUDGE_KEY"
_MOST_TOKENS = 1_000_000


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja judge`: abstained rows of standards that ask a language model -> marks with evidence."""

    def option(name: str, help_: str, **more: Any) -> Any:
        return typer.Option(name, help=say(help_, lang), **more)

    @app.command(name="judge", help=say("help_judge", lang), short_help=say("short_judge", lang))
    def judge(
        conversations: options.conversations(lang),  # type: ignore[valid-type]
        *,
        edition: options.edition(lang),  # type: ignore[valid-type]
        observations: Annotated[
            list[str], option("--observations", "help_judge_observations", metavar="FILE")
        ],
        out: Annotated[
            Path, typer.Option("--out", "-o", help=say("help_out_observations", lang), metavar="FILE")
        ] = Path("judged.parquet"),
        dry_run: Annotated[bool, option("--dry-run", "help_dry_run")] = False,
        most_tokens: Annotated[int, option("--most-tokens", "help_most_tokens", min=1)] = _MOST_TOKENS,
        most_cost: Annotated[float | None, option("--most-cost", "help_most_cost", min=0)] = None,
        price_in: Annotated[float | None, option("--price-in", "help_price_in", min=0)] = None,
        price_out: Annotated[float | None, option("--price-out", "help_price_out", min=0)] = None,
        check: Annotated[list[str], option("--check", "help_judge_check", metavar="FILE")] = [],  # noqa: B006  typer copies it
        ledger: Annotated[Path | None, option("--ledger", "help_judge_ledger", metavar="FILE")] = None,
        keep_all: Annotated[bool, option("--keep-all", "help_keep_all")] = False,
        cache: Annotated[Path | None, option("--cache", "help_cache", metavar="FILE")] = None,
        at_once: Annotated[int, option("--at-once", "help_at_once", min=1, max=32)] = AT_ONCE,
        plain_http: Annotated[bool, option("--plain-http", "help_plain_http")] = False,
        rejected: options.rejected(lang) = None,  # type: ignore[valid-type]
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        log = rejected or out.with_name("rejected.jsonl")
        kept = cache or out.with_name("judge-answers.sqlite")
        tables = [*conversations, *observations, *check]
        check_paths(tables, [edition, *([ledger] if ledger else [])], outputs=[out, log, kept])
        with screen.stage("read", size_bytes([*observations, *check])) as stage:
            automatic = read_observations(observations, progress=stage.advance)
            human = read_observations(check, progress=stage.advance) if check else None
        warn_of_changed_edition(observations, document.edition, screen)
        waiting = Open(automatic, document.edition)
        limits = judging.Limits(most_tokens, most_cost, price_in, price_out)
        budget = limits.budget(waiting.permission)
        if dry_run:
            for line in judging.would_leave(
                conversations, waiting, language=conversation_language, screen=screen, budget=budget
            ):
                typer.echo(line)
            return
        out.parent.mkdir(parents=True, exist_ok=True)
        with rejected_to(log, lang=lang) as rows:
            judged = judging.judge(
                conversations,
                waiting,
                cache=kept,
                budget=budget,
                key=os.environ.get(_KEY) or None,
                plain_http=plain_http,
                at_once=at_once,
                language=conversation_language,
                screen=screen,
                rejected=rows,
                strict=strict,
            )
        checked = None
        if human is not None:
            drawn = drawn_at_random(ledger) if ledger else None
            today = datetime.now(UTC).date().isoformat()
            checked, judged.filled = certify(
                judged.filled, human, made_on=today, drawn=drawn, keep_all=keep_all
            )
        write_parquet([judged.filled.table()], out, OBSERVATIONS.with_metadata(stamp(document.edition)))
        judging.tell_judged(judged, checked, screen)
        screen.say("wrote", path=out, seconds=sum(screen.seconds.values()))
        if format_ == "json":
            said = judging.judged_as_data(judged, checked) | {"out": str(out), "seconds": screen.seconds}
            typer.echo(json.dumps(said, ensure_ascii=False, default=float))
