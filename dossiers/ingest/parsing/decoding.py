"""Turns a file's bytes into text with plain line ends, or says on which line they are no text."""

from __future__ import annotations

import re

from dossiers.ingest.parsing.export import MAX_BYTES, ExportError, NotAnExport, Notice

SIGNATURES = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"%PDF": "a PDF document",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
LINE_END = re.compile(rb"\r\n|\r|\n")
# What XML 1.0 cannot carry cannot be published in a feed, and PostgreSQL cannot store U+0000.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BIDI_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def decode_export(data: bytes, name: str) -> str:
    """Return the text of `data` (UTF-8, with or without a byte order mark), its line ends as `\\n`.

    Raises NotAnExport for an archive, another encoding, a null byte or a file over MAX_BYTES, and the line of it.
    """
    if len(data) > MAX_BYTES:
        raise too_large(name, len(data))
    for signature, what in SIGNATURES.items():
        if data.startswith(signature):
            raise NotAnExport(name, 1, "an exported topic page (UTF-8 text)", what)
    text = _decode_utf8(data.removeprefix(b"\xef\xbb\xbf"), name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    refuse_unprintable(text, name)
    return text


def too_large(name: str, size: int) -> NotAnExport:
    """Return the error of a file of `size` bytes that is over MAX_BYTES."""
    return NotAnExport(name, 1, f"an exported topic page of at most {MAX_BYTES:,} bytes", f"a file of {size:,} bytes")


def _decode_utf8(data: bytes, name: str) -> str:
    null = data.find(b"\x00")
    if null >= 0:
        raise NotAnExport(name, _line_at(data, null), "UTF-8 text", f"a null byte (byte {null:,} of the file)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte 0x{data[error.start]:02x} (byte {error.start:,} of the file), which is not UTF-8"
        raise NotAnExport(name, _line_at(data, error.start), "UTF-8 text", found) from None


def _line_at(data: bytes, offset: int) -> int:
    return 1 + sum(1 for _ in LINE_END.finditer(data, 0, offset))


def refuse_unprintable(text: str, name: str) -> None:
    """Raise ExportError at the first character that neither XML 1.0 nor PostgreSQL can hold."""
    found = UNPRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise ExportError(name, line, "printable text", f"the control character U+{ord(found.group()):04X}")


def notice_bidi_marks(text: str) -> list[Notice]:
    """Return one notice when `text` has marks that change the direction of writing; they are kept as they stand."""
    found = BIDI_MARKS.search(text)
    if not found:
        return []
    line = text.count("\n", 0, found.start()) + 1
    count = len(BIDI_MARKS.findall(text))
    message = f"{count} mark(s) that turn the direction of writing (first: U+{ord(found.group()):04X}); kept"
    return [Notice("direction-marks", message, line)]
