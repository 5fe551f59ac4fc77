"""Turns of phrase, kept as lists in ``words/cues.toml`` and compiled once.

An entry is a small regular expression without nested repetition, so that searching stays linear.
"""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

_TABLES: Final[Mapping[str, Mapping[str, list[str]]]] = tomllib.loads(
    files("betimes.understand.words").joinpath("cues.toml").read_text(encoding="utf-8")
)


def phrases(name: str) -> str:
    """The pattern of a list: any of its Chinese phrases, or any of its English ones as whole words.

    >>> bool(re.search(phrases("soft"), "ideally red")), bool(re.search(phrases("soft"), "unpreferable"))
    (True, False)
    """
    table = _TABLES[name]
    english = f"(?<![a-z])(?:{'|'.join(table['en'])})(?![a-z])" if table["en"] else ""
    return f"(?:{'|'.join([*table['zh'], *([english] if english else [])])})"


def cue(name: str) -> re.Pattern[str]:
    """A pattern that finds any phrase of a list in a normalised, lower-cased text."""
    return re.compile(phrases(name))
