"""Sizes told by bare numbers: 42 of a shoe, 120乘200, 宽80, "women's 8.5", "34 waist"."""

import re
from collections.abc import Iterator

from betimes.domain.intent import Constraint
from betimes.domain.names import has_han
from betimes.understand.sentence import Sentence, Span

_SHOES = re.compile(
    r"[鞋靴拖]|一脚蹬|shoe|boot|sneaker|trainers|sandal|loafer|heels|slipper|blades|wellies|wedges|(?<![a-z])flats|cleats|skates|"
    r"converse|martens|clogs|mules"
)
_START, _END = r"(?:^|(?<=[,，。;；、!！?？. ]))", r"(?=$|[,，。;；、!！?？ ]|\.(?:\s|$))"
#: A clause that is a number of the kind that shoes are sold by.
_ALONE_ZH = re.compile(rf"{_START}(?:穿|脚)?(?P<size>3[3-9](?:\.5)?|4[0-8](?:\.5)?){_END}(?! ?(?:左右|以))")
_ALONE_EN = re.compile(
    r"(?:^|[,;.] )(?P<size>(?:[4-9]|1[0-4])(?:\.5)?|3[4-9](?:\.5)?|4[0-7](?:\.5)?)(?: ?(?:w|d|ee|wide))?(?=$|"
    r"[,;]|\.(?:\s|$))"
)
#: A number beside the sizes of a land, of whom they are for, or of a part of the body.
_LABELLED = re.compile(
    r"(?<![a-z])(?:(?:eu|uk|us)(?: (?:size|junior))?|(?:wo)?men'?s|child|waist|collar|"
    r"inseam (?=\d\d))\s(?P<after>\d{1,2}(?:\.5)?)"
    r"(?![\d.]*\d|\s?(?:[%$€£-]|inch|in(?![a-z])|cm|bucks|dollars|quid|euros?|pounds|people))|"
    r"(?<![\d.$€£-])(?P<before>\d{1,2}(?:\.5)?) (?:eu|uk|us|waist|neck|collar)(?![a-z])|"
    r"(?:腰|领|脚)(?P<zh>\d{2}(?:\.5)?)(?![\d.]|\s?(?:cm|厘米|公分|寸|码|号|元|块|斤|岁))|(?<![\d.])(?P<neck>\d{2})领"
)
#: Children's clothes go by their height.
_CHILD = re.compile(rf"(?:裙|{_START})(?P<size>[89]0|1[0-6]0){_END}")
_CHILDREN = re.compile(r"女儿|儿子|宝宝|娃|孩子|儿童|小孩|校服|公主裙|闺女|男童|女童")
_CLOTHING = re.compile(r"[衣裤裙衫服]|袜")
_UNIT = r"(?:cm|厘米|公分|米|m)"
_BY = re.compile(
    rf"(?<![\dx×*乘.])(?P<a>\d+(?:\.\d+)?)\s?(?P<u>{_UNIT})?\s?[x×*乘]\s?(?P<b>\d+(?:\.\d+)?)\s?(?P<v>{_UNIT})?(?![\d.a-z]|\s?[x×*乘])"
)
#: A bare number of centimetres beside the way it is measured: 宽80, 80长40宽, "120 wide".
_WAYS = (("width", "宽", "wide"), ("length", "长", "long"), ("height", "高", "tall|high|drop"))
_BARE_ZH = re.compile(
    rf"(?<![身最太更超])(?P<way>[宽长高])(?P<after>\d{{2,3}})(?!\d|[到至~.-]|\s?(?:{_UNIT}|mm|毫米|寸|[元块分秒小集斤岁度]))|"
    rf"(?<![\d.])(?P<before>\d{{2,3}})(?P<side>[宽长高])(?=$|[,，。 \d的]|不)"
)
_BARE_EN = re.compile(r"(?<![\d.$€£])(?P<n>\d{2,3}) (?P<way>wide|tall|high|drop)(?![a-z])")
_FACTORS = {"米": 100.0, "m": 100.0}


def dimensions(sentence: Sentence) -> Iterator[tuple[Constraint, Span]]:
    """What bare numbers say of sizes and dimensions, each with its span, in no particular order."""
    text = sentence.text
    yield from _by(text)
    for match in _BARE_ZH.finditer(text):
        yield _way(match, match["way"] or match["side"], match["after"] or match["before"])
    for match in _BARE_EN.finditer(text):
        yield _way(match, match["way"], match["n"])
    for match in _LABELLED.finditer(text):
        yield _size(match, match["after"] or match["before"] or match["zh"] or match["neck"])
    if _SHOES.search(text):
        for match in (_ALONE_ZH if has_han(text) else _ALONE_EN).finditer(text):
            yield _size(match, match["size"])
    if _CHILDREN.search(text) and _CLOTHING.search(text):
        for match in _CHILD.finditer(text):
            yield _size(match, match["size"])


def _by(text: str) -> Iterator[tuple[Constraint, Span]]:
    """The one by the other: the smaller is the width."""
    if not has_han(text):
        return
    for match in _BY.finditer(text):
        shared = match["u"] if float(match["b"]) < 10.0 else None  # 1.5米乘2, but 1米乘70
        factors = [_FACTORS.get(u or "", 1.0) for u in (match["u"] or match["v"], match["v"] or shared)]
        sides = sorted(float(match[g]) * f for g, f in zip(("a", "b"), factors, strict=True))
        if sides[0] >= 10.0:
            for name, value in zip(("width", "length"), sides, strict=True):
                yield Constraint(name, "=", round(value, 6), "cm", evidence=match[0].strip()), match.span()


def _way(match: re.Match[str], way: str, number: str) -> tuple[Constraint, Span]:
    name = next(name for name, zh, en in _WAYS if way == zh or way in en.split("|"))
    return Constraint(name, "=", float(number), "cm", evidence=match[0].strip()), match.span()


def _size(match: re.Match[str], number: str) -> tuple[Constraint, Span]:
    return Constraint("size", "=", float(number), evidence=match[0].strip(" ,.;")), match.span()
