"""The things wanted: a name the lexicon knows with the nouns beside it, or the noun that is asked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from betimes.domain.names import has_han
from betimes.text import tagged
from betimes.understand.aliases import words_of
from betimes.understand.lexicon import Found
from betimes.understand.sentence import Sentence, Span, overlaps

_BREAKS: Final = words_of("breaks")
_QUALITIES: Final = words_of("qualities")
_NOUNS = frozenset("n nr ns nt nz ng nrt nrfg vn an eng j b x t".split())
_MEASURE = (
    r"(?:[一几两这那]|\d+|好几|随便)?"
    r"(?:[个款部首台双件本条只套种份支张把篇段集期杯瓶包袋盒块顶辆枚家口束碗点些]|一下|一点儿?|点儿)?"
)
#: What is asked for follows.
_ASK = re.compile(
    r"(?:(?:想|要|需要|打算|准备|帮我|帮忙|给我|我){0,3}(?:再|先)?(?<![好能试])"
    r"(?:买(?!家|菜)|换(?!季|洗|装|购)|找|看(?!起来|点|护)|听(?!说|力|众)|吃(?!播|货|土)|喝|点(?!心|赞|读|评)|入手?|整(?!理|体|容)|"
    r"搞|求(?!职|生)|来(?!电|自|源)|要(?!求|闻|是)|弄|配(?!置|件|乐|套)|搜|挑(?!战)|选(?!秀|手)|学(?!生|习|校|院|霸|妹|姐)|囤|订|缺|"
    r"放(?!松|心|假|大|学|弃|下)|播放?|下载|推荐|推(?!车|杆|拿|理)|介绍|安排|分享)(?:一下|下|了|过|到)?|"
    r"有没有|有无|有啥|有什么|什么|啥|哪[个款种里家部首]?|想要|给[我她他]|跪求|急求|送(?:给)?)"
    rf"{_MEASURE}(?:好[看用吃听喝玩]的)?"
)
_CHUNK_ZH = re.compile(r"[^\s,，。.;；!！?？、:：()（）\"“”《》…~\n\x00]+")
_LATIN_GAP = re.compile(r"(?<=[a-z0-9]) (?=[a-z0-9])")
#: People and occasions: for whom and when, not what.
_NOT_THINGS: Final = words_of("not_things")
_KINDS_OF_TELLING = re.compile(
    r"(?:documentar|movie|film|video|clip|pic|photo|post|article|podcast|book|novel|reel|read|guide|tutorial|"
    r"series|show|stor|song|recipe|apartment|news|meme)"
)
_TOLD_OF = re.compile(r"\s(?:about|of|on|in)\s(?:the |a |an )?(?P<what>[a-z][a-z' -]{2,40})")
_EN_WORD = re.compile(r"[a-z0-9][a-z0-9'&.+-]*[a-z0-9+]|[a-z0-9]|[^\sa-z0-9]")
_ASK_EN = re.compile(
    r"(?:looking (?:for|4)|need|want|wanna|recommend|suggest|find|show|buy|get|give|play|gimme|watch|after|"
    r"put on|like|hunting for|so what i want is)"
    r"(?: me| us| some(?:one)?)?(?: to (?:buy|get|see|watch|hear|find))?(?: an?| some| any| the| my| one)?\s*$"
)
_FOR_EN = re.compile(
    r"(?:for|with|without|that|to|from|by|in|on|at|of|when|while|like|i|my|than|not|no)(?: my| a| an| the| our|"
    r" his| her| their)?\s*$"
)
#: What is named next is only compared with.
_AKIN = re.compile(
    r"(?:(?<![a-z])(?<!'d )(?<!would )(?<!i )(?:like|similar to|reminds me of|vibes? of)(?: the)?|"
    r"类似于?|好像|(?<!喜欢)像|媲美|堪比)[\s《\"“]*$"
)
#: What stands between two things that are both wanted.
_BESIDE = re.compile(
    r"[\s\x00]*(?:和|跟|与|、|,|，|还是|或者?|or|and|plus|,? ?and an?|&|再来个?)[\s\x00]*"
    r"(?:[一两]?[个件台双条部张把]|an? |some )?"
)
_LONGEST_ZH, _LONGEST_EN = 12, 4


@dataclass(frozen=True, slots=True)
class Topic:
    """A thing wanted, and where it is said."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    score: float


