"""Takes a licence's short name; leaves the address of its text, which most free licences ask to be linked."""

_DEEDS = {
    "cc0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc by 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc by 3.0": "https://creativecommons.org/licenses/by/3.0/",
    "cc by-sa 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc by-sa 3.0": "https://creativecommons.org/licenses/by-sa/3.0/",
    "odbl 1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}


def find_deed(licence: str) -> str:
    """Return the address of a licence's text, empty where it is not a licence we know."""
    return _DEEDS.get(" ".join(licence.casefold().split()), "")
