"""Rules at once, a model after, one Intent out: what the engine asks of understanding."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from betimes.domain.intent import Intent, IntentKind
from betimes.domain.item import Item
from betimes.domain.names import SlateId
from betimes.ports import Prompt
from betimes.understand.kinds import orders
from betimes.understand.lexicon import Lexicon
from betimes.understand.merge import Merger
from betimes.understand.prompt import parse, understanding_prompt
from betimes.understand.rules import Rules
from betimes.understand.sentence import Sentence


@dataclass(frozen=True, slots=True)
class UnderstandingConfig:
    """How sentences are read.

    Attributes:
        read_upto: how many characters of a text are read; what follows is kept in the Intent's text only.
        sure: the confidence from which a model is not asked about small talk.
    """

    read_upto: int = 2_000
    sure: float = 0.95


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
        if ruled.confidence >= self._config.sure and ruled.kind is IntentKind.NONE:
            return None
        rest = Sentence.of(ruled.text[: self._config.read_upto]).text
        for constraint in ruled.constraints:
            rest = rest.replace(constraint.evidence, " ")
        if not re.search(r"[a-z]{2}|[\u3400-\u9fff]", rest):
            return None
        return understanding_prompt(ruled.text[: self._config.read_upto], ruled.locale, shown, ruled)

    def merge(
        self,
        ruled: Intent,
        answer: str,
        model: str,
        *,
        at: datetime,
        shown: Sequence[Item] = (),
        taught: bool = False,
    ) -> Intent:
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
            taught: whether the model was trained on the task, and is believed as far as the text bears it out.

        Raises:
            ModelNonsense: the answer is not of the task's form.
        """
        said = parse(answer)
        sentence = Sentence.of(ruled.text[: self._config.read_upto])
        merger = Merger(self._lexicon, sentence.without(orders(sentence)), ruled, model, at)
        if taught:
            return merger.taught(said, shown=bool(shown))
        if ruled.kind is IntentKind.NONE and ruled.confidence >= self._config.sure:
            return replace(ruled, by=f"rules+{model}")
        return merger.merged(said, shown=bool(shown))
