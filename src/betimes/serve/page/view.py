"""What every view can do."""

from typing import Protocol


class View(Protocol):
    """A view, or a part of one, drawn where it is made."""

    async def begin(self) -> None:
        """Shows what there is now."""
