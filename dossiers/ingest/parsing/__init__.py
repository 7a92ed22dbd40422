"""Reads exported topic pages: takes the bytes of a text or JSON file, leaves an Export or one error with its line."""

from __future__ import annotations

from datetime import tzinfo

from dossiers.ingest.parsing.decoding import decode_export, too_large
from dossiers.ingest.parsing.export import (
    MAX_BYTES,
    MAX_WORK,
    Attribute,
    Event,
    Export,
    ExportedCapture,
    ExportedDocument,
    ExportError,
    NotAnExport,
    Notice,
    Place,
    UnknownSection,
    show_text,
)
from dossiers.ingest.parsing.jsonform import read_json
from dossiers.ingest.parsing.text import read_text

__all__ = [
    "MAX_BYTES",
    "Attribute",
    "Event",
    "Export",
    "ExportError",
    "ExportedCapture",
    "ExportedDocument",
    "NotAnExport",
    "Notice",
    "Place",
    "UnknownSection",
    "read_export",
    "show_text",
    "too_large",
]


def read_export(data: bytes, *, name: str, timezone: tzinfo) -> Export:
    """Return what the export `data` says; its times without an offset are read in `timezone`.

    The JSON form is taken where `name` ends in .json or the text begins with a brace. Raises NotAnExport for anything
    that is no exported topic page, and ExportError where one breaks off or says what cannot be; nothing else.
    """
    text = decode_export(data, name)
    is_json = name.lower().endswith(".json") or text.lstrip().startswith("{")
    export = (read_json if is_json else read_text)(text, name=name, timezone=timezone)
    if export.work > MAX_WORK:
        expected = f"at most {MAX_WORK:,} statements times characters of retrieved text"
        raise ExportError(name, 1, expected, f"{export.work:,}")
    return export
