# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from gracja.cli.commands import options
from gracja.cli.detector_files import write_detectors
from gracja.cli.edition_file import load_edition
from gracja.cli.flat_files import read_observations
from gracja.cli.ledger_file import drawn_at_random
from gracja.cli.screen import Screen
from gracja.engine.conversations.outcome import Tally
from gracja.engine.detect.certainty.card import card_to_dict
from gracja.engine.detect.learned.detector import Detector
from gracja.engine.detect.learned.learn import Learned, learn
from gracja.engine.errors import EngineInputError
from gracja.files.batches import batches
from gracja.files.opening import size_bytes, sources
from gracja.wording import say

UNMARKED_AT_MOST = 20_000  # conversations without marks teach words; more of them than this add nothing


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja learn`: people's marks -> a folder of detectors."""

    def option(name: str, help_: str, **more: Any) -> Any:
        return typer.Option(name, help=say(help_, lang), **more)

    @app.command(name="learn", help=say("help_learn", lang), short_help=say("short_learn", lang))
    def learn_(
        *,
        edition: options.edition(lang),  # type: ignore[valid-type]
        conversations: Annotated[
            list[str], option("--conversations", "help_learn_conversations", metavar="FILE")
        ],
        observations: Annotated[
            list[str], option("--observations", "help_learn_observations", metavar="FILE")
        ],
        out: Annotated[Path, option("--out", "help_learn_out", metavar="DIR")] = Path("detectors"),
        ledger: Annotated[Path | None, option("--ledger", "help_learn_ledger", metavar="FILE")] = None,
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        document = load_edition(edition)
        sources([*conversations, *observations])
        tally = Tally()
        drawn = None if ledger is None else drawn_at_random(ledger)
        with screen.stage("read", size_bytes([*conversations, *observations])) as stage:
            marks = read_observations(observations, tally=tally, progress=stage.advance)
            table = _to_learn_from(
                batches(conversations, on_rejected=_rejected, progress=stage.advance), marks
            )
        for notice in tally.notices():
            screen.error(notice)
        screen.say("learning", conversations=len(table), marks=len(marks))
        with screen.stage("learn") as stage:
            learned = learn(
                document.edition,
                table,
                marks,
                made_on=datetime.now(UTC).date().isoformat(),
                drawn=drawn,
                default_language=conversation_language,
                progress=partial(stage.step, "learning_standard"),
            )
        left = write_detectors(learned.detectors, out)
        _tell(learned, out, left, screen)
        if format_ == "json":
            typer.echo(json.dumps(_as_data(learned, out, left), ensure_ascii=False))


def _rejected(_: object) -> None:
    """What cannot be read was never scored nor marked; `gracja score` says why."""


def _to_learn_from(tables: Any, marks: pa.Table) -> pa.Table:
    """All conversations with marks, and the first others.

    Raises EngineInputError: conversations_empty.
    """
    marked = pc.unique(marks["contact"])
    kept, room = [], UNMARKED_AT_MOST
    for table in tables:
        has = pc.is_in(table["contact"], value_set=marked)
        others = table.filter(pc.invert(has)).slice(0, room)
        room -= len(others)
        kept += [table.filter(has), others]
    if not kept:
        raise EngineInputError("conversations_empty")
    return pa.concat_tables(kept)


def _tell(learned: Learned, out: Path, left: tuple[str, ...], screen: Screen) -> None:
    for one in learned.detectors:
        _tell_card(one, screen)
    for refused in learned.refused:
        screen.say(
            f"not_learned_{refused.why}", standard=refused.standard, marks=refused.marks, rarer=refused.rarer
        )
    if learned.unmarked:
        screen.say("not_learned_unmarked", standards=", ".join(learned.unmarked))
    if learned.strangers:
        screen.say("learned_strangers", count=learned.strangers)
    if left:
        screen.say("learned_left", folder=out, standards=", ".join(left))
    if learned.detectors:
        screen.say("learned_into", folder=out, count=len(learned.detectors))


def _tell_card(one: Detector, screen: Screen) -> None:
    card = one.card
    assert card is not None
    screen.say("learned", standard=one.standard, marks=card.marks, met=card.base_rate.value)
    for name, share in (("sensitivity", card.bare.sensitivity), ("specificity", card.bare.specificity)):
        if share.of:
            screen.say(f"learned_{name}", share=share.value, low=share.low, high=share.high, of=share.of)
    if card.thresholds.high is None:
        screen.say("learned_undecided")
    else:
        screen.say("learned_decides", share=card.decided.value)


def _as_data(learned: Learned, out: Path, left: tuple[str, ...]) -> dict[str, Any]:
    return {
        "detectors": [
            {"detector": one.name, "standard": one.standard, "card": card_to_dict(one.card)}
            for one in learned.detectors
            if one.card is not None
        ],
        "not_learned": [
            {"standard": one.standard, "why": one.why, "marks": one.marks, "rarer": one.rarer}
            for one in learned.refused
        ],
        "unmarked": list(learned.unmarked),
        "contacts_without_conversation": learned.strangers,
        "left_from_before": list(left),
        "out": str(out),
    }
