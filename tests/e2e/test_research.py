"""Refreshing a topic in the browser: pressed, watched, reloaded, cancelled; with keys alone and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from dossiers.clients.limiter import connect_redis
from dossiers.management.samples import create_recorded_providers
from dossiers.models.capture import Capture
from dossiers.models.provider import ProviderPolicy, RefreshPolicy
from dossiers.models.run import Retrieval, Run, RunStatus
from dossiers.models.topic import Topic
from dossiers.refresh.queries.screens import forget_look
from tests.builders import make_topic, make_user
from tests.e2e.conftest import Watch
from tests.e2e.keyboard import assert_focus_lands, follow, tab_to
from tests.e2e.sessions import sign_in
from tests.e2e.workers import WorkerProcess
from tests.refresh.screens.rows import make_research, make_step, switch_on

pytestmark = pytest.mark.django_db(transaction=True)
Check = Callable[[Page], None]
SLOW = 90_000  # a worker that starts beside seven others


@pytest.fixture(autouse=True)
def _nobody_works(redis_url: str) -> None:
    for key in connect_redis().scan_iter("worker:*"):
        connect_redis().delete(key)
    forget_look()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Return what starts a real worker; it is stopped at the end."""
    started: list[WorkerProcess] = []
    yield lambda: started.append(WorkerProcess(tmp_path / "worker.log"))
    for worker in started:
        worker.stop()


@pytest.fixture
def topic() -> Topic:
    return make_topic("CERN", slug="recorded-topic", kind="organization")


def open_research(page: Page, own: str, topic: Topic, group: str = "editor") -> None:
    sign_in(page, own, make_user(group=group))
    page.goto(f"{own}/research/topics/{topic.slug}/")


def test_a_refresh_is_watched_from_the_press_to_its_captures(
    page: Page, live_server: LiveServer, topic: Topic, start_worker: Callable[[], None], assert_axe_clean: Check
):
    create_recorded_providers()
    open_research(page, live_server.url, topic)
    expect(page.locator(".banner")).to_contain_text("No worker is running")
    page.keyboard.press("r")
    state = page.locator(".run-state")
    expect(state).to_contain_text("Waiting")
    assert_focus_lands(page, state)
    expect(page.locator("#notices")).to_contain_text("Refresh begun")
    page.reload()
    expect(state).to_contain_text("Waiting")
    expect(page.get_by_role("button", name="Refresh research")).to_be_disabled()
    page.get_by_role("link", name="Claims").focus()
    start_worker()
    expect(state).to_contain_text("Finished", timeout=SLOW)
    expect(page.get_by_role("link", name="Claims")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("Finished")
    expect(page.locator("[data-live][hx-trigger]")).to_have_count(0)
    assert Capture.objects.filter(source__topic=topic).count() == page.locator(".given .badge").count() > 0
    expect(page.get_by_role("button", name="Refresh research")).to_be_enabled()
    assert_axe_clean(page)
    page.locator(".given a").first.click()
    expect(page.locator(".sentences li").first).to_be_visible()
    expect(page.locator(".banner")).to_have_count(0)
    assert_axe_clean(page)


def test_what_moves_is_shown_and_said_once_and_nothing_else_is_touched(
    page: Page, live_server: LiveServer, topic: Topic
):
    run = make_research(topic)
    step = make_step(run)
    make_step(run, provider="tavily")
    open_research(page, live_server.url, topic)
    page.goto(f"{live_server.url}/research/runs/{run.pk}/")
    page.evaluate("""() => {
        window.said = []; window.swaps = 0;
        new MutationObserver(() => { const text = document.querySelector("#announcer").textContent;
            if (text) window.said.push(text); }).observe(document.querySelector("#announcer"), {childList: true});
        document.addEventListener("htmx:afterSwap", () => { window.swaps += 1; });
    }""")
    cancel = page.get_by_role("button", name="Cancel")
    cancel.focus()
    for _ in range(2):
        with page.expect_response(lambda answer: "/progress/" in answer.url and answer.status == 204):
            pass
    assert page.evaluate("window.swaps") == 0
    Retrieval.objects.filter(pk=step.pk).update(attempts=1, message="It asked us to wait.")
    expect(page.locator(f"#step-{step.pk}")).to_contain_text("It asked us to wait.")
    Retrieval.objects.filter(pk=step.pk).update(state="done", outcome="empty", finished_at=timezone.now())
    expect(page.locator(f"#step-{step.pk}")).to_contain_text("Nothing found")
    expect(page.locator("#announcer")).to_contain_text("1 of 2 steps done")
    expect(cancel).to_be_focused()
    assert page.evaluate("[...new Set(window.said)]") == ["Running. 1 of 2 steps done."]


def test_a_server_that_is_away_for_a_moment_is_said_once_and_taken_back(
    page: Page, live_server: LiveServer, topic: Topic, watch: Watch
):
    run = make_research(topic)
    open_research(page, live_server.url, topic)
    page.goto(f"{live_server.url}/research/runs/{run.pk}/")
    page.route("**/progress/**", lambda route: route.abort())
    lost = page.locator("#notices .notice")
    expect(lost).to_contain_text("tries again by itself")
    with page.expect_request("**/progress/**"):
        pass
    expect(lost).to_have_count(1)
    page.unroute("**/progress/**")
    expect(lost).to_have_count(0)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, outcome="ok", finished_at=timezone.now())
    expect(page.locator(".run-state")).to_contain_text("Finished")
    assert watch.script_errors
    watch.script_errors.clear()  # htmx writes down what did not reach the server, and this was meant


