"""The catalogue's own words: brands, people, colours, kinds of things, and what else its items say of themselves."""

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from betimes.domain.item import Item
from betimes.domain.names import ItemId, has_han, variants
from betimes.numerals import digits
from betimes.text import normalise, tagged
from betimes.understand.aliases import BRANDS, COLOURS, GROUPS, PEOPLE, THINGS, words_of
from betimes.understand.sentence import Sentence

#: Text facts whose values are names that a sentence may want or refuse.
FACTS: Final = frozenset("person color ingredient material flavour place language genre country skin_type".split())
_LONGEST = 32
_MAX_TITLES = 50_000
_MAX_VALUES = 12
_PREFIX = 2
_LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9'&.+-]*")
#: Ordinary words that are names only when they are written as names, with a capital.
_ORDINARY: Final = words_of("ordinary")
#: Chinese words that are ordinary more often than they are names.
_NEVER: Final = words_of("never")
#: Turns of phrase in which a colour is none.
_NOT_COLOURS = re.compile(
    r"黑色幽默|黑白(?=[片电影老照])|黑[坑五科米茶糖胡椒]|白[酒噪开米粥领菜]|红[酒茶烧包豆薯枣火]|绿[茶豆植色食]|灰产|"
    r"黄[瓜酒金焖豆梅油]|粉[丝底刺饼]|"
    r"black (?:and white|coffee|friday|mirror|widow|panther)|white (?:noise|wine|cast|rice|bread|chocolate)|"
    r"red (?:wine|light|meat|dead|bull)|green (?:tea|day|bean|card)|blue (?:light|cheese)|brown rice|"
    r"(?:red|blue|grey|gray|pink|purple|black|white|brown|green|blond)[ -]hair|(?:white|black) (?:residue|dust|metal|"
    r"sheep)|"
    r"brown (?:noise|bread|sugar|food)|pink (?:noise|salt)|himalayan pink|flat white|strong white|(?:white|"
    r"yellow) gold|purple rain|golden brown|"
    r"red wing|black lead|粉红噪音|蓝色(?:生死恋|的勾)|"
    r"orange juice|pink floyd|gold(?:en)? retriever"
)


