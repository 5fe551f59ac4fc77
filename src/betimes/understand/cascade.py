"""Rules at once, a model after, one Intent out: what the engine asks of understanding."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from betimes.domain.intent import Constraint, Intent, IntentKind, Interest
from betimes.domain.item import Item
from betimes.domain.names import SlateId
from betimes.ports import Prompt
from betimes.text import digits, normalise
from betimes.understand.lexicon import Lexicon
from betimes.understand.prompt import Answer, parse, understanding_prompt
from betimes.understand.rules import Rules

_NEGATION = re.compile(
    r"不|别|除|没|无|拒|非|讨厌|烦|过敏|忌|\b(?:no|not|none|never|without|except|but|other than|avoid|skip|minus|"
    r"hate|nor|"
    r"free|exclud\w*|don'?t|can'?t|isn'?t|allerg\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class UnderstandingConfig:
    """How sentences are read.

    Attributes:
        read_upto: how many characters of a text are read; what follows is kept in the Intent's text only.
        sure: the confidence from which a model is not asked about small talk or a reaction.
    """

    read_upto: int = 2_000
    sure: float = 0.85


class Understanding:
    """Reads sentences with the catalogue's lexicon."""

    def __init__(self, lexicon: Lexicon, config: UnderstandingConfig = UnderstandingConfig()) -> None:
        self._lexicon = lexicon
        self._config = config
        self._rules = Rules(lexicon, config.read_upto)

    def read(self, text: str, *, at: datetime, shown: Sequence[Item] = (), about: SlateId | None = None) -> Intent:
        """What a sentence means by rules.

        Args:
            at: the clock, for "this year".
            shown: the list its speaker saw last.
            about: that list's id.
        """
        return self._rules.read(text, at=at, shown=shown, about=about)

    def prompt(self, ruled: Intent, shown: Sequence[Item] = ()) -> Prompt | None:
        """The task of reading the same text, for a model; none when rules leave nothing to add."""
        if ruled.confidence >= self._config.sure and ruled.kind in (IntentKind.NONE, IntentKind.CRITIQUE):
            return None
        if not re.search(r"[A-Za-z\u3400-\u9fff]", ruled.text):
            return None
        return understanding_prompt(ruled.text, shown)

    def merge(self, ruled: Intent, answer: str, model: str, *, at: datetime, shown: Sequence[Item] = ()) -> Intent:
        """One Intent from both readings: a model's claims that the text bears out, added to what rules read.

        Numbers, and the kind where rules are sure, stay as the rules have them. A claim is dropped when its
        words do not stand in the text, when its number does not, or when it excludes something and the text
        has no negation before it.

        Args:
            ruled: what the rules read.
            answer: the model's answer, raw and untrusted.
            model: the model's name.
            at: the clock of the sentence.
            shown: the list it may react to.

        Raises:
            ModelNonsense: the answer is not of the task's form.
        """
        said = parse(answer)
        text = digits(normalise(ruled.text)).lower()
        if ruled.kind is IntentKind.NONE and ruled.confidence >= 0.8:
            return replace(ruled, by=f"rules+{model}")
        interests = [*ruled.interests, *self._new_interests(ruled, said, text, model)]
        constraints = [*ruled.constraints, *self._new_constraints(ruled, said, text, model)]
        kind = ruled.kind
        if kind is IntentKind.NEED and said.kind is IntentKind.TASTE and ruled.confidence < 0.5 and not ruled.topics:
            kind = said.kind
        return replace(
            ruled,
            kind=kind,
            interests=tuple(interests),
            constraints=tuple(constraints),
            by=f"rules+{model}",
            confidence=max(ruled.confidence, 0.6),
        )

    def _new_interests(self, ruled: Intent, said: Answer, text: str, model: str) -> list[Interest]:
        known = [normalise(i.topic).lower() for i in ruled.interests]
        bound = [normalise(str(c.value)).lower() for c in ruled.constraints]
        new = []
        for interest in said.interests:
            topic = normalise(interest.topic).lower()
            if not _stands(topic, text) or any(topic in k or k in topic for k in known) or topic in bound:
                continue
            if interest.polarity < 0 and not _negated(topic, text):
                continue
            if interest.polarity > 0 and (_negated(topic, text) or (interest.kind == "need" and ruled.topics)):
                continue
            known.append(topic)
            new.append(replace(interest, evidence=interest.topic, by=model))
        return new

    def _new_constraints(self, ruled: Intent, said: Answer, text: str, model: str) -> list[Constraint]:
        held = {(c.field, c.op) for c in ruled.constraints}
        values = {normalise(str(c.value)).lower() for c in ruled.constraints}
        new = []
        for constraint in said.constraints:
            value = constraint.value
            if (constraint.field, constraint.op) in held and constraint.op in ("<=", ">="):
                continue
            if isinstance(value, str):
                word = normalise(value).lower()
                negated = _negated(word, text)
                if not _stands(word, text) or word in values or (constraint.op == "!=") != negated:
                    continue
                if any(word in normalise(i.topic).lower() for i in ruled.interests):
                    continue
                if not self._lexicon.fields_of(word):
                    continue
                constraint = replace(constraint, value=self._lexicon.canonical(constraint.field, word))  # noqa: PLW2901
            else:
                continue  # rules have read every number already
            new.append(replace(constraint, evidence=str(value), by=model))
        return new


def _stands(words: str, text: str) -> bool:
    return len(words) > 1 and words in text


def _negated(words: str, text: str) -> bool:
    at = text.find(words)
    if at < 0:
        return False
    clause = max((text.rfind(m, 0, at) for m in "，,。.;；!！?？"), default=-1) + 1
    return _NEGATION.search(text[clause:at]) is not None
