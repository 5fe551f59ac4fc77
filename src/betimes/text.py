"""Text as every part of Betimes reads it: checked, normalised, segmented."""

import re
import unicodedata
from functools import lru_cache

import ftfy
import rjieba
from opencc import OpenCC

from betimes.domain.names import Locale, has_han
from betimes.errors import InvalidText

_SIMPLIFIED = OpenCC("t2s")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_REPEATED = re.compile(r"([!?。，,~…～！？、])\1+")
_LAUGHTER = re.compile(r"(哈|呵|嘿|嘻|呜){3,}")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[a-z0-9]+(?:[.'+-][a-z0-9]+)*|[\u3400-\u9fff]+|\S", re.IGNORECASE)


def check_text(text: str, limit: int = 10_000) -> str:
    """The text, if it is one that can be read.

    Raises:
        InvalidText: it is empty, longer than ``limit`` characters, or not text.
    """
    if not isinstance(text, str):
        raise InvalidText(f"a text is needed, not {type(text).__name__}")
    if len(text) > limit:
        raise InvalidText(f"the text has {len(text):,} characters and at most {limit:,} are read; shorten it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidText(
            f"the text has half a character at position {error.start}; it was decoded with a wrong encoding, send UTF-8"
        ) from error
    control = len(_CONTROL.findall(text))
    if "\x00" in text or control > len(text) // 4:
        raise InvalidText("the text holds binary data; send words, encoded in UTF-8")
    if text.count("\ufffd") > max(2, len(text) // 10):
        raise InvalidText("the text was decoded with a wrong encoding (it is full of \ufffd); send UTF-8")
    if not normalise(text):
        raise InvalidText("the text is empty; say what is wanted, in Chinese or English")
    return text


@lru_cache(maxsize=4_096)
def normalise(text: str) -> str:
    r"""The text in one form: half width, simplified characters, no controls, emoji or invisible marks.

    Case is kept. Normalising again changes nothing.

    >>> normalise("我想買　１０００元以下的手機！！！\u200b")
    '我想买 1000元以下的手机!'
    """
    # One step can lay bare work for another (a mark between two halves of a sign), so until nothing changes.
    while (once := _normalised_once(text)) != text:
        text = once
    return text


def _normalised_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", ftfy.fix_text(text, normalization="NFKC") if "\ufffd" not in text else text)
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    text = "".join(
        c if unicodedata.category(c) not in ("So", "Sk", "Cs", "Co", "Cn") or c in "°℃" else " " for c in text
    )
    if has_han(text):
        text = _SIMPLIFIED.convert(text)
    text = _LAUGHTER.sub(" ", _REPEATED.sub(r"\1", text))
    return _SPACES.sub(" ", text).strip()


def segment(text: str) -> list[str]:
    """The words of a text, folded to lower case; punctuation marks stand alone.

    >>> segment("降噪耳机 WH-1000XM5")
    ['降噪', '耳机', 'wh-1000xm5']
    """
    words: list[str] = []
    for match in _WORDS.finditer(normalise(text).lower()):
        run = match.group()
        words.extend(rjieba.cut(run) if has_han(run) else (run,))
    return words


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a Chinese text, whole and in order, each with its part of speech in ICTCLAS's letters.

    >>> tagged("适合跑步的耳机")
    [('适合', 'v'), ('跑步', 'n'), ('的', 'uj'), ('耳机', 'n')]
    """
    return [(word, tag) for word, tag in rjieba.tag(text)]


def locale_of(text: str) -> Locale:
    """The language a text is mainly in.

    >>> locale_of("推荐 iPhone 手机"), locale_of("phone under 300"), locale_of("1000")
    ('zh', 'en', 'zh')
    """
    han = sum(1 for c in text if "\u3400" <= c <= "\u9fff")
    latin = len(re.findall(r"[A-Za-z]{2,}", text))
    return "en" if latin > han else "zh"
