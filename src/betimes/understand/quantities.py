"""Bounds in a sentence: prices and other measures, each with its field, comparison and canonical unit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from betimes.domain.intent import Constraint, Op
from betimes.understand.comparisons import Comparison, comparison
from betimes.understand.cues import cue
from betimes.understand.dimensions import dimensions
from betimes.understand.measures import COUNTED, measure, named, unknown
from betimes.understand.numbers import Number, about, bare, numbers
from betimes.understand.sentence import Sentence, Span, overlaps
from betimes.understand.years import years

_SOFT, _PAST, _CORRECTION, _FIRST = cue("soft"), cue("past_price"), cue("correction"), cue("first_thought")
_JOIN = re.compile(r"\s*(?:到|至|[-–—~～±]|to|and|or|up to|through|up to maybe)\s*(?:us\$|[¥$€£])?\s*$")
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
#: What says that there is so much to spend: 我妈给三百, 全套一千五.
_TO_SPEND = re.compile(
    r"(?:[能肯就他她我]出|给(?:了|我)?|总共|一共|全套|总价|那就|算了|改成?|直接找?|手上就?|只剩|批的是)\s?$|"
    r"(?<![a-z])(?:make (?:it|that)|call it) $"
)
#: What says that a length of time is all there is: 半小时就够, 五分钟看完.
_ENOUGH = re.compile(
    r"(?:钟|的话)?(?:就|也|都|能|可以|里|内|刚好)*(?:够|足够|看完|看爽|看得完|解决|做好|做完|做饭|学会|能?出锅|上桌|收工|搞定|讲完|结束|清醒)|"
    r"(?:'s| is| would be)? (?:plenty|enough|to kill|is about what)"
)
_ONLY = re.compile(r"(?:只有|只剩|就剩|还剩|最后|还能[听看])\s?$|(?<![a-z])(?:just|only) $")
#: What follows an amount of the class of which a thing is, though no currency does: 5000的笔记本, 8000档.
_OF_CLASS = re.compile(
    r"(?:档|价位)?的(?!样子|预算|价|字|检讨|人|话|[了不都我也这是就有太听呢吗吧更够]|那(?!种))(?=[\u4e00-\u9fff])|档|那[款种]|包邮"
)
#: What compares times and lengths, never money.
_NOT_OF_MONEY = re.compile(
    r"(?<![a-z])(?:after|before|since|until|till|later|earlier|newer|older|longer|shorter|taller|wider|heavier|lighter|"
    r"bigger|larger|faster|slower|quicker|fewer)(?![a-z])|以前|之前|以后|之后|以来|晚于|早于|[长短矮轻]于|(?<!以)[前后]$"
)
_JOURNEY = re.compile(
    r"[游旅]|行程|攻略|自驾|路线|徒步|出国|出发|民宿|请假|海边|包车|房车|度假|假期|"
    r"trip|itinerary|travel|holiday|vacation|backpack|hut to hut|honeymoon|stopover|camino|retreat|cruise|"
    r"days? off|weekend in"
)
_STAYED = re.compile(r"(?:[走玩待住转逛晃吃睡滑呆]|就)\s?$")
_DAY_OUT = re.compile(r"[玩逛滑游]\s?$")
_NIGHTS = re.compile(r"\s?[\d一二三四五六七八九两]{1,2}[夜晚]")
_DAYS = ("天", "day", "days")
#: An episode that is named, told of or seen already is no length: 第40集, 看了三集.
_SEEN_SO_FAR = re.compile(r"(?:第|前|[看追]了?|漏看|到)$")
_EVERY = re.compile(r"(?<![a-z])every $|每?隔$")
_HOME = re.compile(r"装修|改造|方案|翻新|半包|自建|小公寓|出租屋|老房|怎么弄|塞|layout|studio|房子就")
_FASTER = re.compile(r"(?:faster|quicker|slower) th[ae]n")
#: No wish has more bounds; what goes on is a table or an attack.
_MAX_BOUNDS = 40
_PAID_FIELDS = ("delivery_fee", "salary", "hourly_pay", "daily_pay")
#: What takes time: "ready in 30 minutes" is at most that.
_TAKES = frozenset(("duration", "cooking_time"))
_WITHIN = re.compile(r"(?<![a-z])in (?:a )?$")
#: What follows an amount that says of what class a thing is, not what there is to spend: 3000块的电视, a $200 monitor.
_CLASSED = re.compile(
    r"\s?(?:档|(?:档|价位)?的(?!样子|预算|价)(?=[\u4e00-\u9fff])|(?:[\u4e00-\u9fff]{1,2})?那[种款]|[两一二三四五]?[个箱盒张碗份双件]|标准)|"
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
    found += [Bound(c, span) for c, span in dimensions(sentence) if not overlaps(span, [b.span for b in found])]
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
    if not between and low.currency and high.currency:  # 十块二十块
        return low.value < high.value <= 3 * low.value
    if len(between) > 12 or not _JOIN.match(between):
        return False
    if between.strip() == "or":
        field = _read(sentence, high)
        either = field is not None and (field[0] in ("episodes", "seasons") or high.currency is not None)
        return either and low.value < high.value <= 2 * low.value
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
    if "±" in sentence.text[low.end : high.start]:
        small, large = small - large, small + large
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
    if number.several and _BUDGET.search(sentence.words(span)):
        compared = replace(compared, op=None)  # a budget of 一百来块 is about a hundred
    hard = _hard(sentence, number.start)
    if field == "tempo" and _FASTER.search(sentence.words(span)) and compared.op is not None:
        compared = replace(compared, op=">=" if compared.op == "<=" else "<=")
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
    elif field in ("rating", "load"):
        yield ">=", value, True
    elif (
        (
            field == "duration"
            and (_ENOUGH.match(sentence.text, number.end) or _ONLY.search(sentence.text, 0, number.start))
        )
        or field == "delivery_time"
        or (field in _TAKES and _WITHIN.search(sentence.text, 0, number.start))
    ):
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
        return field if field in _PAID_FIELDS else "price", None, number.value
    if number.unit:
        read = measure(sentence, number)
        if read is None and number.unit in _DAYS:
            return ("days", None, number.value) if _are_days(sentence, number, compared) else None
        if read is not None and compared is not None and compared.op is None and not compared.about:
            return None if _tells_nothing(sentence, number, read) else read
        return read
    field = named(sentence, number)
    if field is not None:
        return field, None, number.value
    if number.value in (64, 128, 256, 512) and compared is not None and compared.op is None:
        return ("storage", "GB", number.value) if _STORED.search(sentence.text) else None
    if unknown(sentence, number):
        return None
    if compared is not None and compared.op is not None:
        if compared.op == ">=" and number.value <= 10 and number.value % 1:
            return "rating", None, number.value
        if _NOT_OF_MONEY.search(sentence.words((compared.start, compared.end))):
            return None
    before = sentence.text[max(0, number.start - 12) : number.start]
    said = compared is None or compared.op is not None or compared.about or compared.over or number.several
    tagged = _TAG_PRICE.match(sentence.text, number.start) is not None
    tagged = tagged or (number.value >= 100 and _OF_CLASS.match(sentence.text, number.end) is not None)
    alone = _ALONE.fullmatch(sentence.text[: number.start] + sentence.text[number.end :]) is not None
    alone = alone or _stands_alone(sentence, number)
    priced = _PRICE_BEFORE.search(before)
    named_price = (priced and (number.value >= 30 or priced[0][:3] != "for")) or _TO_SPEND.search(before)
    if not (said or alone or tagged or named_price) or number.value < 5:
        return None
    return "price", None, number.value


def _are_days(sentence: Sentence, number: Number, compared: Comparison | None) -> bool:
    """Whether days are those of a journey, which bound it, or are compared with."""
    text = sentence.text
    if compared is not None and compared.op is not None:
        return True
    before = text[max(0, number.start - 6) : number.start]
    if re.search(r"[第每]\s?$|一天\s?$", before):
        return False
    if number.value > 1:
        return any(p.search(s) for p, s in ((_STAYED, before), (_JOURNEY, text))) or bool(
            _NIGHTS.match(text, number.end)
        )
    return _DAY_OUT.search(before) is not None


def _tells_nothing(sentence: Sentence, number: Number, read: tuple[str, str | None, float]) -> bool:
    """Whether a measure without comparison says nothing of the thing: 一集, the area of a room, hours on a train."""
    field, _, value = read
    if field == "episodes":
        return value <= 1 or _SEEN_SO_FAR.search(sentence.text, 0, number.start) is not None
    if _EVERY.search(sentence.text, 0, number.start):
        return True
    if field == "duration":
        return number.unit == "秒" and number.value <= 1  # 一秒出戏
    if field == "area":
        return _HOME.search(sentence.text) is None
    return field == "travel_time"


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
        if compared.op != "<=" or _BUDGET.search(sentence.words((match.end(), compared.end))):
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
