"""The desk through its addresses: without scripts, with HTMX, in conflict, and what must not pass."""

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models.claim import ClaimStatus
from dossiers.models.decision import Decision, EvidenceDisplay
from tests.builders import decide, make_capture, make_check, make_claim, make_proposal, make_topic, make_user
from tests.review.desk import open_card, send, sign_in
from tests.review.pages import parse

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def test_approving_without_scripts_goes_on_to_the_next_claim(claims):
    client = sign_in()
    answer = send(client, claims[0], "approve", open_card(client, claims[0]))
    decision = Decision.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == reverse("review:claim", args=[claims[1].pk]) + f"?done={decision.pk}"
    page = parse(client.get(answer["Location"]))
    assert "Approved: Label three domes: three domes" in page.text(".notice")
    assert page.text("h1") == "Label four doors"


def test_htmx_gets_the_next_card_alone_and_its_address(claims):
    client = sign_in()
    answer = send(client, claims[0], "approve", open_card(client, claims[0]), headers=HTMX)
    page = parse(answer)
    assert (answer.status_code, answer["HX-Push-Url"]) == (200, reverse("review:claim", args=[claims[1].pk]))
    assert page.find("body") is None
    assert page.find(f"#card-{claims[1].pk}") is not None
    assert page.find("[data-announce]").attributes["data-announce"].startswith("Approved: Label three domes")
    assert page.find("h1").attributes["tabindex"] == "-1"


def test_a_walk_stays_in_its_topic_and_ends_where_it_says_what_to_do(claims, topic):
    make_claim(make_topic(), "elsewhere")
    client, query = sign_in(), f"?topic={topic.slug}"
    for claim, following in zip(claims, [*claims[1:], None], strict=True):
        answer = send(client, claim, "approve", open_card(client, claim, query), query=query)
        expected = (
            reverse("review:claim", args=[following.pk]) if following else reverse("review:topic", args=[topic.slug])
        )
        assert answer["Location"].startswith(expected)
    page = parse(client.get(answer["Location"]))
    assert "Nothing waits here" in page.text(".empty")
    assert "Undo" in page.text(".notice")


def test_undo_is_one_step_away_and_comes_back_to_the_claim(claims):
    client = sign_in()
    answer = send(client, claims[0], "approve", open_card(client, claims[0]))
    page = parse(client.get(answer["Location"]))
    form = page.find(".notice form")
    answer = client.post(form.attributes["action"], page.fields(form))
    assert answer["Location"].startswith(reverse("review:claim", args=[claims[0].pk]))
    claims[0].refresh_from_db()
    assert claims[0].status == ClaimStatus.PENDING


def test_warnings_ask_for_one_more_press(claims):
    client, claim = sign_in(), claims[0]
    make_check(claim.newest_proposal, "paraphrase", "warning")
    first = send(client, claim, "approve", open_card(client, claim))
    assert (first.status_code, Decision.objects.count()) == (422, 0)
    page = parse(first)
    assert "Approve all the same" in page.text("#approve-form")
    assert send(client, claim, "approve", page).status_code == 303
    assert Decision.objects.get().seen_check_codes == ["paraphrase"]


def test_an_open_error_disables_approve_and_says_why_until_it_is_dismissed(claims):
    client, claim = sign_in(), claims[0]
    make_check(claim.newest_proposal, "ungrounded")
    page = open_card(client, claim)
    assert page.find("#approve-form") is None
    assert "must be dismissed" in page.text("#why-not")
    form = page.find(".check form")
    refused = client.post(form.attributes["action"], page.fields(form) | {"reason": " "})
    assert refused.status_code == 422
    answer = client.post(form.attributes["action"], page.fields(form) | {"reason": "It says so."})
    assert answer.status_code == 303
    page = open_card(client, claim)
    assert "It says so." in page.text(".check")
    assert send(client, claim, "approve", page).status_code == 303


def test_rejecting_without_a_reason_keeps_what_was_typed(claims):
    client = sign_in()
    answer = send(client, claims[0], "reject", open_card(client, claims[0]), reason_code="", note="typed words")
    page = parse(answer)
    assert answer.status_code == 422
    assert page.form("reject-form")["note"] == "typed words"
    assert "Reason" in page.text("#reject-form .error-summary")
    assert page.find("details[open] #reject-form") is not None
    assert send(client, claims[0], "reject", page, reason_code="wrong_value").status_code == 303


def test_a_note_of_a_book_is_refused_and_kept(claims):
    client = sign_in()
    typed = "A long story. " * 500
    answer = send(client, claims[0], "reject", open_card(client, claims[0]), reason_code="unsupported", note=typed)
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert not Decision.objects.exists()


def test_amending_with_a_quote_that_is_not_there_keeps_what_was_typed(claims):
    client = sign_in()
    page = open_card(client, claims[0])
    assert page.form("amend-form")["value"] == "three domes"
    answer = send(client, claims[0], "amend", page, value="six domes", exact="there are six domes")
    again = parse(answer)
    assert answer.status_code == 422
    assert again.form("amend-form")["value"] == "six domes"
    assert "do not stand in the source" in again.text("#amend-form")
    assert again.form("amend-form")["exact"].strip() == "there are six domes"
    assert send(client, claims[0], "amend", again, exact="", is_statement="on").status_code == 303
    claims[0].refresh_from_db()
    assert (claims[0].incumbent.value, claims[0].incumbent.is_statement) == ("six domes", True)


