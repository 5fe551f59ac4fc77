"""Reactions to a list, resolved against what was shown: cheaper, another brand, like the second."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from betimes.domain.intent import Constraint, Interest, InterestKind, Op
from betimes.domain.item import Item, Quantity
from betimes.domain.names import has_han, variants
from betimes.domain.units import canonical
from betimes.text import normalise
from betimes.understand.cues import cue
from betimes.understand.sentence import Sentence, Span, overlaps

_CHEAPER, _DEARER = cue("cheaper"), cue("dearer")
_LIKING, _REJECTING, _CONSUMED = cue("liking"), cue("rejecting"), cue("consumed")
#: A direction, the facts it may speak of, and the bound that follows.
_MORE_OR_LESS: tuple[tuple[re.Pattern[str], tuple[str, ...], Op], ...] = (
    (cue("shorter"), ("duration", "length"), "<="),
    (cue("longer"), ("duration", "length"), ">="),
    (cue("newer"), ("year",), ">="),
    (cue("older"), ("year",), "<="),
    (cue("smaller"), ("screen", "capacity"), "<="),
    (cue("bigger"), ("screen", "capacity"), ">="),
    (cue("lighter"), ("weight",), "<="),
)
_OTHERS = (
    (cue("other_brand"), "brand"),
    (cue("other_person"), "person"),
    (cue("other_colour"), "color"),
    (cue("other_category"), "category"),
)
_ORDINAL = re.compile(
    r"第\s?(?P<zh>[一二三四五六七八九十]|\d)\s?[个款部首条双件篇台张本]?|(?P<last>最后[一那]?[个款部首条双件篇])|(?P<middle>中间那?[个款部])|"
    r"(?:the )?(?<![a-z])(?P<en>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)(?![a-z])(?: one)?|"
    r"(?:number|#|no\.)\s?(?P<no>\d)"
)
_PLACES = {
    **{c: i for i, c in enumerate("一二三四五六七八九十")},
    **{w: i for i, w in enumerate(("first", "second", "third", "fourth", "fifth"))},
    **{w: i for i, w in enumerate(("1st", "2nd", "3rd", "4th", "5th"))},
}
_LESS_BY = re.compile(
    r"(?:便宜|降|少|低)(?:个|上|掉)?\s?(?P<zh>\d+(?:\.\d+)?)|(?P<en>\d+(?:\.\d+)?) (?:dollars |bucks |yuan |"
    r"euros |pounds |quid )?(?:less|"
    r"cheaper)(?! than)"
)
_DISLIKED = re.compile(
    r"(?P<zh>(?:颜色|款式|设计|屏幕|声音|外形|样子|剧情|画风|节奏|尺寸|封面|字|体积|弹幕)?(?:都)?[太好](?P<how>[\u4e00-\u9fff]{1,3}?))(?=了|"
    r"[,，。!！]|得|$)|(?P<bored>看腻|听腻)|"
    r"(?<![a-z])(?P<en>too (?!much|many|expensive|pric)[a-z]+|ugly|boring)(?![a-z])"
)
_ONLY_ASKING = re.compile(r"(?:凭啥|凭什么|为啥|为什么|怎么).{0,12}贵|why (?:is|are|so|would)|how come")
_WORD = re.compile(r"[a-z0-9]{3,}|[\u4e00-\u9fff]{2,}")


@dataclass(slots=True)
class Reaction:
    """What a reaction comes to: conditions and interests, and the spans they were read from."""

    constraints: list[Constraint] = field(default_factory=list)
    interests: list[Interest] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A place in a list that a text points at, and where it does."""

    place: int
    span: Span


def react(sentence: Sentence, shown: Sequence[Item], *, priced: bool, refused: Sequence[Span] = ()) -> Reaction:
    """Resolves a reaction against the list it reacts to.

    Args:
        shown: the items of the list, in order.
        priced: whether the text itself names a price, which then holds rather than those shown.
        refused: where the text refuses something: a word there is excluded and points at no item.
    """
    reaction = Reaction()
    pointers = pointed_at(sentence, shown, refused)
    compared = [shown[p.place] for p in pointers] or list(shown)
    _by_price(reaction, sentence, compared, priced=priced, pointed=bool(pointers))
    _by_measure(reaction, sentence.text, compared)
    _by_other(reaction, sentence.text, compared)
    for pointer in pointers:
        _of_pointed(reaction, sentence, shown[pointer.place], pointer)
    for match in _DISLIKED.finditer(sentence.text):
        if match["how"] in ("贵", "的", "吧", "多", "像") or any(
            a < match.end() and match.start() < b for a, b in reaction.spans
        ):
            continue
        reaction.interests.append(Interest(match[0], InterestKind.TASTE, -1, 0.7, match[0]))
        reaction.spans.append(match.span())
    return reaction


