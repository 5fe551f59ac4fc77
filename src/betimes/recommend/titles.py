"""Titles by row, and which of them hold a text."""

from itertools import accumulate

import numpy as np

from betimes.recommend.arrays import RowArray

#: Titles are joined for the search in blocks of so many, so that a change joins but one block anew.
_BLOCK = 4_096


def holds(text: str, part: str) -> bool:
    """Whether a folded text contains a folded part, on word boundaries where the part is Latin.

    Nothing contains an empty part.

    >>> holds("space black", "black"), holds("blackberry", "black"), holds("深空黑色", "黑色")
    (True, False, True)
    """
    at = text.find(part) if part else -1
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(part) : at + len(part) + 1]
        if not (_latin(before) and _latin(part[:1])) and not (_latin(after) and _latin(part[-1:])):
            return True
        at = text.find(part, at + 1)
    return False


def _latin(char: str) -> bool:
    return char.isalnum() and char.isascii()


class Titles:
    """The title of each row; empty for a row that has none."""

    def __init__(self) -> None:
        self._titles: list[str] = []
        self._joined: dict[int, tuple[str, RowArray]] = {}

    def __getitem__(self, row: int) -> str:
        return self._titles[row] if row < len(self._titles) else ""

    def __setitem__(self, row: int, title: str) -> None:
        self._titles.extend("" for _ in range(row + 1 - len(self._titles)))
        self._titles[row] = title
        self._joined.pop(row // _BLOCK, None)

    def holding(self, part: str) -> RowArray:
        """Rows whose title contains a text as :func:`holds` has it, whatever the case."""
        part = part.casefold()
        found = []
        if part:
            for block in range(0, len(self._titles), _BLOCK):
                text, starts = self._block(block // _BLOCK)
                at = text.find(part)
                while at >= 0:
                    row = int(np.searchsorted(starts, at, side="right")) - 1
                    end = int(starts[row + 1]) if row + 1 < len(starts) else len(text) + 1
                    if holds(text[int(starts[row]) : end - 1], part):
                        found.append(block + row)
                    at = text.find(part, end)
        return np.array(found, dtype=np.int64)

    def _block(self, block: int) -> tuple[str, RowArray]:
        """A block's titles, folded and joined, and where each begins."""
        held = self._joined.get(block)
        if held is None:
            # A line break within a title would let a text be found that begins in one and ends in the next.
            titles = [" ".join(t.casefold().splitlines()) for t in self._titles[block * _BLOCK : (block + 1) * _BLOCK]]
            starts = list(accumulate((len(t) + 1 for t in titles[:-1]), initial=0))
            held = self._joined[block] = ("\n".join(titles), np.array(starts, dtype=np.int64))
        return held
