"""Text to Intent by rules alone: no model, a few milliseconds, the same answer every time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind, Polarity
from betimes.domain.item import Item
from betimes.domain.names import SlateId, variants
from betimes.text import locale_of
from betimes.understand.aliases import LANGUAGES, THINGS, alike
from betimes.understand.critique import react
from betimes.understand.kinds import Seen, asks, kind_of, orders
from betimes.understand.lexicon import FACTS, Found, Lexicon, folded
from betimes.understand.names import NAMED, known, languages, refused_too, sizes, sung_by, wanted
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
    r"(?P<rash>[a-z]+) (?:gives? (?:me|him|her|us) (?:a rash|hives)|brings? (?:me|him|her) out|sends? (?:me|him|"
    r"her) to hospital|"
    r"sets? off (?:my|his|her)|breaks? (?:me|him|her) out|makes (?:me|him|her|my \w+) (?:itch|bloat|swell|break out))|"
    r"(?:can'?t|cannot) (?:eat|digest|tolerate) (?P<no>[a-z]+(?: (?:or|and) [a-z]+)?)(?=[,.;!]|$| without)|"
    r"(?P<ill>[a-z]+) makes (?:me|him|her|my \w+) (?:super |really |very )?(?:sick|ill)|(?P<celiac>celiac)"
)
_SUFFERER = re.compile(
    r"^(?:[^对]{0,6}对|咱?家|[我他她]家?|小?孩子?|宝宝|儿子|女儿|老[公婆人伴]|小朋友|宝贝|婆婆|爸爸?|妈妈?|娃|猫|狗|"
    r"本人|有|的)+(?=.)"
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
            refused=any(r.field != "title" for r in refused),
        )
        kind, sure = kind_of(sentence, seen)
        if ordered and not (shown or seen.things or seen.bounded or asks(sentence)):
            kind, sure = IntentKind.NONE, 0.9
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
            reaction = react(sentence, shown, priced=priced, refused=[r.span for r in refused if not r.feeling])
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
        self._refuse(sentence, refused, reading, shown, lasting=lasting and not allergic)
        named = [*names, *languages(sentence)]
        free = [n for n in named if not overlaps(n.span, reading.spans) and not refused_too(n, reading.constraints)]
        if kind is IntentKind.NEED:
            reading.constraints += wanted(self._lexicon, sentence, free)
        elif kind is IntentKind.CRITIQUE:
            known_brands = {i.brand for i in shown}
            reading.constraints += (
                c
                for c in wanted(self._lexicon, sentence, [n for n in free if n.field in (*NAMED, "language")])
                if c.field == "color" or c.value not in known_brands
            )
        named = [n for n in free if n.field in (*NAMED, "language")]
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

    def _refuse(
        self,
        sentence: Sentence,
        refused: Sequence[Refusal],
        reading: _Reading,
        shown: Sequence[Item],
        *,
        lasting: bool,
    ) -> None:
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
                reading.constraints += self._excluded(sentence, refusal, shown)
        reading.spans += (r.span for r in refused)

    def _excluded(self, sentence: Sentence, refusal: Refusal, shown: Sequence[Item]) -> Iterator[Constraint]:
        evidence = sentence.words(refusal.span).strip()
        thing = sentence.cased[refusal.at : refusal.at + len(refusal.what)]
        # The lexicon may hold no name of what is shown; where it knows a person by it, a person it is.
        shops = {folded(v) for i in shown if i.brand for v in variants(i.brand)}
        if folded(thing) in shops and "person" not in self._lexicon.fields_of(thing):
            yield Constraint("brand", "!=", thing, evidence=evidence)
            return
        names = known(self._lexicon, Sentence(thing))
        named = [n for n in names if n.field in (*NAMED, *_OPEN)]
        whole = [n for n in named if n.field in NAMED or len(n.value) == len(thing)]
        for name in whole:
            if name.field == "color" and len(name.value) < len(thing) - 2:
                continue  # white cast is no colour
            if len(name.value) < len(thing) and _again(name, self._lexicon, sentence):
                continue  # of a brand that is wanted, one model
            if name.field in NAMED or name.field in FACTS:
                said = thing[name.start : name.end]
                yield Constraint(name.field, "!=", self._lexicon.canonical(name.field, said), evidence=evidence)
                return
        field = "language" if folded(thing) in LANGUAGES else refusal.field
        if sung_by(sentence, refusal.at, refusal.at + len(thing), known(self._lexicon, sentence)):
            field = "person"
        yield Constraint(field, "!=", thing, evidence=evidence)

    def _allergies(self, sentence: Sentence, reading: _Reading) -> None:
        for match in _ALLERGEN.finditer(sentence.text):
            what = next(g for g in match.groups() if g)
            for part in re.split(r"[、和跟]|\b(?:and|or)\b|,", _OF_ILLNESS.get(what, what)):
                thing = re.sub(r"(?:我|他|她|严重|的人)$", "", _SUFFERER.sub("", part.strip()))
                if thing:
                    reading.constraints.append(Constraint("ingredient", "!=", thing, evidence=match[0].strip()))
            reading.spans.append(match.span())


def _is_length(constraint: Constraint) -> bool:
    return constraint.field == "duration" and constraint.op == "="


def _again(name: Found, lexicon: Lexicon, sentence: Sentence) -> bool:
    """Whether a sentence has a name more than once."""
    return sum(n.field == name.field and alike(n.field, n.value, name.value) for n in lexicon.find(sentence)) > 1


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
