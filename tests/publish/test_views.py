"""The publisher's screens: what blocks, what readers will see, and the answers 303, 403, 404, 405, 409 and 422."""

import pytest
from django.test import Client

from dossiers.models.edition import Edition
from dossiers.models.status import PublicStatus
from dossiers.publish.queries import read_draft
from tests.builders import decide, make_check, make_claim, make_user
from tests.publish.dossiers import Dossier
from tests.publish.screens import enter, look, press
from tests.reading import read_page

pytestmark = pytest.mark.django_db


def test_a_publisher_previews_and_publishes_without_javascript(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    page = look(client, dossier)
    article = page.find("article", class_="dossier")
    assert "three domes" in article.text and "Not yet published" in article.text
    answer = press(client, page, "Publish edition 1", note="The first one.")
    assert (answer.status_code, answer["Location"]) == (303, f"/publish/{dossier.topic.slug}/")
    edition = Edition.objects.get()
    assert edition.published_by == dossier.publisher and '"note":"The first one."' in edition.canonical
    after = look(client, dossier)
    assert "Edition 1 is published." in after.find("div", id="notices").text
    assert "Nothing has changed since." in after.text and not after.find_all("button", class_="is-primary")


def test_the_preview_is_what_readers_then_see(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    preview = look(client, dossier).find("article", class_="dossier")
    dossier.publish()
    page = read_page(client.get(f"/{dossier.topic.slug}/")).find("article", class_="dossier")
    for tag in ("header", "h2", "blockquote", "cite", "dt", "summary"):
        before, after = ([part.text for part in tree.find_all(tag)] for tree in (preview, page))
        assert before == after[: len(before)]
    for class_ in ("lede", "what", "when", "place-name", "row-meta"):
        before, after = ([part.text for part in tree.find_all("p", class_=class_)] for tree in (preview, page))
        assert before == after


def test_blockers_name_their_claims_and_link_to_them(dossier: Dossier) -> None:
    claim = make_claim(dossier.topic, "a fourth dome")
    make_check(dossier.claims["domes"], "contradicted-attribute")
    page = look(enter(dossier.publisher), dossier)
    undecided = page.find("section", **{"aria-labelledby": "undecided"})
    assert undecided.find("a", href=f"/review/claims/{claim.pk}/").text == "Domes: a fourth dome"
    assert undecided.find("h2").find("span").text == "1"
    errors = page.find("section", **{"aria-labelledby": "errors"})
    assert errors.find("a", href=f"/review/claims/{dossier.claims['domes'].pk}/")
    assert "Finding contradicted-attribute." in errors.text


def test_publishing_over_a_blocker_is_refused_and_what_was_typed_stays(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    make_claim(dossier.topic, "a fourth dome")
    answer = press(client, look(client, dossier), "Publish edition 1", note="My words.")
    assert answer.status_code == 422 and not Edition.objects.exists()
    page = read_page(answer)
    assert "1 claim is neither settled nor left out." in page.find("div", class_="error-summary").text
    assert page.find("textarea", name="note").text == "My words."


def test_all_that_is_not_decided_can_be_left_out_at_once(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    make_claim(dossier.topic, "a fourth dome")
    page = look(client, dossier, "?leave_out=undecided&leave_out=" + "9" * 5000)
    page = look(client, dossier, "?leave_out=undecided")
    assert "checked" in page.find("section", **{"aria-labelledby": "undecided"}).find("input").attributes
    assert press(client, page, "Publish edition 1").status_code == 303
    assert '"left_out":1' in Edition.objects.get().canonical


def test_leaving_out_what_is_not_decided_keeps_the_note_and_the_other_choices(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    make_claim(dossier.topic, "a fourth dome")
    place = dossier.claims["place"].pk
    answer = press(
        client, look(client, dossier), "Leave out all that is not decided", leave_out=[place, "undecided"], note="Why."
    )
    page = read_page(answer)
    assert page.find("textarea", name="note").text == "Why."
    checked = {
        box.attributes["value"] for box in page.find_all("input", name="leave_out") if "checked" in box.attributes
    }
    assert str(place) in checked
    assert len(checked) == 2


def test_enter_in_a_field_never_publishes(dossier: Dossier) -> None:
    make_claim(dossier.topic, "a fourth dome")
    form = look(enter(dossier.publisher), dossier).find("form", id="publish")
    first = next(button for button in form.find_all("button") if button.attributes["type"] == "submit")
    assert "formaction" not in first.attributes
    assert "name" not in first.attributes


def test_a_fact_left_out_is_not_in_the_preview(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    page = look(client, dossier)
    answer = press(client, page, "Preview with these choices", leave_out=dossier.claims["place"].pk, note="Why.")
    page = read_page(answer)
    assert not page.find("article", class_="dossier").find_all("div", class_="place")
    assert page.find("textarea", name="note").text == "Why."
    assert "csrfmiddlewaretoken" not in answer.wsgi_request.GET


def test_a_preview_that_has_gone_stale_answers_409_and_publishes_nothing(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    page = look(client, dossier)
    dossier.amend("domes", "four domes")
    answer = press(client, page, "Publish edition 1", note="My words.", leave_out=[dossier.claims["place"].pk])
    assert answer.status_code == 409 and not Edition.objects.exists()
    again = read_page(answer)
    assert "changed since you previewed it" in again.find("div", class_="error-summary").text
    assert again.find("textarea", name="note").text == "My words."
    ticked = again.find_all("input", name="leave_out", checked="")
    assert [box.attributes["value"] for box in ticked] == [str(dossier.claims["place"].pk)]
    assert "four domes" in again.find("article", class_="dossier").text
    assert press(client, again, "Publish edition 1").status_code == 303


def test_a_correction_without_a_note_is_refused_beside_the_note(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    dossier.publish()
    dossier.amend("domes", "four domes")
    page = look(client, dossier)
    assert page.find("ol", class_="corrections").find("ins").text == "Domes: four domes"
    answer = press(client, page, "Publish edition 2")
    assert answer.status_code == 422
    assert read_page(answer).find("textarea", name="note").attributes["aria-invalid"] == "true"
    assert press(client, read_page(answer), "Publish edition 2", note="Misread.").status_code == 303


def test_an_unchanged_dossier_is_not_published_again(dossier: Dossier) -> None:
    dossier.publish()
    data = {"seen": read_draft(dossier.topic).seen, "note": ""}
    client = Client()
    client.force_login(dossier.publisher)
    answer = client.post(f"/publish/{dossier.topic.slug}/publish/", data)
    assert answer.status_code == 422 and "Nothing has changed since edition 1" in read_page(answer).text


@pytest.mark.parametrize("data", [{}, {"seen": "nonsense"}, {"seen": "0" * 64, "leave_out": "one"}])
def test_what_the_preview_does_not_offer_is_refused(dossier: Dossier, data: dict[str, str]) -> None:
    client = Client()
    client.force_login(dossier.publisher)
    answer = client.post(f"/publish/{dossier.topic.slug}/publish/", data)
    assert answer.status_code == 422
    assert "not what the preview offers" in read_page(answer).find("div", class_="error-summary").text


def test_withdrawing_takes_a_reason_and_publishing_again_shows_it(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    dossier.publish()
    answer = press(client, look(client, dossier), "Withdraw this dossier", reason=" ")
    assert answer.status_code == 422 and not PublicStatus.objects.get().is_withdrawn
    assert press(client, read_page(answer), "Withdraw this dossier", reason="A legal order.").status_code == 303
    assert client.get(f"/{dossier.topic.slug}/").status_code == 410
    page = look(client, dossier)
    assert "A legal order." in page.find_all("p", class_="standfirst")[0].text
    assert press(client, page, "Publish edition 2").status_code == 303
    assert client.get(f"/{dossier.topic.slug}/").status_code == 200


def test_withdrawing_what_is_not_published_is_refused(dossier: Dossier) -> None:
    client = Client()
    client.force_login(dossier.publisher)
    answer = client.post(f"/publish/{dossier.topic.slug}/withdraw/", {"reason": "Why not."})
    assert answer.status_code == 422 and "nothing to withdraw" in read_page(answer).text


ADDRESSES = [("get", ""), ("get", "{slug}/"), ("post", "{slug}/publish/"), ("post", "{slug}/withdraw/")]


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
def test_a_stranger_is_asked_to_sign_in(dossier: Dossier, method: str, rest: str) -> None:
    answer = getattr(Client(), method)("/publish/" + rest.format(slug=dossier.topic.slug))
    assert answer.status_code == 303 and answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("method", "rest"), ADDRESSES)
@pytest.mark.parametrize("group", ["reader", "editor", "publisher", "curator", "administrator"])
def test_each_group_does_what_is_its_own(dossier: Dossier, method: str, rest: str, group: str) -> None:
    client = Client()
    client.force_login(make_user(group=group))
    answer = getattr(client, method)("/publish/" + rest.format(slug=dossier.topic.slug))
    may_look, may_publish = group != "reader", group in ("publisher", "administrator")
    is_allowed = may_look if method == "get" else may_publish
    assert (answer.status_code != 403) == is_allowed


def test_an_editor_looks_but_has_no_button(dossier: Dossier) -> None:
    dossier.publish()
    decide(make_claim(dossier.topic, "a fourth dome"), dossier.editor)
    page = look(enter(dossier.editor), dossier)
    words = [button.text for button in page.find("main").find_all("button")]
    assert not [text for text in words if text.startswith(("Publish", "Withdraw"))]


def test_a_form_without_its_token_is_refused(dossier: Dossier) -> None:
    answer = enter(dossier.publisher).post(f"/publish/{dossier.topic.slug}/publish/", {"seen": "0" * 64})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "rest"), [("post", "{slug}/"), ("get", "{slug}/publish/"), ("get", "{slug}/withdraw/")]
)
def test_looking_and_doing_have_their_own_methods(dossier: Dossier, method: str, rest: str) -> None:
    client = Client()
    client.force_login(dossier.publisher)
    assert getattr(client, method)("/publish/" + rest.format(slug=dossier.topic.slug)).status_code == 405


def test_a_topic_that_is_not_there_is_404(dossier: Dossier) -> None:
    assert enter(dossier.publisher).get("/publish/none/").status_code == 404
