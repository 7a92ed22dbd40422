"""A dossier to read, and a cache that remembers no other test."""

import pytest
from django.core.cache import cache

from tests.publish.dossiers import Dossier, make_dossier


@pytest.fixture
def _empty_cache(redis_url: str) -> None:
    cache.clear()


@pytest.fixture
def dossier() -> Dossier:
    return make_dossier()