def test_amending_with_a_picked_quote(claims):
    client, claim = sign_in(), claims[0]
    capture = make_capture(claim.topic, "They say: seven domes, all told.")
    picked = {"value": "seven domes", "exact": "seven domes", "capture": capture.pk, "start": 10, "end": 21}
    assert send(client, claim, "amend", open_card(client, claim), **picked).status_code == 303
    claim.refresh_from_db()
    row = claim.incumbent.evidence.get()
    assert (row.capture, row.start, row.exact) == (capture, 10, "seven domes")


def test_of_two_browsers_one_wins_and_the_other_loses_no_typing(claims):
    claim, first, second = claims[0], sign_in(), sign_in()
    pages = open_card(first, claim), open_card(second, claim)
    assert send(first, claim, "amend", pages[0], value="eight domes", is_statement="on").status_code == 303
    answer = send(second, claim, "reject", pages[1], reason_code="wrong_value", note="I counted nine.")
    assert answer.status_code == 409
    page = parse(answer)
    assert "three domes" in page.text(".conflict-side")
    assert page.text(".is-now ins") == "eight"
    assert "Amended by" in page.text(".is-now")
    assert "The value is wrong" in page.text(".is-yours")
    assert page.form("reject-form")["note"] == "I counted nine."
    assert page.form("reject-form")["reason_code"] == "wrong_value"
    assert Decision.objects.count() == 1
    assert send(second, claim, "reject", page).status_code == 303
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REJECTED


def test_an_amendment_in_conflict_is_compared_with_what_is_there_now(claims):
    claim, first, second = claims[0], sign_in(), sign_in()
    pages = open_card(first, claim), open_card(second, claim)
    send(first, claim, "amend", pages[0], value="eight domes", is_statement="on")
    typed = {
        "value": "nine domes",
        "is_statement": "on",
        "date_text": "in 1931",
        "note": "my note",
        "exact": "nine domes",
    }
    answer = send(second, claim, "amend", pages[1], headers=HTMX, **typed)
    page = parse(answer)
    assert answer.status_code == 409
    assert (page.text(".is-yours del"), "nine" in page.text(".is-yours ins")) == ("eight", True)
    kept = page.form("amend-form")
    assert {name: kept[name].strip() for name in typed} == typed
    assert send(second, claim, "amend", page).status_code == 303
    claim.refresh_from_db()
    assert claim.incumbent.value == "nine domes"


def test_a_stale_approval_shows_the_new_evidence_before_it_can_be_given(claims):
    claim, client = claims[0], sign_in()
    page = open_card(client, claim)
    make_proposal(claim, "four domes")
    answer = send(client, claim, "approve", page)
    assert answer.status_code == 409
    assert "four domes" in parse(answer).text(".evidence")
    assert send(client, claim, "approve", parse(answer)).status_code == 303
    claim.refresh_from_db()
    assert claim.incumbent.value == "four domes"


def test_the_same_form_sent_twice_decides_once_and_both_succeed(claims):
    client = sign_in()
    page = open_card(client, claims[0])
    answers = [send(client, claims[0], "approve", page) for _ in range(3)]
    assert {a.status_code for a in answers} == {303}
    assert len({a["Location"] for a in answers}) == 1
    assert Decision.objects.count() == 1


def test_evidence_that_was_not_shown_cannot_be_approved(claims):
    page = open_card(sign_in(), claims[0])
    answer = send(sign_in(), claims[0], "approve", page)
    assert answer.status_code == 422
    assert "has not been shown to you" in parse(answer).text(".decide")
    assert Decision.objects.count() == 0


def test_opening_a_card_records_the_display_for_who_may_decide(claims):
    editor = make_user()
    open_card(sign_in(editor), claims[0])
    open_card(sign_in(make_user(group="publisher")), claims[0])
    assert sign_in().head(reverse("review:claim", args=[claims[0].pk])).status_code == 200
    shown = EvidenceDisplay.objects.get()
    assert (shown.editor, shown.proposal) == (editor, claims[0].newest_proposal)


@pytest.mark.parametrize("broken", [{"key": ""}, {"version": "x"}, {"proposal": ""}, {"revision": ""}])
def test_a_form_that_came_back_incomplete_is_refused_in_words(claims, broken):
    client = sign_in()
    answer = send(client, claims[0], "approve", open_card(client, claims[0]), **broken)
    assert answer.status_code == 422
    assert "came back incomplete" in parse(answer).text(".decide")


def test_a_challenger_stands_beside_the_incumbent_with_the_difference(claims):
    claim = claims[0]
    decide(claim, make_user())
    make_proposal(claim, "four domes")
    page = open_card(sign_in(), claim)
    assert (page.text(".proposal del"), page.text(".proposal ins")) == ("three", "four")
    assert page.text(".badge") == "Challenged"


@pytest.mark.parametrize("name", ["approve", "amend", "reject", "escalate", "undo", "dismiss"])
def test_a_claim_that_does_not_exist_is_not_found(name):
    assert sign_in().post(reverse(f"review:{name}", args=[10**6])).status_code == 404
    assert sign_in().get(reverse("review:claim", args=[10**6])).status_code == 404


@pytest.mark.parametrize("name", ["approve", "amend", "reject", "escalate", "undo", "dismiss"])
def test_acts_are_posts_with_a_token(claims, name):
    address = reverse(f"review:{name}", args=[claims[0].pk])
    editor = make_user()
    assert sign_in(editor).get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(address).status_code == 403
