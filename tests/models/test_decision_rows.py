"""A decision compares what its editor saw with what is there; nothing else sets the state of a claim."""

from uuid import uuid4

import psycopg
import pytest

from tests.models.conftest import Refusal
from tests.models.rows import Desk, Rows, digest


@pytest.mark.parametrize(
    "assignment",
    [
        "status = 'approved'", "version = 0", "standing_decision_id = NULL", "incumbent_id = newest_proposal_id",
        "newest_proposal_id = NULL", "challenger_id = NULL", "needs_review = false", "topic_id = topic_id", "key = 'x'",
        "kind = 'place'", "id = id",
    ],
)  # fmt: skip
def test_application_cannot_set_what_is_derived(desk: Desk, assignment: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.rows.run(f"UPDATE dossiers_claim SET {assignment}")


def test_claim_starts_pending_whatever_is_inserted(desk: Desk) -> None:
    decision = desk.act(desk.ada)
    claim = desk.rows.claim(
        desk.topic, status="approved", version=7, needs_review=False, standing_decision_id=decision,
        incumbent_id=desk.proposal, newest_proposal_id=desk.proposal, challenger_id=desk.proposal,
    )  # fmt: skip
    assert desk.rows.state(claim) == {
        "status": "pending", "version": 0, "needs_review": True, "standing_decision_id": None, "incumbent_id": None,
        "newest_proposal_id": None, "challenger_id": None,
    }  # fmt: skip


@pytest.mark.parametrize("action", ["approve", "reject", "escalate"])
@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"seen_claim_version": 0}, "claim_is_stale"),
        ({"seen_claim_version": 2}, "claim_is_stale"),
        ({"seen_revision_hash": digest("other")}, "claim_is_stale"),
        ({"seen_evidence_hash": digest("other")}, "claim_is_stale"),
        ({"editor_id": 2**30}, "editor_unknown"),
        ({"claim_id": 2**40}, "claim_unknown"),
        ({"proposal_id": 2**40}, "foreign_proposal"),
        ({"undoes_id": 1}, "decision_undo_names_what"),
        ({"action": "bless"}, "decision_action_known"),
    ],
)
def test_decision_on_something_else_is_refused(
    desk: Desk, refused: Refusal, action: str, fields: dict, word: str
) -> None:
    with refused(word):
        desk.act(desk.ada, **{"action": action, **fields})


@pytest.mark.parametrize("number", [2**40, -1])
def test_decisions_are_numbered_by_the_database(desk: Desk, refused: Refusal, number: int) -> None:
    with refused("currval"):
        desk.act(desk.ada, id=number)
    desk.rows.ask("SELECT nextval('dossiers_decision_id_seq')")
    with refused("number_is_given"):
        desk.act(desk.ada, id=number)


def test_proposal_of_another_claim_is_refused(desk: Desk, refused: Refusal) -> None:
    other = desk.rows.proposal(desk.rows.claim(desk.topic), (desk.capture, "three domes"))
    with refused("foreign_proposal"):
        desk.act(desk.ada, proposal=other)


def test_inactive_editor_cannot_act(desk: Desk, refused: Refusal) -> None:
    gone = desk.rows.user(is_active=False)
    with refused("editor_unknown"):
        desk.rows.decide(desk.claim, desk.proposal, gone, "reject")
    with refused("editor_unknown"):
        desk.rows.show(gone, desk.proposal)
    with refused("editor_unknown"):
        desk.rows.proposal(desk.claim, editor=gone, is_statement=True)
    with refused("editor_unknown"):
        desk.rows.insert("entityresolution", topic_id=desk.topic, editor_id=gone, choice="none")
    desk.rows.insert("check", proposal_id=desk.proposal)
    with refused("editor_unknown"):
        desk.rows.insert("checkdismissal", proposal_id=desk.proposal, editor_id=gone)


def test_approving_needs_the_evidence_displayed_to_that_editor(desk: Desk, refused: Refusal) -> None:
    desk.rows.show(desk.ben, desk.proposal)
    with refused("evidence_not_shown"):
        desk.rows.decide(desk.claim, desk.proposal, desk.ada)
    desk.rows.decide(desk.claim, desk.proposal, desk.ada, "escalate")


def test_display_of_other_evidence_is_refused(desk: Desk, refused: Refusal) -> None:
    with refused("hash_mismatch"):
        desk.rows.insert("evidencedisplay", editor_id=desk.ada, proposal_id=desk.proposal, evidence_hash=digest("x"))


