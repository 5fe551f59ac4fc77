"""The scores of understanding, and that the rules hold theirs on the corpus."""

import pytest

from betimes.domain.intent import Constraint, Intent, IntentKind, Interest, InterestKind
from betimes.evaluate.understanding import Reading, evaluate, half
from betimes.train.examples import Annotated, packaged
from betimes.train.examples import read as corpus

from .reading import read

ROW = (
    '{"text": "phone, not Apple, under 300", "shown": null, "gold": {"kind": "need", "topics": ["phone"], '
    '"constraints": '
    '[{"field": "brand", "op": "!=", "value": "Apple"}, {"field": "price", "op": "<=", "value": 300}], '
    '"likes": ["light"], "dislikes": []}}'
)


def answer(*constraints: Constraint, topic: str = "Phone", like: str = "very light") -> Intent:
    interests = (Interest(topic, InterestKind.NEED), Interest(like, InterestKind.TASTE))
    return Intent("", "en", IntentKind.NEED, interests, constraints)


def score(intent: Intent) -> dict[str, float]:
    return evaluate(lambda text, shown: Reading(intent, 0.0), corpus([ROW], "row")).rows()


def test_a_right_answer_scores_one_in_either_language() -> None:
    rows = score(answer(Constraint("brand", "!=", "苹果"), Constraint("price", "<=", 300.0)))
    for name in (
        "kind accuracy",
        "topic accuracy",
        "topic F1",
        "constraints F1",
        "price F1",
        "exclusion F1",
        "likes F1 (soft)",
    ):
        assert rows[name] == 1.0, name


def test_a_wrong_operator_or_number_is_wrong() -> None:
    rows = score(answer(Constraint("brand", "=", "Apple"), Constraint("price", "<=", 301.0)))
    assert rows["constraints F1"] == 0.0
    assert rows["exclusion F1"] == 0.0


def test_half_is_half() -> None:
    rows = score(answer(Constraint("price", "<=", 300.0)))
    assert rows["constraints precision"] == 1.0
    assert rows["constraints recall"] == 0.5
    assert rows["constraints F1"] == pytest.approx(2 / 3)


def test_a_wrong_topic_is_wrong() -> None:
    rows = score(answer(topic="tablet"))
    assert rows["topic accuracy"] == rows["topic F1"] == 0.0


def test_what_is_said_of_small_talk_counts_against() -> None:
    gold = '{"kind": "none", "topics": [], "constraints": [], "likes": [], "dislikes": []}'
    row = f'{{"text": "hi", "shown": null, "gold": {gold}}}'
    report = evaluate(lambda text, shown: Reading(answer(), 0.0), corpus([row], "row"))
    assert report.rows()["false positives on none"] == 1.0


def test_the_corpus_is_halved_by_its_texts_alone() -> None:
    first = packaged("first")
    halves = {e.text: half(e) for e in first}
    assert halves == {e.text: half(e) for e in reversed(packaged("first"))}
    assert 0.4 < sum(h == "seen" for h in halves.values()) / len(first) < 0.6


@pytest.fixture(scope="module")
def held_out() -> list[Annotated]:
    return [e for e in packaged("first") if half(e) == "unseen"]


def test_the_rules_hold_their_scores_on_the_half_they_were_not_written_from(held_out: list[Annotated]) -> None:
    rows = evaluate(lambda text, shown: Reading(read(text, tuple(shown)), 0.0), held_out).rows()
    floors = {
        "kind accuracy": 0.9,
        "topic accuracy": 0.68,
        "constraints F1": 0.69,
        "price F1": 0.82,
        "exclusion F1": 0.6,
    }
    assert {name: rows[name] for name, floor in floors.items() if rows[name] < floor} == {}
