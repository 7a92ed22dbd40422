"""One question to a stand-in, answered or failed."""

from __future__ import annotations

import pytest

from dossiers.clients.base import Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Answer, Client
from tests.stubs.server import StubServer

KEY = "sk-not-to-be-seen-7f3a"


def get(stub: StubServer, policy: Policy, path: str = "/", **options: object) -> Answer:
    """Ask with GET."""
    with Client(policy) as client:
        return client.get_json(f"{stub.url}{path}", **options)  # type: ignore[arg-type]


def fail(stub: StubServer, policy: Policy, path: str = "/", **options: object) -> ServiceError:
    """Ask with GET, and return why that failed."""
    with pytest.raises(ServiceError) as caught:
        get(stub, policy, path, **options)
    return caught.value
