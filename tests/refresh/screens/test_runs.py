"""A run's page: every outcome told apart, what it gave and changed, and what a person can do with it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.models.claim import ClaimHealth
from dossiers.models.generation import Generation
from dossiers.models.proposal import Sighting
from dossiers.models.run import Outcome, Retrieval, Run, RunStatus
from tests.builders import decide, make_capture, make_claim, make_run, make_user
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
HTMX = {"HX-Request": "true"}


def link(name, row):
    return reverse(f"refresh:{name}", args=[row.pk])


def open_run(run, client=None):
    response = (client or sign_in()).get(link("run", run))
    assert response.status_code == 200
    return parse(response)


def look_again(run, client):
    """Look as the page does: at the address that its root names."""
    root = open_run(run, client).find("[data-live]")
    return root, root.attributes.get("hx-get", "")


def test_each_outcome_has_its_own_words_sign_and_advice(topic):
    run = make_research(topic, RunStatus.FINISHED, outcome=Outcome.PARTIAL)
    for number, outcome in enumerate(Outcome.values):
        make_step(run, outcome, f"provider-{number}", http_status=200 + number, requests_made=number, elapsed=1.25)
    page = open_run(run)
    steps = page.all("ol.steps li.step")
    assert [step.attributes["data-outcome"] for step in steps] == Outcome.values
    badges = [page.raw_text(badge).strip() for badge in page.all("ol.steps .step-head .badge")]
    assert len(set(badges)) == len(Outcome.values)
    assert len(page.all(".step-advice")) == len(Outcome.values) - 1
    assert "HTTP 203" in page.raw_text(steps[3])
    assert "3 requests" in page.raw_text(steps[3])


def test_a_step_says_what_it_asked_and_when_it_tries_again(topic):
    run = make_research(topic)
    request = {"kind": "search", "text": "<b>Sample</b>", "key": "wikidata:Q1"}
    later = timezone.now() + timedelta(minutes=5)
    make_step(run, "", attempts=2, not_before=later, request=request, message="asked to wait <script>")
    make_step(run, "", "tavily", state="running", request={})
    page = open_run(run)
    text = page.text("ol.steps")
    assert "A search for “<b>Sample</b>” (wikidata:Q1)" in text
    assert "Asked to wait <script>" in text
    assert f"Next try {later:%H:%M:%S} UTC" in text
    assert "Tavily Under way" in text
    assert "0 of 2 steps done" in page.text(".progress")
    assert page.text("noscript a") == "Look again"


def test_captures_are_new_where_the_text_was_not_known_before(topic):
    before = make_research(topic, RunStatus.FINISHED)
    known = make_capture(topic, FIRST, publisher="Sample Press")
    give(make_step(before, "ok"), known)
    run = make_research(topic, RunStatus.FINISHED)
    step = make_step(run, "ok")
    give(step, known)
    give(step, new := add_capture(known, SECOND))
    page = open_run(run)
    assert [a.attributes["href"] for a in page.all(".given a")] == [link("capture", known), link("capture", new)]
    told = [page.raw_text(row) for row in page.all(".given li")]
    assert "the same text since" in told[0]
    assert "New text" in told[1]


def test_what_changed_is_told_apart_with_the_way_to_each_claim(topic):
    editor, run = make_user(), None
    first = make_capture(topic, FIRST)
    domes = make_claim(topic, "three domes", label="Domes", capture=first)
    hill = make_claim(topic, "Sample Hill", label="Place", capture=first)
    lost = make_claim(topic, "opened in 1931", label="", capture=first)
    seen = make_claim(topic, "stands on", label="Stands", capture=first)
    for claim in (domes, hill, lost):
        decide(claim, editor)
    run = make_research(topic, RunStatus.RUNNING)
    second = add_capture(first, SECOND)
    propose(run, domes, "four domes", capture=second)
    propose(run, hill, "Sample Hill", capture=second)
    made = make_new_claim(run, "1931", label="Year", capture=second)
    Sighting.objects.create(proposal=seen.newest_proposal, run=run)
    ClaimHealth.objects.create(claim=lost, state="quote_lost", detail="Gone.", checked_at=timezone.now())
    assert open_run(run).all(".changes") == []
    Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, outcome="ok", finished_at=timezone.now())
    page = open_run(run)
    assert page.text(".changes h4") == "Other values than before Lost quotes New claims The same, in other words"
    assert [a.attributes["href"] for a in page.all(".changes a")] == [
        reverse("review:claim", args=[claim.pk]) for claim in (domes, lost, made, hill)
    ]
    assert (page.text(".changes del"), page.text(".changes ins")) == ("removed: three (end)", "added: four (end)")
    assert "Challenged" in page.text(".changes .row-end")
    assert [page.raw_text(a) for a in page.all(".changes .row-title a")][1] == "opened in 1931"
    assert "1 new1 other value1 said in other words1 quote lost1 seen again" in page.text(".changes")
    assert page.find("[data-live]").attributes["data-announce"] == "Finished. 1 new, 1 challenged, 1 lost."


def test_a_challenger_is_compared_with_what_stood_when_it_came(topic):
    editor = make_user()
    claim = make_claim(topic, "three domes", label="Domes")
    decide(claim, editor)
    first = make_research(topic, RunStatus.FINISHED)
    propose(first, claim, "four domes")
    decide(claim, editor)
    second = make_research(topic, RunStatus.FINISHED)
    propose(second, claim, "five domes")
    assert open_run(first).text(".changes del") == "removed: three (end)"
    assert open_run(second).text(".changes del") == "removed: four (end)"


def test_a_run_that_changed_nothing_says_so(topic):
    run = make_research(topic, RunStatus.FINISHED)
    make_step(run, "empty")
    assert "Nothing: no claim is new" in open_run(run).text(".changes")
    unreached = make_research(topic, RunStatus.FINISHED, outcome="unavailable", message="Nobody answered.")
    page = open_run(unreached)
    assert "did not come as far as reading" in page.text(".changes")
    assert page.text(".run-state .badge") == "Reached nobody"


def test_a_page_looks_again_while_the_run_is_active_and_only_then(topic):
    client, run = sign_in(), make_research(topic, RunStatus.QUEUED)
    root, address = look_again(run, client)
    assert root.attributes["hx-trigger"] == "every 2s"
    unchanged = client.get(address, headers=HTMX)
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    step = make_step(run, "ok")
    changed = client.get(address, headers=HTMX)
    assert changed.status_code == 200
    assert "HX-Request" in changed["Vary"]
    partial = parse(changed)
    assert partial.find("body") is None
    assert partial.find("[data-live]").attributes["id"] == root.attributes["id"]
    assert partial.find(f"#step-{step.pk}") is not None
    Run.objects.filter(pk=run.pk).update(status=RunStatus.FINISHED, outcome="ok", finished_at=timezone.now())
    ended = parse(client.get(address, headers=HTMX)).find("[data-live]")
    assert "hx-trigger" not in ended.attributes
    assert "hx-get" not in ended.attributes


@pytest.mark.parametrize(
    "change",
    [
        {"state": "running"},
        {"attempts": 3},
        {"message": "Asked to wait."},
        {"not_before": timezone.now()},
        {"requests_made": 5},
        {"state": "done", "outcome": "empty"},
    ],
    ids=lambda change: "-".join(change),
)
def test_whatever_moves_in_a_step_is_news(topic, change):
    client, run = sign_in(), make_research(topic)
    step = make_step(run)
    _, address = look_again(run, client)
    assert client.get(address, headers=HTMX).status_code == 204
    Retrieval.objects.filter(pk=step.pk).update(**change)
    assert client.get(address, headers=HTMX).status_code == 200


def test_a_reload_shows_the_run_as_it_stands_without_scripts_too(topic):
    client, run = sign_in(), make_research(topic)
    make_step(run, "ok")
    assert parse(client.get(link("progress", run))).find("body") is not None
    assert open_run(run, client).text(".progress") == "1 of 1 1 of 1 steps done"


def test_cancelling_ends_the_run_and_a_second_press_says_that_it_is_over(topic):
    client, run = sign_in(), make_research(topic)
    make_step(run)
    form = open_run(run, client).find(".run-head form")
    answer = client.post(form.attributes["action"])
    assert (answer.status_code, answer["Location"]) == (303, link("run", run))
    page = parse(client.get(answer["Location"]))
    assert page.text(".run-state .badge") == "Cancelled"
    assert "Cancelled." in page.text("#notices")
    again = client.post(link("cancel", run))
    assert again.status_code == 409
    assert "This run is over" in parse(again).text("#notices")


def test_cancelling_with_htmx_answers_the_part_where_the_form_stands(topic):
    client = sign_in()
    for target in ("run", "topic-research"):
        run = make_research(topic)
        name = f"run-{run.pk}" if target == "run" else target
        partial = parse(client.post(link("cancel", run), headers={**HTMX, "HX-Target": name}))
        assert partial.find("[data-live]").attributes["id"] == name
        assert "Cancelled" in partial.text("[hx-swap-oob]")
        assert partial.find("body") is None


def test_what_failed_is_tried_again_and_what_answered_is_not(topic):
    switch_on("searxng")
    client = sign_in()
    run = make_research(topic, RunStatus.FINISHED, outcome="partial")
    answered, failed = make_step(run, "ok"), make_step(run, "unavailable", "searxng")
    page = open_run(run, client)
    [form] = page.all("ol.steps form")
    assert form.attributes["action"] == link("retry", failed)
    refused = client.post(link("retry", answered))
    assert refused.status_code == 409
    assert "Not tried again" in parse(refused).text("#notices")
    assert client.post(form.attributes["action"]).status_code == 303
    failed.refresh_from_db()
    assert (failed.state, failed.outcome) == ("waiting", "")
    assert open_run(run, client).all("ol.steps form") == []


def test_steps_of_an_earlier_run_are_not_offered_again(topic):
    run = make_research(topic, RunStatus.FINISHED)
    make_step(run, "unavailable")
    make_research(topic, RunStatus.FINISHED)
    assert open_run(run).all("ol.steps form") == []


def test_who_may_only_look_sees_no_verbs(topic):
    running = make_research(topic)
    make_step(running)
    page = open_run(running, sign_in("publisher"))
    assert page.all("main form") == []
    assert sign_in("publisher").post(link("cancel", running)).status_code == 403


def test_an_import_is_shown_with_its_printed_sources(topic):
    run = make_run(topic)
    step = Retrieval.objects.create(run=run, provider="web_search", outcome="ok")
    give(step, make_capture(topic))
    page = open_run(run)
    assert page.text(".steps-title") == "Printed sources 1"
    assert page.text(".step-head h3") == "Web search"
    assert page.text("h1").startswith("Import of")


def test_what_a_model_said_is_shown_word_for_word_and_never_as_markup(topic):
    run = make_research(topic, RunStatus.FINISHED)
    said = {"extractor_version": "1", "model": "sample-model", "outcome": "ok", "answer": "<script>alert(1)</script>"}
    Generation.objects.create(run=run, prompt_sha256="a" * 64, tokens_in=900, tokens_out=100, cost="0.5", **said)
    Generation.objects.create(run=run, prompt_sha256="b" * 64, **said | {"outcome": "truncated", "answer": ""})
    response = sign_in().get(link("run", run))
    assert b"<script>alert" not in response.content
    page = parse(response)
    assert "<script>alert(1)</script>" in page.text("pre.raw")
    assert "1000 tokens" in page.text(".section")
    assert "0.500000 at the prices set" in page.text(".section")
    assert "a" * 64 in page.text(".hash")


@pytest.mark.parametrize("name", ["run", "progress", "cancel", "retry", "capture"])
def test_what_is_not_there_is_not_found(topic, name):
    address = reverse(f"refresh:{name}", args=[404])
    client = sign_in()
    assert (client.post(address) if name in ("cancel", "retry") else client.get(address)).status_code == 404
