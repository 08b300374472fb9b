"""What a person sees while Gracja works: progress, counts, sentences. All of it on standard error.

Standard output is for what the next program reads (`--format json`, `gracja schema`, `-`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gracja.engine.conversations.outcome import Tally
from gracja.engine.errors import EngineInputError
from gracja.wording import say, say_error


class Screen:
    """Sentences in one language, and the time that each stage took."""

    def __init__(self, lang: str, *, quiet: bool = False) -> None:
        self.lang = lang
        self.console = Console(stderr=True, highlight=False, soft_wrap=True, quiet=quiet)
        self.seconds: dict[str, float] = {}

    def say(self, key: str, **facts: Any) -> None:
        self.console.print(say(key, self.lang, **facts), markup=False)

    def error(self, error: EngineInputError) -> None:
        self.console.print(say_error(error, self.lang), markup=False)

    @contextmanager
    def stage(self, name: str, total: float | None = None) -> Iterator[Stage]:
        """A long step with a visible bar; its time is kept under its name."""
        started = time.perf_counter()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[shown]}", markup=False),
            TimeElapsedColumn(),
        )
        # Where nobody watches (a file, a pipe), the bar would leave an empty line for each stage.
        unseen = not self.console.is_terminal
        with Progress(*columns, console=self.console, transient=True, disable=unseen) as progress:
            task = progress.add_task(say(f"stage_{name}", self.lang), total=total, shown="")
            yield Stage(self, progress, task)
        self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - started

    @contextmanager
    def counting(self, key: str, tally: Tally, rejected: Path) -> Iterator[None]:
        """Say the counts at the end of a step, also of one that failed."""
        try:
            yield
        except Exception:
            if tally.read or tally.blank or tally.noticed:
                self.counts(key, tally, rejected)
            raise
        self.counts(key, tally, rejected)

    def counts(self, key: str, tally: Tally, rejected: Path | None = None) -> None:
        """What came in, what was used and what was rejected, and where that is: nothing is dropped unsaid."""
        self.say(key, read=tally.read, accepted=tally.accepted, rejected=tally.rejected)
        for code, count in tally.rejected_by_code.most_common():
            self.say("counts_code", code=code, count=count)
            self.error(tally.first_rejected[code].error())
        if tally.blank:
            self.say("counts_blank", count=tally.blank)
        for notice in tally.notices():
            self.error(notice)
        if tally.rejected and rejected:
            self.say("rejected_are_in", path=rejected)


class Stage:
    """The bar of one stage."""

    def __init__(self, screen: Screen, progress: Progress, task: Any) -> None:
        self._screen, self._progress, self._task = screen, progress, task

    def advance(self, amount: float) -> None:
        self._progress.advance(self._task, amount)

    def reach(self, share: float) -> None:
        """Show a share from 0 to 1 of the whole."""
        self._progress.update(self._task, total=1.0, completed=share)

    def step(self, key: str, name: str, number: int, of: int) -> None:
        """Say that one of few long steps begins: beside the bar, or as a line where nobody sees a bar."""
        if self._progress.disable:
            self._screen.say(key, name=name, number=number, of=of)
        else:
            self.reach((number - 1) / of)
            self.show(name)

    def show(self, text: str) -> None:
        self._progress.update(self._task, shown=text)