def pointed_at(sentence: Sentence, shown: Sequence[Item], refused: Sequence[Span] = ()) -> list[Pointer]:
    """Places in the list that a text points at, by number or by a word that only one item has."""
    found: dict[int, Pointer] = {}
    for match in _ORDINAL.finditer(sentence.text):
        word = match["zh"] or match["en"] or match["no"] or ""
        if match["last"] or word == "last":
            place = len(shown) - 1
        elif match["middle"]:
            place = len(shown) // 2
        else:
            place = _PLACES.get(word, int(word) - 1 if word.isdigit() else -1)
        if 0 <= place < len(shown):
            found.setdefault(place, Pointer(place, match.span()))
    return list(found.values()) or list(_by_words(sentence, shown, refused))


def _by_words(sentence: Sentence, shown: Sequence[Item], refused: Sequence[Span]) -> Iterator[Pointer]:
    """Items that the text calls by a word of theirs alone."""
    words = [{w for name in (i.title, i.brand) if name for w in _words(name)} for i in shown]
    owners = Counter(w for own in words for w in own)
    for place, own in enumerate(words):
        at = [(sentence.text.find(w), w) for w in own if owners[w] == 1 and w in sentence.text]
        if at and len(shown) > 1:
            start, word = min(at, key=lambda pair: (-len(pair[1]), pair[0]))
            end = start + len(word)
            if overlaps((start, end), refused) and not sentence.text.startswith((" one", "那", "这"), end):
                continue
            yield Pointer(place, (start, end))


def _words(name: str) -> set[str]:
    """The words a name may be called by, in every variant of it."""
    return {w for v in variants(name) for w in _parts(normalise(v).lower())}


def _parts(name: str) -> Iterator[str]:
    for match in _WORD.finditer(name):
        yield match[0]
    if has_han(name):
        yield name


def _by_price(reaction: Reaction, sentence: Sentence, compared: Sequence[Item], *, priced: bool, pointed: bool) -> None:
    text = sentence.text
    cheaper, dearer = _CHEAPER.search(text), _DEARER.search(text)
    match = dearer or cheaper
    if match is None:
        return
    reaction.spans.append(match.span())
    less = _LESS_BY.search(text)
    prices = [(float(i.price.major), i.price.currency) for i in compared if i.price is not None]
    if not prices or (priced and not less) or _ONLY_ASKING.search(text):
        return
    value, currency = max(prices) if dearer else min(prices)
    if less:
        value -= float(less["zh"] or less["en"])
        reaction.spans.append(less.span())
    op: Op = ">=" if dearer else "<="
    reaction.constraints.append(Constraint("price", op, value, currency=currency, hard=False, evidence=match[0]))


def _by_measure(reaction: Reaction, text: str, compared: Sequence[Item]) -> None:
    for pattern, fields, op in _MORE_OR_LESS:
        match = pattern.search(text)
        if match is None:
            continue
        for name in fields:
            values = [
                canonical(fact.value, fact.unit, name)
                for i in compared
                if isinstance(fact := i.facts.get(name), Quantity)
            ]
            if values:
                value, unit = min(values) if op == "<=" else max(values)
                reaction.constraints.append(Constraint(name, op, value, unit or None, hard=False, evidence=match[0]))
                reaction.spans.append(match.span())
                break


def _by_other(reaction: Reaction, text: str, compared: Sequence[Item]) -> None:
    for pattern, name in _OTHERS:
        match = pattern.search(text)
        if match is None:
            continue
        reaction.spans.append(match.span())
        for value in dict.fromkeys(v for i in compared for v in _values(i, name) if v):
            reaction.constraints.append(Constraint(name, "!=", value, evidence=match[0]))


def _values(item: Item, name: str) -> tuple[str, ...]:
    if name in ("brand", "category"):
        return (item.brand if name == "brand" else item.category,)
    fact = item.facts.get(name)
    if fact is None and name == "person" and item.brand:
        return (item.brand,)  # of a song or a film without further facts, whose it is
    return fact if isinstance(fact, tuple) else ()


def _of_pointed(reaction: Reaction, sentence: Sentence, item: Item, pointer: Pointer) -> None:
    """What is said of an item pointed at, in the clause that points at it or right after."""
    start, end = sentence.clause(pointer.span[0])
    said = sentence.text[start : sentence.clause(end + 1)[1] if end < len(sentence.text) else end]
    clause = sentence.text[start:end]
    reaction.spans.append(pointer.span)
    if _CONSUMED.search(clause):
        reaction.constraints.append(Constraint("title", "!=", item.title, evidence=clause.strip()))
        if _LIKING.search(said[len(clause) :]):
            reaction.interests.append(Interest(item.title, InterestKind.TASTE, 1, 0.9, said.strip()))
        return
    rejected = _REJECTING.search(clause) and not re.search(r"不错|不贵|not bad", clause)
    if rejected and not _LIKING.search(re.sub(r"不喜欢|不好看|don'?t like|not like|(?<!i )like", "", clause)):
        reaction.interests.append(Interest(item.title, InterestKind.TASTE, -1, 0.9, clause.strip()))
    elif _LIKING.search(clause) or (len(clause) < 8 and _LIKING.search(said)):
        reaction.interests.append(Interest(item.title, InterestKind.TASTE, 1, 0.9, clause.strip()))
