"""A topic with captures, as an import leaves them."""

import pytest

from dossiers.models.capture import Capture
from dossiers.models.topic import Topic
from tests.builders import make_capture, make_topic
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
