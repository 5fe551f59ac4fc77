"""How a sentence compares with a number: at most, at least, about."""

import re
from dataclasses import dataclass

from betimes.domain.intent import Op
from betimes.understand.cues import cue, phrases
from betimes.understand.sentence import Sentence

_FILLER = (
    r"(?:是|要|有|得|能|走|写|挤出|买|花|出|在|就|为|大概|大约|约|about|around|of|a|an|the|to|spend|like|"
    r"only|say|maybe|year|spending|[:：$€£¥~]|us\$|\s)*"
)
_BEFORE = {
    name: re.compile(rf"(?P<cue>{phrases(name)}){_FILLER}$")
    for name in ("more", "less", "at_most", "at_least", "about")
}
_SUB = re.compile(r"(?<![a-z])sub-?[$€£]?$")
_PER = (
    r"(?:\s?(?:/|一|1|每|per |an? |each|for )\s?(?:斤|公斤|个|瓶|袋|片|份|人|位|张|件|首|本|条|盒|月|"
    r"晚|平|杯|套|双|桌|支|"
    r"person|people|ppl|night|month|piece|head|pop|each|day|week|bottle|pack|pair|serving|one|\d)s?)?"
)
#: A word between a number and its comparison: "30 inches wide at most", "3 minute songs or less".
_OF_WHAT = (
    r"(?:\s(?:wide|tall|high|long|deep|thick|each|apiece|an hour|a go|clips?|songs?|tracks?|videos?|episodes?|eps|"
    r"movies?|dinners?|of (?:battery|climb)))?"
)
_AFTER = {
    name: re.compile(rf"{_PER}{_OF_WHAT}\s*-?(?:的|价位|预算|钱|就?能)?\s*(?P<cue>{phrases(name)})")
    for name in ("at_most_after", "at_least_after", "about_after")
}
#: What there is to spend; of about so much, it is about so much.
_HELD = re.compile(r"预算|budget|(?:i|we)(?:'ve| have)|only (?:have|got)")
_LITTLE_OVER = re.compile(r"\s?(?:出头|多?一?点(?=$|[,，。 的]))")
_REFUSED_AFTER = re.compile(phrases("refused_after"))
_DENIED_BEFORE = re.compile(r"(?:别是|不要|别要|不想要|拒绝)\s?$")
_CONDITION_AFTER = re.compile(r"[^,，。]{0,4}就(?!行|好|可以)")
#: What one does not want to pay: "don't wanna pay 25 bucks or more".
_UNWILLING = re.compile(r"(?:don'?t|won'?t|not|can'?t)(?: \w+){0,3} (?:pay|spend|spending|paying|cost)")
_NEGATION = cue("negation_near")
_NEAR_ZH = re.compile(
    r"(?:[不别勿莫没甭休]|唔好)(?:[能要会想可准愿得敢肯]|必要|打算)?(?:是|有|再|花|出|买|用|掏|付|给|选)?$"
)
_NEAR_EN = re.compile(
    r"(?<![a-z])(?:no|not|nothing|never|neither|isn'?t|ain'?t)(?: (?:be|any|much|a bit|for|go|from|dated|made))?\s*$"
)
_REACH = 48
_OPPOSITE: dict[Op, Op] = {"<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a number is compared with.

    Attributes:
        op: the bound it is, or none where nothing is compared.
        about: whether it is only approximate.
        over: whether it is a little more than said.
        start, end: the span of the words that say so, with the number.
    """

    op: Op | None
    about: bool
    over: bool
    start: int
    end: int


def comparison(sentence: Sentence, start: int, end: int) -> Comparison:
    """How the number between ``start`` and ``end`` is compared with."""
    text = sentence.text
    before = text[max(0, start - _REACH) : start]
    offset = start - len(before)
    about = _BEFORE["about"].search(before)
    tail = _AFTER["about_after"].match(text, end)
    over = _LITTLE_OVER.match(text, end)
    first = offset + about.start("cue") if about else start
    last = max((m.end() for m in (tail, over) if m), default=end)
    op, op_start, op_end = _op(sentence, before, offset, start, last)
    if (about or tail) and (_HELD.match(text, op_start) or text[last:op_end].endswith("预算")):
        op = None
    return Comparison(op, bool(about or tail), bool(over), min(first, op_start), max(last, op_end))


def _op(sentence: Sentence, before: str, offset: int, start: int, end: int) -> tuple[Op | None, int, int]:
    text = sentence.text
    for name, op in (("at_most_after", "<="), ("at_least_after", ">=")):
        after = _AFTER[name].match(text, end)
        if after:
            flipped = (
                _REFUSED_AFTER.match(text, after.end())
                or _DENIED_BEFORE.search(before)
                or (op == ">=" and _UNWILLING.search(text, sentence.clause(start)[0], start))
            )
            found: Op = "<=" if op == "<=" else ">="
            return (_OPPOSITE[found] if flipped else found), start, after.end()
    sub = _SUB.search(before)
    if sub:
        return "<=", offset + sub.start(), end
    for name, op in (("at_most", "<="), ("at_least", ">="), ("more", ">="), ("less", "<=")):
        match = _BEFORE[name].search(before)
        if match is None:
            continue
        found = "<=" if op == "<=" else ">="
        first = offset + match.start("cue")
        turned = _turned(sentence, first, far=name == "more") if name in ("more", "less") else None
        if turned is not None:
            found, first = _OPPOSITE[found], turned
        if name == "at_least" and _UNWILLING.search(text, sentence.clause(start)[0], start):
            found = "<="
        if _REFUSED_AFTER.match(text, end) or (name == "more" and _CONDITION_AFTER.match(text, end)):
            found = _OPPOSITE[found]
        return found, first, end
    return None, start, end


def _turned(sentence: Sentence, at: int, *, far: bool) -> int | None:
    """Where the negation of a comparing word begins: close by, or for "more" anywhere before it in its clause."""
    start = max(sentence.clause(at)[0], at - _REACH)
    before = sentence.text[start:at]
    near = _NEAR_ZH.search(before) or _NEAR_EN.search(before)
    if near is None and far and re.search(r"[a-z]\s*$", before):
        near = _NEGATION.search(before)
    return start + near.start() if near else None
