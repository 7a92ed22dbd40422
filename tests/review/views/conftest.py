"""A topic with claims, as the desk shows them."""

import pytest

from tests.builders import make_claim, make_topic


@pytest.fixture
def topic():
    return make_topic()


@pytest.fixture
def claims(topic):
    return [make_claim(topic, value, label=f"Label {value}") for value in ("three domes", "four doors", "five lamps")]
