"""The engine: the straight path over everything else, and the place where it is put together."""

from betimes.engine.assembly import assemble, open  # ``betimes.open`` reads as what it does
from betimes.engine.deepen import Update
from betimes.engine.path import Engine, Why

__all__ = ["Engine", "Update", "Why", "assemble", "open"]
