"""A topic with captures, as an import leaves them."""

from collections.abc import Iterator
from typing import Any

import pytest

from dossiers.extract.actions.drafting import EXTRACTORS
from dossiers.models.capture import Capture
from dossiers.models.topic import Topic
from tests.builders import make_capture, make_topic
from tests.extract.research import enter_extractor
from tests.extract.samples import ARTICLE, FUND, PLACE, SURVEY, TRADES


@pytest.fixture
def topic() -> Topic:
    return make_topic("Household Recycling", description="A campaign of the Rhine Cleanup Fund and Anja Keller.")


@pytest.fixture
def captures(topic: Topic) -> list[Capture]:
    texts = [("web_search", SURVEY), ("web_search", TRADES), ("web_search", FUND)]
    made = [make_capture(topic, text, provider) for provider, text in texts]
    return [
        make_capture(topic, ARTICLE, "encyclopedia", title="Recycling (album)"),
        *made,
        make_capture(topic, PLACE, "geocoder", title=PLACE),
    ]


@pytest.fixture
def sentences(settings: Any) -> Iterator[None]:
    """Let research be read by the tests' own extractor."""
    settings.EXTRACTOR = "sentences"
    enter_extractor()
    yield
    del EXTRACTORS["sentences"]
