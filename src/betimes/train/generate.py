"""Sentences made from a catalogue: its own kinds of things, brands, people, colours and traits in written phrasings."""

import random
from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Final

from betimes.domain.intent import Intent
from betimes.domain.item import Item
from betimes.domain.names import Locale, localised
from betimes.errors import InvalidInput
from betimes.train.examples import Annotated
from betimes.understand.line import meaning_of
from betimes.understand.prompt import parse

#: Phrasings and what they mean, in the line that models answer with. Slots: ``thing`` a kind of item, ``brand`` and
#: ``other`` two brands, ``person``, ``color``, ``tag`` and ``tag2`` traits, ``high`` and ``low`` prices, ``year``.
_ZH: Final = (
    ("想买个{thing}，{high}以内", "need {thing} | price<={high} |"),
    ("{thing}有没有{low}到{high}的", "need {thing} | price>={low}; price<={high} |"),
    ("推荐{brand}的{thing}，预算{high}", "need {thing} | brand={brand}; price<={high} |"),
    ("{thing}，别给我看{brand}的", "need {thing} | brand!={brand} |"),
    ("除了{brand}和{other}，还有啥{thing}好用", "need {thing} | brand!={brand}; brand!={other} | +好用"),
    ("给我妈挑个{tag}的{thing}", "need {thing} | | +{tag}; +妈"),
    ("不要{color}的，{thing}要{tag}一点", "need {thing} | color!={color} | +{tag}"),
    ("{color}的{thing}，{high}块封顶", "need {thing} | color={color}; price<={high} |"),
    ("{low}以上的{thing}才考虑，最好{tag}", "need {thing} | price>={low} | +{tag}"),
    ("{thing}{high}左右，{tag}优先", "need {thing} | price~{high} | +{tag}"),
    ("就要{brand}", "need | brand={brand} |"),
    ("有{person}的{thing}吗", "need {thing} | person={person} |"),
    ("只看{person}，其他人的不要", "need | person={person} |"),
    ("{year}年以后的{thing}，{tag}的", "need {thing} | year>={year} | +{tag}"),
    ("{year}年以前的老{thing}", "need {thing} | year<={year} |"),
    ("来个{thing}，{tag}又{tag2}那种", "need {thing} | | +{tag}; +{tag2}"),
    ("一直很喜欢{tag}的{thing}", "taste | | +{tag}的{thing}"),
    ("我从来不碰{brand}的东西", "taste | | -{brand}"),
    ("{brand}和{other}都行，{thing}，不超过{high}元", "need {thing} | brand={brand}; brand={other}; price<={high} |"),
    ("预算从{low}提到{high}了，还是看{thing}", "need {thing} | price<={high} |"),
    ("手头就{high}块，能买到{tag}的{thing}不", "need {thing} | price<={high} | +{tag}"),
    ("{thing}贵点没事，{low}起步，要{tag}", "need {thing} | price>={low} | +{tag}"),
    ("尽量{brand}，实在没有也行，{thing}", "need {thing} | brand={brand}~ |"),
    ("求推荐{tag}的{thing}，太贵的就算了", "need {thing} | | +{tag}; -太贵"),
    ("上次买的{brand}{thing}坏了，怎么退", "none | |"),
    ("{brand}的{thing}发货了没", "none | |"),
    ("谢谢，{thing}已经买好啦", "none | |"),
    ("这个{thing}你是怎么挑出来的", "none | |"),
    (
        "送朋友的{thing}，{low}-{high}，{color}最好",
        "need {thing} | price>={low}; price<={high}; color={color}~ | +送朋友",
    ),
    ("{person}除外，{tag}的{thing}都可以来点", "need {thing} | person!={person} | +{tag}"),
    ("听说{person}不错，找{year}年的", "need | person={person}; year={year} |"),
    ("{thing}不挑牌子，{tag}就行，别超{high}", "need {thing} | price<={high} | +{tag}"),
    ("平时爱看{tag}的", "taste | | +{tag}"),
    ("{high}以下，{thing}，{brand}除外，谢谢", "need {thing} | price<={high}; brand!={brand} |"),
    ("刚入坑，有没有适合新手的{thing}，{tag}点", "need {thing} | | +适合新手; +{tag}"),
    ("{thing}哪家强，{brand}还是{other}", "need {thing} | brand={brand}; brand={other} |"),
)
_EN: Final = (
    ("looking for a {thing} under {high}", "need {thing} | price<={high} |"),
    ("any {thing} between {low} and {high}?", "need {thing} | price>={low}; price<={high} |"),
    ("{brand} {thing}, budget {high}", "need {thing} | brand={brand}; price<={high} |"),
    ("a {thing} please, but not {brand}", "need {thing} | brand!={brand} |"),
    ("anything but {brand} or {other}, need a {thing}", "need {thing} | brand!={brand}; brand!={other} |"),
    ("my dad wants a {thing}, {tag} if you have it", "need {thing} | | +my dad; +{tag}"),
    ("{thing} in {color}, {high} tops", "need {thing} | color={color}; price<={high} |"),
    ("no {color}, just a {tag} {thing}", "need {thing} | color!={color} | +{tag}"),
    ("show me {thing} from {low} up, ideally {tag}", "need {thing} | price>={low} | +{tag}"),
    ("around {high} for a {tag} {thing}", "need {thing} | price~{high} | +{tag}"),
    ("{brand}", "need | brand={brand} |"),
    ("got any {thing} with {person}?", "need {thing} | person={person} |"),
    ("{person} only, nobody else", "need | person={person} |"),
    ("{tag} {thing} from {year} or later", "need {thing} | year>={year} | +{tag}"),
    ("an old {thing}, before {year}", "need {thing} | year<={year} |"),
    ("{thing}: {tag} and {tag2}, that's all I ask", "need {thing} | | +{tag}; +{tag2}"),
    ("I've always been into {tag} {thing}", "taste | | +{tag} {thing}"),
    ("I never buy {brand}", "taste | | -{brand}"),
    (
        "either {brand} or {other}, a {thing}, at most {high}",
        "need {thing} | brand={brand}; brand={other}; price<={high} |",
    ),
    ("was thinking {low} but let's say {high} max for the {thing}", "need {thing} | price<={high} |"),
    ("all I've got is {high}, want a {tag} {thing}", "need {thing} | price<={high} | +{tag}"),
    ("don't mind paying, {low} and above, {thing}, has to be {tag}", "need {thing} | price>={low} | +{tag}"),
    ("{brand} if possible, {thing}", "need {thing} | brand={brand}~ |"),
    ("{tag} {thing}, nothing too pricey", "need {thing} | | +{tag}; -too pricey"),
    ("the {brand} {thing} I bought last month broke, how do I return it", "none | |"),
    ("has my {brand} {thing} shipped yet", "none | |"),
    ("thanks, I've got my {thing} now", "none | |"),
    ("how did you pick that {thing}", "none | |"),
    (
        "gift for a friend: {thing}, {low}-{high}, {color} preferred",
        "need {thing} | price>={low}; price<={high}; color={color}~ | +gift for a friend",
    ),
    ("{tag} {thing}, except for {person}", "need {thing} | person!={person} | +{tag}"),
    ("heard {person} is good, something from {year}", "need | person={person}; year={year} |"),
    ("brand doesn't matter, {tag} {thing}, no more than {high}", "need {thing} | price<={high} | +{tag}"),
    ("mostly I like {tag} stuff", "taste | | +{tag}"),
    ("less than {high}, {thing}, minus {brand}, cheers", "need {thing} | price<={high}; brand!={brand} |"),
    ("total beginner here, which {thing} is {tag}", "need {thing} | | +beginner; +{tag}"),
    ("which {thing}, {brand} or {other}?", "need {thing} | brand={brand}; brand={other} |"),
)
PHRASINGS: Final[Mapping[Locale, Sequence[tuple[str, str]]]] = {"zh": _ZH, "en": _EN}

