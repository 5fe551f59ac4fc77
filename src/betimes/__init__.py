"""Betimes: recommendations that keep up with what people say and do.

>>> import betimes
>>> engine = betimes.open("shop.db")  # doctest: +SKIP
>>> engine.say("ann", "我想买一款价格在1000元以下的手机")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from betimes.engine import Engine, open

__all__ = ["Engine", "open"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # PEP 562: whatever the module holds
    """Loads the engine when it is first named, so that parts can be imported without all of it."""
    if name in __all__:
        from betimes import engine  # noqa: PLC0415  # on demand is the point

        return getattr(engine, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
