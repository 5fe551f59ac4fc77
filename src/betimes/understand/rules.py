"""Text to Intent by rules alone: no model, a few milliseconds, the same answer every time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind, Polarity
from betimes.domain.item import Item
from betimes.domain.names import SlateId
from betimes.text import locale_of
from betimes.understand.aliases import THINGS
from betimes.understand.critique import react
from betimes.understand.kinds import Seen, kind_of, orders
from betimes.understand.lexicon import FACTS, Found, Lexicon
from betimes.understand.names import NAMED, known, sizes, wanted
from betimes.understand.quantities import Bound, bounds
from betimes.understand.refusals import Refusal, refusals
from betimes.understand.sentence import Sentence, Span, overlaps
from betimes.understand.topics import topics
from betimes.understand.wishes import Wish, interest_kind, strength, wishes

_OPEN = (*FACTS, "tags", "title", "category")
_ALLERGEN = re.compile(
    r"(?:(?:对|^|[,，。 ])(?:我|他|她|咱?家?|孩子|娃|本人|有|猫|狗|的)*|娃|家)"
    r"(?P<zh>[\u4e00-\u9fffa-z、]{1,8}?)(?<!不)(?:制品|类|面料)?(?:都|也|很|特别)?(?<!不)(?:过敏|不耐受)|"
    r"allergic to (?P<en>[a-z][a-z ]{1,30}?)(?=,|\.|;|!|$| so| and (?:i|we|need|want))|"
    r"(?P<in>[a-z]+) (?:intoleran|allerg(?:y|ies))|"
    r"(?P<ill>[a-z]+) makes (?:me|him|her|my \w+) (?:super |really |very )?(?:sick|ill)|(?P<celiac>celiac)"
)
_SUFFERER = re.compile(
    r"^(?:[^对]{0,6}对|咱?家|[我他她]家?|小?孩子?|宝宝|儿子|女儿|老[公婆人]|娃|猫|狗|本人|有|的)+(?=.)"
)
_TOO = re.compile(
    r"[\u4e00-\u9fff]{0,4}(?:太|过于)(?!空|阳|极)[\u4e00-\u9fff]|too |.{1,4}贵了点$|[\u4e00-\u9fff]{1,3}太多|广告多"
)
_OF_ILLNESS = {"celiac": "gluten"}


@dataclass(slots=True)
class _Reading:
    """What has been read of a sentence so far."""

    constraints: list[Constraint] = field(default_factory=list)
    interests: list[Interest] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


class Rules:
    """Reads a sentence with the catalogue's lexicon.

    Args:
        lexicon: the names that are known.
        read_upto: how many characters of a text are read.
    """

    def __init__(self, lexicon: Lexicon, read_upto: int) -> None:
        self._lexicon = lexicon
        self._read_upto = read_upto

    def read(self, text: str, *, at: datetime, shown: Sequence[Item] = (), about: SlateId | None = None) -> Intent:
        """What a sentence means.

        Args:
            at: the clock, for "this year".
            shown: the list its speaker saw last.
            about: that list's id.
        """
        said = Sentence.of(text[: self._read_upto])
        locale = locale_of(said.text)
        ordered = list(orders(said))
        sentence = said.without(ordered)
        if ordered and not re.search(r"[a-z\u4e00-\u9fff]{2}", sentence.text):
            return Intent(text, locale, IntentKind.NONE, confidence=0.95)
        bound = bounds(sentence, at)
        names = known(self._lexicon, sentence)
        refused = refusals(sentence, self._lexicon)
        seen = Seen(
            shown=bool(shown),
            anew=_starts_over(names, shown),
            things=bool(names),
            bounded=bool(bound),
            refused=bool(refused),
        )
        kind, sure = kind_of(sentence, seen)
        if kind is IntentKind.NONE:
            return Intent(text, locale, kind, confidence=sure)
        reading = self._read(sentence, kind, bound, names, refused, shown)
        return Intent(
            text=text,
            locale=locale,
            kind=kind,
            interests=tuple(dict.fromkeys(reading.interests)),
            constraints=tuple(dict.fromkeys(reading.constraints)),
            about=about if kind is IntentKind.CRITIQUE else None,
            confidence=round(sure * (0.5 + 0.5 * _covered(sentence.text, reading.spans)), 3),
        )

    def _read(
        self,
        sentence: Sentence,
        kind: IntentKind,
        bound: Sequence[Bound],
        names: Sequence[Found],
        refused: Sequence[Refusal],
        shown: Sequence[Item],
    ) -> _Reading:
        lasting = kind is IntentKind.TASTE
        reading = _Reading([b.constraint for b in bound], [], [b.span for b in bound])
        measured = {(c.field, str(c.value).removesuffix(".0")) for c in reading.constraints}
        for constraint, span in sizes(sentence):
            again = ("size", str(constraint.value).removesuffix(".0")) in measured
            if not again and (not overlaps(span, reading.spans) or constraint.field == "size"):
                reading.constraints.append(constraint)
                reading.spans.append(span)
        if kind is IntentKind.CRITIQUE:
            priced = any(b.constraint.field == "price" and not b.bare for b in bound)
            reaction = react(sentence, shown, priced=priced)
            # What a price is to fall by is no price.
            # A length that nothing compares with is that of what was shown.
            bare = [b for b in bound if b.bare]
            by = [b.constraint for b in bare if overlaps(b.span, reaction.spans) or _is_length(b.constraint)]
            reading.constraints = [c for c in reading.constraints if c not in by] + reaction.constraints
            reading.interests += reaction.interests
            reading.spans += reaction.spans
        before = len(reading.constraints)
        self._allergies(sentence, reading)
        allergic = len(reading.constraints) > before
        self._refuse(sentence, refused, reading, lasting=lasting and not allergic)
        free = [n for n in names if not overlaps(n.span, reading.spans)]
        if kind is IntentKind.NEED:
            reading.constraints += wanted(self._lexicon, sentence, free)
        elif kind is IntentKind.CRITIQUE:
            known_brands = {i.brand for i in shown}
            reading.constraints += (
                c
                for c in wanted(self._lexicon, sentence, [n for n in free if n.field in NAMED])
                if c.field == "color" or c.value not in known_brands
            )
        named = [n for n in free if n.field in NAMED]
        if lasting:
            reading.interests += (_like(sentence, Wish(n.value, n.span), lasting=True) for n in named)
        reading.spans += (n.span for n in named)
        if kind is IntentKind.NEED:
            for topic in topics(sentence, free, reading.spans):
                reading.interests.append(Interest(topic.text, InterestKind.NEED, 1, 0.9, topic.text))
                reading.spans.append(topic.span)
        if kind is not IntentKind.CRITIQUE or not (reading.interests or reading.constraints):
            topical = any(i.kind is InterestKind.NEED for i in reading.interests)
            for wish in wishes(sentence.text, reading.spans):
                # A second kind of thing says what the first is for or with; one character of it says nothing.
                if not (topical and len(wish.text) == 1 and "category" in self._lexicon.fields_of(wish.text)):
                    reading.interests.append(_like(sentence, wish, lasting=lasting))
        return reading

    def _refuse(self, sentence: Sentence, refused: Sequence[Refusal], reading: _Reading, *, lasting: bool) -> None:
        for refusal in refused:
            if overlaps(refusal.span, reading.spans) and any(
                refusal.at < b and a <= refusal.at for a, b in reading.spans
            ):
                continue
            if refusal.feeling or lasting:
                kind = interest_kind(refusal.what, lasting=lasting)
                how = strength(sentence.words(sentence.clause(refusal.at)))
                reading.interests.append(Interest(refusal.what, kind, -1, how, sentence.words(refusal.span).strip()))
            else:
                reading.constraints += self._excluded(sentence, refusal)
        reading.spans += (r.span for r in refused)

    def _excluded(self, sentence: Sentence, refusal: Refusal) -> Iterator[Constraint]:
        evidence = sentence.words(refusal.span).strip()
        thing = sentence.cased[refusal.at : refusal.at + len(refusal.what)]
        field = next(iter(self._lexicon.fields_of(thing)), "")
        if field in NAMED or field in FACTS:
            yield Constraint(field, "!=", self._lexicon.canonical(field, thing), evidence=evidence)
            return
        names = known(self._lexicon, Sentence(thing))
        named = [n for n in names if n.field in (*NAMED, *_OPEN)]
        whole = [n for n in named if n.field in NAMED or len(n.value) == len(thing)]
        for name in whole:
            if name.field == "color" and len(name.value) < len(thing) - 2:
                continue  # white cast is no colour
            if name.field in NAMED or name.field in FACTS:
                said = thing[name.start : name.end]
                yield Constraint(name.field, "!=", self._lexicon.canonical(name.field, said), evidence=evidence)
                return
        yield Constraint("feature", "!=", thing, evidence=evidence)

    def _allergies(self, sentence: Sentence, reading: _Reading) -> None:
        for match in _ALLERGEN.finditer(sentence.text):
            what = next(g for g in match.groups() if g)
            for part in re.split(r"[、和跟]|\band\b|,", _OF_ILLNESS.get(what, what)):
                thing = _SUFFERER.sub("", part.strip())
                if thing:
                    reading.constraints.append(Constraint("ingredient", "!=", thing, evidence=match[0].strip()))
            reading.spans.append(match.span())


def _is_length(constraint: Constraint) -> bool:
    return constraint.field == "duration" and constraint.op == "="


def _starts_over(names: Sequence[Found], shown: Sequence[Item]) -> bool:
    """Whether a kind of thing is named that none of the items shown is."""
    things = [n.value for n in names if n.field == "category"]
    if not things or not shown:
        return False
    seen = " ".join(f"{i.category} {i.title}" for i in shown).lower()
    akin = {w for t in things for w in THINGS.get(t, (t,))}
    return not any(word in seen for word in akin)


def _like(sentence: Sentence, wish: Wish, *, lasting: bool) -> Interest:
    """A wish as an interest; what is too much of something is a dislike."""
    how = strength(sentence.words(sentence.clause(wish.span[0])))
    polarity: Polarity = -1 if _TOO.match(wish.text) else 1
    said = sentence.words(wish.span).strip().lower()
    return Interest(said, interest_kind(wish.text, lasting=lasting), polarity, how, said)


def _covered(text: str, spans: Sequence[Span]) -> float:
    """The share of the letters of a text that lie in spans."""
    seen = {i for a, b in spans for i in range(a, b)}
    letters = [i for i, c in enumerate(text) if c.isalnum()]
    return sum(1 for i in letters if i in seen) / len(letters) if letters else 1.0