#: How often a phrasing and an item are drawn anew, at most, for each sentence asked for.
_TRIES = 30


def generated(items: Sequence[Item], n: int, seed: int = 0) -> list[Annotated]:
    """Sentences about what a catalogue holds, half in Chinese and half in English where it has names in both.

    All that are made from one phrasing stand on one side of any split.

    Args:
        items: the catalogue, or a part of it.
        n: how many, at most; equal ones are left out.
        seed: settles which.

    Raises:
        InvalidInput: the catalogue names too little to make sentences from.
    """
    drawn = random.Random(seed)  # noqa: S311 - which sentences to train on is no secret
    brands = {locale: sorted({localised(i.brand, locale) for i in items if i.brand}) for locale in PHRASINGS}
    found: dict[str, Annotated] = {}
    for _ in range(n * _TRIES):
        if len(found) >= n or not items:
            break
        locale: Locale = drawn.choice(("zh", "en"))
        text, line = drawn.choice(PHRASINGS[locale])
        item = drawn.choice(items)
        slots = dict(_slots(item, locale, brands[locale], drawn))
        if not {name for _, name, _, _ in Formatter().parse(text) if name} <= slots.keys():
            continue
        said = parse(line.format(**slots))
        whole = Intent("", locale, said.kind, said.interests, said.constraints)
        sentence = text.format(**slots)
        found.setdefault(
            sentence.lower(), Annotated(sentence, (), meaning_of(whole), locale, item.domain, template=text)
        )
    if n and not found:
        raise InvalidInput("the catalogue names no kinds of things, brands or traits to make sentences from")
    return list(found.values())


def _slots(item: Item, locale: Locale, brands: Sequence[str], drawn: random.Random) -> Iterator[tuple[str, str]]:
    """What an item can fill a phrasing with."""
    if item.category:
        yield "thing", localised(item.category, locale)
    if item.brand:
        brand = localised(item.brand, locale)
        yield "brand", brand
        others = [b for b in brands if b != brand]
        if others:
            yield "other", drawn.choice(others)
    tags = [localised(t, locale) for t in item.tags]
    yield from zip(("tag", "tag2"), drawn.sample(tags, min(2, len(tags))), strict=False)
    for field in ("person", "color"):
        fact = item.facts.get(field)
        if isinstance(fact, tuple) and fact:
            yield field, localised(drawn.choice(fact), locale)
    year = item.facts.get("year")
    if item.published is not None and year is None:
        yield "year", str(item.published.year)
    if year is not None and not isinstance(year, (bool, tuple)):
        yield "year", f"{year.value:.0f}"
    if item.price is not None:
        price = float(item.price.major)
        step = 10 ** max(0, len(str(int(price))) - 2)
        high = max(step, round(price * drawn.uniform(0.9, 1.6) / step) * step)
        yield "high", str(high)
        if high > step:
            yield "low", str(max(step, round(high * drawn.uniform(0.3, 0.8) / step) * step))
