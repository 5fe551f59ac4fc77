from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from betimes.errors import ModelBusy, ModelError, ModelNonsense, ModelTimeout, ModelUnavailable
from betimes.models.guard import GuardConfig, Guarded
from betimes.models.replay import HANGS, Scripted, Turn
from betimes.ports import Completion, Prompt

PROMPT = Prompt("", (), "x")
QUICK = GuardConfig(backoff=0.001)
ONCE = GuardConfig(attempts=1, failures=2, cool_down=30.0)


class FakeClock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def failing(error: ModelError, times: int) -> Scripted:
    return Scripted([*(Turn(error=error) for _ in range(times)), "fine"])


@pytest.mark.parametrize("error", [ModelBusy("b"), ModelUnavailable("u")])
def test_busy_and_unavailable_are_tried_again(error: ModelError) -> None:
    inner = failing(error, 2)
    assert Guarded(inner, QUICK).complete(PROMPT, timeout=10.0).text == "fine"
    assert len(inner.asked) == 3


def test_what_fails_at_every_attempt_is_raised_as_it_is() -> None:
    inner = failing(ModelBusy("the server says so"), 9)
    with pytest.raises(ModelBusy, match="the server says so"):
        Guarded(inner, QUICK).complete(PROMPT, timeout=10.0)
    assert len(inner.asked) == QUICK.attempts


@pytest.mark.parametrize("error", [ModelNonsense("n"), ModelTimeout("t")])
def test_nonsense_and_timeouts_are_not_tried_again(error: ModelError) -> None:
    inner = failing(error, 1)
    with pytest.raises(type(error)):
        Guarded(inner, QUICK).complete(PROMPT, timeout=10.0)
    assert len(inner.asked) == 1


def test_attempts_end_with_the_deadline() -> None:
    inner = failing(ModelBusy("b"), 1_000)
    with pytest.raises(ModelTimeout):
        Guarded(inner, GuardConfig(attempts=1_000, backoff=0.02)).complete(PROMPT, timeout=0.2)
    assert 1 <= len(inner.asked) < 1_000


def test_a_model_that_hangs_holds_up_nobody_and_counts_against_the_budget() -> None:
    inner = Scripted([HANGS], obedient=False)
    guarded = Guarded(inner, GuardConfig(concurrent=2))
    for _ in range(2):
        with pytest.raises(ModelTimeout):
            guarded.complete(PROMPT, timeout=0.02)
    with pytest.raises(ModelBusy, match="2 calls"):
        guarded.complete(PROMPT, timeout=0.02)
    assert len(inner.asked) == 2
    guarded.close()


def test_what_hung_and_came_back_is_free_again() -> None:
    released, returned = Event(), Event()

    class Stuck:
        name = "stuck"

        def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
            released.wait(30.0)
            returned.set()
            return Completion("late", 1.0, 1)

        def close(self) -> None:
            released.set()

    guarded = Guarded(Stuck(), GuardConfig(concurrent=1))
    with pytest.raises(ModelTimeout):
        guarded.complete(PROMPT, timeout=0.01)
    released.set()
    assert returned.wait(30.0)
    assert eventually(lambda: guarded.complete(PROMPT, timeout=30.0).text) == "late"


def eventually(attempt: Callable[[], str]) -> str:
    """The first result that is not busy: a thread that has returned still has its slot for a moment."""
    for _ in range(10_000):
        try:
            return attempt()
        except ModelBusy:
            Event().wait(0.001)
    raise AssertionError("it stayed busy")


def test_calls_under_way_are_counted() -> None:
    guarded = Guarded(Scripted([Turn("slow", delay=0.3)]), GuardConfig(concurrent=1))
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(guarded.complete, PROMPT, timeout=30.0) for _ in range(8)]
    errors = [call.exception() for call in calls]
    assert None in errors
    assert {type(e) for e in errors if e is not None} == {ModelBusy}


def test_calls_of_a_minute_are_counted() -> None:
    clock = FakeClock()
    guarded = Guarded(Scripted(["fine"]), GuardConfig(per_minute=2), clock=clock)
    for _ in range(2):
        guarded.complete(PROMPT, timeout=10.0)
        clock.now += 20.0
    with pytest.raises(ModelBusy, match="2 times within a minute"):
        guarded.complete(PROMPT, timeout=10.0)
    clock.now += 21.0
    assert guarded.complete(PROMPT, timeout=10.0).text == "fine"


def test_failures_in_a_row_open_the_circuit_and_one_call_tries_it() -> None:
    clock = FakeClock()
    inner = Scripted([*[Turn(error=ModelUnavailable("gone"))] * 3, "fine"])
    guarded = Guarded(inner, ONCE, clock=clock)
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            guarded.complete(PROMPT, timeout=10.0)
    with pytest.raises(ModelBusy, match="failed 2 times"):
        guarded.complete(PROMPT, timeout=10.0)
    assert len(inner.asked) == 2

    clock.now += 31.0
    with pytest.raises(ModelUnavailable):
        guarded.complete(PROMPT, timeout=10.0)
    with pytest.raises(ModelBusy):
        guarded.complete(PROMPT, timeout=10.0)

    clock.now += 31.0
    assert [guarded.complete(PROMPT, timeout=10.0).text for _ in range(3)] == ["fine"] * 3


def test_while_an_open_circuit_is_tried_others_are_refused() -> None:
    clock = FakeClock()
    guarded = Guarded(Scripted([*[Turn(error=ModelUnavailable("gone"))] * 2, HANGS], obedient=False), ONCE, clock=clock)
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            guarded.complete(PROMPT, timeout=10.0)
    clock.now += 31.0
    with pytest.raises(ModelTimeout):
        guarded.complete(PROMPT, timeout=0.01)
    with pytest.raises(ModelBusy, match="failed 3 times"):
        guarded.complete(PROMPT, timeout=10.0)
    guarded.close()


def test_nonsense_and_success_close_the_count_of_failures() -> None:
    bad, nonsense = Turn(error=ModelUnavailable("gone")), Turn(error=ModelNonsense("?"))
    guarded = Guarded(Scripted([bad, nonsense, bad, "fine", bad, "fine"]), ONCE)
    seen = []
    for _ in range(6):
        try:
            seen.append(guarded.complete(PROMPT, timeout=10.0).text)
        except ModelError as error:
            seen.append(type(error).__name__)
    assert seen == ["ModelUnavailable", "ModelNonsense", "ModelUnavailable", "fine", "ModelUnavailable", "fine"]


def test_an_error_that_is_nobodys_reaches_the_caller() -> None:
    class Broken:
        name = "broken"

        def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
            raise ZeroDivisionError

        def close(self) -> None:
            """Nothing to close."""

    guarded = Guarded(Broken(), GuardConfig(concurrent=1))
    with pytest.raises(ZeroDivisionError):
        guarded.complete(PROMPT, timeout=10.0)
