"""Whether a text about an item says only what is known: every number, unit, brand and name in it is checked."""

import re
from collections.abc import Iterable

from betimes.domain.item import Item, Quantity
from betimes.domain.labels import field_label, money, number, quantity
from betimes.domain.names import Locale, has_han
from betimes.domain.units import canonical, is_unit
from betimes.text import normalise, segment

_NUMBER = re.compile(r"(?<![\w.])[$¥€£]?\s?(\d[\d,]*(?:\.\d+)?)\s*([A-Za-z\"″]+|[\u4e00-\u9fff]{1,3})?")
_HAN_DIGIT = re.compile("[一二三四五六七八九十百千万亿两零]")
_MARKUP = re.compile(r"[<>{}\[\]`|\\]|https?:|www\.|@\w", re.IGNORECASE)

#: Words that carry no fact about an item and may stand in any copy.
_PLAIN_ZH = frozenset(
    "适合 合适 你 您 的 了 和 与 也 都 就 在 是 有 又 很 更 还 想 要 给 让 来 去 这 这款 这部 这首 这篇 一款 一部 "
    "一首 一篇 一个 那么 如果 正好 正是 刚好 可以 不妨 试试 看看 听听 选择 喜欢 需要 想要 预算 以内 左右 不超过 "
    "带 配 配有 带有 拥有 采用 支持 搭配 以及 而且 同时 作为 对于 为 把 用 做 上 下 里 中 等 等等 时候 时 款 部 "
    "首 篇 只要 只 仅 售价 价格 价 元 块 起 符合 满足 要求 日常 使用 推荐 方便 之 其 它 他 她 我们 大家 "
    "值得 考虑".split()
)
_PLAIN_EN = frozenset(
    "a an the and or with for of to in on at by from is are it its this that you your if want wants need needs "
    "like likes looking has have comes good fit fits suits suit suitable ideal choice option pick when who whom "
    "as well also just only under below within budget price priced costs cost yet while plus both one per so "
    "here worth considering considered look try more than not no be can may will which there these those".split()
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
    known = _known(item, said, locale)
    found = [f"markup or an address: {m.group()!r}" for m in [_MARKUP.search(text)] if m]
    plain = normalise(text)
    found += _wrong_numbers(plain, item, said, locale, known)
    words = {w for w in segment(_NUMBER.sub(" ", plain)) if w.isalnum()}
    found += [f"not in the facts: {word!r}" for word in sorted(words) if not _borne_out(word, known)]
    return found


def _borne_out(word: str, known: str) -> bool:
    if has_han(word):
        if _HAN_DIGIT.search(word) and word not in known and word not in _PLAIN_ZH:
            return False
        return len(word) == 1 or word in _PLAIN_ZH or word in known
    return word in _PLAIN_EN or word in known.split() or word.rstrip("s") in known.split()


def _known(item: Item, said: str, locale: Locale) -> str:
    texts: list[str] = [item.title, item.text, item.brand, item.category, *item.tags, said]
    for field, fact in item.facts.items():
        texts += [field_label(field, "zh"), field_label(field, "en")]
        if isinstance(fact, tuple):
            texts += fact
        elif isinstance(fact, Quantity):
            texts.append(quantity(fact, locale))
    if item.price is not None:
        texts.append(money(item.price, locale))
    folded = normalise(" ".join(texts)).casefold()
    return f"{folded} {' '.join(segment(folded))}"


def _wrong_numbers(plain: str, item: Item, said: str, locale: Locale, known: str) -> Iterable[str]:
    facts = [canonical(f.value, f.unit, name) for name, f in item.facts.items() if isinstance(f, Quantity)]
    bare = {value for value, _ in facts} | {f.value for f in item.facts.values() if isinstance(f, Quantity)}
    if item.price is not None:
        bare.add(float(item.price.major))
    written = {m.group(1).replace(",", "") for m in _NUMBER.finditer(known)}
    wrong = []
    for match in _NUMBER.finditer(plain):
        digits, unit = match.group(1).replace(",", ""), match.group(2) or ""
        value = float(digits)
        if unit and is_unit(unit):
            meant = canonical(value, unit)
            fits = any(meant[1] == u and abs(meant[0] - v) < 1e-6 * max(1.0, abs(v)) for v, u in facts)
            fits = fits or f"{number(value)} {unit}".casefold() in known or f"{digits}{unit}".casefold() in known
        else:
            fits = digits in written or any(abs(value - v) < 1e-9 for v in bare)
        if not fits:
            wrong.append(f"not in the facts: {match.group().strip()!r}")
    return wrong
