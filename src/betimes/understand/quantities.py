"""Bounds in a sentence: prices and other measures, each with its field, comparison and canonical unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from betimes.domain.intent import Constraint, Op
from betimes.understand.comparisons import Comparison, comparison
from betimes.understand.cues import cue
from betimes.understand.measures import COUNTED, measure, named, unknown
from betimes.understand.numbers import Number, about, bare, numbers
from betimes.understand.sentence import Sentence, Span, overlaps
from betimes.understand.years import years

_SOFT, _PAST, _CORRECTION, _FIRST = cue("soft"), cue("past_price"), cue("correction"), cue("first_thought")
_JOIN = re.compile(r"\s*(?:到|至|[-–—~～]|to|and|through)\s*(?:us\$|[¥$€£])?\s*$")
_BETWEEN = re.compile(r"(?:between|from|介于|在)\s*(?:us\$|[¥$€£])?$")
_BETWEEN_AFTER = re.compile(r"\s*(?:之间|区间|range)")
_PRICE_BEFORE = re.compile(
    r"(?:价格?|价位|价钱|售价|卖|花|预算|人均|每晚|一晚|单价|票价|掏|凑|budget|price[ds]?|cost|spend|pay|for)\W{0,3}\w{0,3}\s?$"
)
_BUDGET = re.compile(r"预算|budget")
_CLASS = re.compile(r"(?P<power>百|千|万)元(?:[机级档]|价位)")
#: Pounds are money unless weight is spoken of.
_HEAVY = re.compile(r"weigh|heavy|light(?!s)|load|holds?|dumbbell|kettlebell|lift|lose|carry|capacity")
_FIGURES = re.compile(r"(?P<n>[二两三四五六\d]|two|three|four|five|six)\s?(?:位数|[- ]?figures?)")
_FIGURE = {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_PAIR = re.compile(
    r"(?<![\d.])(?P<memory>4|6|8|12|16|18|24|32|48|64)\s?g?b?\s?\+\s?(?P<storage>64|128|256|512|1024|1t|"
    r"2t)(?:gb?|b)?(?!\d)"
)
_STORED = re.compile(r"手机|iphone|ipad|平板|phone|tablet|macbook|mate|galaxy|pixel")
_ALONE = re.compile(r"[\s\W]*(?:就|大概|我有)?[\s\W]*(?:for \d+ (?:ppl|people))?[\s\W]*")
_TAG_PRICE = re.compile(r"\d+\.(?:9|99|8|88|5)(?=\s?(?:那种|的那|元|块|$))")
#: No wish has more bounds; what goes on is a table or an attack.
_MAX_BOUNDS = 40
#: What takes time: "ready in 30 minutes" is at most that.
_TAKES = frozenset(("duration", "cooking_time"))
_WITHIN = re.compile(r"(?<![a-z])in (?:a )?$")
#: What follows an amount that says of what class a thing is, not what there is to spend: 3000块的电视, a $200 monitor.
_CLASSED = re.compile(
    r"\s?(?:的(?!样子|预算|价)(?=[\u4e00-\u9fff])|(?:[\u4e00-\u9fff]{1,2})?那[种款]|[两一二三]?[个箱盒]|标准)|"
    r"(?<!s)\s(?!(?:at|max|maximum|total|tops?|each|per|or|and|an?|for|to|in|on|if|is|but|budget|limit|absolute|all|"
    r"give|here|this|these|those|please|pls|cash|now|by|with|from|the|i|my|our|we|it|not|no|so|as|of|would|can|"
    r"will|apiece|only|just|altogether|combined|ceiling|cap|spare|because|cos|cuz|bc|when|before|after)(?![a-z]))[a-z]"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A constraint and the span it was read from; ``bare`` where an amount is not compared with."""

    constraint: Constraint
    span: Span
    bare: bool = False


def bounds(sentence: Sentence, at: datetime) -> list[Bound]:
    """Every bound in a sentence, from left to right.

    Args:
        at: the clock, for "this year".
    """
    found = [Bound(c, span) for c, span in years(sentence, at)]
    found += [*_classes(sentence), *_pairs(sentence)]
    taken = [b.span for b in found]
    numbered = [_paid(sentence, n) for n in numbers(sentence.text) if not overlaps((n.start, n.end), taken)]
    i = 0
    while i < len(numbered):
        after = numbered[i + 1] if i + 1 < len(numbered) else None
        if after is not None and _is_range(sentence, numbered[i], after):
            found += _range(sentence, numbered[i], after)
            i += 2
        else:
            found += _single(sentence, numbered[i])
            i += 1
    found = _corrected(sentence.text, sorted(found, key=lambda b: b.span)[:_MAX_BOUNDS])
    firm = any(b.constraint.field == "price" and b.constraint.hard and not b.bare for b in found)
    return [b for b in found if not (firm and b.constraint.field == "price" and b.bare)]


