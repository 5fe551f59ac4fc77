"""Text to Intent by rules alone: no model, a few milliseconds, the same answer every time."""

import re
from collections.abc import Sequence
from datetime import datetime

from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind, Polarity
from betimes.domain.item import Item
from betimes.domain.names import SlateId
from betimes.text import digits, locale_of, normalise
from betimes.understand.aliases import THING_GROUPS
from betimes.understand.critique import react
from betimes.understand.kinds import is_order_to_model, kind_of
from betimes.understand.lexicon import Found, Lexicon
from betimes.understand.quantities import bounds
from betimes.understand.refusals import Refusal, refusals
from betimes.understand.topics import topics
from betimes.understand.wishes import interest_kind, strength, wishes

_NAMES = ("brand", "person", "color")
_OPEN = ("ingredient", "material", "flavour", "place", "language", "genre")
_ALLERGEN = re.compile(
    r"(?:对|^|[,，。 ])(?:我|他|她|咱家?|孩子|娃|本人|有)*(?P<zh>[\u4e00-\u9fff]{1,8}?)(?:制品|类|面料)?(?:过敏|不耐受)|allergic to (?P<en>[a-z][a-z ]{1,30}?)(?=,|\.|;|!|$| so| and)|(?P<in>[a-z]+) intoleran",
    re.IGNORECASE,
)
_READ_UPTO = 2_000


