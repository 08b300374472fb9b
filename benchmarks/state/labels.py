"""Marks of a customer's state in STAR, from what its customers were told to play, and what their agents saw.

Told: an instruction of the pattern was shown before one of the customer's turns at least. Instructions are
marks here and never an input; nor are `customer_task`, `happy` and the questionnaires. Contacts in the split
"train" with a customer's turn, and how many of them each mark says yes of:

    state       mark  yes   of    what was shown, or asked
    hurried     told  405   3502  "really need to be there soon", "in time!", "as soon as possible",
                                  "explosions", "life support" ("Quickly you contact ..." tells
                                  the story, not how to act: such contacts are left out)
    talkative   told  2102  3712  small talk, a joke, something random, trivia, "say something about ..."
    embittered  told  299   3712  "very annoying/grumpy person", "complain about ..."; each with
                                  a choice ("or like a wise/serene person", "or make a joke"),
                                  so that about half of them are none
    embittered  seen  147   3493  the agent afterwards: "Did the user become aggressive or annoyed?"

STAR scripts no customer who is tired, uninterested, browsing, left alone or wants advice: those states have
phrases, and no figure here. "Act confused" and "make lots of typos" are no state of ours.

The marks do not know what customers said of their own accord. Of 25 contacts of the train split, drawn from
those where a phrase said "hurried" and the mark says no, nearly all say it plainly ("I need a ride urgently.
I am about to give birth"); of 25 said "embittered" and not seen so by the agent about half do, others are
angry at somebody else. So "wrong among said" is above the error that a reader would find.

A script belongs to a task, so a model that knows the task knows much of the script. `task` is what both arms
share: figures are also given within tasks, where the topic cannot help.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

TOLD: Final = {
    "hurried": re.compile(
        r"really need to be there soon|in time!|as soon as possible|explosions|life support", re.IGNORECASE
    ),
    "talkative": re.compile(
        r"small ?talk|(?:make|tell) a joke|make a joke|something random|trivia|has happened to you today"
        r"|\bsay something about|talk to the assistant about",
        re.IGNORECASE,
    ),
    "embittered": re.compile(r"annoying/grumpy|\bcomplain about", re.IGNORECASE),
}
UNCLEAR: Final = {"hurried": re.compile(r"Quickly you contact", re.IGNORECASE)}
_SEEN: Final = "aggressive or annoyed"


@dataclass(frozen=True)
class Mark:
    """One mark of one contact. kind: told, seen. since: told: the customer's turn, from 0, before which an
    instruction of the pattern was first shown; None where none was, and where nobody knows when.
    """

    contact: str
    state: str
    kind: str
    yes: bool
    since: int | None
    task: str


def marks(dialogue: dict[str, Any]) -> list[Mark]:
    """The marks of one dialogue; none where the customer wrote nothing."""
    shown, turns = _shown(dialogue["turns"])
    if not turns:
        return []
    task = "+".join(sorted(dialogue["labels"]["flows"]))
    found = []
    for state, pattern in TOLD.items():
        since = next((turn for turn, text in shown if turn < turns and pattern.search(text)), None)
        unclear = UNCLEAR.get(state)
        if since is not None or not any(unclear and unclear.search(text) for _, text in shown):
            found.append(Mark(dialogue["id"], state, "told", since is not None, since, task))
    return found + [
        Mark(dialogue["id"], "embittered", "seen", asked["Answer"], None, task)
        for asked in dialogue["labels"]["agent_questionnaire"] or []
        if _SEEN in asked["Question"] and isinstance(asked["Answer"], bool)
    ]


def _shown(turns: list[dict[str, Any]]) -> tuple[list[tuple[int, str]], int]:
    """Each instruction with the number of the customer's turn after it; how many turns there were."""
    shown, spoken = [], 0
    for turn in turns:
        if turn.get("kind") == "customer_instruction":
            shown.append((spoken, turn["text"]))
        spoken += turn["speaker"] == "customer"
    return shown, spoken
