"""Takes an item's JSON, leaves its statements as lines that are the same for the same statements.

The best rank of a property counts, deprecated statements never do. A statement that rests on nothing but an import from
Wikipedia says so, because that page is no second source.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dossiers.clients.shapes import as_dict, as_list, as_text, list_dicts
from dossiers.clients.wikidata_values import KINDS, PROPERTY, Speller, find_kind, list_items, read_time

INSTANCE_OF, COORDINATES = "P31", "P625"
IMPORTED_FROM, IMPORT_URL, RETRIEVED = "P143", "P4656", "P813"
CIRCULAR = " [imported from Wikipedia]"
# Statements that keep Wikimedia's own house in order: categories, galleries, portals, templates, projects, lists.
HOUSEKEEPING = frozenset(
    "P301 P373 P910 P935 P971 P1151 P1204 P1423 P1424 P1464 P1465 P1472 P1612 P1740 P1753 P1754 P1791 P1792 P2354 "
    "P2517 P2559 P2875 P2959 P3709 P3734 P3876 P4195 P4224 P4329 P5008 P5125 P6104 P6112 P6186 P6365 P7084 P7561 P7782 "
    "P7861 P7867 P8596 P8989".split()
)
PER_PROPERTY, IN_ALL, QUALIFIERS = 12, 150, 6  # most statements of a property and of an item, most qualifiers of one


@dataclass(frozen=True)
class Statement:
    """One statement that counts: property, value, qualifiers by property, and whether it only repeats Wikipedia."""

    property: str
    value: dict[str, Any] = field(repr=False)
    qualifiers: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = field(default=(), repr=False)
    is_circular: bool = False


@dataclass(frozen=True)
class Statements:
    """An item's statements that are kept, and how many more there are than are kept."""

    kept: tuple[Statement, ...]
    left_out: int


def read_statements(entity: dict[str, Any]) -> Statements:
    """Return an item's statements of the best rank, of kinds that say something of the subject."""
    kept: list[Statement] = []
    left_out = 0
    for name, given in sorted(as_dict(entity.get("claims")).items(), key=lambda entry: _order(entry[0])):
        if not PROPERTY.fullmatch(name) or name in HOUSEKEEPING:
            continue
        found = [_read(name, claim) for claim in _pick_rank(list_dicts(given)) if _is_readable(claim)]
        room = max(min(PER_PROPERTY, IN_ALL - len(kept)), 0)
        kept += sorted(found, key=_find_newest)[:room]
        left_out += max(len(found) - room, 0)
    return Statements(tuple(kept), left_out)


def _pick_rank(claims: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    ranked = [(as_text(claim.get("rank")) or "normal", claim) for claim in claims]
    best = "preferred" if any(rank == "preferred" for rank, _ in ranked) else "normal"
    return [claim for rank, claim in ranked if rank == best]


def _is_readable(claim: dict[str, Any]) -> bool:
    snak = as_dict(claim.get("mainsnak"))
    return find_kind(snak) in KINDS and snak.get("snaktype") in {"value", "somevalue", "novalue"}


def _read(name: str, claim: dict[str, Any]) -> Statement:
    qualifiers = [
        (key, tuple(snak for snak in list_dicts(snaks) if find_kind(snak) in KINDS))
        for key, snaks in sorted(as_dict(claim.get("qualifiers")).items(), key=lambda entry: _order(entry[0]))
        if PROPERTY.fullmatch(key)
    ]
    kept = tuple((key, snaks) for key, snaks in qualifiers if snaks)[:QUALIFIERS]
    return Statement(name, as_dict(claim.get("mainsnak")), kept, _is_circular(as_list(claim.get("references"))))


def _is_circular(references: list[Any]) -> bool:
    """Say whether every reference only names a wiki that the statement was copied from."""
    named = [frozenset(as_dict(reference.get("snaks"))) for reference in list_dicts(references)]
    return bool(named) and all(
        names & {IMPORTED_FROM, IMPORT_URL} and names <= {IMPORTED_FROM, IMPORT_URL, RETRIEVED} for names in named
    )


def _find_newest(statement: Statement) -> tuple[list[int], str]:
    """Return a key that sorts the newest first, by the statement's times, then by what it holds."""
    times = [
        read[:3]
        for _, snaks in statement.qualifiers
        for snak in snaks
        if (read := read_time(as_dict(as_dict(snak.get("datavalue")).get("value"))))
    ]
    return [-part for part in max(times, default=(-(10**16), 0, 0))], repr((statement.value, statement.qualifiers))


def _order(name: str) -> tuple[int, str]:
    digits = re.sub(r"\D", "", name)[:15]
    return int(digits or 0), name


def list_names(statements: Iterable[Statement]) -> list[str]:
    """Return the ids of everything whose label is needed to spell the statements, each once, in order."""
    return list(dict.fromkeys(_list_names(statements)))


def _list_names(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in statements:
        yield statement.property
        yield from list_items(statement.value)
        for name, snaks in statement.qualifiers:
            yield name
            for snak in snaks:
                yield from list_items(snak)


def write_lines(statements: Iterable[Statement], speller: Speller) -> list[str]:
    """Return one line per statement, those of a property together and in the order of their words."""
    lines: dict[str, set[str]] = {}
    for statement in statements:
        line = write_line(statement, speller)
        if line:
            lines.setdefault(statement.property, set()).add(line)
    return [line for found in lines.values() for line in sorted(found)]


def write_line(statement: Statement, speller: Speller) -> str:
    """Return "property: value (qualifier: value; ...)", "" where the value cannot be read."""
    value = speller.spell(statement.value)
    if not value:
        return ""
    spelt = [(name, [text for snak in snaks if (text := speller.spell(snak))]) for name, snaks in statement.qualifiers]
    told = "; ".join(f"{speller.label(name)}: {', '.join(sorted(texts))}" for name, texts in spelt if texts)
    mark = CIRCULAR if statement.is_circular else ""
    return f"{speller.label(statement.property)}: {value}{f' ({told})' if told else ''}{mark}"
