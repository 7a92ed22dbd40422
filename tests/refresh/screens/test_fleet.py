"""The research page: counters that equal their lists, providers and their switches, kinds, workers, the banner."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dossiers.clients.limiter import connect_redis
from dossiers.models.provider import ProviderPolicy, RefreshPolicy
from dossiers.models.run import Run, RunStatus
from dossiers.refresh.queries import counting
from dossiers.refresh.queries.screens import fleet
from dossiers.refresh.queries.screens import runs as runs_query
from tests.builders import make_topic, make_user
from tests.refresh.screens.rows import make_research, make_step, sign_in, switch_on
from tests.review.pages import parse

pytestmark = pytest.mark.django_db
FLEET = "/research/"
HTMX = {"HX-Request": "true", "HX-Target": "fleet"}


def open_fleet(query="", client=None):
    response = (client or sign_in()).get(FLEET + query)
    assert response.status_code == 200
    return parse(response)


def read_counters(page):
    return {a.attributes["href"].split("#")[0]: page.raw_text(a).split() for a in page.all(".counters a")}


def fill_lists():
    """Make 3 topics that are due, 2 runs that run, 1 that waits, 2 that failed today and 1 long ago."""
    now = timezone.now()
    for hours in range(3):
        make_topic(f"Due {hours}", next_refresh_at=now - timedelta(hours=hours + 1))
    make_topic("Not yet", next_refresh_at=now + timedelta(hours=1))
    make_topic("Gone", next_refresh_at=now, redirect_to=make_topic(), redirect_reason="The same.")
    for status in (RunStatus.RUNNING, RunStatus.RUNNING, RunStatus.QUEUED):
        make_research(make_topic(next_refresh_at=now - timedelta(days=1)), status)
    make_research(make_topic(), RunStatus.FAILED)
    make_research(make_topic(), RunStatus.FINISHED, outcome="unavailable")
    make_research(make_topic(), RunStatus.FINISHED)
    old = make_research(make_topic(), RunStatus.FAILED)
    Run.objects.filter(pk=old.pk).update(finished_at=now - timedelta(days=2))


def test_each_counter_is_the_count_of_the_list_that_it_leads_to():
    fill_lists()
    client = sign_in()
    counters = read_counters(open_fleet(client=client))
    assert list(counters.values()) == [
        ["3", "Due"], ["2", "Running"], ["1", "Waiting"], ["2", "Failed", "today"],
    ]  # fmt: skip
    for address, (count, *words) in counters.items():
        page = open_fleet(address, client)
        assert len(page.all("ol.rows li")) == int(count), words
        assert page.text("#list-title") == " ".join(words)
    assert len(open_fleet("?list=failures").all("ol.rows li")) == 3
    assert len(open_fleet("?list=all").all("ol.rows li")) == 7


def test_above_a_thousand_the_counter_says_so(monkeypatch):
    monkeypatch.setattr(counting, "COUNTED", 2)
    fill_lists()
    counts = [words[0] for words in read_counters(open_fleet()).values()]
    assert counts == ["2+", "2", "1", "2"]


@pytest.mark.parametrize("name", ["due", "all"])
def test_pages_of_a_list_follow_each_other_and_lose_none(monkeypatch, name):
    monkeypatch.setattr(fleet, "PAGE", 2)
    monkeypatch.setattr(runs_query, "PAGE", 2)
    at = timezone.now() - timedelta(days=1)
    topics = [make_topic(f"Topic {n}", next_refresh_at=at if n < 3 else at + timedelta(hours=n)) for n in range(5)]
    if name == "all":
        for topic in topics:
            make_research(topic, RunStatus.FINISHED)
    client, address, seen = sign_in(), f"?list={name}", []
    while address:
        page = open_fleet(address, client)
        seen += [page.raw_text(a).split(",")[0] for a in page.all("ol.rows .row-title a")]
        further = page.find(".pagination a")
        address = further.attributes["href"] if further else ""
    expected = [topic.title for topic in topics]
    assert seen == (expected if name == "due" else expected[::-1])


@pytest.mark.parametrize("query", ["?list=nonsense", "?list=due&after=x~y", "?list=due&after=2026-01-01~1", "?after=²"])
def test_addresses_made_up_by_hand_do_no_harm(query):
    open_fleet(query)


def find_row(page, name):
    rows = {page.raw_text(row.children[1]).split("\n")[0]: row for row in page.all(".is-stacked tbody tr")}
    return next(row for title, row in rows.items() if title.startswith(name))


def test_a_provider_is_switched_off_and_on(topic):
    switch_on("searxng")
    client = sign_in("curator")
    for before, state in ((True, "Off"), (False, "On")):
        page = open_fleet(client=client)
        button = page.find("#switch-searxng")
        assert button.attributes["aria-label"] == f"Switch SearXNG {'off' if before else 'on'}"
        fields = page.fields(button.parent)
        answer = client.post(button.parent.attributes["action"], fields)
        assert (answer.status_code, answer["Location"]) == (303, f"{FLEET}#providers-title")
        assert ProviderPolicy.objects.get(name="searxng").is_enabled is not before
        assert state in page.raw_text(find_row(parse(client.get(FLEET)), "SearXNG"))
        assert client.post(button.parent.attributes["action"], fields).status_code == 303
        assert ProviderPolicy.objects.get(name="searxng").is_enabled is not before


def test_a_switch_leaves_the_list_that_was_asked_for():
    switch_on("searxng")
    client = sign_in("curator")
    form = open_fleet("?list=due", client).find("#switch-searxng").parent
    answer = client.post(form.attributes["action"], {"to": "off"})
    assert answer["Location"] == f"{FLEET}?list=due#providers-title"
    partial = parse(client.post(form.attributes["action"], {"to": "on"}, headers=HTMX))
    assert partial.text("#list-title") == "Due"


def test_a_provider_that_lacks_something_says_what_and_stays_off():
    client = sign_in("curator")
    page = open_fleet(client=client)
    assert "disabled" in page.find("#switch-searxng").attributes
    assert "a base address" in page.text("#lack-searxng")
    assert "a key" in page.text("#lack-tavily")
    refused = client.post(reverse("refresh:switch", args=["searxng"]), {"to": "on"})
    assert refused.status_code == 422
    assert "Not done" in parse(refused).text("#notices")
    assert not ProviderPolicy.objects.get(name="searxng").is_enabled
    assert client.post(reverse("refresh:switch", args=["searxng"])).status_code == 422
    assert client.post(reverse("refresh:switch", args=["nobody"]), {"to": "on"}).status_code == 404


def test_a_stop_shows_its_reason_until_a_curator_clears_it():
    policy = switch_on("searxng", stopped_at=timezone.now(), stopped_reason="It refuses us <b>here</b>.")
    assert open_fleet(client=sign_in("editor")).find("#clear-searxng") is None
    client = sign_in("curator")
    page = open_fleet(client=client)
    row = find_row(page, "SearXNG")
    assert "Stopped" in page.raw_text(row)
    assert "It refuses us <b>here</b>." in page.raw_text(row)
    partial = parse(client.post(page.find("#clear-searxng").parent.attributes["action"], headers=HTMX))
    assert partial.find("[data-live]").attributes["id"] == "fleet"
    assert "is cleared" in partial.text("[hx-swap-oob]")
    policy.refresh_from_db()
    assert (policy.stopped_at, policy.stopped_reason) == (None, "")


def test_the_share_that_was_answered_is_of_the_last_day(topic):
    run = make_research(topic, RunStatus.FINISHED)
    for outcome in ("ok", "empty", "unavailable", "auth"):
        make_step(run, outcome, "searxng")
    make_step(run, "unavailable", "searxng", finished_at=timezone.now() - timedelta(days=2))
    make_step(run, "", "searxng")
    page = open_fleet()
    assert "2 of 4 answered" in page.raw_text(find_row(page, "SearXNG"))
    assert "not asked" in page.raw_text(find_row(page, "Tavily"))


def test_use_and_blocks_come_from_the_limiter():
    switch_on("nominatim", base_url="https://nominatim.example.org", daily_budget=10)
    redis, today = connect_redis(), int(timezone.now().timestamp() // 86400)
    until = timezone.now() + timedelta(hours=1)
    keys = ("limiter:policy:nominatim", "limiter:host:nominatim.example.org:state")
    redis.hset(keys[0], mapping={"used": 4, "day": today})
    redis.hset(keys[1], mapping={"blocked_until": until.timestamp()})
    try:
        page = open_fleet()
        words = " ".join(page.raw_text(find_row(page, "Nominatim")).split())
    finally:
        redis.delete(*keys)
    assert "4 of 10" in words
    assert "6 left" in words
    assert "Asked to wait" in words
    assert f"{until:%H:%M:%S} UTC" in words


def test_a_kinds_interval_is_set_and_its_topics_are_due_by_it():
    topic, client = make_topic(kind="person"), sign_in("curator")
    page = open_fleet(client=client)
    forms = {form.attributes["aria-label"]: form for form in page.all("form.interval")}
    assert len(forms) == 6
    form = forms["How often: Person"]
    assert page.fields(form)["often"] == "never"
    answer = client.post(form.attributes["action"], {"often": "custom", "days": "3"})
    assert (answer.status_code, answer["Location"]) == (303, f"{FLEET}#intervals-title")
    assert RefreshPolicy.objects.get(kind="person").interval == timedelta(days=3)
    topic.refresh_from_db()
    assert topic.next_refresh_at is not None
    assert "Every 3 days" in parse(client.get(FLEET)).text(".intervals")
    client.post(form.attributes["action"], {"often": "never"})
    assert RefreshPolicy.objects.get(kind="person").interval is None


def test_an_interval_that_cannot_be_comes_back_in_its_own_row():
    answer = sign_in("curator").post(reverse("refresh:kind-interval", args=["place"]), {"often": "custom"})
    assert answer.status_code == 422
    page = parse(answer)
    assert page.find(".error-summary a").attributes["href"] == "#place-days"
    assert "aria-invalid" in page.find("#place-days").attributes
    assert sign_in("curator").post(reverse("refresh:kind-interval", args=["ghost"])).status_code == 404


def test_who_may_only_look_sees_no_switch():
    assert open_fleet(client=sign_in("editor")).all("main form") == []


def test_the_page_looks_again_slowly_and_gets_only_news(worker):
    client = sign_in()
    root = open_fleet("?list=running", client).find("[data-live]")
    assert root.attributes["hx-trigger"] == "every 15s"
    assert client.get(root.attributes["hx-get"], headers=HTMX).status_code == 204
    make_research(make_topic())
    news = client.get(root.attributes["hx-get"], headers=HTMX)
    assert news.status_code == 200
    partial = parse(news)
    assert partial.text("#list-title") == "Running"
    assert partial.find("form.interval") is None  # what is typed stays


def test_workers_and_queues_are_shown(worker):
    page = open_fleet()
    words = page.text("[data-live]")
    assert "sample-host" in words
    assert "interactive, scheduled" in words
    assert f"Queue {project.INTERACTIVE}: 0 waiting" in words
    assert page.find(".banner") is None


def test_queries_do_not_grow_with_rows():
    client, counts = sign_in(), []
    for more in (1, 6):
        for _ in range(more):
            make_step(make_research(make_topic(), requested_by=make_user()), "ok")
            make_research(make_topic(), RunStatus.FAILED)
        client.get(FLEET)
        with CaptureQueriesContext(connection) as queries:
            client.get(FLEET)
        counts.append(len(queries))
    assert counts[0] == counts[1]
