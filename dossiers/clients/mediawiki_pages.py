"""Takes the Action API's answer about one title, leaves what it is: a text, meanings, a gap, another wiki's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from dossiers.clients.base import Candidate, Found, Policy
from dossiers.clients.shapes import as_address, as_dict, as_line, as_text, as_time, is_set, list_dicts, strip_tags

EARTH = frozenset({"", "earth"})
CHAIN = 10  # redirects that are followed in an answer at most


@dataclass(frozen=True)
class Page:
    """One title's answer. `kind`: text, disambiguation, missing, foreign, other (no article), blank (no introduction).

    `chain` holds the names that redirects led through, the asked one first; `section` the part that they ended in.
    """

    kind: str
    title: str = ""
    item: str = ""
    section: str = ""
    chain: tuple[str, ...] = ()
    raw: dict[str, Any] = field(default_factory=dict, repr=False)


def read_page(data: dict[str, Any], asked: str) -> Page | None:
    """Return what the answer says of the title that was asked for; None where it says nothing."""
    query = as_dict(data.get("query"))
    chain, section, is_foreign = _follow(query, asked)
    raw = next(list_dicts(query.get("pages")), None)
    if is_foreign or (raw is None and next(list_dicts(query.get("interwiki")), None)):
        return Page("foreign", chain=chain)
    if raw is None:
        return None
    properties = as_dict(raw.get("pageprops"))
    title, item = as_line(raw.get("title")), as_text(properties.get("wikibase_item"))
    return Page(_judge(raw, properties), title, item, section, chain, raw)


def _judge(raw: dict[str, Any], properties: dict[str, Any]) -> str:
    if any(is_set(raw, flag) for flag in ("missing", "invalid")) and not is_set(raw, "known"):
        return "missing"
    if raw.get("ns", 0) != 0 or is_set(raw, "special"):
        return "other"
    if "disambiguation" in properties:
        return "disambiguation"
    return "text" if as_text(raw.get("extract")).strip() else "blank"


def _follow(query: dict[str, Any], asked: str) -> tuple[tuple[str, ...], str, bool]:
    """Return the names of the redirects from the asked title on, the section of the last, and whether it leaves."""
    spelt = {as_text(step.get("from")): as_text(step.get("to")) for step in list_dicts(query.get("normalized"))}
    steps = {as_text(step.get("from")): step for step in list_dicts(query.get("redirects"))}
    chain: list[str] = []
    name, section = spelt.get(asked, asked), ""
    while name in steps and name not in chain and len(chain) < CHAIN:
        chain.append(name)
        step = steps[name]
        section = as_line(step.get("tofragment"))
        name = as_text(step.get("to"))
        if step.get("tointerwiki"):
            return tuple(chain), section, True
    return tuple(chain), section, False


def make_found(page: Page, policy: Policy, language: str, api_url: str) -> Found:
    """Return a page's introduction with its revision, licence and what tells whether it is the topic's."""
    raw = page.raw
    url = as_address(raw.get("canonicalurl")) or as_address(raw.get("fullurl"))
    revision = next(list_dicts(raw.get("revisions")), {})
    number = as_text(revision.get("revid")) or as_text(raw.get("lastrevid"))
    permanent = make_permanent_url(api_url, page.title, number)
    return Found(
        title=page.title,
        text=as_text(raw.get("extract")).strip(),
        url=url,
        publisher=urlsplit(url).hostname or "",
        entity=name_entity(page, language),
        payload={"page": raw, "redirects": list(page.chain), "section": page.section, "permanent_url": permanent},
        published_at=as_time(revision.get("timestamp")),
        revision_id=number,
        licence=policy.licence,
        attribution=", ".join(filter(None, [policy.attribution, f"“{page.title}”", permanent])),
        grade=policy.grade,
        features=_list_features(page),
    )


def name_entity(page: Page, language: str) -> str:
    """Return the key of what the page is about: its item where it has one, else its title."""
    return f"wikidata:{page.item}" if page.item else f"wikipedia:{language}:{page.title}"


def make_permanent_url(api_url: str, title: str, revision: str) -> str:
    """Return the address of one revision, beside the API's; "" where it cannot be known."""
    if not api_url.endswith("/api.php") or not revision.isdigit():
        return ""
    return f"{api_url.removesuffix('api.php')}index.php?title={quote(title.replace(' ', '_'))}&oldid={revision}"


def _list_features(page: Page) -> dict[str, Any]:
    properties = as_dict(page.raw.get("pageprops"))
    features: dict[str, Any] = {
        "is_disambiguation": page.kind == "disambiguation",
        "wikibase_item": page.item,
        "description": as_line(properties.get("wikibase-shortdesc")),
        "page_language": as_text(page.raw.get("pagelanguage")),
        "redirected_from": page.chain[0] if page.chain else "",
        "redirects": list(page.chain),
        "section": page.section,
        "coordinates": _find_coordinates(page.raw),
    }
    return {name: value for name, value in features.items() if value or name == "is_disambiguation"}


def _find_coordinates(raw: dict[str, Any]) -> list[str]:
    """Return latitude and longitude on Earth, as the service spells them; a crater on the Moon has none."""
    for place in list_dicts(raw.get("coordinates")):
        numbers = [place.get("lat"), place.get("lon")]
        is_number = all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers)
        if as_text(place.get("globe")).lower() in EARTH and is_number:
            return [str(number) for number in numbers]
    return []


def make_candidate(page: Page, language: str) -> Candidate:
    """Return a page as something that the question may mean."""
    features = _list_features(page)
    return Candidate(name_entity(page, language), page.title, str(features.get("description", "")), features)


def read_links(data: dict[str, Any], title: str, language: str, most: int) -> tuple[Candidate, ...]:
    """Return the articles that a page of meanings links to, those that bear its name first."""
    pages = [Page("", as_line(raw.get("title")), _find_item(raw), raw=raw) for raw in _list_articles(data)]
    name = title.partition(" (")[0].casefold()
    pages.sort(key=lambda page: (name not in page.title.casefold(), page.title))
    return tuple(make_candidate(page, language) for page in pages[:most])


def _list_articles(data: dict[str, Any]) -> Sequence[dict[str, Any]]:
    pages = list_dicts(as_dict(data.get("query")).get("pages"))
    return [raw for raw in pages if _judge(raw, as_dict(raw.get("pageprops"))) in {"text", "blank"}]


def _find_item(raw: dict[str, Any]) -> str:
    return as_text(as_dict(raw.get("pageprops")).get("wikibase_item"))


def find_title_of(data: dict[str, Any], item: str) -> str:
    """Return the title of the article about an item among those of an answer, "" where none is."""
    return next((as_line(raw.get("title")) for raw in _list_articles(data) if _find_item(raw) == item), "")


def read_hits(data: dict[str, Any], language: str) -> tuple[Candidate, ...]:
    """Return the hits of a search; their snippets are features, never texts."""
    hits = [hit for hit in list_dicts(as_dict(data.get("query")).get("search")) if as_line(hit.get("title"))]
    return tuple(
        Candidate(
            f"wikipedia:{language}:{as_line(hit.get('title'))}",
            as_line(hit.get("title")),
            features={"snippet": strip_tags(hit.get("snippet")), "words": as_text(hit.get("wordcount")), "rank": rank},
        )
        for rank, hit in enumerate(hits, start=1)
    )
