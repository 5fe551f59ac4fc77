"""Plain HTML elements, so that the page has the structure that a screen reader and a keyboard expect.

Text is always a text node, never markup, whoever wrote it.
"""

from collections.abc import Awaitable, Callable

from nicegui.elements.mixins.text_element import TextElement

Handler = Callable[[], Awaitable[None] | None]


class Tag(TextElement):
    """An HTML element with text, classes and attributes; children are put in by ``with``.

    Attributes are given by their names with ``_`` for ``-``: ``aria_label="…"``.
    """

    def __init__(self, tag: str, text: str = "", classes: str = "", **attributes: object) -> None:
        super().__init__(tag=tag, text=text)
        if classes:
            self.classes(classes)
        for name, value in attributes.items():
            self.props[name.rstrip("_").replace("_", "-")] = value


def button(text: str, on_click: Handler, classes: str = "", **attributes: object) -> Tag:
    """A button that does something here."""
    made = Tag("button", text, classes, type="button", **attributes)
    made.on("click", on_click)
    return made


def spoken(text: str) -> Tag:
    """Words for a screen reader alone."""
    return Tag("span", text, "sr-only")
