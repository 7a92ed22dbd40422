"""Every page of research with every state on it: axe finds nothing, and nothing is wider than a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from dossiers.models.claim import ClaimHealth
from dossiers.models.generation import Generation, GenerationOutcome
from dossiers.models.run import Outcome, Run, RunStatus
from tests.builders import decide, make_capture, make_claim, make_topic, make_user
from tests.e2e.sessions import sign_in
from tests.refresh.screens.rows import (
    FIRST,
    SECOND,
    add_capture,
    give,
    make_new_claim,
    make_research,
    make_step,
    propose,
    switch_on,
)

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "https://example.org/" + "a-very-long-address-of-a-page/" * 6
SAME = " ".join(f"Sentence number {n} is made up." for n in range(12))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_overflows(
    open_window: Callable[..., Page],
    live_server: LiveServer,
    assert_axe_clean: Callable[[Page], None],
    scheme: str,
    width: int,
):
    addresses = fill()
    page = open_window(viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(page, live_server.url, make_user(group="administrator"))
    for address in addresses:
        page.goto(f"{live_server.url}{address}")
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(details => { details.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert_axe_clean(page)


def fill() -> list[str]:
    """Make a topic with all that can happen to it, and one under way; return the pages that show them."""
    topic, editor = make_topic("Sample Observatory", kind="place"), make_user(first_name="Ada", last_name="Editor")
    said = {"licence": "CC BY-SA 4.0", "attribution": "Sample contributors", "grade": "verbatim", "revision_id": "130"}
    first = make_capture(topic, f"{FIRST} {SAME}", "encyclopedia", url=LONG, publisher="Sample Press", **said)
    second = add_capture(first, f"{SECOND} {SAME} A roof was laid.", **said)
    run = make_run_with_every_outcome(topic, editor)
    change_claims(run, first, second, editor)
    for outcome in GenerationOutcome.values:
        words = {"model": "sample-model", "answer": '{"claims": []}' * 40, "tokens_in": 900, "tokens_out": 12}
        Generation.objects.create(run=run, extractor_version="1", prompt_sha256=outcome, outcome=outcome, **words)
    hill = make_topic("Sample Hill", next_refresh_at=timezone.now() - timedelta(hours=1))
    active = make_research(hill, requested_by=editor)
    make_step(active, state="running")
    make_step(active, provider="nominatim", attempts=2, not_before=timezone.now() + timedelta(minutes=2))
    make_topic("Sample Lake", next_refresh_at=timezone.now() - timedelta(hours=2))
    switch_on("searxng")
    switch_on("tavily", stopped_at=timezone.now(), stopped_reason="It does not take our key (HTTP 401).")
    topics = [f"/research/topics/{each.slug}/" for each in (topic, hill)]
    runs = [f"/research/runs/{each.pk}/" for each in (run, active)]
    captures = [f"/research/captures/{each.pk}/" for each in (first, second)]
    return [*topics, *runs, *captures, "/research/", "/research/?list=due", "/research/?list=waiting"]


def make_run_with_every_outcome(topic, editor) -> Run:
    run = make_research(topic, RunStatus.FINISHED, outcome="partial", requested_by=editor, message="In part.")
    for number, outcome in enumerate(Outcome.values):
        make_step(run, outcome, f"provider-{number}", http_status=200, elapsed=0.5, requests_made=number)
    return run


def change_claims(run: Run, first, second, editor) -> None:
    claims = [make_claim(run.topic, value, capture=first) for value in ("three domes", "opened in 1931")]
    for claim in claims:
        decide(claim, editor)
    give(run.retrievals.first(), first)
    give(run.retrievals.first(), second)
    propose(run, claims[0], "four domes", capture=second)
    make_new_claim(run, "A roof was laid", capture=second)
    ClaimHealth.objects.create(claim=claims[1], state="quote_lost", detail="Gone.", checked_at=timezone.now())
    Run.objects.filter(pk=run.pk).update(finished_at=timezone.now())
