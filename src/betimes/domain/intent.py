"""What a sentence means. ``docs/annotation.md`` is the full account of each field."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from betimes.domain.names import Locale, SlateId


class IntentKind(StrEnum):
    """What the sentence does: asks, states a lasting preference, reacts to what was shown, or neither."""

    NEED = "need"
    TASTE = "taste"
    CRITIQUE = "critique"
    NONE = "none"


class InterestKind(StrEnum):
    """How long an interest lasts.

    ``need`` is the thing wanted now (days). ``taste`` is a quality or a preference, ``hobby`` an
    activity (months). ``mood`` is an occasion, a recipient or a feeling of the moment (hours).
    """

    NEED = "need"
    HOBBY = "hobby"
    TASTE = "taste"
    MOOD = "mood"


Polarity = Literal[1, -1]
Op = Literal["<=", ">=", "=", "!=", "in", "contains"]


@dataclass(frozen=True, slots=True)
class Interest:
    """Something a person wants, likes (polarity 1) or dislikes (-1).

    Attributes:
        topic: the thing or the quality, in the person's words, normalised.
        strength: how much, 0 to 1.
        evidence: the words it was read from.
        by: who read it: ``rules``, or the name of a model.
    """

    topic: str
    kind: InterestKind
    polarity: Polarity = 1
    strength: float = 0.7
    evidence: str = ""
    by: str = "rules"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A condition that can be checked against an item's columns. Never a query from a model.

    Several ``=`` on one field mean "one of them"; everything else is a conjunction.

    Attributes:
        field: ``price``, ``brand``, ``category``, ``person`` … or the name of a fact.
        value: a number in the canonical unit (major units for money), a text, or, for ``in``, several texts.
        unit: canonical unit of a number, if it has one.
        currency: ISO code when the person said one, else none.
        hard: whether an item that fails may never be shown.
        until: when it lapses; none for a standing one.
        evidence: the words it was read from.
        by: who read it: ``rules``, or the name of a model.
    """

    field: str
    op: Op
    value: float | str | tuple[str, ...]
    unit: str | None = None
    currency: str | None = None
    hard: bool = True
    until: datetime | None = None
    evidence: str = ""
    by: str = "rules"


@dataclass(frozen=True, slots=True)
class Intent:
    """What one sentence means.

    Attributes:
        text: the sentence as it was said.
        about: the slate it criticises, if it does.
        by: who understood it: ``rules``, the name of a model, or ``rules+<model>`` for both.
        confidence: 0 to 1.
        ms: milliseconds that understanding took.
    """

    text: str
    locale: Locale
    kind: IntentKind
    interests: tuple[Interest, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    about: SlateId | None = None
    by: str = "rules"
    confidence: float = 1.0
    ms: float = 0.0

    @property
    def topics(self) -> tuple[str, ...]:
        """The things wanted now."""
        return tuple(i.topic for i in self.interests if i.kind is InterestKind.NEED and i.polarity > 0)
