"""The list of dossiers: their states, its counters and pages, and queries that do not grow."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.models.decision import Action
from dossiers.models.status import PublicStatus
from dossiers.publish import queries
from dossiers.publish.queries import read_draft
from tests.builders import decide, make_claim, make_proposal, make_topic
from tests.publish.dossiers import Dossier
from tests.publish.screens import enter, look
from tests.reading import Element, read_page

pytestmark = pytest.mark.django_db


def row_of(client: Client, dossier: Dossier, query: str = "") -> Element:
    rows = read_page(client.get(f"/publish/{query}")).find_all("li", class_="row")
    return next(row for row in rows if row.find_all("a", href=f"/publish/{dossier.topic.slug}/"))


def test_the_list_says_the_state_of_each_dossier(dossier: Dossier) -> None:
    client = enter(dossier.editor)
    make_claim(dossier.topic, "a fourth dome")
    assert "Not published" in row_of(client, dossier).text and "1 not decided yet" in row_of(client, dossier).text
    dossier.publish(leave_out={make_claim(dossier.topic, "a fifth dome").pk, *_undecided(dossier)})
    assert "Published" in row_of(client, dossier, "?state=published").text
    claim = dossier.claims["domes"]
    decide(claim, dossier.editor, Action.UNDO, undoes=claim.standing_decision)
    assert "Unpublished changes" in row_of(client, dossier, "?state=changed").text
    PublicStatus.objects.update(is_withdrawn=True, withdrawal_reason="Legal.")
    assert "Withdrawn" in row_of(client, dossier, "?state=withdrawn").text


def _undecided(dossier: Dossier) -> set[int]:
    return {blocker.claim_id for blocker in read_draft(dossier.topic).blockers}


def test_a_counter_is_the_count_of_the_list_it_links_to(dossier: Dossier) -> None:
    client = enter(dossier.publisher)
    make_claim(dossier.topic, "a fourth dome")
    decide(make_claim(dossier.topic, "a fifth dome"), dossier.editor, Action.ESCALATE)
    decide(make_claim(dossier.topic, "a sixth dome"), dossier.editor, Action.REJECT)
    make_proposal(dossier.claims["domes"], "four domes")
    [link] = row_of(client, dossier).find_all("a", href=f"/publish/{dossier.topic.slug}/#undecided")
    listed = look(client, dossier).find("section", **{"aria-labelledby": "undecided"}).find_all("li")
    assert link.text == f"{len(listed)} not decided yet"


def test_the_list_goes_on_from_page_to_page(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    topics = [make_topic("Same title") for _ in range(4)]
    client, seen, query = enter(dossier.editor), [], "?state="
    while query:
        page = read_page(client.get(f"/publish/{query}"))
        seen += [title.find("a").attributes["href"] for title in page.find_all("p", class_="row-title")]
        query = next((link.attributes["href"] for link in page.find_all("a", rel="next")), "")
    assert seen == [f"/publish/{topic.slug}/" for topic in (*topics, dossier.topic)]


@pytest.mark.parametrize("address", ["/publish/", "/publish/{slug}/"])
def test_queries_do_not_grow_with_rows(dossier: Dossier, address: str) -> None:
    client = enter(dossier.publisher)

    def count() -> int:
        with CaptureQueriesContext(connection) as made:
            assert client.get(address.format(slug=dossier.topic.slug)).status_code == 200
        return len(made)

    few = count()
    for number in range(3):
        decide(make_claim(dossier.topic, f"dome number {number}"), dossier.editor)
        make_claim(dossier.topic, f"library number {number}")
        make_claim(make_topic(f"Topic {number}"), "a dome")
    assert count() == few
