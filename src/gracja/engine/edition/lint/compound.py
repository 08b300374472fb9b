"""GR102: two behaviours in one standard, so that half of it can be met."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gracja.engine.edition.lint.draft import Draft
from gracja.engine.edition.lint.finding import Remark
from gracja.engine.edition.lint.sentence import Sentence

_JOINT = "a także|po czym|a potem|a następnie|and then|i|oraz|potem|następnie|and|then|also"
_TRAILING = re.compile(rf"[\s,;]*(?:(?:{_JOINT})[\s,]+)*$", re.IGNORECASE)
_LEADING = re.compile(rf"^[\s,;]*(?:{_JOINT})\s+", re.IGNORECASE)
# What may stand between the joint and the verb: *i od razu podaje*, *and then quickly shows*.
_LEAD = re.compile(rf"(?:,\s*|\s)(?:{_JOINT})\s[^,;]*$", re.IGNORECASE)


def two_behaviours(draft: Draft) -> Iterator[Remark]:
    """GR102. Two actions of the employee joined by `and`, `i`, `po czym` or a comma."""
    for passage in draft.behaviours:
        sentence = passage.sentence
        if not sentence.seconds:
            continue
        actions = [word for word in sentence.words if word.verb and word.clause == "main"]
        joined = [sentence.words[i] for i in sentence.seconds]
        first = next((word for word in reversed(actions) if word.end <= joined[0].start), joined[0])
        spans = tuple((word.start, word.end) for word in (first, *joined))
        yield Remark(
            passage.path,
            passage.language,
            sentence.text[spans[0][0] : spans[-1][1]],
            spans,
            facts={"verbs": [sentence.text[start:end] for start, end in spans], "count": len(spans)},
            rewording="\n".join(_apart(sentence)),
        )


def _apart(sentence: Sentence) -> list[str]:
    """Each action as its own sentence."""
    cuts = [0]
    for i in sentence.seconds:
        verb = sentence.words[i]
        before = sentence.text[cuts[-1] : verb.start]
        lead = _LEAD.search(before)
        comma = before.rfind(",")
        cuts.append(cuts[-1] + (lead.start() if lead else comma if comma >= 0 else len(before)))
    pieces = [sentence.text[a:b] for a, b in zip(cuts, [*cuts[1:], len(sentence.text)], strict=True)]
    return [_capital(_without_joint(piece)) for piece in pieces if _without_joint(piece)]


def _without_joint(piece: str) -> str:
    return _TRAILING.sub("", _LEADING.sub("", piece)).strip(" ,;.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
