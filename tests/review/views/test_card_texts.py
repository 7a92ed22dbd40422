"""What the card writes: texts from outside as text, passages character for character, each finding once."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.builders import decide, make_capture, make_check, make_claim, make_user
from tests.review.desk import open_card, send, sign_in
from tests.review.pages import parse

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script> & “three” <img src=x onerror=alert(1)> domes"


def test_hostile_text_is_shown_as_text_everywhere(topic):
    text = f"Before it.\r\nThen {HOSTILE} stands there [...] </blockquote><script>x</script> after it."
    capture = make_capture(
        topic, text, title=HOSTILE, url="https://example.org/?a=<b>", publisher=HOSTILE, licence=HOSTILE
    )
    claim = make_claim(topic, HOSTILE, label=HOSTILE, capture=capture, date_text=HOSTILE)
    editor = make_user(first_name="<b>Bold</b>")
    make_check(claim.newest_proposal, "<i>code</i>")
    decide(claim, editor, "escalate", note=HOSTILE)
    client = sign_in(editor)
    for address in (
        reverse("review:claim", args=[claim.pk]),
        reverse("review:queue"),
        reverse("review:topic", args=[topic.slug]),
    ):
        page = parse(client.get(address))
        scripts = [node for node in page.all("script") if "src" not in node.attributes]
        assert (scripts, page.all("img"), page.all("i"), page.all("b")) == ([], [], [], [])
    card = open_card(client, claim)
    assert card.text("blockquote mark") == HOSTILE
    answer = send(client, claim, "reject", card, note=HOSTILE, reason_code="")
    assert parse(answer).all("img") == []


def test_the_passage_holds_the_captures_text_character_for_character(topic):
    text = "First line.\r\n\tThen three domes, \u00a0and a cafe\u0301 \U0001f52d there.  And more [...] after the cut."
    capture = make_capture(topic, text)
    claim = make_claim(topic, "three domes", capture=capture)
    page = open_card(sign_in(), claim)
    passage = page.find("blockquote[data-pickable]")
    start = int(passage.attributes["data-passage-start"])
    shown = re.sub("cut", "[...]", page.raw_text(passage), count=0)
    assert text[start : start + len(shown)] == shown
    assert "three domes" in shown


def test_every_form_of_the_card_carries_a_key_of_its_own(claims):
    page = open_card(sign_in(), claims[0])
    keys = [page.form(f"{name}-form")["key"] for name in ("approve", "amend", "reject", "escalate")]
    assert len(set(keys)) == 4
    assert str(uuid4()) not in keys


def test_what_is_said_twice_of_one_claim_is_shown_once(claims):
    proposal = claims[0].newest_proposal
    make_check(proposal, "wrong-entity")
    make_check(proposal.evidence.get().capture, "wrong-entity")
    page = open_card(sign_in(), claims[0])
    assert len(page.all(".check")) == 1
    assert page.text("#why-not").startswith("1 error must")


def test_words_that_do_not_support_the_value_are_not_marked_as_such(topic):
    claim = make_claim(topic, "three domes", method="nearest")
    page = open_card(sign_in(), claim)
    assert page.all("blockquote mark") == []
    assert "Not said by" in page.text(".quotes")
