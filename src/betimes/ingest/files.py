"""A file of text before it is read: is it there, is it text, in which encoding, how many lines."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from betimes.errors import InvalidFile

_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: Beginnings of files that people take for tables.
_FOREIGN = {
    b"PK\x03\x04": "a zip or Excel file; save the sheet as CSV in UTF-8",
    b"\xd0\xcf\x11\xe0": "an old Excel file; save the sheet as CSV in UTF-8",
    b"SQLite format 3": "a database; export the table as CSV",
    b"%PDF": "a PDF; export the table as CSV",
}


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that was read through once and is text from end to end.

    Attributes:
        lines: how many line ends it has.
    """

    path: Path
    encoding: str
    lines: int

    @contextmanager
    def open(self) -> Iterator[TextIO]:
        """The text, with line ends as they are."""
        with opened(self.path) as raw, io.TextIOWrapper(raw, encoding=self.encoding, newline="") as text:
            yield text


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked if it is gzip.

    Raises:
        InvalidFile: it is missing, not readable, or damaged.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.peek(2)[:2] == _GZIP
            yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
    except FileNotFoundError as error:
        raise InvalidFile(f"there is no file {path}; check the path") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidFile(f"{path.name} is damaged gzip ({error}); copy it again, or unpack what is left") from error
    except OSError as error:
        raise InvalidFile(f"{path} cannot be read: {error.strerror or error}") from error


def beginning(path: Path, size: int) -> bytes:
    """The first bytes of a file, unpacked."""
    with opened(path) as raw:
        return raw.read(size)


def survey(path: Path, encoding: str | None = None) -> TextFile:
    """Reads a file through once, so that nothing is imported from one that turns out not to be text.

    Without an encoding said: UTF-16 where its mark stands, else UTF-8, else GB18030.

    Raises:
        InvalidFile: it is missing, empty, binary, or in another encoding; the message names the byte.
    """
    head = beginning(path, 64)
    if not head:
        raise InvalidFile(f"{path.name} is empty")
    foreign = next((what for magic, what in _FOREIGN.items() if head.startswith(magic)), None)
    if foreign:
        raise InvalidFile(f"{path.name} is {foreign}")
    if encoding is not None:
        return TextFile(path, _known(encoding), _decode(path, encoding))
    if head.startswith(_UTF16):
        return TextFile(path, "utf-16", _decode(path, "utf-16"))
    try:
        return TextFile(path, "utf-8-sig", _decode(path, "utf-8-sig"))
    except _Undecodable as utf8:
        try:
            return TextFile(path, "gb18030", _decode(path, "gb18030"))
        except _Undecodable:
            raise InvalidFile(
                f"{path.name} is neither UTF-8 nor GB18030 (first wrong {utf8}); say its encoding, such as "
                "--map encoding=windows-1252, or save it as UTF-8"
            ) from utf8


class _Undecodable(InvalidFile):
    """A byte that the encoding does not allow."""


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError as error:
        raise InvalidFile(f"there is no text encoding {encoding!r}; try utf-8, gb18030 or windows-1252") from error
    return encoding


def _decode(path: Path, encoding: str) -> int:
    """Decodes a file to its end and returns how many line ends it has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    wide = encoding.replace("_", "-").casefold().startswith(("utf-16", "utf-32"))  # half of their bytes are NUL
    read, lines, block = 0, 0, b" "
    with opened(path) as raw:
        while block:
            block = raw.read(_BLOCK)
            if not wide and b"\x00" in block:
                raise _binary(path, lines + block[: block.index(b"\x00")].count(b"\n"))
            start = read - len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good, byte = error.object[: error.start], error.object[error.start]
                raise _wrong_byte(byte, start + error.start, lines + good.count(b"\n")) from error
            if "\x00" in text:
                raise _binary(path, lines + text[: text.index("\x00")].count("\n"))
            if encoding == "gb18030" and not _plausible(text):
                raise _wrong_byte(*_first_high(path), lines)
            lines += text.count("\n")
            read += len(block)
    return lines


def _binary(path: Path, lines: int) -> InvalidFile:
    return InvalidFile(
        f"{path.name} holds a NUL byte in line {lines + 1:,}: it is binary, or UTF-16 without its mark; "
        "save it as UTF-8"
    )


def _wrong_byte(byte: int, at: int, lines: int) -> _Undecodable:
    return _Undecodable(f"byte 0x{byte:02x} at position {at:,}, in line {lines + 1:,}")


def _first_high(path: Path) -> tuple[int, int]:
    head = beginning(path, _BLOCK)
    return next(((byte, at) for at, byte in enumerate(head) if byte > 0x7F), (0, 0))


def _plausible(text: str) -> bool:
    """Whether decoded text is Chinese as it is written, and not Western bytes that happen to pair up."""
    foreign = "".join(c for c in text if c > "\x7f")[:2_000]
    return len(foreign.encode("gb2312", errors="ignore")) >= len(foreign)
