"""What else a sentence says it likes or dislikes: the pieces that are neither thing, bound, name nor refusal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from betimes.domain.intent import InterestKind
from betimes.domain.names import has_han
from betimes.understand.cues import cue, phrases
from betimes.understand.sentence import Span

_PIECES = re.compile(
    r"(?:[,，。;；!！?？\n、:：()（）\x00]|\.(?!\d))+\s*|\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+|"
    r"(?<=[\u4e00-\u9fff])的(?=[\u4e00-\u9fff])|\s-\s|"
    r"我?(?:想|要)[买要换找看听吃去点喝来](?:[一几两])?[个部首款双件点些份张本条杯]?|"
    r"\s+(?:and|but|with|for|that|thats|to|of|or|in|which|who|on|from|so|because|at|while|when|if|is|are|as|"
    r"plus)(?=\s)"
)
_EDGE = re.compile(rf"^(?:{phrases('filler_before')}\s*){{1,6}}|(?:\s*{phrases('filler_after')}){{1,6}}$")
#: Measure words that are left where a thing and its number were read (推荐一部…).
_MEASURES = frozenset("个部款台双件首本条只张把套些点种份支篇段集期杯瓶包袋盒块碗家间")
_ONLY_MARKS = re.compile(r"[\W\d_]*")
_MOOD, _HOBBY = cue("mood"), cue("hobby")
_STRONG, _WEAK, _SOFT = cue("strong"), cue("weak"), cue("soft")
_NARRATIVE = cue("narrative")
_LONGEST_ZH, _LONGEST_EN, _TOO_LONG = 12, 32, 80


@dataclass(frozen=True, slots=True)
class Wish:
    """A piece of the sentence that says how the thing should be."""

    text: str
    span: Span


def wishes(text: str, taken: Iterable[Span]) -> list[Wish]:
    """The pieces of a sentence's text outside the spans already read, less their filler words."""
    chars = list(text)
    for a, b in taken:
        chars[a:b] = "\x00" * (b - a)
    left = "".join(chars)
    found: list[Wish] = []
    at = 0
    for piece in [*_PIECES.finditer(left), None]:
        end = piece.start() if piece else len(left)
        said = _bare(left[at:end])
        if said:
            start = left.find(said, at)
            found.append(Wish(said, (start, start + len(said))))
        at = piece.end() if piece else len(left)
    return found


def _bare(piece: str) -> str:
    """A piece without its filler; nothing where it tells a story or holds no word."""
    said = piece.strip()
    if len(said) > _TOO_LONG:
        return ""
    while (shorter := _EDGE.sub("", said).strip(" -'\"~+/")) != said:
        said = shorter
    han = has_han(said)
    if len(said) < (1 if han else 3) or len(said) > (_LONGEST_ZH if han else _LONGEST_EN):
        return ""
    if _ONLY_MARKS.fullmatch(said) or said in _MEASURES or _NARRATIVE.search(said):
        return ""
    return said


def interest_kind(said: str, *, lasting: bool) -> InterestKind:
    """How long a wish lasts: an occasion or a person passes, an activity or a taste stays.

    >>> interest_kind("生日", lasting=False).value, interest_kind("hiking", lasting=True).value
    ('mood', 'hobby')
    """
    if _HOBBY.search(said):
        return InterestKind.HOBBY
    if _MOOD.search(said) and not lasting:
        return InterestKind.MOOD
    return InterestKind.TASTE


def strength(clause: str) -> float:
    """How much it matters, from the words of degree around it: .3 weak, .5 softened, .7 plain, 1 stressed.

    >>> strength("特别轻"), strength("轻"), strength("a bit lighter")
    (1.0, 0.7, 0.3)
    """
    if _WEAK.search(clause):
        return 0.3
    if _SOFT.search(clause):
        return 0.5
    return 1.0 if _STRONG.search(clause) else 0.7
