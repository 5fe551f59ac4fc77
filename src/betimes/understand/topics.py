"""The thing wanted: a noun the lexicon knows with what qualifies it, or what is left of the sentence."""

import re
from collections.abc import Sequence

from betimes.domain.names import has_han
from betimes.text import segment
from betimes.understand.lexicon import Found

_BREAK_ZH = frozenset(
    "的 了 和 跟 与 一 个 款 部 台 双 件 首 本 条 只 张 把 套 我 你 他 她 我们 想 要 买 求 找 来 给 推荐 看看 看 听 吃 有 没有 有没有 什么 啥 哪 哪款 哪个 "
    "点 些 一款 一个 一部 一些 一台 一双 一件 一首 几个 几款 换 换个 新 好 好的 便宜 性价比 最 最好 比较 不 别 不要 是 在 用 送 适合 用来 以下 以内 以上 左右 "
    "元 块 块钱 预算 价格 请 帮 帮我 麻烦 需要 想要 想买 那种 这种 能 可以 会 带 大 小 轻 重 长 短 到 内 上 下 里 还有 或者 或 再 也 都 就 去 放 播放 点播 男 女 国产 进口 二手 家用 学生 适".split()
)
_BREAK_EN = frozenset(
    "a an the some any for of to i me my we us you need want looking look find buy get show give recommend suggest good best nice great cheap cheaper affordable "
    "new really very with without under over below above less more than at least most and or but not no in on by from like is are please got have something "
    "anything one two decent budget is it's its be can could would maybe just that this these those who what where which how about around play put watch listen "
    "read hear see try also small big large light old set pair second-hand used her his their our your only price priced max up hello hi hey need, help "
    "good, great, thinking searching hunting".split()
)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9'&.+-]*|[\u3400-\u9fff]+|\S")
_ASK_ZH = re.compile(
    r"(?:想买|想要|要买|买|求推荐|推荐|求|来|找|有没有|想看|看|想听|听|想吃|吃|想去|播放|放|换)(?:一|个|款|部|首|点|些|几|两|条|双|台|件|张|份|本|篇|套)*"
    r"(?P<what>[\u3400-\u9fffa-z0-9]{2,12})"
)
_ASK_EN = re.compile(
    r"(?:looking for|need|want|recommend|suggest|find|show|buy|play|watch|get|give)\s+(?:me\s+|us\s+)?(?:a|an|some|any|the)?\s*(?P<what>[a-z][a-z' -]{2,40})"
)


def topics(text: str, things: Sequence[Found], taken: Sequence[tuple[int, int]]) -> list[tuple[str, int, int]]:
    """The things wanted, each with its span.

    Args:
        text: normalised, lower-cased, numerals as digits.
        things: names of kinds of things found in it, from left to right.
        taken: spans already read as constraints and the like.
    """
    free = [t for t in things if not _inside(t.start, t.end, taken)]
    found: list[tuple[str, int, int]] = []
    for thing in _heads(text, free):
        start = _qualified(text, thing.start, taken)
        if not any(a < thing.end and start < b for _, a, b in found):
            found.append((text[start : thing.end].strip(), start, thing.end))
    if found:
        return found
    for pattern in (_ASK_ZH, _ASK_EN):
        for match in pattern.finditer(text):
            if _inside(match.start("what"), match.start("what") + 1, taken):
                continue
            what = _cut(match.group("what"))
            if len(what) > 1:
                return [(what, match.start("what"), match.start("what") + len(what))]
    return []


def _heads(text: str, things: Sequence[Found]) -> list[Found]:
    """Of things that follow each other directly, only the last is the head: ``phone case``, ``科幻 电影``."""
    heads = []
    for i, thing in enumerate(things):
        after = things[i + 1] if i + 1 < len(things) else None
        if after is not None and text[thing.end : after.start].strip() in ("", "的", "-"):
            continue
        heads.append(thing)
    return heads


def _qualified(text: str, start: int, taken: Sequence[tuple[int, int]]) -> int:
    """Where the words that qualify a thing begin: back to a particle, a verb, a constraint or a break."""
    tokens = _tokens(text, start)
    begin = start
    for word, at in reversed(tokens):
        broken = word in _BREAK_ZH or word in _BREAK_EN or not word[0].isalnum() or word[0].isdigit()
        if broken or text[at + len(word) : begin].strip() or any(a <= at < b for a, b in taken):
            break
        if has_han(word) != has_han(text[start : start + 1]) and not word.isascii():
            break
        begin = at
        if start - begin > (8 if has_han(text[start]) else 30):
            break
    return begin


def _tokens(text: str, upto: int) -> list[tuple[str, int]]:
    out: list[tuple[str, int]] = []
    window = max(0, upto - 40)
    for match in _TOKEN.finditer(text, window, upto):
        at = match.start()
        for word in segment(match.group()) if has_han(match.group()) else [match.group()]:
            out.append((word, at))
            at += len(word)
    return out


def _cut(what: str) -> str:
    """The first words of a chunk, up to what cannot belong to the thing."""
    if has_han(what):
        words = segment(what)
        kept: list[str] = []
        for word in words:
            if word in _BREAK_ZH or word[0].isdigit():
                if kept:
                    break
                continue
            kept.append(word)
        return "".join(kept)
    words = what.split()
    kept = []
    for word in words:
        if word in _BREAK_EN:
            if kept:
                break
            continue
        kept.append(word)
    return " ".join(kept[:4])


def _inside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(a < end and start < b for a, b in spans)
