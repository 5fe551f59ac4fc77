"""Names that mean the same in both languages, and words for kinds of things, known without any catalogue."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

Groups = Mapping[str, tuple[str, ...]]


def word_lines(name: str) -> list[str]:
    """The lines of a word list, without its comments."""
    lines = files("betimes.understand.words").joinpath(f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def words_of(name: str) -> frozenset[str]:
    """The words of a list that are parted by spaces."""
    return frozenset(" ".join(word_lines(name)).split())


def _groups(name: str) -> Groups:
    lines = [tuple(w.strip() for w in line.split(",")) for line in word_lines(name)]
    return {word: group for group in lines for word in group}


#: Each spelling of a brand to all its spellings.
BRANDS: Final = _groups("brands")
#: Each spelling of a person's or a group's name to all its spellings.
PEOPLE: Final = _groups("people")
#: Each word for a colour to all words for it.
COLOURS: Final = _groups("colours")
#: Each name of a language to all its names.
LANGUAGES: Final = _groups("languages")
#: Each word for a kind of thing to the words akin to it.
THINGS: Final = _groups("things")

#: The groups by field.
GROUPS: Final[Mapping[str, Groups]] = {"brand": BRANDS, "person": PEOPLE, "color": COLOURS, "language": LANGUAGES}


def alike(field: str, one: str, other: str) -> bool:
    """Whether two names of a field, in lower case, are one name or name the same.

    >>> alike("brand", "apple", "苹果"), alike("brand", "apple", "sony")
    (True, False)
    """
    return one == other or other in GROUPS.get(field, {}).get(one, ())
