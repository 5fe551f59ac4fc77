"""A meaning as one line, as models are taught to write it: ``KIND THINGS | CONDITIONS | +LIKES; -DISLIKES``.

A small model copies better than it computes. So a bound is written with the number as it stands in
the text, unit and all, and "about" and a bare amount keep signs of their own; the code that parses the
line does the arithmetic. What a critique takes from the list it reacts to is left to the rules, which know the list.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from betimes.domain.intent import Intent, InterestKind
from betimes.domain.units import canonical
from betimes.numerals import digits
from betimes.text import normalise
from betimes.understand.numbers import about, bare, numbers

#: Signs of a bound that is only about a number, and of one that an amount without comparison means.
ABOUT, BARE = "~", "?"
#: Units that are their own canonical form.
CANONICAL: Final = frozenset(("min", "cm", "in", "kg", "GB", "L", "mAh", "km", "W", "Hz", "MP", "dB", "kcal", "bpm"))


def meaning_of(intent: Intent) -> dict[str, Any]:
    """An Intent in the form of the corpus: ``kind topics constraints likes dislikes``."""
    marks = [i for i in intent.interests if i.polarity < 0 or i.kind is not InterestKind.NEED]
    return {
        "kind": intent.kind.value,
        "topics": list(intent.topics),
        "constraints": [{"field": c.field, "op": c.op, "value": c.value, "hard": c.hard} for c in intent.constraints],
        "likes": [i.topic for i in marks if i.polarity > 0],
        "dislikes": [i.topic for i in marks if i.polarity < 0],
    }


def answer_line(text: str, gold: Mapping[str, Any]) -> str:
    """The line for a sentence.

    Args:
        text: the sentence as it was said.
        gold: its meaning as the corpus has it: ``kind topics constraints likes dislikes``.

    >>> price = {"field": "price", "currency": "CNY", "hard": True}
    >>> answer_line("一千五以内的手机，轻点", {"kind": "need", "topics": ["手机"], "likes": ["轻"], "dislikes": [],
    ...     "constraints": [price | {"op": "<=", "value": 1500}]})
    'need 手机 | price<=1500 | +轻'
    >>> about = [{"field": "duration", "op": op, "value": v, "hard": False} for op, v in ((">=", 102), ("<=", 138))]
    >>> answer_line("两小时左右的电影", {"kind": "need", "topics": ["电影"], "likes": [], "dislikes": [],
    ...     "constraints": about})
    'need 电影 | duration~2小时 |'
    """
    said = _Said(text)
    critique = gold["kind"] == "critique"
    constraints = [c for c in gold["constraints"] if not critique or said.holds(c["value"])]
    likes, dislikes = ([w for w in gold[side] if not critique or said.holds(w)] for side in ("likes", "dislikes"))
    things = "、".join(_plain(t) for t in gold["topics"])
    conditions = "; ".join(said.conditions(constraints))
    marks = "; ".join([*(f"+{_plain(w)}" for w in likes), *(f"-{_plain(w)}" for w in dislikes)])
    head = f"{gold['kind']} {things}".strip()
    return " ".join(f"{head} | {conditions} | {marks}".split())


def holds(text: str, value: object) -> bool:
    """Whether a word or a number stands in a text.

    >>> holds("两千以内的手机", 2000.0), holds("两千以内的手机", "平板")
    (True, False)
    """
    return _Said(text).holds(value)


class _Said:
    """The numbers of a sentence as they are written once its numerals are digits."""

    def __init__(self, text: str) -> None:
        self._text = plain = digits(normalise(text)).lower()
        self._numbers = []
        for n in numbers(plain):
            unit = n.unit if n.unit and canonical(1.0, n.unit)[1] in CANONICAL else ""
            self._numbers.append((n.value, unit, f"{n.value:.10g}{unit}"))

    def holds(self, value: object) -> bool:
        """Whether a word or a number stands in the sentence itself."""
        if isinstance(value, (int, float)):
            return any(_same(value, number) for number, _, _ in self._numbers)
        return _plain(str(value)).lower() in self._text

    def conditions(self, constraints: Sequence[Mapping[str, Any]]) -> list[str]:
        """The constraints as conditions, those that one sign stands for joined."""
        out: list[str] = []
        left = list(constraints)
        while left:
            first = left.pop(0)
            written, other = self._signed(first, left)
            if other is not None:
                left.remove(other)
            out.append(written or self._condition(first))
        return list(dict.fromkeys(out))

    def _signed(
        self, c: Mapping[str, Any], others: Sequence[Mapping[str, Any]]
    ) -> tuple[str | None, Mapping[str, Any] | None]:
        """A pair of soft bounds about a number, or a soft one a little above it, by its sign."""
        if c["hard"] or not isinstance(c["value"], (int, float)):
            return None, None
        for value, unit, surface in self._numbers:
            at = canonical(value, unit, c["field"])[0] if unit else value
            low, high = about(at)
            if _same(c["value"], low) and c["op"] == ">=":
                for other in others:
                    if other["field"] == c["field"] and other["op"] == "<=" and _same(other["value"], high):
                        return f"{c['field']}{ABOUT}{surface}", other
            if c["op"] == "<=" and _same(c["value"], bare(at)):
                return f"{c['field']}{BARE}{surface}", None
        return None, None

    def _condition(self, c: Mapping[str, Any]) -> str:
        soft = "" if c["hard"] else "~"
        value = c["value"]
        if isinstance(value, (int, float)):
            return f"{c['field']}{c['op']}{self._surface(c['field'], float(value))}{soft}"
        return f"{c['field']}{c['op']}{_plain(str(value))}{soft}"

    def _surface(self, field: str, value: float) -> str:
        for number, unit, surface in self._numbers:
            if unit and _same(canonical(number, unit, field)[0], value):
                return surface
        return f"{value:g}" if value < 1e6 else str(int(value))


def _plain(words: str) -> str:
    """Words as the text has them when a model reads it, without the signs of the line."""
    kept = digits(normalise(words))
    return " ".join("".join(" " if c in "|;\n、~<>=+?" else c for c in kept).split())


def _same(a: object, b: float) -> bool:
    return isinstance(a, (int, float)) and abs(float(a) - b) <= 1e-3 * max(1.0, abs(b))
