"""Lines of copy written by hand, and how copy is scored."""

from collections import Counter

import pytest

from betimes.evaluate.copy import copy_report, unseen
from betimes.ports import Completion, Prompt
from betimes.train.copies import Pair, pairs, split
from betimes.train.lessons import copy_lessons
from betimes.write.draft import Writer


@pytest.fixture(scope="module")
def written() -> list[Pair]:
    return pairs()


def test_there_are_enough_lines_in_both_languages(written: list[Pair]) -> None:
    lines = Counter(pair.locale for pair in {pair.line: pair for pair in written}.values())
    assert sum(lines.values()) >= 800
    assert min(lines.values()) >= 400


def test_every_line_written_says_only_what_is_known(written: list[Pair]) -> None:
    writer = Writer()
    refused = [
        pair.line for pair in written if writer.accept(pair.line, pair.item, pair.locale, pair.said, "hand") is None
    ]
    assert refused == []


def test_an_item_stands_on_one_side(written: list[Pair]) -> None:
    chosen, held_out = split(written)
    assert len(held_out) > len(written) / 20
    assert not {p.item.id for p in chosen} & {p.item.id for p in held_out}
    assert not {p.item.id for p in unseen(200)} & {p.item.id for p in written}


def test_a_lesson_is_the_prompt_of_the_writer_and_the_line(written: list[Pair]) -> None:
    lesson = copy_lessons(written[:1])[0]
    assert lesson.answer == written[0].line
    assert all(wish in lesson.question for wish in written[0].wishes)


class Echo:
    """Writes the same line about everything."""

    name = "echo"

    def __init__(self, line: str) -> None:
        self._line = line

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        return Completion(self._line, 7.0, 3)

    def close(self) -> None:
        """Nothing to release."""


def test_a_draft_that_invents_is_counted_and_not_shown() -> None:
    report = copy_report(unseen(20), Echo("世界第一，买一送一！"))["model"]
    assert report.rows()["passed at the first draft"] == 0.0
    assert report.rows()["wrong among those shown"] == 0
    assert report.shown == copy_report(unseen(20), None)["template"].shown
    assert len(report.drafts) == 20


def test_the_same_line_about_everything_has_no_variety() -> None:
    cases = [case for case in unseen(200) if case.locale == "en"][:20]
    rows = copy_report(cases, Echo("Worth considering for you."))["model"].rows()
    assert rows["passed at the first draft"] == 1.0
    assert rows["distinct bigrams"] < 0.1
    assert rows["ms p50"] == 7.0
