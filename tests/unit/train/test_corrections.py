"""Corrections from the log: what a user edited, with consent alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import betimes
from betimes.domain.event import Change, Purpose, Said, Understood
from betimes.domain.intent import Constraint, IntentKind, Interest, InterestKind
from betimes.domain.names import EventId, UserId
from betimes.engine import Engine
from betimes.settings import Settings
from betimes.train.corrections import corrections, disagreements
from betimes.train.examples import CLOCK

ALLOW = Change(op="consent", purpose=Purpose.TRAINING)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with betimes.open(str(tmp_path / "shop.db"), settings=Settings(model="none", embedder="hash")) as opened:
        yield opened


def corrected(engine: Engine) -> list[tuple[str, dict[str, object]]]:
    return [(e.text, dict(e.gold)) for history in engine.histories() for e in corrections(history)]


def say(engine: Engine, text: str) -> None:
    engine.say("ann", text, at=datetime.now(UTC))


def test_nothing_is_taken_without_consent(engine: Engine) -> None:
    say(engine, "想买手机，两千以内")
    engine.edit("ann", Change(op="drop_constraint", constraint=Constraint("price", "<=", 2000.0)))
    assert corrected(engine) == []
    engine.edit("ann", ALLOW)
    assert len(corrected(engine)) == 1
    engine.edit("ann", Change(op="withdraw", purpose=Purpose.TRAINING))
    assert corrected(engine) == []
    assert engine.profile("ann").consents == frozenset()


def test_what_was_taken_away_and_what_was_added_make_the_reading(engine: Engine) -> None:
    say(engine, "想买手机，两千以内，不要小米")
    engine.edit("ann", ALLOW)
    engine.edit("ann", Change(op="drop_constraint", constraint=Constraint("brand", "!=", "小米")))
    engine.edit("ann", Change(op="set_interest", interest=Interest("小米", InterestKind.TASTE, -1)))
    ((text, gold),) = corrected(engine)
    assert text == "想买手机，两千以内，不要小米"
    assert gold["dislikes"] == ["小米"]
    assert gold["topics"] == ["手机"]
    assert gold["constraints"] == [{"field": "price", "op": "<=", "value": 2000.0, "hard": True}]


def test_what_the_sentence_does_not_say_is_a_new_wish_and_no_correction(engine: Engine) -> None:
    engine.say("ann", "想买手机")
    engine.edit("ann", ALLOW)
    engine.edit("ann", Change(op="add_constraint", constraint=Constraint("price", "<=", 900.0)))
    engine.edit("ann", Change(op="set_interest", interest=Interest("平板", InterestKind.NEED)))
    assert corrected(engine) == []


def test_an_edit_belongs_to_the_sentence_before_it(engine: Engine) -> None:
    say(engine, "想买手机，两千以内")
    engine.edit("ann", ALLOW)
    say(engine, "再看看耳机")
    engine.edit("ann", Change(op="drop_constraint", constraint=Constraint("price", "<=", 2000.0)))
    assert corrected(engine) == []


def test_the_erased_teach_nothing(engine: Engine) -> None:
    say(engine, "想买手机，两千以内")
    engine.edit("ann", ALLOW)
    engine.edit("ann", Change(op="drop_constraint", constraint=Constraint("price", "<=", 2000.0)))
    engine.erase("ann")
    assert corrected(engine) == []


def test_readings_that_disagree_are_told_with_consent_alone(engine: Engine) -> None:
    slate = engine.say("ann", "想买手机，轻一点", at=datetime.now(UTC))
    assert slate.intent is not None
    (said,) = [e.id for e in engine.export("ann") if isinstance(e, Said)]
    other = replace(slate.intent, kind=IntentKind.TASTE, by="rules+model")
    engine.record([Understood(id=EventId(f"{said}:model"), user=UserId("ann"), at=CLOCK, said=said, intent=other)])
    told = [d for history in engine.histories() for d in disagreements(history)]
    assert told == []
    engine.edit("ann", ALLOW)
    ((text, ruled, held),) = [d for history in engine.histories() for d in disagreements(history)]
    assert (text, ruled.kind, held.kind) == ("想买手机，轻一点", IntentKind.NEED, IntentKind.TASTE)