def _paid(sentence: Sentence, number: Number) -> Number:
    """A number of pounds as money, where nothing is said of weight."""
    if number.unit in ("pound", "pounds") and number.value >= 10 and not _HEAVY.search(sentence.text):
        return replace(number, unit="", currency="GBP")
    return number


def _is_range(sentence: Sentence, low: Number, high: Number) -> bool:
    between = sentence.text[low.end : high.start]
    if len(between) > 8 or not _JOIN.match(between):
        return False
    return between.strip() != "and" or _BETWEEN.search(sentence.text[max(0, low.start - 12) : low.start]) is not None


def _range(sentence: Sentence, low: Number, high: Number) -> Iterator[Bound]:
    unit = "分钟" if low.unit == "分" and high.unit in ("分钟", "个小时", "小时") else low.unit or high.unit
    first = _read(
        sentence, Number(low.value, unit, low.currency or high.currency, "", high.counted, low.start, high.end)
    )
    second = _read(
        sentence,
        Number(high.value, high.unit or unit, high.currency or low.currency, "", high.counted, low.start, high.end),
    )
    if first is None or second is None or first[0] != second[0] or high.counted or low.counted:
        return
    (field, canon, small), (_, _, large) = first, second
    if field == "price" and small < 100 <= large and not low.currency:
        small *= 10 ** (len(str(int(large))) - len(str(int(small))))  # 2-3000 is short for 2000-3000
        small = small if small <= large else small / 10
    span = (low.start, high.end)
    after = _BETWEEN_AFTER.match(sentence.text, high.end)
    about = comparison(sentence, low.start, high.end).about
    hard = not about and _hard(sentence, low.start)
    for op, value in ((">=", min(small, large)), ("<=", max(small, large))):
        yield _bound(
            sentence,
            field,
            ">=" if op == ">=" else "<=",
            value,
            canon,
            high.currency or low.currency,
            hard,
            (span[0], after.end() if after else span[1]),
        )


def _single(sentence: Sentence, number: Number) -> Iterator[Bound]:
    compared = comparison(sentence, number.start, number.end)
    read = _read(sentence, number, compared)
    if read is None:
        return
    field, canon, value = read
    span = (compared.start, compared.end)
    if field == "price" and _PAST.search(sentence.words(sentence.clause(number.start))):
        return
    hard = _hard(sentence, number.start)
    for op, bound, firm in _compared(sentence, field, value, number, compared):
        read_bound = _bound(sentence, field, op, bound, canon, number.currency, hard and firm, span)
        yield replace(read_bound, bare=compared.op is None and not compared.about and not _budgeted(sentence, number))


def _compared(
    sentence: Sentence, field: str, value: float, number: Number, compared: Comparison
) -> Iterator[tuple[Op, float, bool]]:
    """The bounds a number comes to: op, value, and whether it may be hard."""
    if compared.over:
        yield from ((">=", value, False), ("<=", about(value)[1], False))
    elif compared.op is None and (compared.about or number.several == "来"):
        low, high = about(value)
        yield from ((">=", low, False), ("<=", high, False))
    elif compared.op is not None or number.several == "+":
        yield compared.op or ">=", value, True
    elif number.several == "几":
        yield from ((">=", value + 1, True), ("<=", value + 9, True))
    elif number.several == "多":
        yield from ((">=", value, True), ("<=", value + 10 ** (len(str(int(value))) - 1) - 1, True))
    elif field == "price":
        classed = not _budgeted(sentence, number) and _CLASSED.match(sentence.text, number.end) is not None
        yield ("<=", bare(value), False) if classed else ("<=", value, True)
    elif field == "rating":
        yield ">=", value, True
    elif field == "delivery_time" or (field in _TAKES and _WITHIN.search(sentence.text, 0, number.start)):
        yield "<=", value, True
    else:
        yield "=", value, True


