"""Models on servers that speak the OpenAI API: vLLM, Ollama, llama-server, DeepSeek, Qwen and OpenAI itself."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx2
import numpy as np
import openai
from openai.types import CreateEmbeddingResponse
from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam
from openai.types.chat.chat_completion_chunk import Choice, ChoiceDelta

from betimes.errors import ModelBusy, ModelError, ModelNonsense, ModelTimeout, ModelUnavailable
from betimes.models.embed import unit
from betimes.models.fewshot import one_line
from betimes.ports import Completion, Prompt, Vectors, batched

#: Room for an answer in JSON, by tokens of the same in the terse form.
_JSON_LENGTH = 4

#: An answer with more pieces than tokens asked for, by this factor, comes from a server that will not end.
_ENDLESS = 4
_EMBED_SECONDS = 30.0
_EMBED_AT_ONCE = 64
_EMBED_LONGEST = 8_000


class OpenAIChat:
    """A chat model on a server. Safe to use from several threads.

    Examples go as turns of a conversation; the input is its last message and nothing else. The answer
    is bound to the prompt's JSON schema where the server can do that, else to JSON, else by the
    instructions alone; which one is found out once.

    Args:
        model: its name on the server.
        base_url: where the API is, ending in ``/v1`` with most servers.
        api_key: by default ``OPENAI_API_KEY``; servers at home need none.
    """

    def __init__(self, model: str, base_url: str, api_key: str | None = None) -> None:
        self.name = model
        self._server = _Server(model, base_url, api_key)
        self._loosened = 0

    def complete(self, prompt: Prompt, *, timeout: float) -> Completion:
        """The answer as the server gave it.

        The time is looked at whenever a piece arrives, and bounds the wait for each piece.

        Raises:
            ModelTimeout: no answer within ``timeout`` seconds.
            ModelBusy: the server asks to wait.
            ModelUnavailable: it cannot be reached, fails or refuses the key or the model.
            ModelNonsense: the answer was cut, never ends or is no answer, or the request was refused.
        """
        return self._complete(prompt, timeout, perf_counter(), self._loosened)

    def close(self) -> None:
        """Ends the connections. Closing twice is well."""
        self._server.close()

    def _complete(self, prompt: Prompt, timeout: float, began: float, loosened: int) -> Completion:
        formats = _formats(prompt.schema)[loosened:] or [{}]
        try:
            with self._server.translating(timeout):
                parts = self._stream(prompt, formats[0], timeout, began + timeout)
        except _Refused:
            if len(formats) == 1:
                raise
            return self._complete(prompt, timeout, began, loosened + 1)
        # Learned from success alone: a server that refuses every format refuses the prompt.
        self._loosened = max(self._loosened, loosened)
        return Completion("".join(parts), (perf_counter() - began) * 1e3, len(parts))

    def _stream(self, prompt: Prompt, answer_format: Mapping[str, Any], timeout: float, end: float) -> list[str]:
        left = end - perf_counter()
        if left <= 0.0:
            raise ModelTimeout(self._server.late(timeout))
        parts: list[str] = []
        finished = False
        longest = prompt.max_tokens * (_JSON_LENGTH if answer_format else 1)
        with self._server.client.chat.completions.create(
            model=self.name,
            messages=_messages(prompt),
            max_tokens=longest,
            temperature=0,
            stream=True,
            timeout=left,
            **answer_format,
        ) as chunks:
            for chunk in chunks:
                if perf_counter() > end:
                    raise ModelTimeout(self._server.late(timeout))
                text, last = _piece(chunk)
                finished |= last
                if text:
                    parts.append(text)
                if len(parts) > _ENDLESS * longest:
                    raise ModelNonsense(f"the model {self.name} at {self._server.where} does not end its answer")
        if not finished or not parts:
            raise ModelNonsense(f"the answer of the model {self.name} at {self._server.where} was cut or is none")
        return parts


class OpenAIEmbedder:
    """An embedder on a server. It is asked once at the start, to learn the number of dimensions.

    Raises:
        ModelUnavailable, ModelBusy, ModelTimeout, ModelNonsense
    """

    def __init__(self, model: str, base_url: str, api_key: str | None = None) -> None:
        self.name = model
        self._server = _Server(model, base_url, api_key)
        self.dim = len(self._ask(["dimensions"])[0])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Shape ``(len(texts), dim)``, rows of length 1."""
        out = np.empty((len(texts), self.dim), dtype=np.float32)
        done = 0
        for batch in batched(texts, _EMBED_AT_ONCE):
            out[done : done + len(batch)] = unit(self._ask(batch), len(batch), self.dim, self.name)
            done += len(batch)
        return out

    passages = queries

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        # An empty text is refused by many servers.
        safe = [
            t[:_EMBED_LONGEST].encode("utf-8", "replace").decode("utf-8").replace("\x00", " ") or " " for t in texts
        ]
        with self._server.translating(_EMBED_SECONDS):
            reply = self._server.client.embeddings.create(
                model=self.name, input=safe, encoding_format="float", timeout=_EMBED_SECONDS
            )
            match reply:
                case CreateEmbeddingResponse(data=list(data)) if len(data) == len(texts):
                    return [e.embedding for e in sorted(data, key=lambda e: e.index)]
                case _:
                    raise ModelNonsense(
                        f"the embedder {self.name} did not give one vector for each of {len(texts)} texts"
                    )


