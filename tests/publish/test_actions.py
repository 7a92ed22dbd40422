"""Publishing and withdrawing: what becomes an edition, what is refused, and what readers' status then says."""

import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from dossiers.models.claim import ClaimHealth
from dossiers.models.decision import Action
from dossiers.models.edition import Correction, Edition
from dossiers.models.status import PublicStatus
from dossiers.publish.actions import (
    DossierHasMoved,
    DossierNotReady,
    NoteIsMissing,
    NothingToPublish,
    NothingToWithdraw,
    PublishingRefused,
    RecordsAreFaulty,
    publish_dossier,
    publishing,
    refresh_public_status,
    refresh_public_statuses,
    withdraw_dossier,
)
from dossiers.publish.assembly import encode_canonical, hash_bytes
from dossiers.publish.queries import read_draft
from tests.builders import decide, make_check, make_claim, make_proposal, make_topic, make_user
from tests.publish.dossiers import Dossier, make_dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Dossier:
    return make_dossier()


def status_of(dossier: Dossier) -> PublicStatus:
    return PublicStatus.objects.get(topic=dossier.topic)


def test_an_edition_holds_every_approved_fact_with_its_words_and_its_editor(dossier: Dossier) -> None:
    edition = dossier.publish(note="The first one.")
    content = json.loads(edition.canonical)
    assert encode_canonical(content).decode() == edition.canonical
    assert hash_bytes(edition.canonical.encode()) == edition.sha256
    assert [fact["kind"] for fact in content["facts"]] == ["summary", "attribute", "event", "event", "place"]
    domes = content["facts"][1]
    assert (domes["label"], domes["value"]) == ("Domes", "three domes")
    assert [(row["exact"], row["role"]) for row in domes["evidence"]] == [
        ("three domes", "value"), ("Sample Observatory", "subject"),
    ]  # fmt: skip
    assert [(row["editor"], row["action"]) for row in domes["approvals"]] == [("Ada Sample", "approve")]
    assert content["bylines"] == ["Ada Sample"]
    assert content["publisher"] == dossier.publisher.username
    assert (content["note"], content["left_out"]) == ("The first one.", 0)


def test_every_quote_stands_in_its_passage_at_its_offsets(dossier: Dossier) -> None:
    content = json.loads(dossier.publish().canonical)
    for fact in content["facts"]:
        for row in fact["evidence"]:
            start = row["start"] - row["passage"]["start"]
            assert row["passage"]["text"][start : start + row["end"] - row["start"]] == row["exact"]


def test_only_cited_sources_are_listed_and_without_their_text(dossier: Dossier) -> None:
    content = json.loads(dossier.publish(leave_out={dossier.claims["place"].pk}).canonical)
    [source] = content["sources"]
    assert (source["title"], source["publisher"]) == ("A short history", "Sample Press")
    assert source["licence"] == "sample licence"
    assert (source["url"], source["retrieved_at"]) == ("https://press.example/history", "2026-05-01T10:00:00Z")
    assert source["sha256"] == dossier.capture.text_sha256
    assert "text" not in source and content["left_out"] == 1


def test_an_undecided_claim_holds_publication_up_until_it_is_left_out(dossier: Dossier) -> None:
    claim = make_claim(dossier.topic, "secret words")
    with pytest.raises(DossierNotReady) as refusal:
        dossier.publish()
    assert [blocker.claim_id for blocker in refusal.value.blockers] == [claim.pk]
    edition = dossier.publish(leave_out={claim.pk})
    assert "secret words" not in edition.canonical
    assert json.loads(edition.canonical)["left_out"] == 1


@pytest.mark.parametrize("action", [Action.ESCALATE, Action.REJECT])
def test_only_an_approved_claim_is_published(dossier: Dossier, action: str) -> None:
    claim = make_claim(dossier.topic, "secret words")
    decide(claim, dossier.editor, action)
    if action == Action.ESCALATE:
        with pytest.raises(DossierNotReady):
            dossier.publish()
    assert "secret words" not in dossier.publish(leave_out={claim.pk}).canonical