def _budgeted(sentence: Sentence, number: Number) -> bool:
    """Whether an amount is said to be what there is to spend."""
    return _BUDGET.search(sentence.text) is not None or _stands_alone(sentence, number)


def _stands_alone(sentence: Sentence, number: Number) -> bool:
    """Whether an amount is all that its clause says, as a budget is given."""
    start, end = sentence.clause(number.start)
    rest = sentence.text[start : number.start] + sentence.text[number.end : end]
    return (start, end) != (0, len(sentence.text)) and _ALONE.fullmatch(rest) is not None


def _read(
    sentence: Sentence, number: Number, compared: Comparison | None = None
) -> tuple[str, str | None, float] | None:
    """The field, canonical unit and value of a number; none when it bounds nothing that is known."""
    if number.counted:
        compares = compared is not None and (compared.op is not None or number.several == "+")
        field = COUNTED.get(number.counted) if compares else None
        return (field, None, number.value) if field else None
    if number.currency is not None:
        field = named(sentence, number)
        return field if field in ("delivery_fee", "salary") else "price", None, number.value
    if number.unit:
        read = measure(sentence, number)
        days = number.unit in ("天", "day", "days") and compared is not None and compared.op is not None
        return ("days", None, number.value) if read is None and days else read
    field = named(sentence, number)
    if field is not None:
        return field, None, number.value
    if unknown(sentence, number):
        return None
    if number.value in (64, 128, 256, 512) and compared is not None and compared.op is None:
        return ("storage", "GB", number.value) if _STORED.search(sentence.text) else None
    before = sentence.text[max(0, number.start - 12) : number.start]
    said = compared is None or compared.op is not None or compared.about or compared.over or number.several
    tagged = _TAG_PRICE.match(sentence.text, number.start) is not None
    alone = _ALONE.fullmatch(sentence.text[: number.start] + sentence.text[number.end :]) is not None
    alone = alone or _stands_alone(sentence, number)
    if not (said or alone or tagged or _PRICE_BEFORE.search(before)) or number.value < 5:
        return None
    return "price", None, number.value


def _bound(
    sentence: Sentence, field: str, op: Op, value: float, unit: str | None, currency: str | None, hard: bool, span: Span
) -> Bound:
    evidence = sentence.words(span).strip()
    return Bound(Constraint(field, op, round(value, 6), unit, currency, hard, evidence=evidence), span)


def _hard(sentence: Sentence, at: int) -> bool:
    return _SOFT.search(sentence.words(sentence.clause(at))) is None


def _classes(sentence: Sentence) -> Iterator[Bound]:
    """Colloquial classes: 千元机 is 1,000 to 1,999, three figures is 100 to 999."""
    for match in _CLASS.finditer(sentence.text):
        low = {"百": 100.0, "千": 1000.0, "万": 10000.0}[match["power"]]
        high = 999.0 if low == 100.0 else 2 * low - 1
        for op, value in ((">=", low), ("<=", high)):
            yield _bound(sentence, "price", ">=" if op == ">=" else "<=", value, None, None, True, match.span())
    for match in _FIGURES.finditer(sentence.text):
        figures = _FIGURE.get(match["n"]) or int(match["n"])
        compared = comparison(sentence, *match.span())
        if compared.op != "<=":
            yield _bound(sentence, "price", ">=", 10.0 ** (figures - 1), None, None, True, match.span())
        yield _bound(sentence, "price", "<=", 10.0**figures - 1, None, None, True, match.span())


def _pairs(sentence: Sentence) -> Iterator[Bound]:
    """16+512: memory and storage."""
    for match in _PAIR.finditer(sentence.text):
        storage = match["storage"]
        size = float(storage[:-1]) * 1024 if storage.endswith("t") else float(storage)
        yield _bound(sentence, "memory", "=", float(match["memory"]), "GB", None, True, match.span())
        yield _bound(sentence, "storage", "=", size, "GB", None, True, match.span())


def _corrected(text: str, found: list[Bound]) -> list[Bound]:
    """Of two bounds on one side of one field with a correction between them, the later."""
    kept: list[Bound] = []
    for bound in found:
        said = bound.constraint
        for earlier in [b for b in kept if b.constraint.field == said.field and b.span != bound.span]:
            between = text[earlier.span[1] : bound.span[0]]
            first = text[max(0, earlier.span[0] - 12) : earlier.span[0]]
            if _CORRECTION.search(between) or _FIRST.search(first):
                kept.remove(earlier)
        kept.append(bound)
    return kept
