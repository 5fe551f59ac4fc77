"""What a sentence does: asks, states a taste, reacts to what was shown, or none of these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from betimes.domain.intent import IntentKind
from betimes.understand.cues import cue, phrases
from betimes.understand.sentence import Sentence, Span

_ORDERS, _SERVICE, _SYSTEM, _TOLD = cue("orders"), cue("service"), cue("about_system"), cue("told")
_ASKING, _LASTING, _NOW, _REACTION = cue("asking"), cue("lasting"), cue("now"), cue("reaction")
_CHAT = re.compile(rf"[\W_]*(?:{phrases('chat')}[\W_]*)+(?:[a-z]+[\W_]*|[\u4e00-\u9fff]{{1,4}}[\W_]*)?")
_SPEAKS = re.compile(
    r"我|你|他|她|[了吗呢啊吧呀哦]\W*$|(?<![a-z])(?:i|i'm|im|i've|we|you|it|it's|he|she|they|is|was|are|am|my)(?![a-z])"
)
_NO_WORDS = re.compile(r"[\W\d_]*|(.{1,2})\1{2,}\W*|(?=[a-z]{7,}$)(?:[^aeiou]{4,}|[asdfghjkl]+|[qwertyuiop]+).*")
_QUESTION = re.compile(
    r"[?？]|[吗么呢]\W*$|^(?:why|how|what|when|where|who|can|does|do|is|are)(?![a-z])|怎么|为[啥什何]|几[点期]"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What else is known of a sentence when its kind is settled.

    Attributes:
        shown: whether a list was shown before.
        anew: whether it names a kind of thing that the list does not hold.
        things: whether it names a kind of thing, a brand, a person or a title.
        bounded: whether it holds a bound on a number.
        refused: whether it refuses something.
    """

    shown: bool = False
    anew: bool = False
    things: bool = False
    bounded: bool = False
    refused: bool = False


def kind_of(sentence: Sentence, seen: Seen) -> tuple[IntentKind, float]:
    """The kind of a sentence, and how sure that is, 0 to 1."""
    text = sentence.text
    if seen.shown and not seen.anew:
        return _with_list(text, seen)
    asking = asks(sentence)
    if (_CHAT.fullmatch(text) or _NO_WORDS.fullmatch(text)) and not (seen.bounded or seen.things):
        return IntentKind.NONE, 0.95
    needed = seen.things and (seen.bounded or seen.refused)
    if _SYSTEM.search(text) or (_SERVICE.search(text) and not needed):
        return IntentKind.NONE, 0.85
    now = _NOW.search(text) is not None
    if _LASTING.search(text) and not now:
        return IntentKind.TASTE, 0.75
    if _TOLD.search(text) and not now and not needed and not (asking and (seen.things or seen.bounded)):
        return IntentKind.NONE, 0.7
    if asking or seen.things or seen.bounded or seen.refused:
        return IntentKind.NEED, 0.9 if (asking or seen.bounded) and seen.things else 0.7
    if _SPEAKS.search(text) or _QUESTION.search(text):
        return IntentKind.NONE, 0.5
    return IntentKind.NEED, 0.5


def asks(sentence: Sentence) -> bool:
    """Whether a sentence asks for something in so many words."""
    return _ASKING.search(sentence.text) is not None


def _with_list(text: str, seen: Seen) -> tuple[IntentKind, float]:
    if _REACTION.search(text):
        return IntentKind.CRITIQUE, 0.9
    if _SERVICE.search(text) and not seen.things:
        return IntentKind.NONE, 0.6
    thanks = re.match(r"\W*(?:谢谢|多谢|再见|拜拜|thanks?|thank you|bye|你好|hi|hello)", text)
    if thanks and _CHAT.fullmatch(text):
        return IntentKind.NONE, 0.9
    if seen.things and _NOW.search(text):
        return IntentKind.NEED, 0.7
    return IntentKind.CRITIQUE, 0.6


def orders(sentence: Sentence) -> Iterator[Span]:
    """The clauses in which a sentence gives orders to the model or the system."""
    for match in _ORDERS.finditer(sentence.text):
        start, end = sentence.clause(match.start())
        yield start, max(end, sentence.clause(match.end() - 1)[1])
