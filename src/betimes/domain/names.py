"""Identifiers, locales and bilingual names.

A catalogue may write a name in two languages, parted by `` / ``: ``手机 / phone``. Every variant
finds the item; the reader is shown the one in their own language.
"""

import re
from functools import lru_cache
from typing import Literal, NewType

UserId = NewType("UserId", str)
ItemId = NewType("ItemId", str)
EventId = NewType("EventId", str)
SlateId = NewType("SlateId", str)

Locale = Literal["zh", "en"]

#: What can be trained from the log and served from the database.
TrainedKind = Literal["ranker", "sequence", "factors"]

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def has_han(text: str) -> bool:
    """Whether the text holds at least one Chinese character.

    >>> has_han("5 寸"), has_han("5 in")
    (True, False)
    """
    return _HAN.search(text) is not None


@lru_cache(maxsize=65_536)
def variants(name: str) -> tuple[str, ...]:
    """The spellings of a name, one per language, in the order written.

    Only a `` / `` between a part with Chinese characters and a part without any separates
    languages, so an ordinary slash in a title stays what it is.

    >>> variants("手机 / phone")
    ('手机', 'phone')
    >>> variants("Cable 3 m / 10 ft")
    ('Cable 3 m / 10 ft',)
    """
    head, slash, tail = name.partition(" / ")
    if slash and head.strip() and tail.strip() and has_han(head) != has_han(tail):
        return (head.strip(), tail.strip())
    return (name,)


def localised(name: str, locale: Locale) -> str:
    """The variant a reader of ``locale`` is shown; the first one when there is no choice.

    >>> localised("手机 / phone", "en"), localised("手机 / phone", "zh"), localised("iPhone", "zh")
    ('phone', '手机', 'iPhone')
    """
    spellings = variants(name)
    for spelling in spellings:
        if has_han(spelling) == (locale == "zh"):
            return spelling
    return spellings[0]
