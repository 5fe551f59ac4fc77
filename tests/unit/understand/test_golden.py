"""Sentences and what rules make of them, pinned, so that a change of any reading is seen."""

import json
from pathlib import Path

import pytest

from .reading import read, said

GOLDEN = Path(__file__).parents[2] / "golden" / "understand.jsonl"
ROWS = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_sentence_is_read_as_pinned(row: dict[str, object]) -> None:
    intent = read(str(row["text"]))
    assert {
        "text": row["text"],
        "kind": intent.kind.value,
        "interests": [
            f"{'+' if i.polarity > 0 else '-'}{i.kind.value} {i.topic} {i.strength:g}" for i in intent.interests
        ],
        "constraints": [said(c) for c in intent.constraints],
    } == row
