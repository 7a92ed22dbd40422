"""The `dossier` command prints everything about a topic, under the documented keys, as true JSON or as plain text."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from dossiers.models.claim import Claim
from dossiers.models.document import Document, Mention
from dossiers.models.evidence import Role
from dossiers.models.proposal import hash_value
from dossiers.models.topic import Topic
from tests.builders import decide, make_capture, make_check, make_claim, make_proposal, make_topic, make_user

pytestmark = pytest.mark.django_db
STATED = {
    "topic": {"slug", "title", "kind", "description", "first_mentioned_at", "last_updated_at", "research_retrieved_at"},
    "captures": {"id", "provider", "title", "url", "text", "sha256", "retrieved_at", "checks"},
    "claims": {"id", "kind", "label", "status", "value", "date", "health", "checks", "proposals"},
    "proposals": {"value", "checks", "evidence"},
    "evidence": {"capture", "role", "exact", "start", "end", "date_basis"},
    "checks": {"code", "severity", "message", "related_claim"},
}


def print_dossier(topic: Topic, *, form: str = "json") -> Any:
    out = StringIO()
    call_command("dossier", topic.slug, "--format", form, stdout=out)
    return json.loads(out.getvalue()) if form == "json" else out.getvalue()


def publish(topic: Topic, editor: User) -> None:
    from dossiers.publish.actions import publish_dossier
    from dossiers.publish.queries import read_draft

    publish_dossier(topic, editor=editor, leave_out=set(), note="First.", seen=read_draft(topic).seen)


@pytest.fixture
def editor() -> User:
    return make_user("grace", first_name="Grace", last_name="Sample")


@pytest.fixture
def topic(editor: User) -> Topic:
    """A topic with one of everything: an approved and a pending claim, a document, checks, an edition."""
    topic = make_topic(first_mentioned_at=datetime(2024, 5, 6, 9, 8, 9, tzinfo=UTC))
    topic.aliases.create(text="The Dome")
    document = Document.objects.create(title="A visit", url="https://example.org/visit")
    Mention.objects.create(document=document, topic=topic, exact="Sample Observatory", start=3, end=21)
    capture = make_capture(topic, url="https://example.org/history")
    make_check(capture, "wrong-entity", "warning")
    dated = [(capture, "The dome was built", Role.VALUE), (capture, "1907", Role.DATE)]
    claim = make_claim(topic, "The dome was built", kind="event", quotes=dated, date_text="1907", date_edtf="1907")
    decide(claim, editor)
    publish(topic, editor)
    make_claim(topic, "three domes", capture=capture)
    return topic


def find_blocks(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield every object printed under a name, at any depth outside the editions."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if key in ("content", "editions") and name != "editions":
            continue
        if key == name:
            yield from [part] if isinstance(part, dict) else part
        if isinstance(part, (dict, list)):
            yield from find_blocks(part, name)


def read_documented_keys() -> dict[str, set[str]]:
    """Return heading -> the keys in the first column of the table under it."""
    found: dict[str, set[str]] = {}
    for line in (Path(settings.BASE_DIR) / "docs" / "dossier-json.md").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#+ `(\w+)`", line):
            name = heading[1]
        elif line.startswith("| `"):
            found.setdefault(name, set()).update(re.findall(r"`(\w+)`", line.split("|")[1]))
    return found


def test_printed_keys_are_the_documented_ones(topic: Topic) -> None:
    make_check(Claim.objects.get(status="pending"), "duplicate")
    state = print_dossier(topic)
    documented = read_documented_keys()
    printed = {name: [set(block) for block in find_blocks(state, name)] for name in documented}
    assert all(printed.values())
    assert {name: set().union(*blocks) for name, blocks in printed.items()} == documented
    assert all(block == documented[name] for name, blocks in printed.items() for block in blocks)


def test_the_promised_keys_are_documented() -> None:
    documented = read_documented_keys()
    assert set(documented) == {"documents", "decisions", "editions", *STATED}
    assert all(documented[name] >= keys for name, keys in STATED.items())


def test_value_is_null_until_a_decision_stands(topic: Topic, editor: User) -> None:
    decided, pending = print_dossier(topic)["claims"]
    assert (decided["status"], decided["value"], decided["date"]) == ("approved", "The dome was built", "1907")
    assert (pending["status"], pending["value"], pending["date"]) == ("pending", None, None)
    assert [p["value"] for p in pending["proposals"]] == ["three domes"]
    decide(Claim.objects.get(pk=pending["id"]), editor, "reject")
    assert [c["value"] for c in print_dossier(topic)["claims"]] == ["The dome was built", None]


def test_challenger_leaves_the_standing_value_and_brings_its_checks(topic: Topic) -> None:
    claim = Claim.objects.get(status="approved")
    challenger = make_proposal(claim, "The dome was rebuilt", date_text="1931")
    other = Claim.objects.get(status="pending")
    check = make_check(challenger, "duplicate")
    check.related_claim = other
    check.save()
    make_check(claim, "stale", "info")
    printed = print_dossier(topic)["claims"][0]
    assert (printed["value"], printed["date"], printed["challenger"]) == ("The dome was built", "1907", challenger.pk)
    assert [(c["code"], c["severity"], c["related_claim"]) for c in printed["checks"]] == [
        ("stale", "info", None),
        ("duplicate", "error", other.pk),
    ]
    assert [c["code"] for c in printed["proposals"][1]["checks"]] == ["duplicate"]


def test_evidence_stands_in_its_capture_and_absent_things_are_null(topic: Topic) -> None:
    bare = make_capture(topic, "Nothing is known of its address.")
    state = print_dossier(topic)
    captures = {row["id"]: row for row in state["captures"]}
    assert captures[bare.pk]["url"] is None
    quotes = [row for claim in state["claims"] for p in claim["proposals"] for row in p["evidence"]]
    assert len(quotes) == 3
    assert all(captures[q["capture"]]["text"][q["start"] : q["end"]] == q["exact"] for q in quotes)
    assert {q["date_basis"] for q in quotes} == {None, "same_sentence"}


def test_times_are_iso_8601_in_utc(topic: Topic) -> None:
    state = print_dossier(topic)
    assert state["topic"]["first_mentioned_at"] == "2024-05-06T09:08:09Z"
    assert state["topic"]["research_retrieved_at"] is None
    times = [state["captures"][0]["retrieved_at"], state["decisions"][0]["at"], state["editions"][0]["published_at"]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time) for time in times)


def test_decisions_name_their_editor_and_editions_their_content(topic: Topic) -> None:
    state = print_dossier(topic)
    (decision,), (edition,) = state["decisions"], state["editions"]
    assert (decision["editor"], decision["action"], decision["is_undone"]) == ("Grace Sample", "approve", False)
    assert (edition["number"], edition["previous_sha256"]) == (1, None)
    assert [fact["value"] for fact in edition["content"]["facts"]] == ["The dome was built"]


def test_text_tells_a_person_the_same(topic: Topic) -> None:
    make_check(Claim.objects.get(status="pending"), "ungrounded")
    printed = print_dossier(topic, form="text")
    for words in (
        "Sample Observatory (topic)", "first mentioned: 2024-05-06T09:08:09Z", "research retrieved: never",
        "stands: The dome was built (1907)", "proposed by sample: three domes", "date: “1907”",
        "error ungrounded: Finding ungrounded.", "Grace Sample: approve claim", "Editions (1)",
    ):  # fmt: skip
        assert words in printed


def test_captured_control_characters_do_not_reach_the_terminal() -> None:
    topic = make_topic()
    make_claim(topic, "red \x1b[31m and \u202edesrever", capture=None)
    printed = print_dossier(topic, form="text")
    assert "red \N{REPLACEMENT CHARACTER}[31m and \N{REPLACEMENT CHARACTER}desrever" in printed
    assert "\x1b" not in printed


def test_unknown_slug_is_a_clear_error() -> None:
    with pytest.raises(CommandError, match="There is no topic “nowhere”") as caught:
        call_command("dossier", "nowhere", stdout=StringIO())
    assert caught.value.returncode == 1


def test_number_of_queries_does_not_grow(
    topic: Topic, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14) as few:
        print_dossier(topic)
    for number in range(6):
        claim = make_claim(topic, f"{number} domes")
        make_check(claim)
        make_proposal(claim, f"{number + 9} domes", value_hash=hash_value("x")) if number % 2 else None
        decide(claim, editor, "escalate")
        Mention.objects.create(document=Document.objects.create(title=f"Visit {number}"), topic=topic)
    with django_assert_max_num_queries(14) as many:
        print_dossier(topic)
    assert len(many) == len(few)