class Rules:
    """Reads a sentence with the catalogue's lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def read(self, text: str, *, at: datetime, shown: Sequence[Item] = (), about: SlateId | None = None) -> Intent:
        """What a sentence means.

        Args:
            at: the clock, for "this year".
            shown: the list its speaker saw last.
            about: that list's id.
        """
        locale = locale_of(normalise(text[:_READ_UPTO]))
        plain = digits(normalise(text[:_READ_UPTO])).lower()
        plain = _without_orders(plain)
        read = bounds(plain, at)
        names = list(self._lexicon.find(plain))
        refused = refusals(plain)
        named = any(n.field in (*_NAMES, "category") for n in names)
        anew = _starts_over([n.value for n in names if n.field == "category"], shown)
        kind, sure = kind_of(plain, shown=bool(shown), anew=anew, things=named, bounded=bool(read))
        if kind is IntentKind.NONE:
            return Intent(text, locale, kind, confidence=sure)
        spans = [(b.start, b.end) for b in read]
        constraints = [b.constraint for b in read]
        interests: list[Interest] = []
        if kind is IntentKind.CRITIQUE:
            priced = any(c.field == "price" for c in constraints)
            reaction = react(plain, shown, priced=priced)
            constraints += reaction.constraints
            interests += reaction.interests
            spans += reaction.spans
        lasting = kind is IntentKind.TASTE
        excluded, disliked = self._refused(refused, names, lasting)
        constraints += excluded
        interests += disliked
        spans += [(r.start, r.end) for r in refused]
        constraints += _allergies(plain, [c.value for c in constraints])
        wanted = [n for n in names if not _inside(n, spans)]
        constraints += [] if lasting or kind is IntentKind.CRITIQUE else self._wanted(wanted, plain)
        if kind is IntentKind.CRITIQUE:
            constraints += [c for c in self._wanted(wanted, plain) if c.field == "color"]
        if lasting:
            interests += [_like(n.value, plain, n.value, lasting=True) for n in wanted if n.field in _NAMES]
        spans += [(n.start, n.end) for n in wanted if n.field in _NAMES]
        if kind is IntentKind.NEED:
            for topic, start, end in topics(plain, [n for n in wanted if n.field == "category"], spans):
                interests.append(Interest(topic, InterestKind.NEED, 1, 0.9, plain[start:end]))
                spans.append((start, end))
        if kind is not IntentKind.CRITIQUE or not interests:
            interests += [_like(w.text, _clause(plain, w.start), w.text, lasting=lasting) for w in wishes(plain, spans)]
        kept = tuple(dict.fromkeys(interests))
        covered = _covered(plain, spans)
        return Intent(
            text=text,
            locale=locale,
            kind=kind,
            interests=kept,
            constraints=tuple(dict.fromkeys(constraints)),
            about=about if kind is IntentKind.CRITIQUE else None,
            confidence=round(sure * (0.5 + 0.5 * covered), 3),
        )

    def _refused(
        self, refused: Sequence[Refusal], names: Sequence[Found], lasting: bool
    ) -> tuple[list[Constraint], list[Interest]]:
        excluded: list[Constraint] = []
        disliked: list[Interest] = []
        for refusal in refused:
            inside = [n for n in self._lexicon.find(refusal.what) if n.field in (*_NAMES, *_OPEN)]
            if refusal.feeling or lasting:
                disliked.append(_interest(refusal.what, -1, refusal.what, lasting=lasting))
                continue
            named = [n for n in inside if len(n.value) * 2 >= len(refusal.what) or n.field in _NAMES]
            for name in named:
                value = self._lexicon.canonical(name.field, name.value)
                excluded.append(Constraint(name.field, "!=", value, evidence=refusal.what))
            if not named:
                excluded.append(Constraint("feature", "!=", refusal.what, evidence=refusal.what))
        return excluded, disliked

    def _wanted(self, names: Sequence[Found], text: str) -> list[Constraint]:
        out = []
        for name in names:
            if name.field in _NAMES:
                soft = re.search(r"最好|优先|ideally|prefer|if possible", _clause(text, name.start))
                value = self._lexicon.canonical(name.field, name.value)
                out.append(Constraint(name.field, "=", value, hard=soft is None, evidence=name.value))
        return out


def _starts_over(things: Sequence[str], shown: Sequence[Item]) -> bool:
    """Whether a kind of thing is named that none of the items shown is."""
    if not things or not shown:
        return False
    seen = " ".join(f"{i.category} {i.title}" for i in shown).lower()
    akin = {w for t in things for w in THING_GROUPS.get(t, (t,))}
    return not any(word in seen for word in akin)


def _without_orders(text: str) -> str:
    """The text with the clauses blanked in which it gives orders to the model."""
    while True:
        order = is_order_to_model(text)
        if order is None:
            return text
        start, end = _clause_span(text, order.start())
        rest = text[:start] + " " * (end - start) + text[end:]
        if not rest.strip(" ,，。.;；!！?？"):
            return text
        if rest == text:
            return text
        text = rest


def _clause_span(text: str, at: int) -> tuple[int, int]:
    marks = "，,。.;；!！?？\n"
    start = max((text.rfind(m, 0, at) for m in marks), default=-1) + 1
    ends = [p for p in (text.find(m, at) for m in marks) if p >= 0]
    return start, min(ends, default=len(text))


def _clause(text: str, at: int) -> str:
    start, end = _clause_span(text, at)
    return text[start:end]


def _like(topic: str, clause: str, evidence: str, *, lasting: bool) -> Interest:
    return Interest(topic, interest_kind(topic, lasting=lasting), 1, strength(clause), evidence)


def _interest(topic: str, polarity: Polarity, evidence: str, *, lasting: bool) -> Interest:
    return Interest(topic, interest_kind(topic, lasting=lasting), polarity, 0.7, evidence)


def _allergies(text: str, already: Sequence[object]) -> list[Constraint]:
    out = []
    for match in _ALLERGEN.finditer(text):
        what = next(g for g in match.groups() if g)
        out += [
            Constraint("ingredient", "!=", part.strip(), evidence=match.group())
            for part in re.split(r"[、和跟]|\band\b|,", what)
            if part.strip() and part.strip() not in already
        ]
    return out


def _inside(name: Found, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a < name.end and name.start < b for a, b in spans)


def _covered(text: str, spans: Sequence[tuple[int, int]]) -> float:
    """The share of the letters of a text that lie in spans."""
    seen = {i for a, b in spans for i in range(a, b)}
    letters = [i for i, c in enumerate(text) if c.isalnum()]
    return sum(1 for i in letters if i in seen) / len(letters) if letters else 1.0
