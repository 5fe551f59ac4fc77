"""The composition root: settings in, a working engine out."""

from betimes.domain.profile import Memory
from betimes.engine.path import Engine
from betimes.engine.state import State
from betimes.models import embedder_from, model_from
from betimes.models.embed import CachedEmbedder
from betimes.ports import Embedder, LanguageModel, Progress, Stores, no_progress
from betimes.settings import Settings
from betimes.stores import open_stores


def open(  # ``betimes.open`` reads as what it does
    db: str | None = None,
    *,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> Engine:
    """An engine over a database, created if it does not exist.

    Args:
        db: a SQLite file or a database URL; by default that of the settings.
        settings: by default from the environment.
        progress: told how far the catalogue and the log are read.

    Raises:
        StoreError: the database cannot be used; the message says why and how to mend it.
        ModelUnavailable: the embedder or the model named in the settings cannot be had.
    """
    settings = settings or Settings()
    if db is not None:
        settings = settings.model_copy(update={"db": db})
    stores = open_stores(settings.db)
    try:
        embedder = embedder_from(settings.embedder, api_key=settings.api_key)
        model = model_from(settings.model, api_key=settings.api_key, cache=settings.cache)
        return assemble(stores, embedder, model, settings, progress)
    except BaseException:
        stores.close()
        raise


def assemble(
    stores: Stores,
    embedder: Embedder,
    model: LanguageModel | None,
    settings: Settings,
    progress: Progress = no_progress,
) -> Engine:
    """An engine from parts already made; for tests and for those who bring their own."""
    state = State(stores, CachedEmbedder(embedder, stores.vectors), Memory())
    state.follow(progress)
    return Engine(state, model, settings)
