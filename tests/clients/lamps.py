"""An item with a statement of every sort."""

from __future__ import annotations

from typing import Any

from tests.stubs.wikidata import (
    claim,
    item,
    link,
    place,
    quantity,
    string,
    time,
)

COPIED = {"P143": [link("Q328")]}
CITED = {"P854": [string("https://example.org/a", "url")]}


def make_lamp() -> dict[str, Any]:
    lamp = item(
        "Q7",
        "Lamp Society",
        "society for lamps",
        P31=[claim(link("Q43229"))],
        P112=[claim(link("Q20")), claim(link("Q21"), rank="deprecated")],
        P276=[claim(link("Q30"), references=[COPIED]), claim(link("Q31"), references=[COPIED, CITED])],
        P571=[claim(time("+1954-09-29T00:00:00Z"))],
        P625=[claim(place(51.50722222, -0.1275))],
        P2124=[
            claim(quantity("+23"), rank="preferred", qualifiers={"P585": [time("+2021-00-00T00:00:00Z", 9)]}),
            claim(quantity("+20"), qualifiers={"P585": [time("+2020-00-00T00:00:00Z", 9)]}),
        ],
        P214=[claim(string("12345", "external-id"))],
        P18=[claim(string("Lamp.jpg", "commonsMedia"))],
        P856=[claim(string("https://lamps.example.org", "url"))],
        P373=[claim(string("Lamps"))],
    )
    lamp["aliases"] = {"en": [{"language": "en", "value": name} for name in ("LS", "Lamps", "LS")]}
    lamp["sitelinks"] = {"enwiki": {"site": "enwiki", "title": "The Lamp Society"}}
    return lamp
