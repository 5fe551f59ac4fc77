import json
from pathlib import Path

import pytest

from betimes.errors import ModelBusy, ModelNonsense, ModelTimeout, ModelUnavailable
from betimes.models.replay import HANGS, Recorded, Scripted, Turn
from betimes.ports import Prompt


def ask(text: str, max_tokens: int = 96) -> Prompt:
    return Prompt("Task.", (("a", "b"),), text, max_tokens=max_tokens)


def test_answers_come_by_input_or_in_order() -> None:
    by_input = Scripted({"x": "1", "y": "2"})
    assert [by_input.complete(ask(t), timeout=1.0).text for t in "yx"] == ["2", "1"]
    in_order = Scripted(["1", Turn("2")])
    assert [in_order.complete(ask("x"), timeout=1.0).text for _ in range(3)] == ["1", "2", "2"]
    assert [p.input for p in in_order.asked] == ["x", "x", "x"]


def test_failures_delays_and_garbage_are_scripted() -> None:
    model = Scripted([Turn(error=ModelBusy("later")), HANGS, "\x00}{", "word " * 1_000])
    with pytest.raises(ModelBusy, match="later"):
        model.complete(ask("x"), timeout=1.0)
    with pytest.raises(ModelTimeout):
        model.complete(ask("x"), timeout=0.01)
    assert model.complete(ask("x"), timeout=1.0).text == "\x00}{"
    assert len(model.complete(ask("x", max_tokens=5), timeout=1.0).text.split()) == 5


def test_a_disobedient_model_takes_its_length() -> None:
    model = Scripted(["word " * 1_000], obedient=False)
    assert len(model.complete(ask("x", max_tokens=5), timeout=1.0).text.split()) == 1_000


@pytest.mark.parametrize("script", [{}, []])
def test_what_is_not_in_the_script_is_nonsense(script: dict[str, str] | list[str]) -> None:
    with pytest.raises(ModelNonsense, match="no answer to 'x'"):
        Scripted(script).complete(ask("x"), timeout=1.0)


def test_a_recorded_session_is_replayed_without_the_model(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    inner = Scripted(["需要 手机", "none"])
    recorded = Recorded(path, inner)
    answers = [recorded.complete(ask(t), timeout=1.0) for t in ["x", "y", "x"]]
    assert len(inner.asked) == 2
    assert answers[0] == answers[2]
    replayed = Recorded(path)
    assert [replayed.complete(ask(t), timeout=1.0) for t in ["x", "y", "x"]] == answers
    assert replayed.name == "session"


def test_another_prompt_is_another_question(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    Recorded(path, Scripted(["1"])).complete(ask("x"), timeout=1.0)
    with pytest.raises(ModelUnavailable, match="record it"):
        Recorded(path).complete(ask("x", max_tokens=7), timeout=1.0)


def test_what_was_said_is_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    Recorded(path, Scripted(["1"])).complete(ask("a secret"), timeout=1.0)
    assert set(json.loads(path.read_text())) == {"prompt", "text", "ms", "tokens"}
    assert "secret" not in path.read_text()


def test_failures_are_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    recorded = Recorded(path, Scripted([Turn(error=ModelBusy("later")), "1"]))
    with pytest.raises(ModelBusy):
        recorded.complete(ask("x"), timeout=1.0)
    assert recorded.complete(ask("x"), timeout=1.0).text == "1"


@pytest.mark.parametrize("line", ["{", "[]", '{"prompt": "x"}', '{"prompt": "x", "text": "", "ms": "?", "tokens": 1}'])
def test_a_damaged_line_is_said_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "session.jsonl"
    path.write_text(f'{{"prompt": "k", "text": "t", "ms": 1.0, "tokens": 1}}\n{line}\n')
    with pytest.raises(ModelUnavailable, match=r"line 2 of .*session\.jsonl"):
        Recorded(path)
