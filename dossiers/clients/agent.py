"""How we name ourselves to services: takes a contact, leaves the user agent."""

import httpx2
from django.conf import settings


def make_user_agent(contact: str) -> str:
    """Return "Dossiers/<version> (<contact>) httpx2/<version>", in letters that a header can carry."""
    kept = "".join(letter for letter in contact if letter.isascii() and letter.isprintable() and letter not in "()")
    middle = f" ({kept.strip()})" if kept.strip() else ""
    return f"Dossiers/{settings.VERSION}{middle} httpx2/{httpx2.__version__}"
