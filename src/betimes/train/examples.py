"""The corpora: sentences and what they mean."""

import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId, Locale
from betimes.errors import InvalidFile, InvalidInput
from betimes.numerals import digits
from betimes.text import locale_of, normalise

FROZEN = "frozen"

#: The clock of the corpora, for "this year".
CLOCK = datetime(2026, 6, 1, tzinfo=UTC)

#: One in so many phrasings is held out of training, to stop by.
_HELD_OUT = 12


@dataclass(frozen=True, slots=True)
class Annotated:
    """A sentence, the list it may react to, and what it means.

    Attributes:
        template: what it was made from, where it was not written.
    """

    text: str
    shown: tuple[Item, ...]
    gold: Mapping[str, Any]
    locale: Locale
    domain: str
    template: str = ""

    @property
    def phrasing(self) -> str:
        """The sentence without its slots: things, values, likes and numbers give way to marks.

        Two sentences that differ in slots alone have one phrasing, and stand on one side of any split.
        """
        if self.template:
            return self.template
        gold = self.gold
        slots = [*gold["topics"], *gold["likes"], *gold["dislikes"]]
        slots += [str(c["value"]) for c in gold["constraints"] if isinstance(c["value"], str)]
        left = _squeezed(digits(normalise(self.text)))
        for slot in sorted({_squeezed(digits(normalise(s))) for s in slots} - {""}, key=lambda s: (-len(s), s)):
            left = left.replace(slot, "_")
        return re.sub(r"\d+(?:\.\d+)?", "#", left)

    @property
    def part(self) -> Literal["train", "held out"]:
        """The side of the split that this phrasing is on."""
        return "held out" if zlib.crc32(self.phrasing.encode()) % _HELD_OUT == 0 else "train"


def packaged(name: str) -> list[Annotated]:
    """Sentences of the corpora that ship, in the order of files and lines.

    Args:
        name: ``training`` for all that may be trained on, ``held-out`` for those of them that training stops by,
            ``frozen`` for the test set, which is never trained on (a sentence that stands in both is only tested),
            or the beginning of a file's name.

    Raises:
        InvalidInput: there is no such corpus.
    """
    folder = files("betimes.train.corpus")
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".jsonl")), key=lambda f: f.name)
    if name in ("training", "held-out"):
        found = [f for f in found if not f.name.startswith(FROZEN)]
    else:
        found = [f for f in found if f.name.startswith(f"{name}.")]
    if not found:
        raise InvalidInput(f"there is no corpus {name!r}; use training, held-out, frozen or a file")
    examples = [a for f in found for a in read(f.read_text(encoding="utf-8").split("\n"), f.name)]
    if name in ("training", "held-out"):
        tested = {_squeezed(e.text) for e in packaged(FROZEN)}
        examples = [e for e in examples if _squeezed(e.text) not in tested]
    return split(examples)[1] if name == "held-out" else examples


def from_file(path: Path) -> list[Annotated]:
    """Sentences of a file in the form of ``docs/annotation.md``.

    Raises:
        InvalidFile: it cannot be read, or a line is not of that form.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidFile(f"{path} cannot be read: {error}") from error
    return read(lines, path.name)


def read(lines: Iterable[str], name: str) -> list[Annotated]:
    """Sentences from JSON lines.

    Raises:
        InvalidFile: a line is not of the form; the message names it.
    """
    out = []
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            gold = {key: row["gold"][key] for key in ("kind", "topics", "constraints", "likes", "dislikes")}
            shown = tuple(_item(i) for i in row["shown"] or ())
            text = str(row["text"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidFile(
                f"{name}, line {n}: not an annotated sentence ({type(error).__name__}: {error})"
            ) from error
        out.append(Annotated(text, shown, gold, locale_of(normalise(text)), row.get("domain") or ""))
    return out


def split(examples: Sequence[Annotated]) -> tuple[list[Annotated], list[Annotated]]:
    """Those to train on and those held out, parted by phrasing."""
    train = [e for e in examples if e.part == "train"]
    return train, [e for e in examples if e.part == "held out"]


def _item(row: Mapping[str, Any]) -> Item:
    facts = {"duration": Quantity(float(row["duration"]), "min")} if row.get("duration") else {}
    price = None if row.get("price") is None else Money.of(row["price"], row.get("currency") or "CNY")
    return Item(
        ItemId(str(row["id"])),
        row["title"],
        price=price,
        brand=row.get("brand") or "",
        category=row.get("category") or "",
        facts=facts,
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text.lower())
