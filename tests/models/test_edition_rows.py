"""An edition holds what stands approved, word for word, and follows the edition before it."""

from typing import Any

import pytest

from tests.models.conftest import Refusal
from tests.models.rows import NOW, TEXT, Desk, digest, spell


@pytest.fixture
def approved(desk: Desk) -> Desk:
    """A desk whose claim is approved, with a date and coordinates of its own, on two quotes."""
    desk.proposal = desk.rows.proposal(
        desk.claim, (desk.capture, "three domes"), (desk.capture, "three domes"), date_text="1907", date_edtf="1907",
        lat="48.25", lon="9.5",
    )  # fmt: skip
    desk.act(desk.ada)
    desk.rows.commit_now()
    return desk


def write_fact(desk: Desk, **fields: Any) -> dict[str, Any]:
    """Return the fact that an edition may hold of the desk's claim."""
    names = "label", "value", "date_text", "date_edtf", "revision_hash", "evidence_hash"
    proposal = desk.state["incumbent_id"] or desk.proposal
    words = desk.rows.ask(f"SELECT {', '.join(names)} FROM dossiers_proposal WHERE id = %s", proposal)
    name = desk.rows.ask("SELECT username FROM auth_user WHERE id = %s", desk.ada)[0]
    start = TEXT.index("three domes")
    quote = {
        "capture": desk.capture, "exact": "three domes", "start": start, "end": start + 11, "role": "value",
        "passage": {"text": "Sample Observatory has three domes", "start": TEXT.index("Sample")},
    }  # fmt: skip
    return {
        "id": f"fact-{desk.claim}", "claim": desk.claim, "decision": desk.state["standing_decision_id"],
        "kind": "attribute", "lat": "48.25", "lon": "9.5000", **dict(zip(names, words, strict=True)),
        "evidence": [quote, quote], "approvals": [{"editor": name, "action": "approve", "at": NOW}], **fields,
    }  # fmt: skip


def publish(desk: Desk, *facts: dict[str, Any], row: dict[str, Any] | None = None, **content: Any) -> int:
    number = content.get("edition", 1)
    body = {
        "edition": 1, "previous_sha256": "", "facts": list(facts), "published_at": NOW, "corrections": [],
        "topic": {"title": "Sample Observatory"}, **content,
    }  # fmt: skip
    text = spell({k: v for k, v in body.items() if v is not None})
    fields = {
        "number": number,
        "canonical": text,
        "sha256": digest(text),
        "previous_sha256": body["previous_sha256"] or "",
    }
    return desk.rows.insert("edition", topic_id=desk.topic, **({"published_by_id": desk.ben} | fields | (row or {})))


def test_approved_fact_is_published_and_the_next_edition_follows_it(approved: Desk) -> None:
    publish(approved, write_fact(approved))
    previous = approved.rows.ask("SELECT sha256 FROM dossiers_edition WHERE topic_id = %s", approved.topic)[0]
    publish(approved, write_fact(approved), edition=2, previous_sha256=previous)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": "nine domes"}, {"label": "Moons"}, {"kind": "place"}, {"date_text": "1908"}, {"date_edtf": "1908"},
        {"lat": "48.26"}, {"lon": None}, {"claim": 0}, {"claim": None}, {"decision": 0}, {"decision": None},
        {"revision_hash": "0" * 64}, {"evidence_hash": "0" * 64}, {"evidence": []}, {"value": None},
        {"is_statement": True},
        {"approvals": [{"editor": "somebody", "action": "approve", "at": NOW}]},
        {"id": None, "value": "nine domes"},
    ],
)  # fmt: skip
def test_altered_fact_is_refused(approved: Desk, refused: Refusal, fields: dict[str, Any]) -> None:
    with refused("fact_not_approved"):
        publish(approved, write_fact(approved, **fields))


@pytest.mark.parametrize("missing", ["id", "value", "decision", "evidence_hash", "label"])
def test_fact_with_a_missing_part_is_no_way_around(approved: Desk, refused: Refusal, missing: str) -> None:
    fact = write_fact(approved, value="nine domes")
    del fact[missing]
    with refused("fact_not_approved"):
        publish(approved, fact)


