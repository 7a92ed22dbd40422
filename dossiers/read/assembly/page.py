"""Takes an edition's content and what is known of it now; leaves a page: its facts in order, with their quotes.

Pure and complete: the same edition and status give the same page, for whoever asks and whenever.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dossiers.read.assembly.quotes import Quote, arrange_quotes
from dossiers.read.assembly.words import (
    ACTIONS,
    BASES,
    CORRECTIONS,
    GRADES,
    HEALTH,
    KINDS,
    PROVIDERS,
    Time,
    find_link,
    find_machine_date,
    say_coordinates,
    say_time,
    spell,
)

Content = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One fact as readers see it."""

    id: str
    kind: str
    label: str
    value: str
    date_text: str
    shown_date: str
    date_machine: str
    date_notes: list[str]
    quotes: list[Quote]
    approvals: list[tuple[str, str, Time]]
    basis: str
    is_statement: bool
    since: Time | None
    since_edition: int
    health: str
    coordinates: str
    map_url: str


@dataclass(frozen=True)
class Status:
    """What is known now of a published dossier: its current edition, the health of its facts, the last check."""

    current_number: int
    health: Mapping[str, str] = field(default_factory=dict)
    checked_at: datetime | None = None


@dataclass(frozen=True)
class Page:
    """A dossier's page: everything that the template prints."""

    content: Content
    kind: str
    summary: list[Fact]
    attributes: list[Fact]
    timeline: list[Fact]
    places: list[Fact]
    sources: list[Content]
    documents: list[Content]
    corrections: list[Content]
    published: Time | None
    times: list[tuple[str, Time]]
    clocks: list[tuple[str, Time | None, str]]
    health_count: int
    superseded_by: int | None


def arrange_page(content: Content, status: Status, *, map_link: str, log: Sequence[Content] = ()) -> Page:
    """Arrange an edition's content for readers; `log` is every edition's corrections so far, newest first.

    `map_link` is a URL with `{lat}` and `{lon}` in it. Timeline: by date, what has no readable date last.
    """
    sources = [_describe_source(source, n) for n, source in enumerate(content["sources"], start=1)]
    by_id = {source["id"]: source for source in sources}
    facts = [_arrange_fact(fact, by_id, status, map_link) for fact in sorted(content["facts"], key=_place_in_order)]
    edition = content["edition"]
    return Page(
        content=content, kind=KINDS.get(content["topic"]["kind"], content["topic"]["kind"]),
        summary=[fact for fact in facts if fact.kind == "summary"],
        attributes=[fact for fact in facts if fact.kind == "attribute"],
        timeline=[fact for fact in facts if fact.kind == "event"],
        places=[fact for fact in facts if fact.kind == "place"],
        sources=sources, documents=[{**d, "link": find_link(d["url"])} for d in content["documents"]],
        corrections=[{**row, "title": CORRECTIONS[row["kind"]]} for row in log],
        published=say_time(content["published_at"]), times=_list_times(content["topic"]),
        clocks=_list_clocks(content, status), health_count=sum(bool(fact.health) for fact in facts),
        superseded_by=status.current_number if edition < status.current_number else None,
    )  # fmt: skip


def _place_in_order(fact: Content) -> tuple[bool, int, int]:
    if fact["kind"] != "event":
        return (False, 0, fact["position"])
    return (fact["date_sort"] is None, fact["date_sort"] or 0, fact["position"])


def _arrange_fact(fact: Content, sources: Mapping[int, Content], status: Status, map_link: str) -> Fact:
    return Fact(
        id=fact["id"], kind=fact["kind"], label=fact["label"], value=fact["value"], date_text=fact["date_text"],
        shown_date="" if _is_dated_by_its_words(fact) else fact["date_text"],
        date_machine=find_machine_date(fact["date_edtf"]), date_notes=_say_basis(fact),
        quotes=arrange_quotes(fact["evidence"], sources), is_statement=fact["is_statement"],
        approvals=[(ACTIONS[a["action"]], a["editor"], spell(a["at"])) for a in fact["approvals"]],
        since=say_time(fact["since"]["at"]), since_edition=fact["since"]["edition"],
        basis=_say_what_it_rests_on(fact, sources),
        health=HEALTH.get(status.health.get(fact["id"], ""), ""),
        coordinates=say_coordinates(fact["lat"], fact["lon"]), map_url=_find_map(fact["lat"], fact["lon"], map_link),
    )  # fmt: skip


def _is_dated_by_its_words(fact: Content) -> bool:
    return fact["date_text"] in fact["label"] or fact["date_text"] in fact["value"]


def _say_what_it_rests_on(fact: Content, sources: Mapping[int, Content]) -> str:
    """Return the line that opens to the quotes: which sources, and who approved it last."""
    numbers = sorted({sources[row["capture"]]["number"] for row in fact["evidence"] if row["method"] != "nearest"})
    by = f", approved by {fact['approvals'][-1]['editor']}" if fact["approvals"] else ""
    if fact["is_statement"] or not fact["evidence"]:
        return f"Editor’s statement{by}"
    if not numbers:
        return f"No source quoted says this{by}"
    return f"{'Source' if len(numbers) == 1 else 'Sources'} {', '.join(map(str, numbers))}{by}"


def _say_basis(fact: Content) -> list[str]:
    if not fact["date_text"]:
        return []
    bases = {row["date_basis"] for row in fact["evidence"]}
    notes = [words for basis, words in BASES.items() if basis in bases]
    if fact["date_sort"] is None:
        notes.append("It could not be placed on the calendar.")
    return notes


def _describe_source(source: Content, number: int) -> Content:
    return {
        **source, "number": number, "link": find_link(source["url"]),
        "provider": PROVIDERS.get(source["provider"], source["provider"].replace("_", " ").capitalize()),
        "grade": GRADES.get(source["grade"], ""), "retrieved": say_time(source["retrieved_at"]),
        "published": say_time(source["published_at"]),
    }  # fmt: skip


def _find_map(lat: str | None, lon: str | None, map_link: str) -> str:
    if lat is None or lon is None:
        return ""
    return find_link(map_link.replace("{lat}", lat).replace("{lon}", lon))


def _list_times(topic: Content) -> list[tuple[str, Time]]:
    named = (
        ("First mentioned", "first_mentioned_at"), ("Last updated", "last_updated_at"),
        ("Research retrieved", "research_retrieved_at"),
    )  # fmt: skip
    return [(name, spell(topic[key])) for name, key in named if topic[key]]


def _list_clocks(content: Content, status: Status) -> list[tuple[str, Time | None, str]]:
    """List the four times that are never mixed; where one is not known, say so instead of giving another."""
    changed = _find_latest(s["published_at"] for s in content["sources"])
    checked = status.checked_at.isoformat().replace("+00:00", "Z") if status.checked_at else None
    fact = _find_latest(f["since"]["at"] for f in content["facts"])
    reviewed = _find_latest(a["at"] for f in content["facts"] for a in f["approvals"])
    return [
        ("A source changed", say_time(changed), "The sources give no date"),
        ("We last checked", say_time(checked), "Not since publication"),
        ("A fact changed here", say_time(fact), "With this edition"),
        ("An editor reviewed", say_time(reviewed), "Not known"),
    ]


def _find_latest(times: Iterable[str | None]) -> str | None:
    return max((iso for iso in times if iso), key=datetime.fromisoformat, default=None)
