"""What searches print: takes texts, addresses and times as a service gave them, leaves them as a capture holds them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from dossiers.clients.shapes import as_address, as_time

JOINT = " [...] "  # where a snippet was cut: no quote may cross it
LONGEST_URL, LONGEST_TITLE = 1200, 300  # bytes and characters: both stand in one index of sources


def join_pieces(pieces: list[str]) -> str:
    """Join the pieces of one page in order; a piece that another one holds already is left out."""
    kept: list[str] = []
    for piece in filter(None, pieces):
        if not any(piece in other for other in kept):
            kept = [other for other in kept if other not in piece] + [piece]
    return JOINT.join(kept)


def cut_query(text: str, *, characters: int, words: int = 10_000) -> str:
    """Return the longest start of a question, in whole words, that a service takes; one long word is cut inside."""
    kept, size = [], -1
    for word in text.split()[:words]:
        size += 1 + len(word)
        if size > characters:
            break
        kept.append(word)
    return " ".join(kept) or text.strip()[:characters]


def cut_title(text: str) -> str:
    """Return a title as one line, no longer than a source's may be."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def read_time(text: str) -> datetime | None:
    """Read a time as ISO 8601 or RFC 5322 writes it, in UTC where it names no zone; None for anything else."""
    time = as_time(text.strip())
    if time is not None:
        return time
    try:
        time = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def read_host(url: str) -> str:
    """Return the host of a page's address without "www."; "" for what is no address that a reader may open."""
    address = as_address(url) if url.isprintable() and len(url.encode()) <= LONGEST_URL else ""
    return (urlsplit(address).hostname or "").removeprefix("www.")
