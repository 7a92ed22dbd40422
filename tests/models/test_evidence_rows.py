"""A quote stands in its capture, word for word; a proposal has the evidence it announced, and no more later."""

import psycopg
import pytest

from tests.models.conftest import Refusal
from tests.models.rows import Desk, Rows, digest


def test_capture_has_the_hash_of_its_text(rows: Rows, refused: Refusal) -> None:
    with refused("hash_mismatch"):
        rows.capture(rows.topic(), text_sha256=digest("something else"))


def test_capture_counts_code_points_and_hashes_utf_8(rows: Rows) -> None:
    topic = rows.topic()
    capture = rows.capture(topic, "Ça 🜚 dôme — “trois”")
    assert rows.proposal(rows.claim(topic), (capture, "🜚 dôme")) > 0
    rows.commit_now()


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"exact": "four domes"}, "quote_not_found"),
        ({"start": 1, "end": 12}, "quote_not_found"),
        ({"prefix": "it has "}, "quote_not_found"),
        ({"suffix": " and a hall"}, "quote_not_found"),
        ({"ordinal": 2}, "evidence_is_closed"),
        ({"ordinal": 0}, "evidence_is_closed"),
        ({"exact": "domes [...] and"}, "joint"),
        ({"role": "hearsay"}, "evidence_role_known"),
    ],
)
def test_evidence_that_is_not_there_is_refused(desk: Desk, refused: Refusal, fields: dict, word: str) -> None:
    proposal = desk.rows.proposal(desk.claim, evidence_count=1)
    quote = {"exact": "three domes", **fields}
    with refused(word):
        desk.rows.evidence(proposal, desk.capture, **quote)


@pytest.mark.parametrize("joint", ["[...]", "[…]", "[ ... ]", "[. . .]"])
def test_quote_crosses_no_joint_however_it_is_printed(desk: Desk, refused: Refusal, joint: str) -> None:
    desk.rows.run("SET LOCAL standard_conforming_strings = off")
    capture = desk.rows.capture(desk.topic, f"one {joint} two")
    proposal = desk.rows.proposal(desk.claim, evidence_count=1)
    with refused("joint"):
        desk.rows.evidence(proposal, capture, f"one {joint} two")


def test_evidence_of_another_topic_is_refused(desk: Desk, refused: Refusal) -> None:
    foreign = desk.rows.capture(desk.rows.topic())
    with refused("foreign_capture"):
        desk.rows.proposal(desk.claim, (foreign, "three domes"))


def test_evidence_cannot_come_before_its_proposal(desk: Desk, refused: Refusal) -> None:
    coming = desk.rows.ask("SELECT last_value + 1 FROM dossiers_proposal_id_seq")[0]
    with refused("proposal_unknown"):
        desk.rows.evidence(coming, desk.capture, "three domes")


def test_announced_evidence_must_be_there_at_commit(desk: Desk, refused: Refusal) -> None:
    desk.rows.proposal(desk.claim, evidence_count=1)
    with refused("evidence_is_missing"):
        desk.rows.commit_now()


def test_evidence_cannot_be_added_later(desk: Desk, refused: Refusal) -> None:
    desk.rows.commit_now()
    for ordinal in (1, 2):
        with refused("evidence"):
            desk.rows.evidence(desk.proposal, desk.capture, "built in 1907", ordinal=ordinal)


def test_temporary_table_cannot_pose_as_the_captures(desk: Desk, refused: Refusal) -> None:
    desk.rows.run(
        "CREATE TEMP TABLE dossiers_capture AS "
        "SELECT id, source_id, 'It has nine domes'::text AS text FROM dossiers_capture"
    )
    desk.rows.run("GRANT ALL ON pg_temp.dossiers_capture TO PUBLIC")
    proposal = desk.rows.proposal(desk.claim, evidence_count=1)
    with refused("quote_not_found"):
        desk.rows.evidence(proposal, desk.capture, "nine domes")


def test_proposal_is_of_a_known_claim_and_numbered_by_the_database(desk: Desk, refused: Refusal) -> None:
    with refused("number_is_given"):
        desk.propose(id=2**40)
    with refused("claim_unknown"):
        desk.rows.insert("proposal", claim_id=2**40, value="v", run_id=desk.rows.run_of(desk.topic), evidence_count=0,
                         value_hash="", revision_hash="", evidence_hash="")  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"is_statement": True},
        {"author_kind": "editor", "editor_id": None},
        {"author_kind": "oracle"},
        {"run_id": None},
        {"lat": 95, "lon": 0},
    ],
)
def test_proposal_says_who_made_it_and_stays_on_earth(desk: Desk, fields: dict) -> None:
    with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.RestrictViolation)):
        desk.rows.proposal(desk.claim, (desk.capture, "three domes"), **fields)


def test_amendment_cites_evidence_or_is_a_statement(desk: Desk, refused: Refusal) -> None:
    with refused("no_evidence"):
        desk.rows.proposal(desk.claim, editor=desk.ada)
    assert desk.rows.proposal(desk.claim, editor=desk.ada, is_statement=True) > desk.proposal
