"""How far an item is the thing that was named: topics against categories, brands and tags."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from betimes.domain.intent import Interest, InterestKind
from betimes.domain.names import variants
from betimes.recommend.arrays import Mask
from betimes.recommend.columns import Columns
from betimes.recommend.titles import holds

#: Words for whole domains, which no category spells out.
DOMAIN_WORDS: Mapping[str, frozenset[str]] = {
    "video": frozenset(
        "电影 影片 片子 片 电视剧 剧 连续剧 视频 film films movie movies series show shows tv video videos".split()
    ),
    "music": frozenset("歌 歌曲 音乐 曲子 专辑 歌单 song songs music album albums track tracks playlist".split()),
    "social": frozenset("帖子 攻略 笔记 文章 游记 教程 post posts article articles guide guides tutorial".split()),
}

#: Words that mean the same in the name of a thing; the second is what catalogues write.
_SAME = (
    (re.compile(r"\bsci-?fi\b"), "science fiction"),
    (re.compile(r"\bmovies?\b"), "film"),
    (re.compile(r"\b(?:tv|television) (?:show|series|drama)s?\b"), "series"),
    (re.compile(r"电影$|影片$"), "片"),
)

#: A match this good means that the item is the thing named, not just akin to it.
IS_THE_THING = 0.8


@dataclass(slots=True)
class Topics:
    """Matches topics with the catalogue's own values; each topic is looked up once per revision."""

    columns: Columns
    _cache: dict[str, dict[str, float]] = field(default_factory=dict)
    _revision: int = -1

    def values(self, topic: str) -> Mapping[str, float]:
        """The catalogue's categories, brands and tags that a topic speaks of, and how exactly, up to 1.

        A category equal to the topic is the thing itself; one that ends the topic ("gaming laptop") or
        contains it ("comedy film" for "film") nearly so; a tag is a quality only.
        """
        if self._revision != self.columns.revision or len(self._cache) > 5_000:
            self._cache.clear()
            self._revision = self.columns.revision
        found = self._cache.get(topic)
        if found is None:
            found = self._cache[topic] = {}
            for spelling in {s for name in variants(topic) for s in _spellings(name.casefold().strip())}:
                for value, match in self._match(spelling).items():
                    found[value] = max(found.get(value, 0.0), match)
        return found

    def _match(self, topic: str) -> Mapping[str, float]:
        texts = self.columns.text_columns()
        found: dict[str, float] = {}
        for value, spellings in texts["category"].spellings.items():
            if topic in spellings:
                found[value] = 1.0
            elif any(len(s) > 1 and topic.endswith(s) and holds(topic, s) for s in spellings):
                found[value] = 0.9
            elif len(topic) > 1 and any(holds(s, topic) for s in spellings):
                found[value] = 0.8
            elif any(len(s) > 1 and holds(topic, s) for s in spellings):
                found[value] = 0.7
        for name, weight in (("brand", 0.75), ("tags", 0.6)):
            for value in texts[name].equal(topic):
                found[value] = max(found.get(value, 0.0), weight)
        return found

    def things(self, focus: Sequence[Interest]) -> Mask | None:
        """Rows that are a thing asked for; none when the catalogue has no word for any of them.

        A topic that names a whole domain stands for all of it, where no category is called so.
        """
        columns = self.columns
        mask: Mask | None = None
        for interest in focus:
            if interest.kind is not InterestKind.NEED or interest.polarity < 0:
                continue
            matched = {v: w for v, w in self.values(interest.topic).items() if w >= IS_THE_THING}
            best = max(matched.values(), default=0.0)
            categories = columns.text_columns()["category"]
            rows = [categories.rows(v) for v, w in matched.items() if w >= best and v in categories.values]
            domain = domain_named(interest.topic)
            if not rows and domain in columns.domains:
                rows = [np.flatnonzero(columns.listed(domain))]
            if rows:
                mask = np.zeros(len(columns), dtype=bool) if mask is None else mask
                mask[np.concatenate(rows)] = True
        return mask


def _spellings(topic: str) -> tuple[str, ...]:
    """A topic as it was said, and in the words that catalogues use.

    >>> _spellings("sci-fi movie"), _spellings("手机")
    (('sci-fi movie', 'science fiction film'), ('手机',))
    """
    usual = topic
    for said, written in _SAME:
        usual = said.sub(written, usual)
    return (topic,) if usual == topic or len(usual) < 2 else (topic, usual)


def domain_named(topic: str) -> str | None:
    """The domain that a topic is a word for.

    >>> domain_named("电影"), domain_named("phone")
    ('video', None)
    """
    folded = topic.casefold()
    return next((domain for domain, words in DOMAIN_WORDS.items() if folded in words), None)
