"""A language model in this process: llama.cpp, by way of xllamacpp."""

import os
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any

from betimes.errors import ModelError, ModelNonsense, ModelTimeout, ModelUnavailable
from betimes.models.fewshot import few_shot
from betimes.models.openmp import share_cores
from betimes.models.weights import PACKAGED, check_gguf, locate
from betimes.ports import Completion, Prompt

if TYPE_CHECKING:
    from xllamacpp import Server

#: Tokens of a prompt read at a time. llama.cpp can be stopped between two batches, so this bounds
#: how long a call that nobody waits for goes on: about half a second on two cores.
_BATCH = 256

#: Megabytes for prompts that gave up their slot, so that an instruction and its examples are read once.
_PROMPTS_MB = 128


class Llama:
    """A base or fine-tuned model in GGUF, prompted by examples, its answers one line that a grammar can bind.

    The weights are loaded at the first call, which takes part of that call's time; :meth:`warm`
    does so ahead. Safe to use from several threads: as many calls as there are slots run together,
    the others wait, each no longer than its own timeout.

    llama.cpp opens an HTTP port on 127.0.0.1 of its own; it is locked with a secret nobody knows.
    """

    def __init__(self, path: Path, adapters: Mapping[str, Path], *, threads: int, slots: int, context: int) -> None:
        self.name = "+".join(p.stem for p in (path, *adapters.values()))
        self._path = path
        self._adapters = dict(adapters)
        self._threads = threads
        self._slots = slots
        self._context = context
        self._server: Server | None = None
        self._loading = Lock()
        self._closed = Event()
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="betimes-llama")

    @classmethod
    def open(
        cls,
        weights: str = PACKAGED,
        *,
        adapters: Mapping[str, Path] | None = None,
        threads: int | None = None,
        slots: int = 2,
        context: int = 2_048,
        cache: Path | None = None,
    ) -> "Llama":
        """A model that loads when it is first used.

        Args:
            weights: as :func:`betimes.models.weights.locate` takes them.
            adapters: LoRA adapters in GGUF, each by the task that it was trained on and is applied to.
            threads: how many compute; by default the cores of this process, at most 8.
            slots: how many calls run together.
            context: tokens of prompt and answer in a slot.
            cache: where packaged weights are put together.

        Raises:
            ModelUnavailable: the weights or an adapter are missing or damaged.
        """
        path = locate(weights, cache)
        for adapter in (adapters or {}).values():
            check_gguf(adapter)
        return cls(path, adapters or {}, threads=threads or _cores(), slots=slots, context=context)

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        """The answer: one line, the likeliest by the model, within the prompt's grammar if it has one.

        When the time is over the call returns at once and the generation ends with its current batch.

        Raises:
            ModelTimeout: no answer within ``timeout`` seconds, loading and waiting for a slot included.
            ModelUnavailable: the weights cannot be loaded, or this is closed.
            ModelNonsense: the prompt does not fit into the context, or its grammar cannot be parsed.
        """
        clock = perf_counter()
        given_up = Event()
        try:
            future = self._pool.submit(self._generate, prompt, given_up)
        except RuntimeError as error:
            raise ModelUnavailable(f"the model {self.name} is closed") from error
        try:
            text, tokens = future.result(timeout)
        except TimeoutError as error:
            raise ModelTimeout(f"the model {self.name} gave no answer within {timeout:g} s") from error
        except CancelledError as error:
            raise ModelUnavailable(f"the model {self.name} was closed") from error
        finally:
            given_up.set()
            future.cancel()
            # An error's traceback holds this frame, and the future the error: no cycle to wait for the collector.
            del future
        return Completion(text, (perf_counter() - clock) * 1e3, tokens, prompt.task in self._adapters)

    def warm(self) -> None:
        """Begins to load the weights in the background, if they are not loaded. Returns at once."""
        self._pool.submit(self._loaded)

    def close(self) -> None:
        """Ends what is running and frees the memory. Closing twice is well."""
        self._closed.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._server = None

    def _generate(self, prompt: Prompt, given_up: Event) -> tuple[str, int]:
        taught = prompt.task in self._adapters
        if taught:
            prompt = prompt.bare()
        request: dict[str, Any] = {
            "prompt": few_shot(prompt),
            "max_tokens": prompt.max_tokens,
            "temperature": 0,
            "stop": ["\n"],
            "cache_prompt": True,
            "stream": True,
            "stream_options": {"include_usage": True},
            # A word between two batches of the prompt, so that it can be stopped there too.
            "return_progress": True,
        }
        if self._adapters:
            request["lora"] = [
                {"id": number, "scale": float(taught and task == prompt.task)}
                for number, task in enumerate(self._adapters)
            ]
        if prompt.grammar is not None:
            request["grammar"] = prompt.grammar
        answer = _Answer(lambda: given_up.is_set() or self._closed.is_set())
        # The server is in no local name: an error keeps its frames alive, and they would keep the memory.
        self._loaded().handle_completions(request, answer.take)
        if answer.error is not None:
            raise _refusal(self.name, answer.error)
        if not answer.finished:
            raise ModelUnavailable(f"the model {self.name} was stopped before its answer was whole")
        return "".join(answer.parts).strip(), answer.tokens

    def _loaded(self) -> "Server":
        with self._loading:
            if self._server is None:
                self._server = self._load()
            return self._server

    def _load(self) -> "Server":
        share_cores()
        try:
            import xllamacpp  # noqa: PLC0415 - those who bring a remote model or none need not load it
        except ImportError as error:
            raise ModelUnavailable(f"llama.cpp is not here ({error}); `pip install xllamacpp`") from error
        params = xllamacpp.CommonParams()
        params.model.path = str(self._path)
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(p), 1.0) for p in self._adapters.values()]
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        params.n_parallel = self._slots
        params.n_ctx = self._slots * self._context
        params.n_batch = _BATCH
        params.cache_ram_mib = _PROMPTS_MB
        # Keeps the whole prompt of models with a sliding window, rather than rely on llama.cpp's checkpoints of it.
        params.swa_full = True
        params.warmup = False
        params.verbosity = -1
        params.ui = False
        params.api_keys = [secrets.token_urlsafe()]
        try:
            return xllamacpp.Server(params)
        except RuntimeError as error:
            paths = ", ".join(map(str, (self._path, *self._adapters.values())))
            raise ModelUnavailable(
                f"llama.cpp cannot load {paths}: damaged, of a kind it does not know, or too large for the memory; "
                "delete or replace the file"
            ) from error


class _Answer:
    """Gathers an answer as it is streamed, and says when to stop."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self.parts: list[str] = []
        self.tokens = 0
        self.finished = False
        self.error: dict[str, Any] | None = None

    def take(self, chunk: dict[str, Any]) -> bool:
        """Takes a piece; true ends the stream."""
        self.error = chunk.get("error")
        for choice in chunk.get("choices", ()):
            self.parts.append(choice["text"])
            self.finished |= choice["finish_reason"] is not None
        self.tokens = (chunk.get("usage") or {}).get("completion_tokens", self.tokens)
        return self.error is not None or self._stopped()


def _refusal(name: str, error: dict[str, Any]) -> ModelError:
    message = f"the model {name} refused: {error.get('message')}"
    # Below 500 it is the fault of this one prompt, and others are answered.
    return ModelNonsense(message) if error.get("code", 500) < 500 else ModelUnavailable(message)


def _cores() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 8)
