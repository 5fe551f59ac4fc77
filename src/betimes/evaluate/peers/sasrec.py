"""A peer that reads the user's history as a sequence; needs RecTools, in an environment of its own."""

import json
import weakref
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from typing import IO, Any, cast

import numpy as np

from betimes.errors import ModelUnavailable
from betimes.evaluate.contender import Items, Scores
from betimes.evaluate.peers.frequency import Popularity
from betimes.evaluate.peers.past import DAY, Past
from betimes.models.openmp import share_cores

#: What the other interpreter runs.
SERVED = Path(__file__).with_name("sasrec_served.py")


@dataclass(frozen=True, slots=True)
class SasrecConfig:
    """Settings of :class:`Sasrec`; those of the model itself are the library's.

    Attributes:
        epochs: at most so many in a training.
        patience: a training ends when so many epochs in a row brought nothing.
        refit_days: after so many days the model is trained anew; by default never, for a training takes minutes.
        seed: settles chance.
    """

    epochs: int = 15
    patience: int = 3
    refit_days: float = np.inf
    seed: int = 0


class Sasrec:
    """SASRec as in the library RecTools: self-attention over the user's latest hundred items tells the next one.

    Source: Kang and McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018; RecTools trains it with the
    softmax over all items. The model is trained when it is first asked for a user with a past, so at the end of
    what a replay learns from; every request is answered for the sequence as it is then. Items that the model was
    not trained on come after all others, and a user who took nothing else is shown what is popular.

    Raises:
        ModelUnavailable: the interpreter is missing, or has no RecTools with torch.
    """

    name = "sasrec"

    def __init__(self, users: int, items: int, python: Path | None, config: SasrecConfig | None = None) -> None:
        if python is None:
            raise ModelUnavailable(
                "sasrec runs in an environment of its own; name the interpreter of one that has rectools[torch]"
            )
        self._users, self._items = users, items
        self._config = config or SasrecConfig()
        self._past = Past(users)
        self._popularity = Popularity(users, items)
        self._fitted = -np.inf
        self._known: Items = np.zeros(0, np.int64)
        self._served = Served(python)

    def reveal(self, user: int, items: Items, at: float) -> None:
        """Remembers the basket."""
        self._past.add(user, items, at)
        self._popularity.reveal(user, items, at)

    def scores(self, user: int, at: float) -> Scores:
        """The logits of the items as the user's next; shape ``(items,)``, the lowest less 1 for unknown items."""
        taken = self._past.of(user).items
        if len(taken) and at - self._fitted >= self._config.refit_days * DAY:
            self._fit(at)
        history = taken[np.isin(taken, self._known)]
        if len(history) == 0:
            return self._popularity.tiny()
        told = self._served.ask(history=history.tolist())["scores"]
        logits = np.frombuffer(b64decode(told), "<f4").astype(np.float64)
        scores = np.full(self._items, logits.min() - 1.0)
        scores[self._known] = logits
        return scores + self._popularity.tiny()

    def _fit(self, at: float) -> None:
        histories = [self._past.of(user).items.tolist() for user in range(self._users)]
        # Of a single item nothing follows. Where nobody took two, there is nothing to learn from yet.
        histories = [history for history in histories if len(history) > 1]
        if histories:
            config = self._config
            told = self._served.ask(
                histories=histories, epochs=config.epochs, patience=config.patience, seed=config.seed
            )
            self._known = np.array(told["known"], np.int64)
            self._fitted = at


class Served:
    """RecTools in a process of its own, which ends with this object.

    Args:
        python: the interpreter that runs it.

    Raises:
        ModelUnavailable: it cannot run, or ends before it answers.
    """

    def __init__(self, python: Path) -> None:
        self._python = python
        # Torch there takes its manners from the environment; see share_cores.
        share_cores()
        # A file, since a pipe that nobody reads would stop who writes to it.
        self._said = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - _end closes it
        try:
            # Isolated: what this process imports is of no use to another environment.
            process = Popen([python, "-I", SERVED], stdin=PIPE, stdout=PIPE, stderr=self._said, encoding="utf-8")  # noqa: S603
        except OSError as error:
            self._said.close()
            raise ModelUnavailable(f"the interpreter for sasrec, {python}, cannot be run: {error.strerror}") from error
        self._requests, self._answers = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        weakref.finalize(self, _end, process, self._said)
        self._answer()

    def ask(self, **request: object) -> Any:  # noqa: ANN401 - whatever JSON holds
        """The answer to a request; see :mod:`betimes.evaluate.peers.sasrec_served`.

        Raises:
            ModelUnavailable: the process ended before it answered.
        """
        try:
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()
        except BrokenPipeError as error:
            raise self._silent() from error
        return self._answer()

    def _answer(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        try:
            return json.loads(self._answers.readline())
        except ValueError as error:
            raise self._silent() from error

    def _silent(self) -> ModelUnavailable:
        self._said.seek(0)
        last = self._said.read().strip().rpartition("\n")[2] or "it said nothing"
        return ModelUnavailable(
            f"{self._python} gives no answer of RecTools for the peer sasrec ({last}); "
            "name an interpreter that has rectools[torch], or leave sasrec out"
        )


def _end(process: "Popen[str]", said: IO[str]) -> None:
    process.kill()
    process.communicate()
    said.close()