@pytest.mark.parametrize(
    "fields",
    [
        {"exact": "nine domes"}, {"start": 0}, {"end": 3}, {"capture": 0}, {"role": "date"},
        {"passage": {"text": "It never had three domes", "start": 0}},
    ],
)  # fmt: skip
def test_altered_quote_is_refused_even_beside_a_true_one(
    approved: Desk, refused: Refusal, fields: dict[str, Any]
) -> None:
    fact = write_fact(approved)
    fact["evidence"][1] = {**fact["evidence"][0], **fields}
    with refused("fact_not_approved"):
        publish(approved, fact)


def test_undecided_escalated_or_undone_claim_is_refused(approved: Desk, refused: Refusal) -> None:
    approval = approved.state["standing_decision_id"]
    escalation = approved.act(approved.ben, "escalate")
    with refused("fact_not_approved"):
        publish(approved, write_fact(approved, decision=approval))
    approved.act(approved.ben, "undo", undoes_id=escalation)
    fact = write_fact(approved)
    approved.act(approved.ben, "undo", undoes_id=approval)
    with refused("fact_not_approved"):
        publish(approved, fact)


def test_fact_of_another_topic_is_refused(approved: Desk, refused: Refusal) -> None:
    with refused("fact_not_approved"):
        publish(Desk(approved.rows.cursor), write_fact(approved))


@pytest.mark.parametrize(
    ("content", "row", "word"),
    [
        ({"edition": 2}, {}, "edition_out_of_order"),
        ({"edition": 2}, {"number": 1}, "edition_out_of_order"),
        ({"edition": None}, {"number": 1}, "edition_out_of_order"),
        ({"previous_sha256": "0" * 64}, {}, "edition_out_of_order"),
        ({"previous_sha256": None}, {}, "edition_out_of_order"),
        ({}, {"sha256": "0" * 64}, "hash_mismatch"),
        ({"facts": None}, {}, "fact_not_approved"),
        ({"facts": {}}, {}, "fact_not_approved"),
        ({"topic": {"title": "Another Observatory"}}, {}, "edition_of_something_else"),
        ({"published_at": "2001-01-01T00:00:00Z"}, {}, "edition_of_something_else"),
        ({"sources": [{"id": 0, "sha256": "", "title": "", "url": None}]}, {}, "source_unknown"),
        ({}, {"published_by_id": 0}, "editor_unknown"),
    ],
)
def test_edition_out_of_order_or_of_something_else_is_refused(
    desk: Desk, refused: Refusal, content: dict[str, Any], row: dict[str, Any], word: str
) -> None:
    with refused(word):
        publish(desk, row=row, **content)


def test_correction_stands_in_its_edition(desk: Desk, refused: Refusal) -> None:
    held = {"fact": "f1", "kind": "added", "before": "", "after": "three domes", "reason": "Found."}
    edition = publish(desk, corrections=[held])
    with refused("correction_unknown"):
        desk.rows.insert("correction", edition_id=edition, **(held | {"after": "nine domes"}))
    with refused("correction_unknown"):
        desk.rows.insert("correction", edition_id=edition, ordinal=2, **held)
    desk.rows.insert("correction", edition_id=edition, **held)


def test_readers_are_shown_an_edition_of_the_topic_itself(desk: Desk, refused: Refusal) -> None:
    edition, other = publish(desk), desk.rows.topic()
    with refused("foreign_edition"):
        desk.rows.insert("publicstatus", topic_id=other, slug="other", current_edition_id=edition)
    desk.rows.insert("publicstatus", topic_id=desk.topic, slug="mine", current_edition_id=edition)
    with refused("status_withdrawal_has_reason"):
        desk.rows.run("UPDATE dossiers_publicstatus SET is_withdrawn = true WHERE slug = 'mine'")


def test_deciding_marks_unpublished_changes(approved: Desk) -> None:
    approved.rows.insert("publicstatus", topic_id=approved.topic, slug="mine", current_edition_id=publish(approved))
    approved.act(approved.ben, "escalate")
    assert approved.rows.ask("SELECT has_unpublished_changes FROM dossiers_publicstatus WHERE slug = 'mine'") == (True,)
