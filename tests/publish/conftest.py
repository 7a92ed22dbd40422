"""A dossier that is ready to be published."""

import pytest

from tests.publish.dossiers import Dossier, make_dossier


@pytest.fixture
def dossier() -> Dossier:
    return make_dossier()
