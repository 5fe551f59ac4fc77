"""Lines of copy written by hand: an item, what its reader wishes, and the line beside it."""

import zlib
from dataclasses import dataclass
from importlib.resources import files

from betimes.demo.items import catalogue
from betimes.domain.intent import Interest, InterestKind
from betimes.domain.item import Item
from betimes.domain.names import ItemId, Locale

#: One item in so many is held out of training, to stop by.
_HELD_OUT = 11


@dataclass(frozen=True, slots=True)
class Pair:
    """A line written for an item and a wish, in the language of its reader; no line where one is to be written."""

    item: Item
    locale: Locale
    wishes: tuple[str, ...]
    line: str = ""

    @property
    def held_out(self) -> bool:
        """Whether its item is on the side that training stops by."""
        return zlib.crc32(self.item.id.encode()) % _HELD_OUT == 0

    @property
    def focus(self) -> tuple[Interest, ...]:
        """The wishes as interests."""
        return tuple(Interest(wish, InterestKind.TASTE) for wish in self.wishes)

    @property
    def said(self) -> str:
        """The wishes as their reader may have said them."""
        return "、".join(self.wishes)


def pairs() -> list[Pair]:
    """The pairs that ship, about items of the built-in catalogue."""
    items = {item.id: item for item in catalogue()}
    found = []
    for row in files("betimes.train.corpus").joinpath("copy.tsv").read_text(encoding="utf-8").splitlines():
        item, locale, wishes, line = row.split("\t")
        spoken: Locale = "zh" if locale == "zh" else "en"
        found.append(Pair(items[ItemId(item)], spoken, tuple(w for w in wishes.split("、") if w), line))
    return found


def split(written: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Those to train on and those held out, parted by item."""
    return [pair for pair in written if not pair.held_out], [pair for pair in written if pair.held_out]
