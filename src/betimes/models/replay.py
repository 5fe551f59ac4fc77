"""Language models without a model: answers written beforehand, and answers of a real one kept to be given again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import blake2b
from itertools import count
from pathlib import Path
from threading import Event, Lock
from time import perf_counter

from betimes.errors import ModelError, ModelNonsense, ModelTimeout, ModelUnavailable
from betimes.ports import Completion, LanguageModel, Prompt


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of a script.

    Attributes:
        text: the answer.
        delay: seconds until it comes.
        error: raised in its place.
    """

    text: str = ""
    delay: float = 0.0
    error: ModelError | None = None


#: A model that never answers.
HANGS = Turn(delay=float("inf"))

Script = Mapping[str, Turn | str] | Sequence[Turn | str]


class Scripted:
    """A language model that answers by a script. Safe to use from several threads.

    Args:
        answers: by input, or one after the other, the last of them again and again.
        obedient: keeps to the timeout and to the longest answer asked for, as a good model does;
            without, it takes the time and the length that the script gives it.

    >>> Scripted({"hello": "none"}).complete(Prompt("", (), "hello"), timeout=1.0).text
    'none'
    """

    def __init__(self, answers: Script, *, obedient: bool = True, name: str = "scripted") -> None:
        self.name = name
        self.asked: list[Prompt] = []
        self._answers = answers
        self._obedient = obedient
        self._numbers = count()
        self._closed = Event()
        self._lock = Lock()

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        """The answer that the script has for the prompt.

        Raises:
            ModelError: the one in the script.
            ModelTimeout: the script's delay is longer than ``timeout`` seconds.
            ModelUnavailable: this is closed.
            ModelNonsense: the script has no answer to the prompt.
        """
        clock = perf_counter()
        with self._lock:
            self.asked.append(prompt)
            turn = self._turn(prompt.input)
        late = self._obedient and turn.delay > timeout
        delay = min(turn.delay, timeout) if self._obedient else turn.delay
        # No number of seconds is forever: waiting takes none for that.
        if self._closed.wait(None if delay == float("inf") else max(delay, 0.0)):
            raise ModelUnavailable(f"the model {self.name} is closed")
        if late or (self._obedient and timeout <= 0.0):
            raise ModelTimeout(f"the model {self.name} gave no answer within {timeout:g} s")
        if turn.error is not None:
            raise turn.error
        words = turn.text.split(" ")
        text = " ".join(words[: prompt.max_tokens]) if self._obedient else turn.text
        return Completion(text, (perf_counter() - clock) * 1e3, min(len(words), prompt.max_tokens))

    def close(self) -> None:
        """Ends what is waiting. Closing twice is well."""
        self._closed.set()

    def _turn(self, text: str) -> Turn:
        if isinstance(self._answers, Mapping):
            answer = self._answers.get(text)
        else:
            answer = self._answers[min(next(self._numbers), len(self._answers) - 1)] if self._answers else None
        if answer is None:
            raise ModelNonsense(f"the script of {self.name} has no answer to {text[:80]!r}")
        return answer if isinstance(answer, Turn) else Turn(answer)


class Recorded:
    """A language model whose answers are kept in a file, one JSON object a line, and given again from there.

    An answer is known by its whole prompt. Prompts are kept as hashes alone, answers in full.

    Args:
        path: the file; it is made at the first answer.
        model: asked for what the file does not have; without it the file is all there is.
    """

    def __init__(self, path: Path, model: LanguageModel | None = None) -> None:
        self._path = path
        self._model = model
        self._closed = False
        self._lock = Lock()
        self._known = _read(path) if path.exists() else {}
        self.name = model.name if model is not None else path.stem

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        """The answer in the file, else the model's, which is kept.

        Raises:
            ModelUnavailable: the answer is not in the file and there is no model, or this is closed.
            ModelTimeout, ModelBusy, ModelNonsense: as the model raises them, or there is no time at all.
        """
        if self._closed:
            raise ModelUnavailable(f"the model {self.name} is closed")
        if timeout <= 0.0:
            raise ModelTimeout(f"the model {self.name} gave no answer within {timeout:g} s")
        key = _key(prompt)
        with self._lock:
            known = self._known.get(key)
        if known is not None:
            return known
        if self._model is None:
            raise ModelUnavailable(f"{self._path} has no answer to {prompt.input[:80]!r}; record it with the model")
        answer = self._model.complete(prompt, timeout=timeout)
        with self._lock:
            self._known[key] = answer
            with self._path.open("a", encoding="utf-8") as file:
                line = {"prompt": key, "text": answer.text, "ms": answer.ms, "tokens": answer.tokens}
                if answer.taught:
                    line["taught"] = True
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return answer

    def close(self) -> None:
        """Closes the model, if there is one. Closing twice is well."""
        self._closed = True
        if self._model is not None:
            self._model.close()


def _key(prompt: Prompt) -> str:
    return blake2b(json.dumps(astuple(prompt), sort_keys=True).encode(), digest_size=16).hexdigest()


def _read(path: Path) -> dict[str, Completion]:
    known = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            known[str(entry["prompt"])] = Completion(
                str(entry["text"]), float(entry["ms"]), int(entry["tokens"]), bool(entry.get("taught", False))
            )
        except (ValueError, TypeError, KeyError) as error:
            raise ModelUnavailable(f"line {number} of {path} is no recorded answer; remove it") from error
    return known
