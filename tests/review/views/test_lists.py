"""The queue, the topics, a topic and its questions; who may see and do what; and that no list grows its queries."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.access import MATRIX, Right
from dossiers.models.decision import Decision
from dossiers.models.evidence import Role
from dossiers.models.resolution import EntityResolution
from dossiers.refresh.queries import counting
from dossiers.review.actions import dismiss_check
from dossiers.review.queries import walk
from tests.builders import (
    decide,
    make_capture,
    make_check,
    make_claim,
    make_proposal,
    make_question,
    make_topic,
    make_user,
)
from tests.review.pages import parse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_recheck(monkeypatch):
    monkeypatch.setattr("dossiers.review.actions.resolving.recheck_topic", lambda topic: None)


def sign_in(user=None):
    client = Client()
    client.force_login(user or make_user())
    return client


def titles(page):
    return [" ".join(page.raw_text(node).split()) for node in page.all(".row-title")]


def test_the_queue_lists_what_waits_in_the_order_of_topics_and_positions():
    first, second = make_topic("Zebra"), make_topic("Aardvark")
    make_claim(second, "b1", label="", position=1)
    make_claim(first, "a2", label="", position=2)
    make_claim(first, "a1", label="", position=1)
    decide(make_claim(first, "decided"), make_user())
    page = parse(sign_in().get(reverse("review:queue")))
    assert titles(page) == ["a1", "a2", "b1"]
    assert page.text("h1") == "Queue 3 claims"


def test_filters_narrow_the_list_and_its_counter_alike():
    topic = make_topic()
    event = make_claim(topic, "event", label="", kind="event")
    wrong, challenged = make_claim(topic, "wrong", label=""), make_claim(topic, "old", label="")
    make_check(wrong.newest_proposal)
    make_check(event.newest_proposal.evidence.get().capture, "wrong-entity")
    decide(challenged, make_user())
    make_proposal(challenged, "new")
    client = sign_in()
    for query, expected in (
        ("?kind=event", ["event"]),
        ("?errors=1", ["event", "wrong"]),
        ("?status=challenged", ["new"]),
        ("?status=approved", ["new"]),
        ("?status=pending", ["event", "wrong"]),
        ("?status=rejected", []),
        ("?status=nonsense&kind=nonsense", ["event", "wrong", "new"]),
        (f"?topic={topic.slug}&status=all", ["event", "wrong", "new"]),
        ("?topic=elsewhere", []),
    ):
        page = parse(client.get(reverse("review:queue") + query))
        assert titles(page) == expected, query
        assert page.text("h1 .count").split()[0] == str(len(expected))


def test_a_dismissed_error_counts_no_longer_wherever_it_was_found():
    topic, editor = make_topic(), make_user()
    claims = [make_claim(topic, f"v{number}", label="") for number in range(4)]
    make_check(claims[0].newest_proposal, "ungrounded")
    make_check(claims[1], "check-failed")
    capture = claims[2].newest_proposal.evidence.get().capture
    make_check(capture, "wrong-entity")
    make_check(capture, "single-source", "info")
    client = sign_in()
    for dismissed, code in ((None, ""), (0, "ungrounded"), (1, "check-failed"), (2, "wrong-entity")):
        if dismissed is not None:
            dismiss_check(claims[dismissed].newest_proposal, editor=editor, code=code, reason="It is there.")
        left = ["v0", "v1", "v2"][0 if dismissed is None else dismissed + 1 :]
        assert titles(parse(client.get(reverse("review:queue") + "?errors=1"))) == left


def test_pages_follow_each_other_both_ways_and_lose_no_claim(monkeypatch):
    monkeypatch.setattr(walk, "PAGE", 3)
    topics = [make_topic(), make_topic()]
    for number in range(8):
        make_claim(topics[number % 2], f"v{number}", label="", position=number // 4)
    client, seen, address = sign_in(), [], reverse("review:queue")
    pages = []
    while address:
        page = parse(client.get(address))
        seen += titles(page)
        pages.append(titles(page))
        link = page.find(".pagination [rel]") if len(pages) == 1 else next(iter(page.all(".pagination a")[1:]), None)
        address = link.attributes["href"] if link else None
        last = page
    assert (len(seen), len(set(seen)), len(pages)) == (8, 8, 3)
    back = parse(client.get(last.find(".pagination a").attributes["href"]))
    assert titles(back) == pages[1]


@pytest.mark.parametrize(
    "query", ["?after=1.2", "?after=a.b.c", "?before=99999999999.1.1", "?done=x", "?done=999999", "?after=1.1.²"]
)
def test_addresses_made_up_by_hand_do_no_harm(query):
    make_claim(make_topic())
    assert sign_in().get(reverse("review:queue") + query).status_code == 200


def test_above_a_thousand_the_counter_says_so(monkeypatch):
    monkeypatch.setattr(counting, "COUNTED", 2)
    topic = make_topic()
    claims = [make_claim(topic) for _ in range(3)]
    assert parse(sign_in().get(reverse("review:queue"))).text(".count").startswith("2+")
    decide(claims[0], make_user())
    assert parse(sign_in().get(reverse("review:queue"))).text(".count") == "2 claims"


def test_topics_say_how_many_claims_wait():
    topic, quiet = make_topic("A topic"), make_topic("B topic")
    claims = [make_claim(topic) for _ in range(3)]
    decide(claims[0], make_user())
    decide(make_claim(quiet), make_user())
    page = parse(sign_in().get(reverse("review:topics")))
    assert titles(page) == ["A topic", "B topic"]
    assert [page.raw_text(node).strip() for node in page.all(".badge")] == ["2 waiting", "All decided"]


def test_an_editor_answers_which_candidate_is_the_topic():
    topic = make_topic()
    hit, miss = make_capture(topic, "Sample Hill, a hill", "geocoder"), make_capture(topic, "Sample Hall", "geocoder")
    make_question(topic, hit, miss)
    client, address = sign_in(), reverse("review:topic", args=[topic.slug])
    page = parse(client.get(address))
    assert "not answered yet" in page.text("summary")
    assert "Sample Hill, a hill" in page.text(".choice")
    assert "category: building" in page.text(".choice")
    form = page.find("form.sheet")
    fields = page.fields(form)
    refused = client.post(form.attributes["action"], fields)
    assert refused.status_code == 422
    assert "Choose one" in parse(refused).text(".error-summary")
    assert client.post(form.attributes["action"], fields | {"choice": "capture:0"}).status_code == 422
    answer = client.post(form.attributes["action"], fields | {"choice": f"capture:{hit.pk}"})
    assert (answer.status_code, answer["Location"]) == (303, address)
    newest = EntityResolution.objects.order_by("-id").first()
    assert (newest.choice, newest.editor is not None) == (f"capture:{hit.pk}", True)
    again = client.post(form.attributes["action"], fields | {"choice": "none"})
    assert again.status_code == 409
    assert "answered or asked anew" in parse(again).text(".error-summary")


def test_a_topic_that_does_not_exist_is_not_found():
    client = sign_in()
    assert client.get(reverse("review:topic", args=["nowhere"])).status_code == 404
    assert client.post(reverse("review:resolve", args=["nowhere"])).status_code == 404


SEEING = ("queue", "topics", "topic", "claim")
DECIDING = ("approve", "amend", "reject", "escalate", "undo", "dismiss", "resolve")


def link(name, claim):
    if name in ("queue", "topics"):
        return reverse(f"review:{name}")
    return reverse(f"review:{name}", args=[claim.topic.slug if name in ("topic", "resolve") else claim.pk])


@pytest.mark.parametrize("group", sorted(MATRIX))
def test_each_group_sees_and_does_what_the_matrix_says(group):
    claim = make_claim(make_topic())
    client = sign_in(make_user(group=group))
    for name in SEEING:
        assert client.get(link(name, claim)).status_code == (200 if Right.SEE_DESK in MATRIX[group] else 403), name
    for name in DECIDING:
        expected = 422 if Right.DECIDE in MATRIX[group] else 403
        assert client.post(link(name, claim)).status_code == expected, name
    if Right.SEE_DESK in MATRIX[group] and Right.DECIDE not in MATRIX[group]:
        assert parse(client.get(link("claim", claim))).all(".decide") == []
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("name", [*SEEING, *DECIDING])
def test_a_stranger_is_asked_to_sign_in(name):
    claim = make_claim(make_topic())
    method = Client().get if name in SEEING else Client().post
    answer = method(link(name, claim))
    assert answer.status_code == 303
    assert answer["Location"].startswith(reverse("account_login"))
    assert not AnonymousUser().has_perm(Right.SEE_DESK.value)


def count_queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured), [query["sql"] for query in captured]


@pytest.mark.parametrize("name", ["queue", "topic", "topics", "claim"])
def test_queries_do_not_grow_with_rows(name):
    topic = make_topic()
    claim = fill(topic)
    client = sign_in()
    before, _ = count_queries(client, link(name, claim))
    for _ in range(6):
        fill(topic)
        fill(make_topic())
    enrich(claim)
    after, statements = count_queries(client, link(name, claim))
    assert after <= before, statements


def test_lists_never_read_the_text_of_a_capture():
    topic = make_topic()
    for _ in range(3):
        fill(topic)
    for name in ("queue", "topic", "topics"):
        _, statements = count_queries(sign_in(), link(name, make_claim(topic)))
        assert not [sql for sql in statements if reads_text(sql)]


def reads_text(sql):
    return '"dossiers_capture"."text"' in sql and "LEFT(" not in sql


def fill(topic):
    capture = make_capture(topic)
    quotes = [(capture, "three domes", Role.VALUE), (capture, "Sample Observatory", Role.SUBJECT)]
    claim = make_claim(topic, "three domes", quotes=quotes)
    make_check(claim.newest_proposal, "paraphrase", "warning")
    decide(claim, make_user(), "escalate")
    make_question(topic, capture, provider=f"provider-{capture.pk}")
    return claim


def enrich(claim):
    for number in range(4):
        proposal = make_proposal(claim, f"value {number}")
        make_check(proposal, f"code-{number}", "info")
        decide(claim, make_user(), "reject")
