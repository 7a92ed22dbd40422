"""A topic's research: asking for a refresh, watching it, its sources and four times, and how often."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dossiers.models.provider import ProviderPolicy, RefreshPolicy
from dossiers.models.run import Run, RunStatus
from dossiers.models.topic import Topic
from dossiers.refresh.queries.screens import read_times
from dossiers.refresh.queries.screens import runs as runs_query
from dossiers.refresh.queries.screens import sources as sources_query
from dossiers.refresh.queries.screens.runs import Times
from tests.builders import decide, make_capture, make_claim, make_user
from tests.refresh.screens.rows import (
    FIRST,
    SECOND,
    add_capture,
    give,
    make_new_claim,
    make_research,
    make_step,
    propose,
    sign_in,
    switch_on,
)
from tests.review.pages import parse

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "topic-research"}
NOON = timezone.now().replace(year=2026, month=3, day=1, hour=12, minute=0, second=0, microsecond=0)


def link(topic, name="topic"):
    return reverse(f"refresh:{name}", args=[topic.slug])


def open_topic(topic, client=None, query=""):
    response = (client or sign_in()).get(link(topic) + query)
    assert response.status_code == 200
    return parse(response)


def test_the_two_sides_of_a_topic_lead_to_each_other(topic):
    client = sign_in()
    claims, research = parse(client.get(reverse("review:topic", args=[topic.slug]))), open_topic(topic, client)
    for page, here in ((claims, "Claims"), (research, "Research")):
        links = {page.raw_text(a): a.attributes for a in page.all(".tabs a")}
        assert {name: each["href"] for name, each in links.items()} == {
            "Claims": reverse("review:topic", args=[topic.slug]), "Research": link(topic),
        }  # fmt: skip
        assert [name for name, each in links.items() if "aria-current" in each] == [here]


def test_a_refresh_is_begun_with_one_press_and_the_second_shows_the_same_run(topic):
    switch_on()
    client = sign_in(user=(user := make_user()))
    form = open_topic(topic, client).find("form.toolbar")
    answer = client.post(form.attributes["action"])
    assert (answer.status_code, answer["Location"]) == (303, link(topic))
    page = parse(client.get(answer["Location"]))
    assert "Refresh begun." in page.text("#notices")
    [run] = Run.objects.all()
    assert (run.topic, run.trigger, run.requested_by) == (topic, "requested", user)
    assert "disabled" in page.find("#refresh-button").attributes
    client.post(form.attributes["action"])
    assert "refreshed already" in parse(client.get(link(topic))).text("#notices")
    assert Run.objects.count() == 1


def test_with_htmx_the_press_is_answered_with_the_part_that_shows_the_run(topic):
    switch_on()
    client = sign_in()
    partial = parse(client.post(link(topic, "refresh"), headers=HTMX))
    root = partial.find("[data-live]")
    assert root.attributes["id"] == "topic-research"
    assert root.attributes["hx-trigger"] == "every 2s"
    assert partial.find("body") is None
    assert "Refresh begun." in partial.text("[hx-swap-oob]")
    assert client.get(root.attributes["hx-get"], headers=HTMX).status_code == 204


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({}, "No provider is switched on."),
        (
            {"is_enabled": True, "base_url": "http://127.0.0.1:9", "stopped_at": NOON, "stopped_reason": "x"},
            "is stopped",
        ),
        ({"is_enabled": True}, "has all that it needs"),
    ],
)
def test_without_a_provider_the_button_says_why_and_a_press_does_nothing(topic, state, why):
    ProviderPolicy.objects.filter(name="searxng").update(**state)
    client = sign_in()
    page = open_topic(topic, client)
    assert "disabled" in page.find("#refresh-button").attributes
    assert why in page.text("#idle")
    answer = client.post(link(topic, "refresh"))
    assert answer.status_code == 422
    assert why in parse(answer).text("#notices")
    assert Run.objects.count() == 0


def test_the_newest_run_is_shown_an_active_one_before_all(topic):
    old = make_research(topic, RunStatus.RUNNING)
    make_step(old, message="the older one")
    Run.objects.filter(pk=old.pk).update(status=RunStatus.FINISHED, outcome="ok", finished_at=NOON)
    make_step(make_research(topic, RunStatus.FINISHED), "ok", message="the newer one")
    assert "The newer one" in open_topic(topic).text(".run")
    Run.objects.filter(pk=old.pk).update(status=RunStatus.RUNNING)
    page = open_topic(topic)
    assert "The older one" in page.text(".run")
    assert page.text("#run-title") == "Research under way"


def test_the_four_times_are_kept_apart(topic):
    captured, checked, due = (NOON + timedelta(days=days) for days in range(3))
    capture = make_capture(topic, FIRST, retrieved_at=captured)
    Topic.objects.filter(pk=topic.pk).update(research_retrieved_at=checked, next_refresh_at=due)
    topic.refresh_from_db()
    editor = make_user()
    approved = decide(make_claim(topic, "three domes", capture=capture), editor)
    rejected = decide(make_claim(topic, "Sample Hill", capture=capture), editor, "reject")
    assert read_times(topic) == Times(captured, checked, approved.at, rejected.at)
    assert approved.at < rejected.at
    page = open_topic(topic)
    terms = ["A source changed", "We checked", "A fact changed", "A human reviewed", "Next due"]
    assert [page.raw_text(term) for term in page.all(".times dt")] == terms
    shown = [at.attributes["datetime"] for at in page.all(".times time")]
    times = (captured, checked, approved.at, rejected.at, due)
    assert shown == [at.isoformat(timespec="seconds") for at in times]


def test_what_has_not_happened_is_said_to_be_so(topic):
    page = open_topic(topic)
    assert page.text(".times").count("not yet") == 4
    assert "never by itself" in page.text(".times")
    assert "has not been researched yet" in page.text(".section")


def test_sources_show_their_captures_newest_first_with_terms_and_since_when_they_are_the_same(topic):
    said = {"licence": "CC BY-SA 4.0", "attribution": "Sample contributors", "revision_id": "77", "grade": "verbatim"}
    first = make_capture(
        topic, FIRST, "encyclopedia", url="https://example.org/a", publisher="Sample Press", retrieved_at=NOON
    )
    second = add_capture(first, SECOND, **said)
    run = make_research(topic, RunStatus.FINISHED)
    give(make_step(run, "ok", finished_at=NOON + timedelta(days=5)), second)
    page = open_topic(topic)
    captures = [a.attributes["href"] for a in page.all(".captures a")]
    assert captures == [reverse("refresh:capture", args=[row.pk]) for row in (second, first)]
    text = page.text(".sources")
    assert "Unchanged since 2 March 2026, 12:00 UTC, last checked 6 March 2026, 12:00 UTC" in text
    assert "word for word, revision 77" in text
    assert "Sample contributors" in text
    assert page.find("a[rel]").attributes["href"] == "https://example.org/a"
    deeds = [a.attributes["href"] for a in page.all(".sources a") if "license" in a.attributes.get("rel", "")]
    assert deeds == ["https://creativecommons.org/licenses/by-sa/4.0/"]


def test_a_source_names_three_captures_and_says_how_many_there_are(topic):
    capture = make_capture(topic, FIRST)
    for number in range(5):
        add_capture(capture, f"Text number {number}.", days=number + 1)
    page = open_topic(topic)
    assert len(page.all(".captures a")) == 3
    assert "6 captures in all" in page.text(".sources")


def test_pages_of_runs_and_sources_follow_each_other_and_lose_none(topic, monkeypatch):
    monkeypatch.setattr(runs_query, "PAGE", 2)
    monkeypatch.setattr(sources_query, "PAGE", 2)
    made = [make_research(topic, RunStatus.FINISHED) for _ in range(5)]
    for number in range(5):
        make_capture(topic, f"Text {number}.", title=f"Source {number}")
    client, address = sign_in(), link(topic)
    found, titles = [], []
    for part in ("runs", "sources"):
        while address:
            page = parse(client.get(address))
            if part == "runs":
                found += [a.attributes["href"] for a in page.all("ol.rows .row-title a")]
            else:
                titles += [page.raw_text(cite) for cite in page.all(".sources cite")]
            further = [
                a.attributes["href"] for a in page.all(".pagination a") if f"#{part}-title" in a.attributes["href"]
            ]
            address = link(topic) + further[0] if further else ""
        address = link(topic)
    assert found == [reverse("refresh:run", args=[run.pk]) for run in reversed(made)]
    assert titles == [f"Source {number}" for number in reversed(range(5))]


@pytest.mark.parametrize("query", ["?runs=x", "?sources=-1", "?runs=²&sources=99999999999999999999", "?seen=x"])
def test_addresses_made_up_by_hand_do_no_harm(topic, query):
    make_research(topic, RunStatus.FINISHED)
    open_topic(topic, query=query)


@pytest.mark.parametrize(
    ("often", "days", "interval"),
    [
        ("inherit", "", None),
        ("never", "", timedelta(0)),
        ("daily", "", timedelta(days=1)),
        ("weekly", "3", timedelta(days=7)),
        ("monthly", "", timedelta(days=30)),
        ("custom", "2.5", timedelta(days=2, hours=12)),
    ],
)
def test_a_topics_own_interval_is_set_and_shown_again(topic, often, days, interval):
    Topic.objects.filter(pk=topic.pk).update(refresh_interval=timedelta(days=99))
    client = sign_in("curator")
    answer = client.post(link(topic, "topic-interval"), {"often": often, "days": days})
    assert (answer.status_code, answer["Location"]) == (303, link(topic))
    topic.refresh_from_db()
    assert topic.refresh_interval == interval
    page = parse(client.get(link(topic)))
    assert "Saved" in page.text("#notices")
    sent = page.fields(page.find("form.interval"))
    assert sent["often"] == often
    if often == "custom":
        assert sent["days"] == days


@pytest.mark.parametrize(
    ("often", "days"),
    [
        ("custom", ""),
        ("custom", "0"),
        ("custom", "-3"),
        ("custom", "nan"),
        ("custom", "99999"),
        ("yearly", ""),
        ("", ""),
    ],
)
def test_an_interval_that_cannot_be_comes_back_with_its_error(topic, often, days):
    answer = sign_in("curator").post(link(topic, "topic-interval"), {"often": often, "days": days})
    assert answer.status_code == 422
    page = parse(answer)
    assert page.text(".error-summary") != ""
    assert page.find("[aria-invalid]") is not None
    topic.refresh_from_db()
    assert topic.refresh_interval is None


def test_a_topic_that_follows_its_kind_says_how_often_that_is(topic):
    RefreshPolicy.objects.filter(kind="topic").update(interval=timedelta(days=3))
    assert "As all of the kind topic: every 3 days." in open_topic(topic).text("#interval")
    Topic.objects.filter(pk=topic.pk).update(refresh_interval=timedelta(0))
    assert "By its own interval: never by itself." in open_topic(topic).text("#interval")


def test_only_who_manages_research_gets_the_form(topic):
    assert open_topic(topic, sign_in("editor")).find("form.interval") is None
    assert sign_in("editor").post(link(topic, "topic-interval"), {"often": "never"}).status_code == 403
    assert open_topic(topic, sign_in("publisher")).find("#refresh-button") is None


def fill(topic):
    capture = make_capture(topic, FIRST)
    claim = make_claim(topic, "three domes", capture=capture)
    decide(claim, make_user())
    run = make_research(topic, RunStatus.FINISHED, requested_by=make_user())
    give(make_step(run, "ok"), capture)
    give(make_step(run, "ok", "tavily"), second := add_capture(capture, SECOND))
    propose(run, claim, "four domes", capture=second)
    make_new_claim(run, "Sample Hill", capture=second)
    return run


@pytest.mark.parametrize("name", ["topic", "run"])
def test_queries_do_not_grow_with_rows_and_lists_read_no_text(topic, name):
    client, counts = sign_in(), []
    run = fill(topic)
    address = link(topic) if name == "topic" else reverse("refresh:run", args=[run.pk])
    for more in (0, 5):
        for _ in range(more):
            fill(topic)
            give(make_step(run, "ok", "brave"), make_capture(topic))
            make_new_claim(run, "another")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        assert not [q["sql"] for q in queries if '"dossiers_capture"."text"' in q["sql"] or '"payload"' in q["sql"]]
    assert counts[0] == counts[1]
