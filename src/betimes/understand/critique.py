"""Reactions to a list, resolved against what was shown: cheaper, another brand, like the second."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from betimes.domain.intent import Constraint, Interest, InterestKind
from betimes.domain.item import Item, Quantity
from betimes.domain.names import variants
from betimes.domain.units import canonical
from betimes.text import normalise

_CHEAPER = re.compile(
    r"贵|便宜|实惠|划算|预算不够|买不起|超预算|降[一点]*价|cheap|pricey|price is|expensive|less money|lower price|afford|too much money|budget|costs? too|why would i pay|overpriced|steep",
    re.IGNORECASE,
)
_DEARER = re.compile(
    r"太便宜|好一点的|贵一点|高端|pricier|more premium|higher.end|more expensive|fancier", re.IGNORECASE
)
_SHORTER = re.compile(r"太长|短一?[点些]|短的|too long|shorter|trim it|quicker", re.IGNORECASE)
_LONGER = re.compile(r"太短|长一?[点些]|longer|too short", re.IGNORECASE)
_NEWER = re.compile(r"太老|太旧|新一?[点些]|newer|too old|more recent", re.IGNORECASE)
_OLDER = re.compile(r"老一?[点些]|经典一?[点些]|older|classics?", re.IGNORECASE)
_SMALLER = re.compile(r"太大|小一?[点些]|smaller|too big|too large", re.IGNORECASE)
_BIGGER = re.compile(r"太小|大一?[点些]|bigger|larger|too small", re.IGNORECASE)
_LIGHTER = re.compile(r"太重|轻一?[点些]|lighter|too heavy", re.IGNORECASE)
_OTHER_BRAND = re.compile(
    r"换[一个]*(?:个|家)?(?:牌子|品牌)|(?:别的|其他|其它|不同)(?:的)?(?:牌子|品牌)|(?:another|different|other|new) brands?|brand.{0,6}(?:else|different)|not (?:this|these|that) brands?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"第\s*([一二三四五六七八九十\d])\s*[个款部首条双件篇]?|(最后)(?:一|那)?[个款部首条双件篇]|(?:the )?\b(first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\b|(?:number|#|no\.)\s?(\d)",
    re.IGNORECASE,
)
_PLACE = {
    **{c: i for i, c in enumerate("一二三四五六七八九十")},
    **{w: i for i, w in enumerate(("first", "second", "third", "fourth", "fifth"))},
    **{w: i for i, w in enumerate(("1st", "2nd", "3rd", "4th", "5th"))},
}
_LIKING = re.compile(
    r"像|类似|差不多|跟|和|就|喜欢|不错|挺|好看|顺眼|要|like|similar|love|good|nice|great|take|go with|more of|closest",
    re.IGNORECASE,
)
_REFUSING = re.compile(r"不要|不喜欢|除了|不行|丑|不好|讨厌|don'?t|not|hate|except|ugly|bad|no\b", re.IGNORECASE)
_DISLIKED = re.compile(
    r"(?P<zh>(?:颜色|款式|设计|屏幕|声音|外形|样子|剧情|画风|节奏|尺寸|封面|字)?(?:都)?太[\u4e00-\u9fff]{1,3})(?=了|，|,|$)|\b(?P<en>too (?!much\b|many\b|expensive|pricey)[a-z]+|ugly|boring|hate the [a-z]+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a reaction comes to: conditions and interests, and the spans they were read from."""

    constraints: tuple[Constraint, ...]
    interests: tuple[Interest, ...]
    spans: tuple[tuple[int, int], ...]


