"""What the tests of this room share: a clock, a reader without a catalogue, and Intents in short."""

from collections.abc import Sequence
from datetime import UTC, datetime

from betimes.domain.intent import Constraint, Intent
from betimes.domain.item import Item
from betimes.understand.cascade import Understanding
from betimes.understand.lexicon import Lexicon

CLOCK = datetime(2026, 6, 1, tzinfo=UTC)
READER = Understanding(Lexicon())


def read(text: str, shown: Sequence[Item] = ()) -> Intent:
    return READER.read(text, at=CLOCK, shown=shown)


def said(constraint: Constraint) -> str:
    """A constraint on one line, with a tilde where it is soft."""
    value = f"{constraint.value:g}" if isinstance(constraint.value, float) else str(constraint.value)
    more = [m for m in (constraint.unit, constraint.currency, "" if constraint.hard else "~") if m]
    return " ".join([constraint.field, constraint.op, value, *more])


def constraints(text: str, shown: Sequence[Item] = ()) -> list[str]:
    return [said(c) for c in read(text, shown).constraints]


def likes(text: str, shown: Sequence[Item] = ()) -> list[str]:
    return [i.topic for i in read(text, shown).interests if i.polarity > 0 and i.kind != "need"]


def dislikes(text: str, shown: Sequence[Item] = ()) -> list[str]:
    return [i.topic for i in read(text, shown).interests if i.polarity < 0]
