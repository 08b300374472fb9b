"""Observations in, the same observations out: abstained rows of `judge` standards filled in with answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from gracja.engine.edition.model import Edition
from gracja.engine.edition.predicate import Predicate
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import OBSERVATIONS
from gracja.judge.answer import Judgement
from gracja.judge.question import PROMPT_VERSION, Question, Transcript, question_about, transcript_of
from gracja.judge.session import Session
from gracja.judge.situation import Situations
from gracja.judge.whose import Speakers


def questions_in(edition: Edition) -> dict[str, Predicate]:
    """Every standard that asks a language model, with its detector."""
    return {
        standard.standard: standard.detect
        for _, _, standard in edition.standards()
        if isinstance(standard.detect, Predicate) and standard.detect.judge is not None
    }


def detector_of(model: str) -> str:
    """How rows name this judge."""
    return f"judge:{model}@{PROMPT_VERSION}"


class Open:
    """The rows that wait for an answer: abstained, automatic, of a standard with a question.

    Raises EngineInputError: judge_not_permitted, judge_without_questions, edition_does_not_match.
    """

    def __init__(self, observations: pa.Table, edition: Edition) -> None:
        if edition.language_model is None:
            raise EngineInputError("judge_not_permitted", Where(field="language_model"))
        self.permission = edition.language_model
        self.questions = questions_in(edition)
        if not self.questions:
            raise EngineInputError("judge_without_questions")
        editions = sorted(str(name) for name in pc.unique(observations["edition"]).to_pylist())
        if editions and editions != [edition.name]:
            raise EngineInputError("edition_does_not_match", found=editions, edition=edition.name)
        self.observations, self.edition = observations, edition
        asked = pc.is_in(observations["standard"], value_set=pa.array(list(self.questions)))
        waiting = pc.and_(
            pc.and_(asked, pc.equal(observations["status"], pa.scalar("abstained"))),
            pc.equal(observations["source"], pa.scalar("automatic")),
        )
        self.places: list[Any] = pc.indices_nonzero(waiting).to_pylist()
        self.rows: list[dict[str, Any]] = observations.take(pa.array(self.places, pa.int64())).to_pylist()
        self._by_contact: defaultdict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            self._by_contact[row["contact"]].append(number)

    def of(self, contact: str) -> list[int]:
        """The numbers of this contact's rows in `rows`."""
        return self._by_contact.get(contact, [])

    @property
    def contacts(self) -> pa.Array[Any]:
        return pa.array(list(self._by_contact), pa.string())


@dataclass
class Filled:
    """new: answered rows by their number in `Open.rows`. left: rows that stay abstained, by reason.

    Reasons: those of `answer.Refusal`; budget_spent, applies_unknown (the rules cannot say whether the
    standard applies), conversation_missing, not_seen (answered no, but the conversation was cut off), and
    not_guaranteed (`check.certify`).
    """

    waiting: Open
    new: dict[int, dict[str, Any]]
    left: Counter[str]

    @property
    def marked(self) -> int:
        return sum(row["status"] == "marked" for row in self.new.values())

    def table(self) -> pa.Table:
        """All observations in their old order, with the new rows in their places."""
        old = self.waiting.observations
        if not self.new:
            return old
        new = pa.Table.from_pylist(list(self.new.values()), schema=OBSERVATIONS)
        place = list(range(old.num_rows))
        for at, number in enumerate(self.new):
            place[self.waiting.places[number]] = old.num_rows + at
        both = pa.concat_tables([old.cast(OBSERVATIONS), new])
        return both.take(pa.array(place, pa.int64())).replace_schema_metadata(old.schema.metadata)


class Filling:
    """Questions out of open rows, rows out of answers. Use once."""

    def __init__(self, waiting: Open, *, language: str | None = None) -> None:
        self._open, self._language = waiting, language
        self._permission = waiting.permission
        self._situations = Situations(waiting.edition, waiting.questions, language)
        self._new: dict[int, dict[str, Any]] = {}
        self._left: Counter[str] = Counter()
        self._met: set[str] = set()

    def questions(self, conversations: Iterable[pa.Table]) -> Iterator[Question]:
        """What is to be asked about these conversations (tables.CONVERSATIONS), one standard at a time."""
        for table in conversations:
            ours = table.filter(pc.is_in(table["contact"], value_set=self._open.contacts))
            situations = self._situations.of(ours)
            for row in ours.to_pylist():
                situation = situations[row["contact"]]
                self._met.add(row["contact"])
                transcript = transcript_of(
                    row,
                    self._language,
                    Speakers.of(row, situation.segment_starts),
                    mask_names=self._permission.mask_names,
                )
                yield from self._about(transcript, situation.unknown)

    def _about(self, transcript: Transcript, unknown: frozenset[str]) -> Iterator[Question]:
        for number in self._open.of(transcript.contact):
            standard = self._open.rows[number]["standard"]
            if standard in unknown:
                self._left["applies_unknown"] += 1
                continue
            question = self._open.questions[standard].judge
            assert question is not None
            yield question_about(transcript, question, number)

    def fill(
        self,
        conversations: Iterable[pa.Table],
        session: Session,
        *,
        on_answer: Callable[[], None] = lambda: None,
    ) -> Filled:
        """Ask, and put the answers into the table. Raises as `Session.answers`."""
        for question, judgement in session.answers(self.questions(conversations)):
            on_answer()
            if judgement is None:
                self._left["budget_spent"] += 1
            else:
                row = self._open.rows[question.row]
                self._new[question.row] = self._judged(row, question.transcript, judgement)
        self._left["conversation_missing"] = sum(row["contact"] not in self._met for row in self._open.rows)
        return Filled(self._open, self._new, +self._left)

    def _judged(self, row: dict[str, Any], transcript: Transcript, judgement: Judgement) -> dict[str, Any]:
        new = row | {"detector": detector_of(self._permission.model)}
        if judgement.met is None:
            self._left[judgement.refused or ""] += 1
            return new
        if not judgement.met and not transcript.complete:
            self._left["not_seen"] += 1  # what is still to come could show it
            return new | {"status": "not_seen"}
        turns = [one.turn for one in judgement.evidence]
        spans = [transcript.texts[one.turn].original(one.start, one.end) for one in judgement.evidence]
        return new | {
            "status": "marked",
            "value": float(judgement.met),
            "probability": judgement.probability,
            "employee": transcript.speakers.employee_of(turns),
            "segment": transcript.speakers.segment_of(turns),
            "evidence": [
                {"turn": turn, "start": start, "end": end}
                for turn, (start, end) in zip(turns, spans, strict=True)
            ],
        }
