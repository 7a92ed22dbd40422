"""Rows by raw SQL, as somebody with a database role and no Python of ours would write them."""

import json
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb

_numbers = count(1)
NOW = "2024-05-06T07:08:09Z"
TEXT = "The dome was built in 1907. Sample Observatory has three domes [...] and a library since 1931."
DEFAULTS: dict[str, dict[str, Any]] = {
    "auth_user": {
        "password": "!", "is_superuser": False, "first_name": "", "last_name": "", "email": "", "is_staff": False,
        "is_active": True, "date_joined": NOW,
    },
    "topic": {
        "title": "Sample Observatory", "kind": "topic", "description": "", "language": "en", "approvals_needed": 1,
        "redirect_reason": "", "created_at": NOW,
    },
    "document": {"title": "A sample", "url": "", "text": "", "text_sha256": "", "is_held": False, "created_at": NOW},
    "run": {
        "kind": "import", "file_sha256": "", "file_name": "", "notices": Jsonb([]), "started_at": NOW,
        "finished_at": NOW,
    },
    "generation": {
        "extractor_version": "1", "model": "sample", "prompt_sha256": "0" * 64, "answer": "", "outcome": "empty",
        "message": "", "at": NOW,
    },
    "importedstatement": {
        "kind": "attribute", "position": 0, "label": "", "value": "v", "date_text": "", "source_word": "",
        "data": Jsonb({}),
    },
    "source": {"provider": "web_search", "url": "", "publisher": "", "licence": "", "created_at": NOW},
    "capture": {
        "retrieved_at": NOW, "revision_id": "", "licence": "", "attribution": "", "grade": "unknown", "created_at": NOW,
    },
    "claim": {
        "kind": "attribute", "position": 1, "label": "Domes", "created_at": NOW, "version": 0, "status": "pending",
        "needs_review": True,
    },
    "proposal": {
        "author_kind": "extraction", "extractor": "sample", "extractor_version": "1", "model": "", "prompt_sha256": "",
        "label": "Domes", "value_type": "text", "unit": "", "date_text": "", "date_edtf": "", "date_earliest": "",
        "date_latest": "", "date_precision": "", "is_statement": False, "created_at": NOW,
    },
    "evidence": {
        "role": "value", "prefix": "", "suffix": "", "date_basis": "", "method": "exact", "stance": "supports",
    },
    "sighting": {"at": NOW},
    "check": {"code": "ungrounded", "severity": "error", "message": "Nothing supports this.", "created_at": NOW},
    "checkdismissal": {"code": "ungrounded", "reason": "It stands in the caption.", "at": NOW},
    "decision": {"action": "approve", "reason_code": "", "note": "", "at": NOW, "seen_check_codes": []},
    "evidencedisplay": {"at": NOW},
    "entityresolution": {"provider": "geocoder", "candidates": Jsonb([]), "choice": "", "note": "", "at": NOW},
    "edition": {"published_at": NOW},
    "correction": {"ordinal": 1, "fact": "f1", "kind": "added", "before": "", "after": "", "reason": ""},
    "publicstatus": {
        "title": "Sample Observatory", "is_withdrawn": False, "withdrawal_reason": "", "health": Jsonb({}),
        "has_unpublished_changes": False, "updated_at": NOW,
    },
}  # fmt: skip


