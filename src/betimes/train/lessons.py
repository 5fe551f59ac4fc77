"""What a model is trained on: a text as it will be asked, and the line that answers it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from betimes.demo.items import catalogue
from betimes.domain.names import Locale
from betimes.models.fewshot import few_shot
from betimes.train.copies import Pair
from betimes.train.examples import CLOCK, Annotated
from betimes.understand.cascade import Understanding
from betimes.understand.lexicon import Lexicon
from betimes.understand.line import answer_line
from betimes.understand.prompt import understanding_prompt
from betimes.write.draft import Writer

#: One sentence in so many is put without the rules' reading of it, so that a model learns to read by itself too.
_UNAIDED = 6


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question as the model sees it, and its answer, one line, in the language of its reader."""

    question: str
    answer: str
    locale: Locale


def reading_lessons(examples: Sequence[Annotated]) -> list[Lesson]:
    """The lessons of reading: sentence and rules' reading in, the mended reading out.

    Half of the sentences are read with the names of a catalogue, half without, for both will be met.
    """
    named = Lexicon()
    for item in catalogue():
        named.put(item)
    readers = (Understanding(Lexicon()), Understanding(named))
    lessons = []
    for example in examples:
        drawn = zlib.crc32(example.text.encode())
        ruled = None
        if drawn % _UNAIDED:
            ruled = readers[drawn // _UNAIDED % 2].read(example.text, at=CLOCK, shown=example.shown)
        prompt = understanding_prompt(example.text, example.locale, example.shown, ruled)
        lessons.append(Lesson(few_shot(prompt.bare()), answer_line(example.text, example.gold), example.locale))
    return lessons


def copy_lessons(pairs: Sequence[Pair]) -> list[Lesson]:
    """The lessons of writing: an item and what its reader wishes in, the line beside it out."""
    writer = Writer()
    return [
        Lesson(few_shot(writer.prompt(pair.item, pair.locale, pair.focus).bare()), pair.line, pair.locale)
        for pair in pairs
    ]