class _Refused(ModelNonsense):
    """The server will not take the request as it is."""


class _Server:
    """A client, and its failures told in our words."""

    def __init__(self, model: str, base_url: str, api_key: str | None) -> None:
        self.where = urlsplit(base_url).netloc.rpartition("@")[2]
        self._model = model
        self._closed = False
        self.client = openai.OpenAI(
            base_url=base_url,
            # A server at home has no key, and the library will not go without.
            api_key=api_key or os.environ.get("OPENAI_API_KEY") or "none",
            max_retries=0,
        )

    def late(self, timeout: float) -> str:
        return f"the model {self._model} at {self.where} gave no answer within {timeout:g} s"

    def close(self) -> None:
        self._closed = True
        self.client.close()

    @contextmanager
    def translating(self, timeout: float) -> Iterator[None]:
        """Translates what the library raises."""
        what = f"the model {self._model} at {self.where}"
        if self._closed:
            raise ModelUnavailable(f"{what} is closed")
        try:
            yield
        except (openai.APITimeoutError, httpx2.TimeoutException) as error:
            raise ModelTimeout(self.late(timeout)) from error
        except openai.APIStatusError as error:
            raise _of_status(what, error) from error
        except openai.APIResponseValidationError as error:
            raise ModelNonsense(f"{what} did not answer as the OpenAI API does") from error
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise ModelUnavailable(f"{what} cannot be reached or broke off: {error}") from error
        except (ValueError, TypeError, AttributeError) as error:
            # The library reads what the server sends without checking it.
            raise ModelNonsense(f"{what} sent what is no answer: {error}") from error


def _of_status(what: str, error: openai.APIStatusError) -> ModelError:
    said = f"{what} says {error.status_code}: {str(error.message)[:200]}"
    match error.status_code:
        case 408 | 504:
            return ModelTimeout(said)
        case 429:
            wait = error.response.headers.get("retry-after", "")
            return ModelBusy(f"{what} asks to wait{f' {wait} s' if wait.isdecimal() else ''}")
        case 400 | 413 | 422:
            return _Refused(said)
        case _:
            return ModelUnavailable(said)


def _formats(schema: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """How an answer can be bound, the strictest first."""
    if schema is None:
        return [{}]
    strict = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema), "strict": True}}
    return [{"response_format": strict}, {"response_format": {"type": "json_object"}}, {}]


def _messages(prompt: Prompt) -> list[ChatCompletionMessageParam]:
    messages: list[ChatCompletionMessageParam] = [{"role": "system", "content": prompt.instructions}]
    for text, answer in prompt.examples:
        messages += [{"role": "user", "content": one_line(text)}, {"role": "assistant", "content": answer}]
    return [*messages, {"role": "user", "content": one_line(prompt.input)}]


def _piece(chunk: object) -> tuple[str, bool]:
    """The text of a chunk and whether it is the last, whatever the server made of it."""
    match chunk:
        case ChatCompletionChunk(choices=[Choice(delta=delta, finish_reason=reason), *_]):
            content = delta.content if isinstance(delta, ChoiceDelta) else None
            return (content if isinstance(content, str) else ""), reason is not None
        case _:
            return "", False