def test_a_claim_that_awaits_its_second_approval_holds_publication_up(dossier: Dossier) -> None:
    type(dossier.topic).objects.filter(pk=dossier.topic.pk).update(approvals_needed=2)
    claim = make_claim(dossier.topic, "secret words")
    decide(claim, dossier.editor)
    others = {other.pk for other in dossier.claims.values()}
    with pytest.raises(DossierNotReady):
        dossier.publish(leave_out=others)
    decide(claim, make_user(first_name="Bea"))
    [fact] = json.loads(dossier.publish(leave_out=others).canonical)["facts"]
    assert [row["editor"] for row in fact["approvals"]] == ["Ada Sample", "Bea"]


def test_an_open_error_on_an_approved_fact_holds_publication_up(dossier: Dossier) -> None:
    claim = dossier.claims["domes"]
    make_check(claim, "contradicted-attribute")
    with pytest.raises(DossierNotReady):
        dossier.publish()
    assert "Domes" not in dossier.publish(leave_out={claim.pk}).canonical


def test_a_challenger_holds_nothing_up_and_readers_keep_the_approved_value(dossier: Dossier) -> None:
    make_proposal(dossier.claims["domes"], "four domes")
    edition = dossier.publish()
    assert "four domes" not in edition.canonical and "three domes" in edition.canonical
    assert status_of(dossier).health == {f"fact-{dossier.claims['domes'].pk}": "source_changed"}


def test_publishing_needs_the_preview_to_be_of_the_dossier_as_it_is(dossier: Dossier) -> None:
    seen = read_draft(dossier.topic).seen
    decide(make_claim(dossier.topic, "a fourth dome"), dossier.editor)
    with pytest.raises(DossierHasMoved):
        publish_dossier(dossier.topic, editor=dossier.publisher, leave_out=set(), note="", seen=seen)
    assert not Edition.objects.exists()


def test_the_same_draft_gives_the_same_hash(dossier: Dossier) -> None:
    assert read_draft(dossier.topic).seen == read_draft(dossier.topic).seen


def test_publishing_unchanged_content_again_is_refused(dossier: Dossier) -> None:
    dossier.publish()
    with pytest.raises(NothingToPublish, match="Nothing has changed since edition 1"):
        dossier.publish()


def test_a_dossier_without_an_approved_claim_is_not_published() -> None:
    topic, publisher = make_topic(), make_user(group="publisher")
    with pytest.raises(NothingToPublish, match="nothing to publish"):
        publish_dossier(topic, editor=publisher, leave_out=set(), note="", seen=read_draft(topic).seen)


def test_a_changed_fact_is_a_correction_with_a_reason(dossier: Dossier) -> None:
    first = dossier.publish()
    dossier.amend("domes", "four domes")
    with pytest.raises(NoteIsMissing):
        dossier.publish(note="  ")
    second = dossier.publish(note="The source was misread.")
    assert (second.number, second.previous_sha256) == (2, first.sha256)
    row = Correction.objects.get(edition=second)
    assert (row.kind, row.before, row.after, row.reason) == (
        "changed", "Domes: three domes", "Domes: four domes", "The source was misread.",
    )  # fmt: skip
    [frozen] = json.loads(second.canonical)["corrections"]
    assert (frozen["fact"], frozen["before"], frozen["after"]) == (row.fact, row.before, row.after)


def test_an_added_fact_needs_no_note(dossier: Dossier) -> None:
    dossier.publish()
    decide(make_claim(dossier.topic, "a fourth dome"), dossier.editor)
    assert Correction.objects.get(edition=dossier.publish()).kind == "added"


