"""A sentence as the rules read it, and the places in it."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from betimes.numerals import digits
from betimes.text import normalise

Span = tuple[int, int]

_MARKS = re.compile(r"[,，。;；!！?？\n、:：…]|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A normalised sentence whose numerals are digits.

    Attributes:
        cased: in the case it was written in, which tells names in English.
        text: the same in lower case, of the same length.
    """

    cased: str
    text: str = field(init=False)
    _marks: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.cased)
        object.__setattr__(self, "text", lowered)
        object.__setattr__(self, "_marks", tuple(m.start() for m in _MARKS.finditer(self.cased)))

    @classmethod
    def of(cls, said: str) -> "Sentence":
        """The sentence in what a person said."""
        return cls(digits(normalise(said)))

    def clause(self, at: int) -> Span:
        """The span between the punctuation marks around a place."""
        i = bisect_left(self._marks, at)
        return (
            self._marks[i - 1] + 1 if i else 0,
            self._marks[i] if i < len(self._marks) else len(self.text),
        )

    def words(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span[0] : span[1]]

    def without(self, spans: Iterable[Span]) -> "Sentence":
        """The sentence with spans blanked, so that every place stays where it was."""
        chars = list(self.cased)
        for start, end in spans:
            chars[start:end] = " " * (end - start)
        return Sentence("".join(chars))


def overlaps(span: Span, spans: Iterable[Span]) -> bool:
    """Whether a span shares a place with any of others."""
    return any(start < span[1] and span[0] < end for start, end in spans)
