"""Signed-in clients."""

import pytest
from django.test import Client

from tests.admin.pages import sign_in


@pytest.fixture
def administrator() -> Client:
    return sign_in("administrator")


@pytest.fixture
def curator() -> Client:
    return sign_in("curator")
