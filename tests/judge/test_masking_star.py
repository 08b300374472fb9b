"""How many names leave after all, in chats that people typed: names of people that STAR's scripts gave."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter

import pytest

from gracja.judge.masking import Mask

from .conftest import talk

DIALOGUES = 600
NAMES = re.compile(r"(?i)\b(alexis|john|angela|ben|mark|johnson|morgan|jordan|katherine|murray)\b")


@pytest.mark.real_data
def test_of_a_hundred_mentions_of_names_at_most_five_leave(data_folder):
    said, left, letters, masked_letters = Counter(), Counter(), 0, 0
    with gzip.open(data_folder / "open" / "star_dialogues.jsonl.gz", "rt", encoding="utf-8") as lines:
        dialogues = [one for one in map(json.loads, lines) if one["split"] == "train"][:DIALOGUES]
    for dialogue in dialogues:
        texts = [
            (turn["typed"] or [""])[-1] if turn["speaker"] == "agent" else turn["text"]
            for turn in dialogue["turns"]
            if turn["speaker"] in ("agent", "customer")
        ]
        row = talk(*(f"c: {text}" for text in texts), employee=None)
        mask = Mask(row, "en")
        for turn in row["turns"]:
            masked = mask.text(turn["text"])
            said.update(NAMES.findall(turn["text"].lower()))
            left.update(NAMES.findall(masked.text.lower()))
            letters += len(turn["text"])
            masked_letters += sum(end - start for *_, start, end in masked.pieces)

    assert said.total() > 500
    assert left.total() <= 0.05 * said.total(), (left, said)
    assert masked_letters < 0.06 * letters  # what remains can still be judged
