"""Editors for the tests of the desk."""

import pytest

from tests.builders import make_user


@pytest.fixture
def editor():
    return make_user()


@pytest.fixture
def other():
    return make_user()
