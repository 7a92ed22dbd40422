"""Hostile exports: refused with file and line, or shown on every page as the words that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from dossiers.models.claim import Claim, ClaimKind
from dossiers.models.topic import Topic
from dossiers.publish.actions import publish_dossier
from dossiers.publish.queries import read_draft
from dossiers.review.actions import amend_claim, approve_claim, record_display, resolve_entity
from dossiers.review.queries import read_findings, read_questions, read_seen
from tests.builders import make_user
from tests.e2e.hostile import AROUND, PAYLOADS, REFUSED, SHOWN
from tests.e2e.sessions import sign_in

NARROW = {"width": 375, "height": 800}
DECIDED = 8  # claims of each hostile topic that are decided and published
PRINTED = "Coordinates"  # a word of the captured text of a place
LISTS = ("topic", "capture")
# What is wrong on a page: a script that ran, a line that is too wide, words of ours turned round by marks in theirs.
_PROBLEMS = """payload => {
  document.querySelectorAll("details:not(.menu)").forEach(details => { details.open = true; });
  const problems = window.hit ? ["a script ran"] : [];
  const width = document.documentElement.scrollWidth;
  if (width > document.documentElement.clientWidth) problems.push(`the page is ${width} wide`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const boxOf = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const { 0: word, index } of node.data.matchAll(/[a-z]{4,}/gi)) {
      if (payload.includes(word)) continue;
      const first = boxOf(node, index), last = boxOf(node, index + word.length - 1);
      if (first.width && Math.abs(first.top - last.top) < 2 && first.left > last.left) problems.push(`turned: ${word}`);
    }
  }
  return problems;
}"""


def load(folder: Path, files: Mapping[str, bytes]) -> tuple[int, str]:
    """Load the files; return the exit status and what was said about errors."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    err = StringIO()
    try:
        call_command("load_seeds", str(folder), stdout=StringIO(), stderr=err)
    except CommandError as error:
        return error.returncode, err.getvalue()
    return 0, err.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_export_is_refused_with_its_line(tmp_path: Path, name: str):
    case = REFUSED[name]
    status, err = load(tmp_path, {case.file: case.make()})
    assert status == 1
    assert f"{case.file}:{case.line}: expected " in err
    assert case.found in err.split(", found ", 1)[1]
    assert len(err.splitlines()) == 1
    assert not Topic.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", SHOWN)
def test_a_hostile_export_does_no_harm_where_it_is_shown(
    open_window: Callable[..., Page], live_server: LiveServer, tmp_path: Path, name: str
):
    assert load(tmp_path, SHOWN[name]) == (0, "")
    everyone = make_user(group="editor")
    everyone.groups.set(Group.objects.all())
    page = open_window(viewport=NARROW)
    sign_in(page, live_server.url, everyone)
    topics = list(Topic.objects.all())
    found = look_at(page, live_server.url, list_desk_pages(topics), name)
    for topic in topics:
        publish(topic, everyone)
    found |= look_at(page, live_server.url, list_public_pages(topics), name)
    assert found == {}


def test_the_look_sees_what_it_looks_for(open_window: Callable[..., Page]):
    page = open_window(viewport=NARROW)
    page.set_content("<p>\u202elate, retrieved today</p><p style='width: 400px'>x</p><script>window.hit = 1</script>")
    problems = page.evaluate(_PROBLEMS, "late")
    assert problems == ["a script ran", "the page is 408 wide", "turned: retrieved", "turned: today"]
    page.set_content("<p><bdi>\u202elate</bdi>, retrieved today</p><script>window.hit = 0</script>")
    assert page.evaluate(_PROBLEMS, "late") == []


def look_at(page: Page, own: str, pages: Iterator[tuple[str, str]], name: str) -> dict[str, list[str]]:
    """Open each page; return what is wrong on it. Where a title is named, the page's heading must be exactly that."""
    found = {}
    for path, title in pages:
        answer = page.goto(f"{own}{path}")
        assert answer is not None and answer.status == 200, path
        problems = page.evaluate(_PROBLEMS, PAYLOADS.get(name, "") + AROUND + PRINTED)
        heading = page.locator("h1").first.text_content() or ""
        if title and heading.strip() != title.strip():
            problems.append(f"the heading is {heading!r}")
        if problems:
            found[path] = problems
    return found


def list_desk_pages(topics: list[Topic]) -> Iterator[tuple[str, str]]:
    """Yield the address of each desk page that shows a topic, with the heading it must have where that is a title."""
    yield from ((path, "") for path in ("/review/", "/review/topics/", "/publish/"))
    yield from ((f"/admin/dossiers/{model}/", "") for model in LISTS)
    for topic in topics:
        yield f"/review/topics/{topic.slug}/", topic.title
        yield f"/publish/{topic.slug}/", ""
        for kind in ClaimKind.values:
            claim = Claim.objects.filter(topic=topic, kind=kind).first()
            if claim:
                yield f"/review/claims/{claim.pk}/", ""


def list_public_pages(topics: list[Topic]) -> Iterator[tuple[str, str]]:
    yield "/", ""
    for topic in topics:
        yield f"/publish/{topic.slug}/", ""
        yield f"/{topic.slug}/", topic.title


def publish(topic: Topic, editor: User) -> None:
    """Publish the topic's first claims: approved on their quotes where no error stands, else as a statement."""
    for question in read_questions(topic):
        resolve_entity(topic, provider=question.provider, choice=question.candidates[0].key, editor=editor)
    claims = list(Claim.objects.filter(topic=topic).select_related("newest_proposal").order_by("position", "id"))
    places = [claim for claim in claims if claim.kind == ClaimKind.PLACE]
    for claim in {*claims[:DECIDED], *places}:
        decide(claim, editor)
    draft = read_draft(topic)
    left_out = {blocker.claim_id for blocker in draft.blockers}
    publish_dossier(
        topic, editor=editor, leave_out=left_out, note=claims[0].newest_proposal.value[:90], seen=draft.seen
    )


def decide(claim: Claim, editor: User) -> None:
    seen, proposal = read_seen(claim), claim.newest_proposal
    assert seen is not None and proposal is not None
    findings = read_findings({claim.pk: proposal.pk}).get(claim.pk, [])
    if any(finding.is_open_error for finding in findings):
        words = {"label": proposal.label, "value": proposal.value, "date_text": proposal.date_text}
        amend_claim(claim, editor=editor, seen=seen, key=uuid4(), is_statement=True, note=proposal.value[:90], **words)
    else:
        record_display(editor, [proposal])
        approve_claim(claim, editor=editor, seen=seen, key=uuid4())