def topics(sentence: Sentence, names: Sequence[Found], taken: Sequence[Span]) -> list[Topic]:
    """The things wanted, from left to right.

    Args:
        names: kinds of things and titles found in the sentence.
        taken: spans already read as constraints and the like.
    """
    text = sentence.text
    free = [n for n in names if not overlaps(n.span, taken)]
    titles = [n for n in free if n.field == "title" and not _AKIN.search(text[: n.start])]
    if titles:
        return [Topic(n.value, n.span) for n in titles]
    chars = list(text)
    for start, end in taken:
        chars[start:end] = "\x00" * (end - start)
    left = "".join(chars)
    things = [n for n in free if n.field == "category"]
    read = _chinese(left, things) if has_han(text) else _english(left, things)
    candidates = sorted((c for c in read if not _AKIN.search(text[: c.start])), key=lambda c: (-c.score, c.start))
    if not candidates or candidates[0].score < 2:
        return []
    chosen = [c for i, c in enumerate(candidates) if i == 0 or (c.score >= 5 and _joined(left, candidates[0], c))]
    spans: list[Span] = []
    for c in sorted(chosen, key=lambda c: c.start):
        if not overlaps((c.start, c.end), spans):
            spans.append((c.start, c.end))
    return [Topic(text[a:b].strip(), (a, b)) for a, b in spans]


def _joined(text: str, first: _Candidate, second: _Candidate) -> bool:
    """Whether two things are wanted side by side, rather than one being said of the other."""
    low, high = sorted((first, second), key=lambda c: c.start)
    between = text[low.end : high.start]
    return _BESIDE.fullmatch(between) is not None or (second.score >= 7 and "\x00" in between)


def _chinese(text: str, things: Sequence[Found]) -> Iterator[_Candidate]:
    first = True
    for chunk in _CHUNK_ZH.finditer(_LATIN_GAP.sub("_", text)):
        asked = False
        at = chunk.start()
        asks = [m for m in _ASK.finditer(chunk[0]) if len(m[0]) > 1 or m.start() == 0]
        for ask in [*asks, None]:
            end = chunk.start() + ask.start() if ask else chunk.end()
            if end > at:
                yield from _nouns(text, at, end, things, asked=asked, leading=first)
                first = False
            at = chunk.start() + ask.end() if ask else end
            asked = True


def _nouns(
    text: str, start: int, end: int, things: Sequence[Found], *, asked: bool, leading: bool
) -> Iterator[_Candidate]:
    """The runs of nouns between two places, each as a candidate."""
    words = _words(text, start, end, things)
    run: list[tuple[str, str, int]] = []
    before = ""
    clean = True
    for i, (word, tag, at) in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else None
        if _nounish(word, tag, after, bool(run)):
            run.append((word, tag, at))
            continue
        if run:
            if tag != "uj":
                yield from _candidate(run, before, asked=asked and clean, leading=leading and run[0][2] == start)
            elif after is None and leading and not asked and run[0][2] == start:
                yield from _candidate(_head(run), before, asked=asked, leading=True)
            clean = tag == "uj"
            run = []
        else:
            clean = clean and (tag in ("uj", "a", "m", "q", "d") or word in ("的", "一"))
        before = "can" if word in ("能", "可以", "会", "当") else tag if tag != "uj" else before
    if run:
        yield from _candidate(run, before, asked=asked and clean, leading=leading and run[0][2] == start)


def _head(run: Sequence[tuple[str, str, int]]) -> Sequence[tuple[str, str, int]]:
    """Of a thing that its qualities follow (耳机有线的), the thing."""
    known = [i for i, word in enumerate(run) if word[1] == "thing"]
    return run[: known[0] + 1] if known else run[:1]


def _words(text: str, start: int, end: int, things: Sequence[Found]) -> list[tuple[str, str, int]]:
    """Words with their parts of speech and places; kinds of things that the lexicon knows stay whole."""
    out: list[tuple[str, str, int]] = []
    at = start
    inside = [n for n in things if start <= n.start and n.end <= end]
    for thing in [*inside, None]:
        upto = thing.start if thing else end
        for word, tag in tagged(text[at:upto]):
            out.append((word, tag, at))
            at += len(word)
        if thing:
            out.append((thing.value, "thing", thing.start))
            at = thing.end
    return out