def react(text: str, shown: Sequence[Item], *, priced: bool) -> Reaction:
    """Resolves a normalised, lower-cased reaction against the list it reacts to.

    Args:
        shown: the items of the list, in order.
        priced: whether the text itself names a price, which then holds rather than those shown.
    """
    constraints: list[Constraint] = []
    interests: list[Interest] = []
    spans: list[tuple[int, int]] = []
    pointed = pointed_at(text, shown)
    if not priced:
        dearer, cheaper = _DEARER.search(text), _CHEAPER.search(text)
        if dearer:
            constraints += _price(shown, pointed, ">=", dearer.group())
            spans.append(dearer.span())
        elif cheaper:
            constraints += _price(shown, pointed, "<=", cheaper.group())
            spans.append(cheaper.span())
    for pattern, field, op in (
        (_SHORTER, "duration", "<="),
        (_LONGER, "duration", ">="),
        (_NEWER, "year", ">="),
        (_OLDER, "year", "<="),
        (_SMALLER, "screen", "<="),
        (_BIGGER, "screen", ">="),
        (_LIGHTER, "weight", "<="),
    ):
        match = pattern.search(text)
        bound = _bound(shown, pointed, field, op, match.group()) if match else None
        if match and bound is not None:
            constraints.append(bound)
            spans.append(match.span())
    other = _OTHER_BRAND.search(text)
    if other:
        brands = dict.fromkeys(i.brand for i in ([shown[p] for p in pointed] or shown) if i.brand)
        constraints += [Constraint("brand", "!=", brand, evidence=other.group()) for brand in brands]
        spans.append(other.span())
    liked = [p for p in pointed if _LIKING.search(text) and not _refused(text)]
    interests += [Interest(shown[p].title, InterestKind.TASTE, 1, 0.9, text) for p in liked]
    interests += [
        Interest(m.group(), InterestKind.TASTE, -1, 0.7, m.group())
        for m in _DISLIKED.finditer(text)
        if not any(a < m.end() and m.start() < b for a, b in spans) and not _CHEAPER.search(m.group())
    ]
    spans += [m.span() for m in _DISLIKED.finditer(text)]
    spans += [m.span() for m in _ORDINAL.finditer(text)]
    return Reaction(tuple(constraints), tuple(interests), tuple(spans))


def pointed_at(text: str, shown: Sequence[Item]) -> list[int]:
    """Places in the list that a text points at, by number or by a name that only one item has."""
    places: list[int] = []
    for match in _ORDINAL.finditer(text):
        word = next(g for g in match.groups() if g is not None).lower()
        place = (
            len(shown) - 1 if word in ("最后", "last") else _PLACE.get(word, int(word) - 1 if word.isdigit() else -1)
        )
        if 0 <= place < len(shown):
            places.append(place)
    if not places:
        named = [
            i
            for i, item in enumerate(shown)
            if any(n and n in text for n in _names(item)) and not re.search(r"(?:不要|换).{0,4}$", text)
        ]
        if len(named) == 1:
            places = named
    return list(dict.fromkeys(places))


def _names(item: Item) -> list[str]:
    return [normalise(v).lower() for name in (item.title, item.brand) if name for v in variants(name)]


def _refused(text: str) -> bool:
    return bool(_REFUSING.search(text)) and not re.search(r"不错|不贵|not bad", text)


def _price(shown: Sequence[Item], pointed: Sequence[int], op: str, words: str) -> list[Constraint]:
    compared = [shown[p] for p in pointed] or list(shown)
    prices = [(i.price.major, i.price.currency) for i in compared if i.price is not None]
    if not prices:
        return []
    value, currency = min(prices) if op == "<=" else max(prices)
    side: Callable[[float], Constraint] = lambda v: Constraint(  # noqa: E731  # one shape for both comparisons
        "price", "<=" if op == "<=" else ">=", v, currency=currency, hard=False, evidence=words
    )
    return [side(float(value))]


def _bound(shown: Sequence[Item], pointed: Sequence[int], field: str, op: str, words: str) -> Constraint | None:
    compared = [shown[p] for p in pointed] or list(shown)
    values = []
    unit = None
    for item in compared:
        fact = item.facts.get(field)
        if isinstance(fact, Quantity):
            value, unit = canonical(fact.value, fact.unit, field)
            values.append(value)
    if not values:
        return None
    value = min(values) if op == "<=" else max(values)
    return Constraint(field, "<=" if op == "<=" else ">=", value, unit or None, hard=False, evidence=words)
