"""Makes up what services say of any topic: the same title gives the same answer, a later edition changes one in ten."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass

FOUNDERS = ("Ada Brook", "Tomas Lind", "Ines Carvalho", "Noor Haddad", "Piotr Wolan", "Mei Tan")
PLACES = ("Northford", "Eastmere", "Kallavik", "Sant Roc", "Umbria Vale", "Port Selby")
ITEMS: dict[str, str] = {}  # item -> title, of everything that was asked for


@dataclass(frozen=True)
class Invented:
    """What is true of a made-up topic."""

    title: str
    item: str
    year: int
    founder: str
    place: str
    members: int
    latitude: float
    longitude: float


def number_item(title: str) -> str:
    """Return the item that a title has, and remember whose it is."""
    item = f"Q{1_000_000 + zlib.crc32(title.casefold().encode())}"
    ITEMS.setdefault(item, title)
    return item


def invent(title: str, edition: int = 1) -> Invented:
    """Make up a topic. In later editions one topic in ten has other members; everything else stays."""
    chance = random.Random(title.casefold())  # noqa: S311 - made up, not secret
    members = chance.randint(10, 9000)
    if zlib.crc32(title.casefold().encode()) % 10 == 0:
        members += edition - 1
    return Invented(
        title,
        number_item(title),
        chance.randint(1850, 2010),
        chance.choice(FOUNDERS),
        chance.choice(PLACES),
        members,
        round(chance.uniform(-60, 60), 4),
        round(chance.uniform(-170, 170), 4),
    )


def write_introduction(invented: Invented) -> str:
    """Write a made-up topic's introduction."""
    return (
        f"{invented.title} was founded in {invented.year} by {invented.founder} in {invented.place}. "
        f"It had {invented.members} members in 2020. "
        f"Its archive has been kept in {invented.place} since {invented.year + 12}."
    )