def _nounish(word: str, tag: str, after: tuple[str, str, int] | None, running: bool) -> bool:
    if tag == "thing":
        return True
    if not word.strip() or word in _NOT_THINGS:
        return False
    if tag in _NOUNS:
        return word[0].isalnum() and (tag != "x" or word.isalnum())
    follows = after is not None and (after[1] == "thing" or (after[1] in _NOUNS and after[0] not in _NOT_THINGS))
    if tag == "a" and word in ("小", "老"):
        return follows
    if tag in ("v", "vg", "l", "i", "z", "nz") and len(word) > 1:
        return follows and not word.startswith(("适合", "能", "可以", "想", "喜欢", "没有", "不", "推荐"))
    return running and tag in ("m", "k", "ng") and word[0].isascii() and word[0].isdigit()


def _candidate(run: Sequence[tuple[str, str, int]], before: str, *, asked: bool, leading: bool) -> Iterator[_Candidate]:
    """A run of nouns, scored: a known kind of thing, asked for or named first, not what something is for."""
    while run and run[-1][1] == "m":
        run = run[:-1]
    known = [i for i, word in enumerate(run) if word[1] == "thing"]
    if known and (len(run) - known[-1] > 2 or (len(run) - known[-1] == 2 and len(run[-1][0]) > 2)):
        run = run[: known[0] + 1]  # what follows a known thing at length says how it is
    while run and sum(len(w) for w, _, _ in run) > _LONGEST_ZH:
        run = run[1:]
    if not run:
        return
    start, end = run[0][2], run[-1][2] + len(run[-1][0])
    score = 5.0 * (run[-1][1] == "thing") + 2.0 * any(t == "thing" for _, t, _ in run[:-1])
    score += 2.5 * asked + 2.0 * leading - 3.0 * (before in ("p", "r", "can")) * (not asked)
    if end - start > 1 or run[-1][1] == "thing":
        yield _Candidate(start, end, score)


def _english(text: str, things: Sequence[Found]) -> Iterator[_Candidate]:
    ends = {n.end for n in things}
    chunk: list[tuple[str, int]] = []
    leading, previous = True, ""
    for match in [*_EN_WORD.finditer(text), None]:
        word = match[0] if match else ""
        gap = bool(chunk) and match is not None and not text[chunk[-1][1] + len(chunk[-1][0]) : match.start()].isspace()
        if (
            match
            and not gap
            and not _breaks(word, match.end(), previous, ends)
            and word[0].isalnum()
            and not re.fullmatch(r"\d+(?:\.\d+)?", word)
        ):
            chunk.append((word, match.start()))
            previous = word
            continue
        if chunk:
            yield from _chunk(text, chunk, ends, leading=leading)
            leading = False
        previous = word
        chunk = [(word, match.start())] if match and gap and word[0].isalnum() and word not in _BREAKS else []
    if chunk:
        yield from _chunk(text, chunk, ends, leading=leading)


def _breaks(word: str, end: int, previous: str, ends: set[int]) -> bool:
    """Whether a word ends the name of a thing; "a watch" and "a long show" are things though one may watch a show."""
    return word in _BREAKS and not (end in ends and (previous in ("a", "an", "new") or previous in _QUALITIES))


def _chunk(text: str, chunk: list[tuple[str, int]], ends: set[int], *, leading: bool) -> Iterator[_Candidate]:
    while len(chunk) > 1 and chunk[0][0] in _QUALITIES:
        chunk = chunk[1:]
    while chunk and chunk[-1][0] in _QUALITIES and chunk[-1][1] + len(chunk[-1][0]) not in ends:
        chunk = chunk[:-1]
    heads = [i for i, (word, at) in enumerate(chunk) if at + len(word) in ends]
    if heads and heads[-1] < len(chunk) - 2:
        chunk = chunk[: heads[-1] + 1]  # two words or more after a known thing say how it is
    chunk = chunk[-_LONGEST_EN:]
    if not chunk:
        return
    start = chunk[0][1]
    end = chunk[-1][1] + len(chunk[-1][0])
    before = text[max(0, start - 40) : start]
    asked = _ASK_EN.search(before) is not None
    known = end in ends
    inner = any(start < e < end for e in ends)
    score = (
        5.0 * known
        + 1.5 * inner
        + 2.5 * asked
        + 2.0 * leading
        - 3.5 * (not asked and _FOR_EN.search(before) is not None)
    )
    if _KINDS_OF_TELLING.match(chunk[-1][0]):
        told = _TOLD_OF.match(text, end)
        if told:
            end = told.start("what") + len(_upto_break(told["what"]))
    yield _Candidate(start, end, score)


def _upto_break(words: str) -> str:
    kept = []
    for word in words.split():
        if word in _BREAKS and word not in ("at", "in"):
            break
        kept.append(word)
    return " ".join(kept)
