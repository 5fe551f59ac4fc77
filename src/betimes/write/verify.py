"""Whether a text about an item says only what is known: every number, unit, brand and name in it is checked."""

import re
from collections.abc import Iterator

from betimes.domain.item import Item
from betimes.domain.labels import field_label
from betimes.domain.names import Locale, has_han, variants
from betimes.text import segment
from betimes.write.numbers import folded, numbers, unfounded

_MARKUP = re.compile(r"[<>{}\[\]`|\\*#_~]|https?:|www\.|\w@|@\w", re.IGNORECASE)
_PIECES = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")

#: Words that carry no fact about an item and may stand in any copy.
_PLAIN_ZH = frozenset(
    "适合 合适 你 您 的 了 和 与 也 都 就 在 是 有 又 很 更 还 想 要 给 让 来 去 这 这款 这部 这首 这篇 一款 一部 "
    "一首 一篇 一个 那么 如果 正好 正是 刚好 可以 不妨 试试 看看 听听 选择 喜欢 需要 想要 预算 以内 左右 不超过 "
    "带 配 配有 带有 拥有 采用 支持 搭配 以及 而且 同时 作为 对于 为 把 用 做 上 下 里 中 等 等等 时候 时 款 部 "
    "首 篇 只要 只 仅 售价 价格 价 元 块 起 符合 满足 要求 日常 使用 推荐 方便 之 其 它 他 她 我们 大家 "
    "值得 考虑 年 月 集 人 看 听 约 达 仅需 需 而 或 且 会 能 可 请 到 从 每 该 用于 用来 一些 时长".split()
)
_PLAIN_EN = frozenset(
    "a an the and or with for of to in on at by from is are it its this that you your if want wants need needs "
    "like likes looking has have comes good fit fits suits suit suitable ideal choice option pick when who whom "
    "as well also just only under below within budget price priced costs cost yet while plus both one per so "
    "here worth considering considered look try more than not no be can may will which there these those s re".split()
)


def problems(text: str, item: Item, said: str, locale: Locale) -> list[str]:
    """What a text says that neither the item's facts nor the user's words bear out; empty when all is borne out.

    Strict on purpose: a word that is neither in the item, nor in what was said, nor plain, is a problem, so
    that a name, a brand or a praise cannot slip in. Markup and addresses are problems too.

    Args:
        text: the copy to check. Untrusted.
        said: the user's own words, which may be taken up.
        locale: the language that labels and amounts are written in.
    """
    known = folded(" ".join((*_names(item), item.text, *_labels(item), said)))
    words = frozenset(segment(known)) | frozenset(_PIECES.findall(known))
    plain = folded(text)
    found = [f"markup or an address: {m.group()!r}" for m in [_MARKUP.search(text)] if m]
    found += [] if _is_in(locale, plain) else [f"not in the reader's language: {locale}"]
    found += [f"the item is not so: {label!r}" for label in _denied(item) if _as_word(label).search(plain)]
    # A name may hold numbers and words of its own; taken whole, it claims nothing.
    for name in sorted(map(folded, _names(item)), key=len, reverse=True):
        if len(name) > 1 and not name.isnumeric():
            plain = _as_word(name).sub(" ", plain)
    wrong = [plain[n.start : n.end].strip() for n in unfounded(plain, item, known)]
    for n in reversed(list(numbers(plain))):
        plain = f"{plain[: n.start]} {plain[n.end :]}"
    wrong += [w for w in dict.fromkeys(_words(plain)) if not _borne_out(w, known, words)]
    return [*found, *(f"not in the facts: {w!r}" for w in wrong)]


def _names(item: Item) -> list[str]:
    """Everything the item or a part of it is called, each spelling by itself."""
    texts = [item.title, item.brand, item.category, *item.tags]
    texts += [v for fact in item.facts.values() if isinstance(fact, tuple) for v in fact]
    return [spelling for text in texts if text for spelling in variants(text)]


def _labels(item: Item) -> list[str]:
    """The names of what is known of the item, in both languages."""
    fields = [field for field, fact in item.facts.items() if fact is not False]
    return [field_label(field, locale) for field in fields for locale in ("zh", "en")]


def _as_word(name: str) -> re.Pattern[str]:
    """Finds a folded name, on word boundaries where it is Latin."""
    before = r"(?<![a-z0-9])" if name[:1].isascii() else ""
    after = r"(?![a-z0-9])" if name[-1:].isascii() else ""
    return re.compile(before + re.escape(name) + after)


def _denied(item: Item) -> list[str]:
    """The names of what is known not to be so."""
    flags = [field for field, fact in item.facts.items() if fact is False]
    return [field_label(flag, locale).casefold() for flag in flags for locale in ("zh", "en")]


def _is_in(locale: Locale, text: str) -> bool:
    han = sum(has_han(c) for c in text)
    return han > 0 if locale == "zh" else sum(c.isascii() and c.isalpha() for c in text) > han


def _words(text: str) -> Iterator[str]:
    """The words of a text; characters that segmentation leaves alone and that mean something are joined."""
    alone = ""
    for word in segment(text):
        if len(word) == 1 and has_han(word) and word not in _PLAIN_ZH:
            alone += word
            continue
        if alone:
            yield alone
        alone = ""
        yield from _PIECES.findall(word)
    if alone:
        yield alone


def _borne_out(word: str, known: str, words: frozenset[str]) -> bool:
    if has_han(word):
        return word in _PLAIN_ZH or word in known or _made_of_known(word, known)
    return bool({word, word.removesuffix("s"), f"{word}s"} & words) or word in _PLAIN_EN


def _made_of_known(word: str, known: str) -> bool:
    """Whether a word is pieced together from words of two characters or more that are plain or known."""
    return any(
        (word[:n] in _PLAIN_ZH or word[:n] in known) and _borne_out(word[n:], known, frozenset())
        for n in range(2, len(word) - 1)
    )