def test_temporary_table_cannot_pose_as_the_displays(desk: Desk, refused: Refusal) -> None:
    desk.rows.run("CREATE TEMP TABLE dossiers_evidencedisplay (LIKE public.dossiers_evidencedisplay)")
    desk.rows.run(
        "INSERT INTO pg_temp.dossiers_evidencedisplay SELECT 1, evidence_hash, now(), %s, id FROM dossiers_proposal",
        desk.ada,
    )
    desk.rows.run("GRANT ALL ON pg_temp.dossiers_evidencedisplay TO PUBLIC")
    desk.rows.run("SET LOCAL search_path = pg_temp, public")
    with refused("evidence_not_shown"):
        desk.rows.decide(desk.claim, desk.proposal, desk.ada)


@pytest.mark.parametrize("about", ["proposal", "claim", "capture"])
def test_open_error_forbids_approval_until_it_is_dismissed(desk: Desk, refused: Refusal, about: str) -> None:
    desk.rows.insert("check", **{f"{about}_id": getattr(desk, about)})
    with refused("open_error"):
        desk.act(desk.ada)
    desk.rows.insert("checkdismissal", proposal_id=desk.proposal, editor_id=desk.ada)
    desk.act(desk.ada)
    assert desk.state["status"] == "approved"


def test_warning_forbids_nothing_and_a_check_that_is_not_there_cannot_be_dismissed(
    desk: Desk, refused: Refusal
) -> None:
    with refused("check_unknown"):
        desk.rows.insert("checkdismissal", proposal_id=desk.proposal, editor_id=desk.ada)
    desk.rows.insert("check", proposal_id=desk.proposal, severity="warning")
    with refused("dismissal_has_reason"):
        desk.rows.insert("checkdismissal", proposal_id=desk.proposal, editor_id=desk.ada, reason="")
    desk.act(desk.ada)


def test_nothing_is_approved_without_words(desk: Desk, refused: Refusal) -> None:
    bare = desk.rows.proposal(desk.claim)
    with refused("no_evidence"):
        desk.act(desk.ada, proposal=bare)
    desk.act(desk.ada, "reject", proposal=bare)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"reason_code": ""}, "decision_reject_has_reason"),
        ({"reason_code": "dull"}, "decision_reject_has_reason"),
        ({"reason_code": "other", "note": ""}, "decision_other_reason_has_note"),
    ],
)
def test_rejecting_needs_a_reason(desk: Desk, refused: Refusal, fields: dict, word: str) -> None:
    with refused(word):
        desk.act(desk.ada, "reject", **fields)


def test_same_request_decides_once(desk: Desk, refused: Refusal) -> None:
    key = uuid4()
    desk.act(desk.ada, "escalate", idempotency_key=key)
    with refused("idempotency_key"):
        desk.act(desk.ada, "escalate", idempotency_key=key)


def test_own_second_approval_is_refused(app: psycopg.Cursor, refused: Refusal) -> None:
    desk = Desk(app, approvals=2)
    desk.act(desk.ada)
    with refused("own_second_approval"):
        desk.act(desk.ada)
    assert desk.state["status"] == "awaiting_second"
    desk.act(desk.ben)
    assert desk.state["status"] == "approved"


def test_own_approval_of_ones_amendment_is_refused(app: psycopg.Cursor, refused: Refusal) -> None:
    desk = Desk(app, approvals=2)
    mine = desk.rows.proposal(desk.claim, (desk.capture, "built in 1907"), editor=desk.ada)
    desk.act(desk.ada, "amend", proposal=mine)
    with refused("own_second_approval"):
        desk.act(desk.ada, proposal=mine)
    desk.act(desk.ben, proposal=mine)
    assert desk.state["status"] == "approved"


def test_escalating_and_turning_a_challenger_away_saves_no_second_approval(app: psycopg.Cursor) -> None:
    desk = Desk(app, approvals=2)
    desk.act(desk.ada)
    challenger = desk.propose()
    desk.act(desk.ada, "escalate", proposal=challenger)
    desk.act(desk.ada, "reject", proposal=challenger)
    assert desk.state["status"] == "awaiting_second"


def test_two_decisions_of_one_statement_cannot_have_seen_the_same(desk: Desk, refused: Refusal) -> None:
    desk.rows.show(desk.ada, desk.proposal)
    one = (
        "SELECT p.claim_id, p.id, x.action, 'wrong_value', '', %s::int, now(), p.revision_hash, p.evidence_hash, 1, "
        "'{}'::text[], gen_random_uuid() FROM dossiers_proposal p, (VALUES ('approve'), ('reject')) AS x (action) "
        "WHERE p.id = %s"
    )
    with refused("claim_is_stale"):
        desk.rows.run(
            "INSERT INTO dossiers_decision (claim_id, proposal_id, action, reason_code, note, editor_id, at, "
            f"seen_revision_hash, seen_evidence_hash, seen_claim_version, seen_check_codes, idempotency_key) {one}",
            desk.ada, desk.proposal,
        )  # fmt: skip