#: A thing of one character that a verb or a measure word brings, at the end of what is said: 想吃面, 来碗粥.
_AFTER_VERB = re.compile(r"(?<=[吃喝买看听读要来求找追换个碗本部首杯瓶张把盏])[\u4e00-\u9fff](?![\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text.

    Attributes:
        field: ``brand``, ``person``, ``color``, ``category``, ``title``, ``tags`` or the name of a text fact.
        value: the name as it was said, in lower case.
        start, end: where in the sentence.
    """

    field: str
    value: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end


def folded(name: str) -> str:
    """A name as a sentence's text has it."""
    return digits(normalise(name)).lower()


class Lexicon:
    """Finds names in sentences. Grows and shrinks with the catalogue.

    Distinct names are kept and counted, not items: an item holds the numbers of its names only. Titles
    are taken in up to a cap, for they are as many as the items.
    """

    def __init__(self, max_titles: int = _MAX_TITLES) -> None:
        self._max_titles = max_titles
        self._titles = 0
        self._fields: dict[str, Counter[str]] = {}
        self._written: dict[tuple[str, str], str] = {}
        self._lengths: dict[str, Counter[int]] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._names: list[tuple[str, str]] = []
        self._uses: list[int] = []
        self._free: list[int] = []
        self._of: dict[ItemId, bytes] = {}
        for field, group in (("brand", BRANDS), ("person", PEOPLE), ("color", COLOURS), ("category", THINGS)):
            for spelling in group:
                self._add(field, spelling)

    def put(self, item: Item) -> None:
        """Takes in an item's names, in place of those it had before."""
        self.remove(item.id)
        held = array("I")
        for pair in dict.fromkeys(self._names_of(item)):
            number = self._numbers.get(pair)
            if number is None:
                number = self._number(pair)
                self._learn(*pair)
            self._uses[number] += 1
            held.append(number)
        self._of[item.id] = held.tobytes()

    def remove(self, item: ItemId) -> None:
        """Gives up the names that no other item has."""
        for number in array("I", self._of.pop(item, b"")):
            self._uses[number] -= 1
            if self._uses[number] == 0:
                self._forget(*self._names[number])
                del self._numbers[self._names[number]]
                self._free.append(number)

    def _number(self, pair: tuple[str, str]) -> int:
        """A number for a name, that of a forgotten one where there is any."""
        if self._free:
            number = self._free.pop()
            self._names[number] = pair
        else:
            number = len(self._names)
            self._names.append(pair)
            self._uses.append(0)
        self._numbers[pair] = number
        return number

    def fields_of(self, spelling: str) -> tuple[str, ...]:
        """What kinds of name a spelling is, commonest first.

        >>> Lexicon().fields_of("Sony"), Lexicon().fields_of("xyz")
        (('brand',), ())
        """
        held = self._fields.get(folded(spelling))
        return tuple(name for name, _ in held.most_common()) if held else ()

    def canonical(self, field: str, said: str) -> str:
        """A name as the catalogue writes it: the variant that was said, or the same name in the other language.

        What the catalogue does not know is returned as it was said.
        """
        spelling = folded(said)
        for other in (spelling, *GROUPS.get(field, {}).get(spelling, ())):
            written = self._written.get((field, folded(other)))
            if written is not None:
                return written
        return said

    def find(self, sentence: Sentence) -> Iterator[Found]:
        """Names in a sentence, the longest at each place, from left to right."""
        text = sentence.text
        words: set[int] | None = None
        barred = [m.span() for m in _NOT_COLOURS.finditer(text)]
        at = 0
        while at < len(text):
            end = self._match(sentence, at)
            if end == at + 1 and has_han(text[at]):
                words = words if words is not None else _boundaries(text)
                end = end if (at in words and end in words) or _AFTER_VERB.match(text, at) else 0
            if end:
                field = self.fields_of(text[at:end])[0]
                if field != "color" or not any(a <= at < b for a, b in barred):
                    yield Found(field, text[at:end], at, end)
                at = end
                continue
            word = _LATIN_WORD.match(text, at)
            at = word.end() if word else at + 1

    def _match(self, sentence: Sentence, at: int) -> int:
        """The end of the longest name that starts here, or 0."""
        text = sentence.text
        lengths: set[int] = {
            *self._lengths.get(text[at : at + _PREFIX], ()),
            *self._lengths.get(text[at], ()),
        }
        for length in sorted(lengths, reverse=True):
            end = at + length
            spelling = text[at:end]
            if end > len(text) or spelling not in self._fields or spelling in _NEVER:
                continue
            if _latin(text[end - 1]) and end < len(text) and _latin(text[end]):
                continue
            if spelling in _ORDINARY and not sentence.cased[at].isupper():
                continue
            return end
        return 0

    def _names_of(self, item: Item) -> Iterator[tuple[str, str]]:
        for field, value in (("brand", item.brand), ("category", item.category)):
            if value:
                yield field, value
        for tag in item.tags[:_MAX_VALUES]:
            yield "tags", tag
        for field, fact in item.facts.items():
            if field in FACTS and isinstance(fact, tuple):
                for value in fact[:_MAX_VALUES]:
                    yield field, value
        if self._titles < self._max_titles:
            yield "title", item.title

    def _learn(self, field: str, value: str) -> None:
        self._titles += field == "title"
        for spelling in variants(value):
            plain = folded(spelling)
            if self._add(field, plain):
                self._written[field, plain] = spelling

    def _add(self, field: str, spelling: str) -> bool:
        if not 0 < len(spelling) <= _LONGEST or not _telling(field, spelling):
            return False
        held = self._fields.get(spelling)
        if held is None:
            held = self._fields[spelling] = Counter()
            self._lengths.setdefault(spelling[:_PREFIX], Counter())[len(spelling)] += 1
        held[field] += 1
        return True

    def _forget(self, field: str, value: str) -> None:
        self._titles -= field == "title"
        for plain in map(folded, variants(value)):
            held = self._fields.get(plain)
            if held is None or not held[field]:
                continue
            held[field] -= 1
            if held[field] <= (plain in GROUPS.get(field, ())):  # only the built-in name is left
                self._written.pop((field, plain), None)
            if held[field] == 0:
                del held[field]
            if not held:
                del self._fields[plain]
                lengths = self._lengths[plain[:_PREFIX]]
                lengths[len(plain)] -= 1
                if lengths[len(plain)] <= 0:
                    del lengths[len(plain)]


def _boundaries(text: str) -> set[int]:
    """Where the words of a text begin and end: 面 is a thing by itself only, not in 面料."""
    places, at = {0}, 0
    for word, _ in tagged(text):
        at += len(word)
        places.add(at)
    return places


def _telling(field: str, spelling: str) -> bool:
    """Whether a spelling is long enough to be told from ordinary words."""
    if field == "title":
        return len(spelling) > 2 if has_han(spelling) else " " in spelling
    return field in ("brand", "color", "category") or len(spelling) > (1 if has_han(spelling) else 2)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
