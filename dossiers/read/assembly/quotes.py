"""Takes a fact's evidence; leaves its quotes: passages cut into marked and unmarked pieces."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dossiers.read.assembly.words import METHODS

Content = dict[str, Any]
_ROLES = ("value", "date", "subject")


@dataclass(frozen=True)
class Piece:
    """A stretch of a quoted passage; `role` is empty where the words merely stand around a quote."""

    text: str
    role: str


@dataclass(frozen=True)
class Quote:
    """Passages of one source with the quoted words marked, and what must be said about them."""

    passages: list[list[Piece]]
    source: Content
    notes: list[str]


def arrange_quotes(evidence: Sequence[Content], sources: Mapping[int, Content]) -> list[Quote]:
    """Gather the evidence by source, in the order of citing, and by overlapping passage, printed once."""
    cited = dict.fromkeys(row["capture"] for row in evidence)
    return [_arrange_quote([row for row in evidence if row["capture"] == id_], sources[id_]) for id_ in cited]


def _arrange_quote(evidence: Sequence[Content], source: Content) -> Quote:
    groups: list[list[Content]] = []
    for row in sorted(evidence, key=lambda row: (row["passage"]["start"], row["start"])):
        if groups and _continues(groups[-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    notes = [words for method, words in METHODS.items() if any(row["method"] == method for row in evidence)]
    # Only the loosest is said: what is partly paraphrased is not, on the whole, in slightly different words.
    return Quote([_mark_passage(group) for group in groups], source, notes[-1:])


def _continues(group: Sequence[Content], row: Content) -> bool:
    end = max(other["passage"]["start"] + len(other["passage"]["text"]) for other in group)
    return row["passage"]["start"] < end


def _mark_passage(rows: Sequence[Content]) -> list[Piece]:
    text, start = rows[0]["passage"]["text"], rows[0]["passage"]["start"]
    for row in rows[1:]:
        overlap = start + len(text) - row["passage"]["start"]
        text += row["passage"]["text"][max(0, overlap) :]
    return mark_pieces(text, [(row["start"] - start, row["end"] - start, _find_role(row)) for row in rows])


def _find_role(row: Content) -> str:
    """Return what quoted words show; those that are only the nearest show nothing, and are not marked."""
    return "" if row["method"] == "nearest" else str(row["role"])


def mark_pieces(text: str, spans: Iterable[tuple[int, int, str]]) -> list[Piece]:
    """Cut a text at the spans `(start, end, role)`; joined again, the pieces are the text, whatever the spans.

    Where spans overlap, the shorter of value and date shows, so that a date is seen within the sentence that is the
    value; of equal ones the value. A subject shows where neither stands. A span without a role is not marked.
    """
    known = [(max(0, start), min(len(text), end), role) for start, end, role in spans if role in _ROLES]
    cuts = sorted({0, len(text), *(edge for start, end, _ in known if start < end for edge in (start, end))})
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        around = [(role == "subject", e - s, role == "date", role) for s, e, role in known if s <= start and end <= e]
        role = min(around)[-1] if around else ""
        if pieces and pieces[-1].role == role:
            pieces[-1] = Piece(pieces[-1].text + text[start:end], role)
        else:
            pieces.append(Piece(text[start:end], role))
    return pieces
