# No postponed annotations in this folder: the help of an option is made when its command is built.
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc
import typer

from gracja.archive import open_or_create
from gracja.archive.imports import import_conversations
from gracja.archive.tidy import tidy
from gracja.cli.commands import options
from gracja.cli.commands.summaries import notices_as_data
from gracja.cli.files import RejectedRows, rejected_to
from gracja.cli.paths import check_paths
from gracja.cli.screen import Screen
from gracja.engine.conversations.outcome import Rejected, Tally
from gracja.engine.conversations.write import json_lines
from gracja.engine.errors import Where
from gracja.files.batches import batches
from gracja.files.opening import Progress, size_bytes
from gracja.wording import say

_RAW_CHARACTERS = 2_000


def add_to(app: typer.Typer, lang: str) -> None:
    """`gracja archive import`: conversations -> archive."""

    @app.command(
        name="import", help=say("help_archive_import", lang), short_help=say("short_archive_import", lang)
    )
    def import_(
        conversations: options.conversations(lang),  # type: ignore[valid-type]
        archive: options.archive(lang),  # type: ignore[valid-type]
        replace: Annotated[bool, typer.Option("--replace", help=say("help_archive_replace", lang))] = False,
        rejected: Annotated[
            Path | None, typer.Option("--rejected", help=say("help_archive_rejected", lang), metavar="FILE")
        ] = None,
        strict: options.strict(lang) = False,  # type: ignore[valid-type]
        conversation_language: options.language(lang) = None,  # type: ignore[valid-type]
        format_: options.output_format(lang, "text", "json") = "text",  # type: ignore[valid-type]
    ) -> None:
        screen = Screen(lang)
        log = rejected or archive.with_name(f"{archive.name}.rejected.jsonl")
        check_paths(conversations, [], outputs=[log])
        opened = open_or_create(archive)
        with rejected_to(log, lang=lang) as rows:
            reading = _Reading(conversations, rows, conversation_language, strict=strict)
            with (
                screen.counting("counts_archive", reading.tally, log),
                screen.stage("archive_import", size_bytes(conversations)) as stage,
            ):
                done = import_conversations(
                    opened, reading.tables(stage.advance), on_changed=reading.changed, replace=replace
                )
        screen.say("archive_imported", new=done.new, known=done.known, replaced=done.replaced)
        with screen.stage("archive_tidy"):
            tidy(opened)
        if format_ == "json":
            said = asdict(done) | _counted(reading.tally) | {"rejected_file": str(log)}
            typer.echo(json.dumps(said | {"seconds": screen.seconds}, ensure_ascii=False))


class _Reading:
    """The files one after another, so that a changed contact can be said with its file."""

    def __init__(
        self, paths: Sequence[str], rejected: RejectedRows, language: str | None, *, strict: bool
    ) -> None:
        self.tally = Tally()
        self._paths, self._rejected, self._language, self._strict = paths, rejected, language, strict
        self._file = ""

    def tables(self, progress: Progress) -> Iterator[pa.Table]:
        for path in self._paths:
            self._file = path
            for table in batches(
                [path],
                on_rejected=self._rejected,
                strict=self._strict,
                tally=self.tally,
                progress=progress,
            ):
                yield table if self._language is None else _in_language(table, self._language)

    def changed(self, rows: pa.Table) -> None:
        """Put conversations that stay outside among the rejected ones."""
        for contact, raw in zip(rows["contact"].to_pylist(), json_lines(rows), strict=True):
            rejected = Rejected(
                Where(self._file),
                "contact_changed",
                {"contact": contact},
                contact,
                raw.decode()[:_RAW_CHARACTERS].rstrip("\n"),
            )
            self.tally.accepted -= 1
            self.tally.reject(rejected)
            self._rejected(rejected)
            if self._strict:
                raise rejected.error()


def _in_language(table: pa.Table, language: str) -> pa.Table:
    place = table.schema.get_field_index("language")
    languages: Any = table["language"]
    return table.set_column(place, table.schema.field(place), pc.fill_null(languages, language))


def _counted(tally: Tally) -> dict[str, object]:
    return {
        "conversations_in": tally.read,
        "rejected": tally.rejected,
        "rejected_by_code": dict(tally.rejected_by_code),
        "blank_lines": tally.blank,
        "notices": notices_as_data(tally),
    }
