"""The audit: true records pass, and whatever was changed under the triggers is found."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dossiers.publish.actions import audit_records
from dossiers.publish.tasks import audit_records as audit_task
from dossiers.publish.tasks import refresh_public_statuses
from tests.publish.dossiers import Dossier, make_dossier

CHANGES = {
    "a capture's text": ("capture", "text = replace(text, 'domes', 'towns')", "its text does not have its hash"),
    "a quote's offset": ("evidence", 'start = start + 1, "end" = "end" + 1', "has not evidence"),
    "a proposal's value": ("proposal", "value = value || '!'", "revision hash"),
    "an edition's words": ("edition", "canonical = replace(canonical, 'three domes', 'seven domes')", "its bytes"),
    "the chain": ("edition", f"previous_sha256 = '{'0' * 64}'", "does not name the hash"),
}


@pytest.fixture
def dossier(transactional_db: None) -> Dossier:
    dossier = make_dossier()
    dossier.publish()
    return dossier


@pytest.fixture
def change(owner_connection: Any) -> Callable[[str, str], None]:
    """Change rows as only the owner of the tables can, with their triggers switched off."""

    def run(table: str, what: str) -> None:
        with owner_connection.transaction():
            owner_connection.execute(f"ALTER TABLE dossiers_{table} DISABLE TRIGGER USER")
            owner_connection.execute(f"UPDATE dossiers_{table} SET {what}")
            owner_connection.execute(f"ALTER TABLE dossiers_{table} ENABLE TRIGGER USER")

    return run


@pytest.mark.django_db(transaction=True)
def test_true_records_pass(dossier: Dossier) -> None:
    report = audit_records()
    assert (report.captures, report.proposals, report.editions, report.findings) == (2, 5, 1, [])
    said = StringIO()
    call_command("audit", stdout=said)
    assert said.getvalue() == "2 captures, 5 proposals, 1 editions compared: all match.\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", CHANGES)
def test_a_record_that_was_changed_is_found(dossier: Dossier, change: Callable[[str, str], None], case: str) -> None:
    table, what, words = CHANGES[case]
    change(table, what)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("audit", stdout=said)
    assert words in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_tasks_call_their_actions(dossier: Dossier, caplog: pytest.LogCaptureFixture) -> None:
    audit_task()
    assert "2 captures, 5 proposals, 1 editions compared; 0 findings" in caplog.text
    refresh_public_statuses()
