"""Redirects: takes where a service sends us, leaves whether that is still the service, and what may go there."""

from collections.abc import Mapping
from urllib.parse import urljoin

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})


def is_same_site(before: str, after: str) -> bool:
    """Say whether two hosts are one, or one is the other's parent domain.

    Without a list of public suffixes this is as far as it can be known: siblings may belong to different people.
    """
    short, long = sorted((before.rstrip("."), after.rstrip(".")), key=len)
    return short == long or ("." in short and not short[-1].isdigit() and long.endswith(f".{short}"))


def join_location(url: str, location: str) -> str:
    """Return where a redirect leads, "" where that cannot be read."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def keep_harmless(headers: Mapping[str, str]) -> dict[str, str]:
    """Keep what another host may know: never a key."""
    return {name: value for name, value in headers.items() if name.lower() in {"content-type", "accept"}}