def test_with_the_keyboard_alone(page: Page, live_server: LiveServer, topic: Topic):
    switch_on("searxng")
    open_research(page, live_server.url, topic)
    follow(page, page.get_by_role("button", name="Refresh research"))
    assert_focus_lands(page, page.locator(".run-state"))
    follow(page, page.get_by_role("button", name="Cancel"))
    expect(page.locator(".run-state")).to_contain_text("Cancelled")
    assert_focus_lands(page, page.locator(".run-state"))
    expect(page.locator("#notices")).to_contain_text("Cancelled")
    follow(page, page.get_by_role("link", name="This run’s own page"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Research of")


def test_a_failed_step_is_tried_again_where_it_stands(page: Page, live_server: LiveServer, topic: Topic):
    switch_on("searxng")
    failed = make_step(make_research(topic, RunStatus.FINISHED, outcome="unavailable"), "unavailable", "searxng")
    open_research(page, live_server.url, topic)
    follow(page, page.get_by_role("button", name="Try again: SearXNG"))
    expect(page.locator(f"#step-{failed.pk}")).to_contain_text("Waiting")
    assert_focus_lands(page, page.locator(".run-state"))


def test_a_curator_switches_providers_and_keeps_the_place(page: Page, live_server: LiveServer, assert_axe_clean: Check):
    policy = switch_on("searxng", stopped_at=timezone.now(), stopped_reason="It refuses us.")
    sign_in(page, live_server.url, make_user(group="curator"))
    page.goto(f"{live_server.url}/research/")
    off = page.get_by_role("button", name="Switch SearXNG off")
    follow(page, off)
    on = page.get_by_role("button", name="Switch SearXNG on")
    assert_focus_lands(page, on)
    expect(page.locator("#notices")).to_contain_text("SearXNG is off")
    follow(page, page.get_by_role("button", name="Clear the stop of SearXNG"))
    expect(page.locator("#notices")).to_contain_text("is cleared")
    assert_focus_lands(page, page.locator("#providers-title"))
    assert_axe_clean(page)
    policy.refresh_from_db()
    assert (policy.is_enabled, policy.stopped_reason) == (False, "")


def test_the_days_show_where_they_are_ones_own(page: Page, live_server: LiveServer):
    sign_in(page, live_server.url, make_user(group="curator"))
    page.goto(f"{live_server.url}/research/")
    form = page.get_by_role("form", name="How often: Person")
    expect(form.get_by_label("Days")).to_be_hidden()
    form.get_by_label("How often").select_option("custom")
    tab_to(page, form.get_by_label("Days"))
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Saved")
    expect(form.get_by_label("Days")).to_have_value("3")


def test_without_scripts(open_window: Callable[..., Page], live_server: LiveServer, topic: Topic):
    switch_on("searxng")
    page = open_window(java_script_enabled=False)
    open_research(page, live_server.url, topic, "curator")
    page.get_by_role("button", name="Refresh research").click()
    expect(page.locator("#notices")).to_contain_text("Refresh begun")
    page.get_by_role("link", name="Look again").click()
    expect(page.locator(".run-state")).to_contain_text("Waiting")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#notices")).to_contain_text("Cancelled")
    page.get_by_role("link", name=topic.title).first.click()
    page.locator("#interval").get_by_role("combobox").select_option("weekly")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#interval")).to_contain_text("By its own interval: every week")
    page.get_by_role("link", name="Research").first.click()
    page.get_by_role("button", name="Switch SearXNG off").click()
    expect(page.locator("#notices")).to_contain_text("SearXNG is off")
    page.get_by_role("form", name="How often: Person").get_by_label("How often").select_option("daily")
    page.get_by_role("form", name="How often: Person").get_by_role("button").click()
    expect(page.locator("#notices")).to_contain_text("Saved")
    assert not ProviderPolicy.objects.get(name="searxng").is_enabled
    assert RefreshPolicy.objects.get(kind="person").interval is not None
