"""Asks for a dossier's public addresses."""

from typing import Any

from django.test import Client

from tests.publish.dossiers import Dossier


def get(client: Client, dossier: Dossier, rest: str = "/", **headers: Any) -> Any:
    return client.get(f"/{dossier.topic.slug}{rest}", headers=headers)
