"""What a card tells an editor beside the claim: what was dismissed, what the other claim came to, who asks for help."""

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models.check import Check
from dossiers.models.resolution import EntityResolution
from dossiers.review.actions import dismiss_check, escalate_claim, undo_decision
from dossiers.review.queries import read_seen
from tests.builders import decide, make_capture, make_check, make_claim, make_question, make_topic, make_user
from tests.review.pages import Page, parse

pytestmark = pytest.mark.django_db


def open_page(address: str) -> Page:
    client = Client()
    client.force_login(make_user())
    return parse(client.get(address))


def open_card(claim, query: str = "") -> Page:
    return open_page(reverse("review:claim", args=[claim.pk]) + query)


def test_a_dismissed_error_no_longer_looks_like_one():
    claim = make_claim(make_topic(), "three domes")
    make_check(claim.newest_proposal, "number-not-in-quote")
    dismiss_check(claim.newest_proposal, code="number-not-in-quote", editor=make_user(), reason="It is spelled out.")
    [check] = open_card(claim).all(".check")
    assert check.attributes["data-severity"] == "info"
    text = open_card(claim).text(".check")
    assert text.startswith("Dismissed: number not in quote.")
    assert "“It is spelled out.”" in text


def test_a_finding_about_two_claims_says_what_became_of_the_other():
    topic = make_topic()
    first, second = make_claim(topic, "25"), make_claim(topic, "23")
    Check.objects.create(claim=second, related_claim=first, code="conflict", severity="warning", message="Contradicts.")
    assert "See the other claim (pending)" in open_card(second).text(".check")
    decide(first, make_user())
    page = open_card(second, f"?topic={topic.slug}")
    assert "See the other claim (approved)" in page.text(".check")
    assert page.find(".check a").attributes["href"].endswith(f"?topic={topic.slug}")


def test_an_escalated_claim_says_who_asks_and_what_until_it_is_settled():
    claim, editor = make_claim(make_topic(), "three domes"), make_user("ada")
    words = {"editor": editor, "note": "Is the annex a dome?"}
    escalate_claim(claim, seen=read_seen(claim), key="5f0cbe6e-7a3b-4b7f-8c26-1a1d54a70a11", **words)
    claim.refresh_from_db()
    told = open_card(claim).text(".proposal .notice")
    assert "Escalated by ada" in told
    assert "Is the annex a dome?" in told
    undo_decision(claim, editor=editor, seen=read_seen(claim), key="5f0cbe6e-7a3b-4b7f-8c26-1a1d54a70a12")
    assert open_card(claim).find(".proposal .notice") is None


def test_the_queue_names_what_was_found():
    claim = make_claim(make_topic(), "three domes")
    for code, severity in (("ungrounded", "error"), ("date-contradicted", "warning"), ("single-source", "info")):
        make_check(claim.newest_proposal, code, severity)
    page = open_page(reverse("review:queue"))
    assert [page.raw_text(node) for node in page.all(".found")] == [
        "1 error: ungrounded", "1 warning: date contradicted",
    ]  # fmt: skip


def test_a_place_can_be_looked_at_on_the_map_that_the_settings_name(settings):
    settings.MAP_LINK = "https://map.example/{lat}/{lon}"
    place = make_claim(make_topic(), "three domes", label="", kind="place", lat="46.5", lon="-7.25")
    assert open_card(place).find(".value-date a").attributes["href"].startswith("https://map.example/46.5")
    assert open_card(make_claim(make_topic(), "three domes")).find(".value-date a") is None


def test_what_tells_candidates_apart_is_said_in_words():
    topic = make_topic()
    question = make_question(topic, make_capture(topic))
    features = {"names_found": [], "names_of_the_description": ["Rigel"], "title_is_the_topics": False, "rank": 2}
    EntityResolution.objects.create(
        topic=topic, provider="encyclopedia", candidates=[question.candidates[0] | {"features": features}]
    )
    page = open_page(reverse("review:topic", args=[topic.slug]))
    assert " ".join(page.raw_text(page.find(".choice .muted")).split()) == (
        "its title is the topic’s name: no · names in the topic’s description: Rigel · of these it has: none · rank: 2"
    )
