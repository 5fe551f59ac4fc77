"""What stands between the engine and a model that is slow, busy, broken or stuck."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic

import stamina

from betimes.errors import ModelBusy, ModelNonsense, ModelTimeout, ModelUnavailable
from betimes.ports import Completion, LanguageModel, Prompt

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class GuardConfig:
    """What a model is allowed.

    Attributes:
        concurrent: calls under way at the same time; one that is stuck counts until it ends.
        per_minute: calls begun within any 60 seconds.
        attempts: how often a call that fails as busy or unavailable is tried, the first included.
        backoff: seconds before the second attempt, about; each further wait is twice as long.
        failures: failed calls in a row that open the circuit.
        cool_down: seconds that an open circuit waits before it lets one call through to try.
    """

    concurrent: int = 4
    per_minute: int = 600
    attempts: int = 3
    backoff: float = 0.1
    failures: int = 5
    cool_down: float = 30.0


class Guarded:
    """A language model held to its deadline and its budget, whatever the one inside does.

    A call ends by its timeout even if the model inside hangs. Beyond the budget, or while the circuit
    is open, it ends at once as busy. Nothing waits in a queue.

    Args:
        model: the model inside; closing closes it.
        config: what it is allowed.
        clock: seconds from any beginning, for the budget of a minute and the circuit.
    """

    def __init__(self, model: LanguageModel, config: GuardConfig | None = None, *, clock: Clock = monotonic) -> None:
        config = config or GuardConfig()
        self.name = model.name
        self._model = model
        self._config = config
        self._running = BoundedSemaphore(config.concurrent)
        self._rate = _Rate(config.per_minute, clock)
        self._circuit = _Circuit(config.failures, config.cool_down, clock)
        self._closed = False

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        """The answer of the model inside, retries included.

        Raises:
            ModelTimeout: no answer within ``timeout`` seconds.
            ModelBusy: the budget is spent or the circuit is open; or the model was busy at every attempt.
            ModelUnavailable: the model was unavailable at every attempt, or this is closed.
            ModelNonsense: as the model raised it.
        """
        if self._closed:
            raise ModelUnavailable(f"the model {self.name} is closed")
        if not self._running.acquire(blocking=False):
            raise ModelBusy(f"{self._config.concurrent} calls of the model {self.name} are under way")
        try:
            self._circuit.admit(self.name)
            self._rate.admit(self.name)
            # A daemon, so that a model that hangs does not keep the process from ending.
            future: Future[Completion] = Future()
            Thread(target=self._run, args=(future, prompt, timeout), name="betimes-model", daemon=True).start()
        except BaseException:
            self._running.release()
            raise
        return self._await(future, timeout)

    def close(self) -> None:
        """Closes the model inside. Closing twice is well."""
        self._closed = True
        self._model.close()

    def _await(self, future: Future[Completion], timeout: float) -> Completion:
        try:
            completion = future.result(max(timeout, 0.0))
        except (TimeoutError, ModelTimeout) as error:
            self._circuit.failed()
            raise ModelTimeout(f"the model {self.name} gave no answer within {timeout:g} s") from error
        except (ModelBusy, ModelUnavailable):
            self._circuit.failed()
            raise
        except ModelNonsense:
            # It is there, and it answers: another text may fare better.
            self._circuit.worked()
            raise
        self._circuit.worked()
        return completion

    def _run(self, future: Future[Completion], prompt: Prompt, timeout: float) -> None:
        try:
            future.set_result(self._attempts(prompt, timeout))
        except BaseException as error:  # noqa: BLE001 - it is the caller's, who waits in another thread
            future.set_exception(error)
        finally:
            self._running.release()

    def _attempts(self, prompt: Prompt, timeout: float) -> Completion:
        end = monotonic() + timeout
        for attempt in stamina.retry_context(
            on=(ModelBusy, ModelUnavailable),
            attempts=self._config.attempts,
            timeout=None,
            wait_initial=self._config.backoff,
            wait_jitter=self._config.backoff,
            wait_max=timeout,
        ):
            with attempt:
                left = end - monotonic()
                if left <= 0.0:
                    break
                return self._model.complete(prompt, timeout=left)
        raise ModelTimeout(f"the model {self.name} gave no answer within {timeout:g} s")


class _Rate:
    """At most so many calls within any minute."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._begun: deque[float] = deque(maxlen=per_minute)
        self._per_minute = per_minute
        self._clock = clock
        self._lock = Lock()

    def admit(self, name: str) -> None:
        with self._lock:
            now = self._clock()
            if len(self._begun) == self._per_minute and now - self._begun[0] < 60.0:
                raise ModelBusy(f"the model {name} was called {self._per_minute} times within a minute")
            self._begun.append(now)


class _Circuit:
    """Open after failures in a row; then it lets one call through for each cool-down, until one works."""

    def __init__(self, failures: int, cool_down: float, clock: Clock) -> None:
        self._most = failures
        self._cool_down = cool_down
        self._clock = clock
        self._failures = 0
        self._tried = 0.0
        self._lock = Lock()

    def admit(self, name: str) -> None:
        with self._lock:
            if self._failures < self._most:
                return
            wait = self._tried + self._cool_down - self._clock()
            if wait > 0.0:
                raise ModelBusy(f"the model {name} failed {self._failures} times; it is tried again in {wait:.0f} s")
            self._tried = self._clock()

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._tried = self._clock()

    def worked(self) -> None:
        with self._lock:
            self._failures = 0