def test_undoing_after_publication_marks_changes_and_leaves_the_edition(dossier: Dossier) -> None:
    edition = dossier.publish()
    claim = dossier.claims["domes"]
    decide(claim, dossier.editor, Action.UNDO, undoes=claim.standing_decision)
    status = status_of(dossier)
    assert status.has_unpublished_changes and status.current_edition == edition
    assert refresh_public_status(dossier.topic).has_unpublished_changes  # type: ignore[union-attr]
    assert Edition.objects.get().canonical == edition.canonical


def test_a_decision_that_changes_nothing_published_clears_the_mark_when_refreshed(dossier: Dossier) -> None:
    claim = make_claim(dossier.topic, "secret words")
    dossier.publish(leave_out={claim.pk})
    decide(claim, dossier.editor, Action.REJECT)
    assert status_of(dossier).has_unpublished_changes
    refresh_public_status(dossier.topic)
    assert not status_of(dossier).has_unpublished_changes


def test_a_fact_left_out_on_purpose_is_no_unpublished_change(dossier: Dossier) -> None:
    dossier.publish(leave_out={dossier.claims["domes"].pk})
    refresh_public_status(dossier.topic)
    assert not status_of(dossier).has_unpublished_changes


def test_refreshing_tells_readers_how_the_facts_fare(dossier: Dossier) -> None:
    dossier.publish()
    at = timezone.now()
    ClaimHealth.objects.create(claim=dossier.claims["dome"], state="quote_lost", checked_at=at)
    assert refresh_public_statuses() == 1
    status = status_of(dossier)
    assert status.health == {f"fact-{dossier.claims['dome'].pk}": "quote_lost"} and status.checked_at == at
    assert refresh_public_statuses() == 0


def test_refreshing_without_news_writes_nothing(dossier: Dossier) -> None:
    dossier.publish()
    before = status_of(dossier).updated_at
    refresh_public_status(dossier.topic)
    assert status_of(dossier).updated_at == before


def test_withdrawing_needs_a_reason_and_a_published_dossier(dossier: Dossier) -> None:
    with pytest.raises(NothingToWithdraw):
        withdraw_dossier(dossier.topic, editor=dossier.publisher, reason="Legal.")
    dossier.publish()
    with pytest.raises(NoteIsMissing):
        withdraw_dossier(dossier.topic, editor=dossier.publisher, reason=" ")
    withdraw_dossier(dossier.topic, editor=dossier.publisher, reason="Legal.")
    with pytest.raises(NothingToWithdraw):
        withdraw_dossier(dossier.topic, editor=dossier.publisher, reason="Legal.")


def test_a_withdrawn_dossier_is_shown_again_by_publishing_it_unchanged(dossier: Dossier) -> None:
    dossier.publish()
    withdraw_dossier(dossier.topic, editor=dossier.publisher, reason="Legal.")
    assert refresh_public_status(dossier.topic) is None
    edition = dossier.publish()
    status = status_of(dossier)
    assert edition.number == 2 and not status.is_withdrawn and status.withdrawal_reason == ""


def test_what_the_database_refuses_is_said_in_words(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    true = publishing.complete_content

    def complete(content: dict[str, Any], **fields: Any) -> dict[str, Any]:
        facts = [{**fact, "value": "seven domes"} for fact in content["facts"]]
        return true({**content, "facts": facts}, **fields)

    monkeypatch.setattr(publishing, "complete_content", complete)
    with pytest.raises(RecordsAreFaulty, match="fact_not_approved"):
        dossier.publish()
    assert not PublicStatus.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_at_once_one_publishes() -> None:
    dossier = make_dossier()
    seen, barrier, outcomes = read_draft(dossier.topic).seen, Barrier(2), []

    def publish(publisher: User) -> None:
        barrier.wait()
        try:
            publish_dossier(dossier.topic, editor=publisher, leave_out=set(), note="", seen=seen)
            outcomes.append("published")
        except PublishingRefused as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=publish, args=[user]) for user in (dossier.publisher, make_user(group="publisher"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["DossierHasMoved", "published"]
    assert Edition.objects.count() == 1