class Rows:
    """Insert rows over one cursor, whatever its role; every method returns the new row's id."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def run(self, statement: str, *values: Any) -> None:
        """Execute a statement."""
        self.cursor.execute(statement, values or None)

    def ask(self, statement: str, *values: Any) -> Any:
        """Return the first row that a statement gives."""
        self.cursor.execute(statement, values or None)
        return self.cursor.fetchone()

    def insert(self, table: str, **values: Any) -> int:
        """Insert one row, with the table's defaults where a column is not named."""
        row = {**DEFAULTS[table], **values}
        name = table if table == "auth_user" else f"dossiers_{table}"
        columns = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join(["%s"] * len(row))
        key = "topic_id" if table == "publicstatus" else "id"
        return self.ask(f"INSERT INTO {name} ({columns}) VALUES ({marks}) RETURNING {key}", *row.values())[0]

    def commit_now(self) -> None:
        """Check what a commit would check, without one."""
        self.run("SET CONSTRAINTS ALL IMMEDIATE")
        self.run("SET CONSTRAINTS ALL DEFERRED")

    def user(self, **fields: Any) -> int:
        return self.insert("auth_user", username=f"person-{uuid4().hex[:12]}", **fields)

    def topic(self, **fields: Any) -> int:
        return self.insert("topic", slug=f"sample-{uuid4().hex[:12]}", **fields)

    def run_of(self, topic: int) -> int:
        return self.insert("run", topic_id=topic)

    def capture(self, topic: int, text: str = TEXT, **fields: Any) -> int:
        source = self.insert("source", topic_id=topic, title=f"Source {next(_numbers)}")
        return self.insert("capture", source_id=source, text=text, **({"text_sha256": digest(text)} | fields))

    def claim(self, topic: int, **fields: Any) -> int:
        return self.insert("claim", topic_id=topic, key=f"key-{next(_numbers)}", **fields)

    def proposal(self, claim: int, *quotes: tuple[int, str], editor: int | None = None, **fields: Any) -> int:
        """Insert a proposal with one evidence row for each (capture, exact)."""
        value = fields.pop("value", f"value {next(_numbers)}")
        author: dict[str, Any] = {"author_kind": "editor", "editor_id": editor} if editor else {}
        if editor is None:
            author["run_id"] = self.run_of(self.ask("SELECT topic_id FROM dossiers_claim WHERE id = %s", claim)[0])
        hashes = {
            "value_hash": digest(value),
            "revision_hash": digest(uuid4().hex),
            "evidence_hash": digest(uuid4().hex),
        }
        row = {"claim_id": claim, "value": value, "evidence_count": len(quotes), **hashes, **author, **fields}
        proposal = self.insert("proposal", **row)
        for ordinal, (capture, exact) in enumerate(quotes, 1):
            self.evidence(proposal, capture, exact, ordinal=ordinal)
        return proposal

    def evidence(self, proposal: int, capture: int, exact: str, **fields: Any) -> int:
        text = self.ask("SELECT text FROM dossiers_capture WHERE id = %s", capture)[0]
        start = text.find(exact)
        span = {"start": start, "end": start + len(exact), "ordinal": 1}
        return self.insert("evidence", proposal_id=proposal, capture_id=capture, exact=exact, **{**span, **fields})

    def show(self, editor: int, proposal: int) -> None:
        """Record that the evidence was displayed, unless it is recorded."""
        self.run(
            "INSERT INTO dossiers_evidencedisplay (editor_id, proposal_id, evidence_hash, at) "
            "SELECT %s, id, evidence_hash, now() FROM dossiers_proposal WHERE id = %s ON CONFLICT DO NOTHING",
            editor, proposal,
        )  # fmt: skip

    def decide(self, claim: int, proposal: int, editor: int, action: str = "approve", **fields: Any) -> int:
        """Insert a decision whose `seen` is true, unless a field says otherwise."""
        version = self.ask("SELECT version FROM dossiers_claim WHERE id = %s", claim)[0] - (action == "amend")
        revision, evidence = self.ask(
            "SELECT revision_hash, evidence_hash FROM dossiers_proposal WHERE id = %s", proposal
        )  # fmt: skip
        row = {
            "claim_id": claim, "proposal_id": proposal, "editor_id": editor, "action": action,
            "seen_claim_version": version,
            "seen_revision_hash": revision, "seen_evidence_hash": evidence, "idempotency_key": uuid4(),
            "reason_code": "wrong_value" if action == "reject" else "",
        }  # fmt: skip
        return self.insert("decision", **(row | fields))

    def state(self, claim: int) -> dict[str, Any]:
        """Return the derived columns of a claim."""
        names = (
            "status",
            "standing_decision_id",
            "incumbent_id",
            "newest_proposal_id",
            "challenger_id",
            "needs_review",
            "version",
        )
        return dict(
            zip(names, self.ask(f"SELECT {', '.join(names)} FROM dossiers_claim WHERE id = %s", claim), strict=True)
        )


class Desk:
    """A topic with one grounded claim, and two editors; rows made over the same cursor."""

    def __init__(self, cursor: Any, *, kind: str = "attribute", approvals: int = 1) -> None:
        self.rows = Rows(cursor)
        self.ada, self.ben = self.rows.user(), self.rows.user()
        self.topic = self.rows.topic(approvals_needed=approvals)
        self.capture = self.rows.capture(self.topic)
        self.claim = self.rows.claim(self.topic, kind=kind)
        self.proposal = self.rows.proposal(self.claim, (self.capture, "three domes"))

    def propose(self, **fields: Any) -> int:
        """Let another extraction say another value."""
        return self.rows.proposal(self.claim, (self.capture, "built in 1907"), **fields)

    def act(self, editor: int, action: str = "approve", proposal: int | None = None, **fields: Any) -> int:
        """Decide after seeing the evidence."""
        self.rows.show(editor, proposal or self.proposal)
        return self.rows.decide(self.claim, proposal or self.proposal, editor, action, **fields)

    @property
    def state(self) -> dict[str, Any]:
        return self.rows.state(self.claim)


def digest(text: str) -> str:
    """Return the sha256 hex of a text in UTF-8."""
    return sha256(text.encode()).hexdigest()


def spell(content: Any) -> str:
    """Return canonical JSON."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
