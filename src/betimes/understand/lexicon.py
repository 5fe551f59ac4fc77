"""The catalogue's own words: brands, people, colours, kinds of things, and what else its items say of themselves."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from betimes.domain.item import Item
from betimes.domain.names import ItemId, has_han, variants
from betimes.text import normalise
from betimes.understand.aliases import BRANDS, COLOURS, THING_GROUPS

#: Text facts whose values are names of their own kind; other text facts are open attributes.
_NAMED = {"brand": "brand", "person": "person", "color": "color", "category": "category"}
_OPEN = frozenset({"ingredient", "material", "flavour", "place", "language", "genre"})
_LONGEST = 24
_LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9'&+.-]*")
#: Spellings that are also ordinary words: taken for a name only where the catalogue has it and case or context agree.
_ORDINARY = frozenset(
    "mi bear tiger gold clear cream orange nothing shark gap mask ring band mouse house formula present cap heels light "
    "brother "
    "石头 白 黑 红 蓝 绿 黄 紫 粉 灰 茶 酒 书 包 刀 锅 床 灯 剧 片 番 歌 主机 屏幕 小熊".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text.

    Attributes:
        field: ``brand``, ``person``, ``color``, ``category`` or the name of an open attribute.
        value: the name as it was said.
        start, end: where, in the normalised, lower-cased text.
    """

    field: str
    value: str
    start: int
    end: int


@dataclass(slots=True)
class Lexicon:
    """Finds names in texts. It grows and shrinks with the catalogue; distinct spellings are kept, not items."""

    _fields: dict[str, Counter[str]] = field(default_factory=dict)
    _values: dict[tuple[str, str], str] = field(default_factory=dict)
    _of: dict[ItemId, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for spelling in BRANDS:
            self._add("brand", spelling)
        for spelling in COLOURS:
            self._add("color", spelling)
        for spelling in THING_GROUPS:
            self._add("category", spelling)

    def put(self, item: Item) -> None:
        """Takes in an item's names, in place of those it had before."""
        self.remove(item.id)
        pairs = tuple(dict.fromkeys(_names(item)))
        for name, value in pairs:
            for spelling in variants(value):
                self._add(name, spelling)
                self._values[name, normalise(spelling).lower()] = spelling
        self._of[item.id] = pairs

    def remove(self, item: ItemId) -> None:
        """Gives up the names that no other item has."""
        for name, value in self._of.pop(item, ()):
            for spelling in variants(value):
                folded = normalise(spelling).lower()
                held = self._fields.get(folded)
                if held is not None:
                    held[name] -= 1
                    if held[name] <= 0:
                        del held[name]
                        self._values.pop((name, folded), None)
                    if not held:
                        del self._fields[folded]

    def _add(self, name: str, spelling: str) -> None:
        folded = normalise(spelling).lower()
        if 0 < len(folded) <= _LONGEST:
            self._fields.setdefault(folded, Counter())[name] += 1

    def fields_of(self, spelling: str) -> tuple[str, ...]:
        """What kinds of name a spelling is, commonest first."""
        held = self._fields.get(spelling.lower())
        return tuple(name for name, _ in held.most_common()) if held else ()

    def canonical(self, name: str, spelling: str) -> str:
        """The spelling that the catalogue knows: itself, or the same name in the other language."""
        folded = spelling.lower()
        if (name, folded) in self._values:
            return self._values[name, folded]
        groups = BRANDS if name == "brand" else COLOURS if name == "color" else {}
        for other in groups.get(folded, ()):
            if (name, other) in self._values:
                return self._values[name, other]
        return spelling

    def find(self, text: str) -> Iterator[Found]:
        """Names in a normalised, lower-cased text, the longest at each place, from left to right."""
        at = 0
        while at < len(text):
            end = self._match(text, at)
            if end:
                spelling = text[at:end]
                yield Found(self.fields_of(spelling)[0], spelling, at, end)
                at = end
                continue
            word = _LATIN_WORD.match(text, at)
            at = word.end() if word else at + 1

    def _match(self, text: str, at: int) -> int:
        """The end of the longest name that starts here, or 0."""
        longest = min(len(text), at + _LONGEST)
        starts_latin = _latin(text[at])
        for end in range(longest, at, -1):
            if starts_latin and end < len(text) and _latin(text[end - 1]) and _latin(text[end]):
                continue
            spelling = text[at:end]
            if spelling in self._fields and spelling not in _ORDINARY:
                return end
        return 0


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _names(item: Item) -> Iterator[tuple[str, str]]:
    for name, value in (("brand", item.brand), ("category", item.category)):
        if value:
            yield name, value
    for name, fact in item.facts.items():
        if isinstance(fact, tuple) and (name in _NAMED or name in _OPEN):
            for value in fact[:12]:
                if has_han(value) or len(value) > 2:
                    yield name, value
