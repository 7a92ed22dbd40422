"""The word on every page of the desk when research stands still: no worker is alive, or Redis does not answer."""

import pytest
from django.urls import reverse

from dossiers.clients.limiter import connect_redis
from dossiers.refresh.queries.screens import forget_look, standstill
from tests.refresh.screens.rows import sign_in
from tests.review.pages import parse

pytestmark = pytest.mark.django_db
FLEET = "/research/"
DEAD_REDIS = "redis://127.0.0.1:1/2"


def list_desk_pages(topic):
    research = reverse("refresh:topic", args=[topic.slug])
    return ["/review/", "/review/topics/", f"/review/topics/{topic.slug}/", "/publish/", research, FLEET]


def test_without_a_worker_every_page_of_the_desk_says_that_research_stands_still(topic):
    for group, client in (("editor", sign_in()), ("publisher", sign_in("publisher"))):
        for page in list_desk_pages(topic):
            assert "No worker is running" in parse(client.get(page)).text(".banner"), (group, page)
    assert parse(sign_in("reader").get("/accounts/password/change/")).find(".banner") is None


def test_without_redis_the_pages_work_and_say_that_research_stands_still(topic, settings):
    settings.RESEARCH_REDIS_URL = DEAD_REDIS
    forget_look()
    client = sign_in()
    for page in list_desk_pages(topic):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Redis does not answer" in parse(answer).text(".banner"), page
    assert "not known" in parse(client.get(FLEET)).text(".is-stacked")


def test_pages_within_seconds_share_one_look(topic, worker):
    client = sign_in()
    assert parse(client.get("/review/")).find(".banner") is None
    connect_redis().delete(f"worker:{worker}")
    assert parse(client.get("/review/")).find(".banner") is None
    forget_look()
    assert parse(client.get("/review/")).find(".banner") is not None


def test_a_look_is_repeated_after_a_moment(worker, monkeypatch):
    assert standstill.explain_standstill() == ""
    connect_redis().delete(f"worker:{worker}")
    monkeypatch.setattr(standstill, "KEPT", -1.0)
    assert standstill.explain_standstill() == standstill.NOBODY
