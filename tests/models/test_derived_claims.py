"""The state of a claim is a fold over what people did, said twice: by the triggers, and here in plain words."""

from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.models.rows import Desk, digest


@dataclass(frozen=True)
class Said:
    """A proposal: what it says, and whether an editor says it."""

    number: int
    value: str
    by_editor: bool = False


@dataclass(frozen=True)
class Act:
    """A decision that nobody undid."""

    number: int
    action: str
    proposal: int
    editor: int


@dataclass
class Picture:
    """Everything that happened to one claim, and what follows from it."""

    needed: int
    said: list[Said] = field(default_factory=list)
    live: list[Act] = field(default_factory=list)
    happened: int = 0

    def tell(self) -> dict[str, Any]:
        """Return the derived columns."""
        incumbent = standing = escalated = rejected = None
        approvers: set[int] = set()
        turned_away: set[int] = set()
        for act in self.live:
            if act.action in ("approve", "amend"):
                if escalated or incumbent != act.proposal:
                    approvers = set()
                approvers = approvers | {act.editor}
                turned_away.discard(act.proposal)
                incumbent, standing, escalated, rejected = act.proposal, act.number, None, None
            elif act.action == "escalate":
                escalated = act.proposal
                standing = standing if incumbent else act.number
            elif incumbent in (None, act.proposal):
                turned_away.add(act.proposal)
                incumbent, standing, escalated, rejected = None, act.number, None, act.proposal
            else:
                turned_away.add(act.proposal)
                escalated = None
        extracted = [s for s in self.said if not s.by_editor and s.number not in turned_away]
        newest = max((s.number for s in extracted), default=None)
        challenger = None
        if incumbent:
            standing_value = next(s.value for s in self.said if s.number == incumbent)
            later = [s.number for s in extracted if s.number > incumbent and s.value != standing_value]
            challenger = max(later, default=None)
        if escalated:
            status = "escalated"
        elif incumbent:
            status = "approved" if len(approvers) >= self.needed else "awaiting_second"
        elif rejected and not (newest and newest > rejected):
            status = "rejected"
        else:
            status = "pending"
        if escalated and not incumbent:
            newest = max(newest or 0, escalated)
        if newest is None or status == "rejected":
            newest = rejected or max(s.number for s in self.said)
        return {
            "status": status, "standing_decision_id": standing, "incumbent_id": incumbent,
            "newest_proposal_id": newest, "challenger_id": challenger,
            "needs_review": status not in ("approved", "rejected") or challenger is not None, "version": self.happened,
        }  # fmt: skip

    def has_approved(self, editor: int, proposal: int) -> bool:
        """Say whether the editor's approval of this proposal stands, with nothing since that asks for a new one."""
        stands = False
        for act in self.live:
            if act.action == "escalate" or (act.action == "reject" and act.proposal == proposal):
                stands = False
            elif act.action in ("approve", "amend"):
                stands = act.proposal == proposal and (stands or act.editor == editor)
        return stands


class Stage:
    """Acts on the database and on the picture alike."""

    def __init__(self, cursor: psycopg.Cursor[Any], needed: int) -> None:
        self.cursor = cursor
        self.desk = Desk(cursor, approvals=needed)
        self.editors = self.desk.ada, self.desk.ben
        self.picture = Picture(needed, happened=1)
        self.picture.said.append(Said(self.desk.proposal, self.value_of(self.desk.proposal)))

    def value_of(self, proposal: int) -> str:
        return self.desk.rows.ask("SELECT value_hash FROM dossiers_proposal WHERE id = %s", proposal)[0]

    def propose(self, value: int, editor: int | None = None) -> int:
        said = f"value {value}"
        number = self.desk.propose(value=said, editor=editor)
        self.picture.said.append(Said(number, digest(said), by_editor=editor is not None))
        self.picture.happened += 1
        return number

    def play(self, action: str, who: int, which: int) -> None:
        """Do one thing; an act that the picture forbids must be refused."""
        editor = self.editors[who]
        proposal = self.picture.said[which % len(self.picture.said)].number
        if action == "propose":
            self.propose(which)
        elif action == "policy":
            self.picture.needed = 1 + who
            self.desk.rows.run(
                "UPDATE dossiers_topic SET approvals_needed = %s WHERE id = %s", 1 + who, self.desk.topic
            )
        elif action == "undo":
            self.undo(editor, proposal)
        elif action == "approve" and self.picture_refuses(editor, proposal):
            self.expect_refusal(editor, proposal)
        else:
            self.act(action, editor, self.propose(which, editor) if action == "amend" else proposal)

    def act(self, action: str, editor: int, proposal: int) -> None:
        number = self.desk.act(editor, action, proposal=proposal)
        self.picture.live.append(Act(number, action, proposal, editor))
        self.picture.happened += 1

    def undo(self, editor: int, proposal: int) -> None:
        if self.picture.live:
            self.desk.act(editor, "undo", proposal=proposal, undoes_id=self.picture.live.pop().number)
            self.picture.happened += 1

    def picture_refuses(self, editor: int, proposal: int) -> bool:
        return self.picture.has_approved(editor, proposal)

    def expect_refusal(self, editor: int, proposal: int) -> None:
        self.cursor.execute("SAVEPOINT attempt")
        with pytest.raises(psycopg.errors.RestrictViolation, match="own_second_approval"):
            self.desk.act(editor, proposal=proposal)
        self.cursor.execute("ROLLBACK TO SAVEPOINT attempt")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["approve", "approve", "amend", "reject", "reject", "escalate", "undo", "propose", "policy"]),
        st.integers(0, 1),
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(needed=st.integers(1, 2), steps=STEPS)
def test_database_derives_what_the_picture_tells(
    app: psycopg.Cursor[Any], needed: int, steps: list[tuple[str, int, int]]
) -> None:
    app.execute("SAVEPOINT example")
    stage = Stage(app, needed)
    for step in steps:
        stage.play(*step)
        assert stage.desk.state == stage.picture.tell()
    app.execute("ROLLBACK TO SAVEPOINT example")


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "pending"),
        ([("approve", 0, 0)], "approved"),
        ([("amend", 0, 0)], "approved"),
        ([("reject", 0, 0)], "rejected"),
        ([("escalate", 0, 0)], "escalated"),
        ([("reject", 0, 0), ("propose", 0, 1)], "pending"),
        ([("reject", 0, 0), ("undo", 1, 0)], "pending"),
        ([("approve", 0, 0), ("propose", 0, 1)], "approved"),
        ([("approve", 0, 0), ("propose", 0, 1), ("reject", 1, 1)], "approved"),
        ([("approve", 0, 0), ("escalate", 1, 0)], "escalated"),
        ([("approve", 0, 0), ("escalate", 1, 0), ("undo", 1, 0)], "approved"),
        ([("policy", 1, 0), ("approve", 0, 0)], "awaiting_second"),
        ([("policy", 1, 0), ("approve", 0, 0), ("approve", 1, 0)], "approved"),
        ([("approve", 0, 0), ("policy", 1, 0)], "awaiting_second"),
        ([("policy", 1, 0), ("approve", 0, 0), ("policy", 0, 0)], "approved"),
    ],
)
def test_status_after(app: psycopg.Cursor[Any], steps: list[tuple[str, int, int]], status: str) -> None:
    stage = Stage(app, 1)
    for step in steps:
        stage.play(*step)
    assert stage.desk.state["status"] == status
