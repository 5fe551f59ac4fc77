"""Names that mean the same in both languages, and words for kinds of things, known without any catalogue."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final


def _groups(name: str) -> list[tuple[str, ...]]:
    lines = files("betimes.understand.words").joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(w.strip() for w in line.split(",")) for line in lines if line and not line.startswith("#")]


#: Each spelling of a brand to all its spellings.
BRANDS: Final[Mapping[str, tuple[str, ...]]] = {w: group for group in _groups("brands") for w in group}
#: Each word for a colour to all words for it.
COLOURS: Final[Mapping[str, tuple[str, ...]]] = {w: group for group in _groups("colours") for w in group}
#: Each word for a kind of thing to the words akin to it.
THING_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {w: group for group in _groups("things") for w in group}