def test_amendment_is_one_new_proposal_of_its_own_editor(desk: Desk, refused: Refusal) -> None:
    with refused("claim_is_stale"):
        desk.act(desk.ada, "amend")
    of_ben = desk.rows.proposal(desk.claim, editor=desk.ben, is_statement=True)
    with refused("claim_is_stale"):
        desk.act(desk.ada, "amend", proposal=of_ben)
    desk.propose()
    with refused("claim_is_stale"):
        desk.act(desk.ben, "amend", proposal=of_ben)


def test_only_the_newest_standing_decision_is_undone_and_once(desk: Desk, refused: Refusal) -> None:
    first = desk.act(desk.ada)
    second = desk.act(desk.ben, "escalate")
    with refused("nothing_to_undo"):
        desk.act(desk.ada, "undo", undoes_id=first)
    undo = desk.act(desk.ada, "undo", undoes_id=second)
    for again in (second, undo):
        with refused("nothing_to_undo"):
            desk.act(desk.ada, "undo", undoes_id=again)
    desk.act(desk.ada, "undo", undoes_id=first)
    with refused("nothing_to_undo"):
        desk.act(desk.ada, "undo", undoes_id=first)
    with refused("decision_undo_names_what"):
        desk.act(desk.ada, "undo")
    assert (desk.state["status"], desk.state["standing_decision_id"]) == ("pending", None)


def test_undo_of_another_claims_decision_is_refused(desk: Desk, refused: Refusal) -> None:
    foreign = Desk(desk.rows.cursor)
    theirs = foreign.act(foreign.ada)
    with refused("nothing_to_undo"):
        desk.act(desk.ada, "undo", undoes_id=theirs)


class TestPlaces:
    """A place needs an editor's choice among shown candidates."""

    @pytest.fixture
    def place(self, app: psycopg.Cursor) -> Desk:
        return Desk(app, kind="place")

    def resolve(self, place: Desk, **fields: object) -> int:
        key = f"capture:{place.capture}"
        candidates = psycopg.types.json.Jsonb([{"key": key, "title": "Dome", "capture": place.capture, "features": {}}])
        return place.rows.insert("entityresolution", topic_id=place.topic, candidates=candidates, **fields)

    def test_unresolved_place_is_not_approved(self, place: Desk, refused: Refusal) -> None:
        with refused("place_not_chosen"):
            place.act(place.ada)
        self.resolve(place)
        with refused("place_not_chosen"):
            place.act(place.ada)

    def test_chosen_place_is_approved(self, place: Desk) -> None:
        self.resolve(place, editor_id=place.ben, choice=f"capture:{place.capture}")
        place.act(place.ada)
        assert place.state["status"] == "approved"

    def test_newest_answer_counts(self, place: Desk, refused: Refusal) -> None:
        self.resolve(place, editor_id=place.ben, choice=f"capture:{place.capture}")
        self.resolve(place, editor_id=place.ben, choice="none")
        with refused("place_not_chosen"):
            place.act(place.ada)

    def test_amendment_of_a_place_needs_the_choice_too_unless_it_is_a_statement(
        self, place: Desk, refused: Refusal
    ) -> None:
        with refused("place_not_chosen"):
            quoted = place.rows.proposal(place.claim, (place.capture, "three domes"), editor=place.ada)
            place.act(place.ada, "amend", proposal=quoted)
        said = place.rows.proposal(place.claim, editor=place.ada, is_statement=True)
        place.act(place.ada, "amend", proposal=said)
        assert place.state["incumbent_id"] == said

    def test_machine_cannot_ask_again_after_an_answer(self, place: Desk, refused: Refusal) -> None:
        self.resolve(place)
        self.resolve(place, editor_id=place.ben, choice="none")
        with refused("resolution_is_pinned"):
            self.resolve(place)

    def test_choice_is_a_candidate_and_an_editors(self, place: Desk, refused: Refusal) -> None:
        with refused("candidate_unknown"):
            self.resolve(place, editor_id=place.ben, choice="capture:0")
        with refused("resolution_choice_has_editor"):
            self.resolve(place, choice=f"capture:{place.capture}")
        with refused("number_is_given"):
            self.resolve(place, id=2**40)


def test_application_may_reorder_and_relabel_claims(rows: Rows) -> None:
    claim = rows.claim(rows.topic())
    rows.run("UPDATE dossiers_claim SET position = 9, label = 'Domes now' WHERE id = %s", claim)
    assert rows.ask("SELECT position, label FROM dossiers_claim WHERE id = %s", claim) == (9, "Domes now")
