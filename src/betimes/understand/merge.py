"""A model's reading held against the text, and what of it is added to the rules' reading."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.domain.names import has_han
from betimes.domain.units import canonical
from betimes.text import normalise
from betimes.understand.aliases import GROUPS
from betimes.understand.comparisons import comparison
from betimes.understand.cues import phrases
from betimes.understand.lexicon import Lexicon, folded
from betimes.understand.measures import measure
from betimes.understand.numbers import about, bare, numbers
from betimes.understand.prompt import Answer
from betimes.understand.sentence import Sentence

#: Fields whose values are words; a model may claim no others for a word.
_WORDED: Final = frozenset(
    "brand person color size title model material ingredient flavour genre feature place language country tags".split()
)
_NEGATION = re.compile(phrases("refusing"))
#: What refuses the thing before it in its clause, has had enough of it or cannot bear it.
_REFUSED_AFTER = re.compile(
    r"不要|不敢要|[以之]外|除外|免了|免谈|就算了|别提|拜拜|过敏|不行$|不[吃喝用做看听]|[看听刷追读用吃](?:过|完|腻|烂|吐)|"
    r"(?<![a-z])(?:excluded|banned|allerg\w*|a rash|not allowed)(?![a-z])"
)
_UNSURE = 0.6
_REACH = 24


@dataclass(frozen=True, slots=True)
class Merger:
    """Adds to an Intent what a model read in the same text, as far as the text bears it out.

    Attributes:
        sentence: what was said.
        ruled: what rules read in it.
        model: the model's name.
        at: the clock, for "this year".
    """

    lexicon: Lexicon
    sentence: Sentence
    ruled: Intent
    model: str
    at: datetime

    def merged(self, said: Answer, *, shown: bool) -> Intent:
        """One Intent from both readings."""
        interests = tuple(self._interests(said))
        constraints = tuple(self._constraints(said))
        kind = self._kind(said, supported=bool(interests or constraints), shown=shown)
        if kind is IntentKind.NONE:
            return replace(self.ruled, kind=kind, interests=(), constraints=(), by=f"rules+{self.model}")
        return replace(
            self.ruled,
            kind=kind,
            interests=(*self.ruled.interests, *interests),
            constraints=(*self.ruled.constraints, *constraints),
            by=f"rules+{self.model}",
            confidence=max(self.ruled.confidence, _UNSURE) if said.kind is kind else self.ruled.confidence,
        )

    def taught(self, said: Answer, *, shown: bool) -> Intent:
        """One Intent where the model was trained on the task.

        Its kind, things and wishes stand in place of the rules', as far as the text holds their words. The rules'
        constraints stay; to them come bounds of fields that they have none for, and what the text refuses in
        words that they have not read. What a critique takes from the list is the rules'.
        """
        ruled = self.ruled
        kind = said.kind if shown or said.kind is not IntentKind.CRITIQUE else ruled.kind
        by = f"rules+{self.model}"
        if kind is IntentKind.NONE:
            return replace(ruled, kind=kind, interests=(), constraints=(), about=None, by=by)
        interests = tuple(self._borne(said.interests))
        constraints = ruled.constraints
        if kind is IntentKind.CRITIQUE:
            interests = ruled.interests or interests
        else:
            constraints = (*constraints, *self._exclusions(said), *self._numbers(said))
        return replace(
            ruled,
            kind=kind,
            interests=interests,
            constraints=tuple(dict.fromkeys(constraints)),
            about=ruled.about if kind is IntentKind.CRITIQUE else None,
            by=by,
            confidence=max(ruled.confidence, _UNSURE),
        )

    def _borne(self, claims: Sequence[Interest]) -> Iterator[Interest]:
        """Interests whose words stand in the text, spaces aside."""
        for claim in claims:
            words = normalise(claim.topic)
            if self._holds(words):
                yield replace(claim, topic=words, evidence=words, by=self.model)

    def _numbers(self, said: Answer) -> Iterator[Constraint]:
        """Claimed bounds of fields that rules have none for, where the number they rest on stands in the text.

        A model that copies writes no unit that is not there, and a number that rules have read for one field
        bounds no other.
        """
        known = {c.field for c in self.ruled.constraints if isinstance(c.value, (int, float))}
        read = " ".join(c.evidence for c in self.ruled.constraints if isinstance(c.value, (int, float)))
        for claim in said.constraints:
            if not isinstance(claim.value, float) or claim.field in known:
                continue
            for number in numbers(self.sentence.text):
                if (claim.unit and not number.unit) or self.sentence.text[number.start : number.end] in read:
                    continue
                value = canonical(number.value, number.unit, claim.field)[0] if number.unit else number.value
                if any(abs(claim.value - v) <= 1e-6 * max(1.0, v) for v in (value, *about(value), bare(value))):
                    here = self.sentence.text[number.start : number.end]
                    yield replace(claim, currency=number.currency, evidence=here, by=self.model)
                    break

    def _exclusions(self, said: Answer) -> Iterator[Constraint]:
        """What the model excludes by words of the text that the text refuses and that rules have not read."""
        read = [folded(str(c.value)) for c in self.ruled.constraints]
        for claim in said.constraints:
            word = folded(str(claim.value))
            if claim.op != "!=" or isinstance(claim.value, float) or any(word in r or r in word for r in read):
                continue
            place = self._place(word, claim.field)
            if place is not None and self._refused(place):
                value = self.lexicon.canonical(claim.field, str(claim.value))
                yield replace(claim, value=value, evidence=word, by=self.model)

    def _holds(self, words: str) -> bool:
        """Whether words stand in the text, spaces aside."""
        squeezed = folded(words).replace(" ", "")
        return any(map(str.isalnum, squeezed)) and squeezed in self.sentence.text.replace(" ", "")

    def _kind(self, said: Answer, *, supported: bool, shown: bool) -> IntentKind:
        """The rules' kind, unless they are unsure and the model's claims stand."""
        ruled = self.ruled
        if ruled.confidence >= _UNSURE or said.kind is ruled.kind:
            return ruled.kind
        if said.kind is IntentKind.CRITIQUE and not shown:
            return ruled.kind
        if said.kind is IntentKind.NONE:
            sparse = not (ruled.constraints or ruled.topics or said.interests or said.constraints)
            return said.kind if sparse else ruled.kind
        if said.kind is IntentKind.TASTE and ruled.topics:
            return ruled.kind
        return said.kind if supported or ruled.interests or ruled.constraints else ruled.kind

    def _interests(self, said: Answer) -> Iterator[Interest]:
        known = [folded(i.topic) for i in self.ruled.interests]
        known += [folded(str(c.value)) for c in self.ruled.constraints]
        for claim in said.interests:
            topic = folded(claim.topic)
            place = self._place(topic)
            if place is None or any(topic in k or k in topic for k in known):
                continue
            if (claim.polarity < 0) != self._refused(place):
                continue
            if claim.kind is InterestKind.NEED and self.ruled.topics:
                continue  # the rules know the thing
            known.append(topic)
            yield replace(claim, evidence=self.sentence.text[place : place + len(topic)], by=self.model)

    def _constraints(self, said: Answer) -> Iterator[Constraint]:
        for claim in said.constraints:
            kept = self._number(claim) if isinstance(claim.value, float) else self._word(claim)
            if kept is not None:
                yield replace(kept, by=self.model)

    def _number(self, claim: Constraint) -> Constraint | None:
        """A claimed bound whose number stands in the text, measures that field, and that no rule has read."""
        if any(c.field == claim.field for c in self.ruled.constraints) or claim.field in _WORDED:
            return None
        read = {c.evidence for c in self.ruled.constraints}
        for number in numbers(self.sentence.text):
            here = self.sentence.text[number.start : number.end]
            if number.counted or any(here in evidence for evidence in read):
                continue
            unit: str | None = None
            value = number.value
            if number.unit:
                measured = measure(self.sentence, number)
                value, unit = canonical(number.value, number.unit, claim.field)
                if measured is None or measured[0] != claim.field:
                    continue
            elif claim.unit or (number.currency is not None and claim.field != "price"):
                continue
            if claim.value not in (number.value, value):
                continue
            said = comparison(self.sentence, number.start, number.end)
            if said.op not in (None, claim.op):
                continue
            return replace(claim, value=value, unit=unit, currency=number.currency, evidence=here)
        if claim.field == "year" and claim.value == self.at.year and re.search("今年|this year", self.sentence.text):
            return replace(claim, evidence=str(self.at.year))
        return None

    def _word(self, claim: Constraint) -> Constraint | None:
        """A claimed name that stands in the text, may be of that field, and is refused only where the text does."""
        word = folded(str(claim.value))
        held = [folded(str(c.value)) for c in self.ruled.constraints]
        place = self._place(word, claim.field)
        if claim.field not in _WORDED or place is None or any(word in h or h in word for h in held):
            return None
        if word in {folded(i.topic) for i in self.ruled.interests}:
            return None
        fields = self.lexicon.fields_of(word)
        if claim.op not in ("=", "!=") or (fields and claim.field not in fields):
            return None
        if (claim.op == "!=") != self._refused(place):
            return None
        value = self.lexicon.canonical(claim.field, str(claim.value))
        # A name that no catalogue knows may be wanted, but must not empty the list.
        hard = claim.hard and (bool(fields) or claim.op == "!=")
        return replace(claim, value=value, hard=hard, evidence=word)

    def _place(self, words: str, field: str = "") -> int | None:
        """Where words stand in the text, or the same name in the other language."""
        for spelling in (words, *GROUPS.get(field, {}).get(words, ())):
            if len(spelling) < 2:
                continue
            edge = "" if has_han(spelling) else r"(?![a-z0-9])"
            start = "" if has_han(spelling) else r"(?<![a-z0-9])"
            match = re.search(f"{start}{re.escape(spelling)}{edge}", self.sentence.text)
            if match:
                return match.start()
        return None

    def _refused(self, place: int) -> bool:
        """Whether a negation stands before a place, near it and in its clause, or after it there."""
        start, end = self.sentence.clause(place)
        before = self.sentence.text[max(start, place - _REACH) : place]
        after = self.sentence.text[place:end]
        return _NEGATION.search(before) is not None or _REFUSED_AFTER.search(after) is not None
