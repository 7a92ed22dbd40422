"""What a run leaves of a claim, for every state of the claim and everything that a run can bring: one table."""

import re
from uuid import uuid4

import pytest

from dossiers.extract.actions import Extracted, extract_topic
from dossiers.models.check import Check
from dossiers.models.claim import Claim
from dossiers.models.decision import Action
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal, Sighting
from dossiers.models.run import Outcome, Run
from dossiers.models.source import Source
from dossiers.models.topic import Topic
from dossiers.review.actions import amend_claim
from dossiers.review.queries import read_seen
from tests.builders import make_topic, make_user
from tests.extract.research import capture_text, make_research, make_source, research, retrieve
from tests.review.acts import act, show

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sentences")]

KEY = "wikipedia:en:Sample Harbour"
REST = " Ships come in."
FIRST, ANEW = "The rate is 17%." + REST, "The rate is 19%." + REST
# What each of the two sources says in the run; None where it is not retrieved.
BRINGS: dict[str, tuple[str | None, str | None]] = {
    "nothing new": (FIRST, None),
    "the same words": (FIRST + " A pier was built.", None),
    "other words": ("The rate stands at 17%." + REST, None),
    "another source": (None, "Boats leave early. The rate is 17%."),
    "a new value": ("The rate is 18%." + REST, None),
    "a new value elsewhere": (None, "The rate is 18%."),
    "a new value beside it": (FIRST, "The rate is 18%."),
    "a new value, old elsewhere": ("The rate is 18%." + REST, "The rate is 17%."),
    "the value gone": ("Nothing is said of it." + REST, None),
    "the page gone": (None, None),
    "another source only": (None, "Boats leave early."),
    "nobody reached": (None, None),
}


def bring_to(state: str, topic: Topic, page: Source) -> Claim:
    """Bring the topic's one claim, first said to be 17% by the page, to a state by the acts of editors."""
    editor = make_user()
    research(topic, {page: FIRST})
    claim = Claim.objects.get(topic=topic)
    show(claim, editor)
    if state in ("approved", "challenged", "awaiting second"):
        act(claim, Action.APPROVE, editor)
    if state == "challenged":
        research(topic, {page: ANEW})
    if state == "corrected":  # by an amendment that cites the page's words
        amend_claim(claim, editor=editor, seen=read_seen(claim), key=uuid4(), value="17")
    if state in ("amended", "rejected", "escalated"):
        act(claim, {"amended": Action.AMEND, "rejected": Action.REJECT, "escalated": Action.ESCALATE}[state], editor)
    return claim


def bring(
    brings: str, state: str, topic: Topic, page: Source, other: Source, *more: tuple[Source, str]
) -> tuple[Run, Extracted]:
    """Let a run bring what the table says, and the texts of other sources with it."""
    run, texts = make_research(topic), dict(zip((page, other), BRINGS[brings], strict=True))
    if brings == "nothing new" and state == "challenged":
        texts[page] = ANEW
    for source, text in [*texts.items(), *more]:
        if text is not None:
            retrieve(run, source.provider, [capture_text(source, text)])
    if brings == "the page gone":
        retrieve(run, "wikipedia", outcome=Outcome.EMPTY, request={"kind": "page", "text": "Harbour", "key": KEY})
    if brings == "nobody reached":
        retrieve(run, "wikipedia", outcome=Outcome.UNAVAILABLE, request={"kind": "page", "text": "Harbour"})
        retrieve(run, "tavily", outcome=Outcome.QUOTA, request={"kind": "search", "text": "Harbour"})
    return run, extract_topic(topic, run=run)


# By state: what the run brings; then the claim's status, the value that stands, the challenger's, whether it is queued,
# its health; and what the extraction says it left.
TABLE = """
pending:
nothing new                   pending          -        -     yes  ok              1 seen
the same words                pending          -        -     yes  ok              1 seen
other words                   pending          -        -     yes  ok              1 made, 1 corroborated
another source                pending          -        -     yes  ok              1 made, 1 corroborated
a new value                   pending          -        -     yes  ok              1 made
a new value elsewhere         pending          -        -     yes  ok              1 made
a new value beside it         pending          -        -     yes  ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    pending          -        -     yes  ok              1 claim, 2 made, 1 corroborated
the value gone                pending          -        -     yes  quote_lost      1 lost
the page gone                 pending          -        -     yes  quote_lost      1 lost
another source only           pending          -        -     yes  ok              nothing
nobody reached                pending          -        -     yes  ok              nothing

approved:
nothing new                   approved         17%      -     no   ok              1 seen
the same words                approved         17%      -     no   ok              1 seen
other words                   approved         17%      -     no   ok              1 made, 1 corroborated
another source                approved         17%      -     no   ok              1 made, 1 corroborated
a new value                   approved         17%      18%   yes  source_changed  1 made, 1 challenger
a new value elsewhere         approved         17%      18%   yes  source_changed  1 made, 1 challenger
a new value beside it         approved         17%      -     no   ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    approved         17%      18%   yes  source_changed  2 made, 1 challenger, 1 corroborated
the value gone                approved         17%      -     yes  quote_lost      1 lost
the page gone                 approved         17%      -     yes  quote_lost      1 lost
another source only           approved         17%      -     no   ok              nothing
nobody reached                approved         17%      -     no   ok              nothing

challenged:
nothing new                   approved         17%      19%   yes  source_changed  1 seen
the same words                approved         17%      19%   yes  ok              1 seen
other words                   approved         17%      19%   yes  ok              1 made, 1 corroborated
another source                approved         17%      19%   yes  source_changed  1 made, 1 corroborated
a new value                   approved         17%      18%   yes  source_changed  1 made, 1 challenger
a new value elsewhere         approved         17%      18%   yes  source_changed  1 made, 1 challenger
a new value beside it         approved         17%      19%   yes  ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    approved         17%      18%   yes  source_changed  2 made, 1 challenger, 1 corroborated
the value gone                approved         17%      19%   yes  quote_lost      1 lost
the page gone                 approved         17%      19%   yes  quote_lost      1 lost
another source only           approved         17%      19%   yes  source_changed  nothing
nobody reached                approved         17%      19%   yes  source_changed  nothing

amended:
nothing new                   approved         amended  -     no   ok              1 seen
the same words                approved         amended  -     no   ok              1 seen
other words                   approved         amended  17%   yes  source_changed  1 made, 1 challenger
another source                approved         amended  17%   yes  source_changed  1 made, 1 challenger
a new value                   approved         amended  18%   yes  source_changed  1 made, 1 challenger
a new value elsewhere         approved         amended  18%   yes  source_changed  1 made, 1 challenger
a new value beside it         approved         amended  -     no   ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    approved         amended  18%   yes  source_changed  2 made, 1 challenger
the value gone                approved         amended  -     no   ok              nothing
the page gone                 approved         amended  -     no   ok              nothing
another source only           approved         amended  -     no   ok              nothing
nobody reached                approved         amended  -     no   ok              nothing

corrected:
nothing new                   approved         17       -     no   ok              1 seen
the same words                approved         17       -     no   ok              1 seen
other words                   approved         17       17%   yes  source_changed  1 made, 1 challenger
another source                approved         17       17%   yes  source_changed  1 made, 1 challenger
a new value                   approved         17       18%   yes  source_changed  1 made, 1 challenger
a new value elsewhere         approved         17       18%   yes  source_changed  1 made, 1 challenger
a new value beside it         approved         17       -     no   ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    approved         17       18%   yes  source_changed  2 made, 1 challenger
the value gone                approved         17       -     yes  quote_lost      1 lost
the page gone                 approved         17       -     yes  quote_lost      1 lost
another source only           approved         17       -     no   ok              nothing
nobody reached                approved         17       -     no   ok              nothing

awaiting second:
nothing new                   awaiting_second  17%      -     yes  ok              1 seen
the same words                awaiting_second  17%      -     yes  ok              1 seen
other words                   awaiting_second  17%      -     yes  ok              1 made, 1 corroborated
another source                awaiting_second  17%      -     yes  ok              1 made, 1 corroborated
a new value                   awaiting_second  17%      18%   yes  source_changed  1 made, 1 challenger
a new value elsewhere         awaiting_second  17%      18%   yes  source_changed  1 made, 1 challenger
a new value beside it         awaiting_second  17%      -     yes  ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    awaiting_second  17%      18%   yes  source_changed  2 made, 1 challenger, 1 corroborated
the value gone                awaiting_second  17%      -     yes  quote_lost      1 lost
the page gone                 awaiting_second  17%      -     yes  quote_lost      1 lost
another source only           awaiting_second  17%      -     yes  ok              nothing
nobody reached                awaiting_second  17%      -     yes  ok              nothing

rejected:
nothing new                   rejected         -        -     no   ok              1 seen
the same words                rejected         -        -     no   ok              1 seen
other words                   pending          -        -     yes  ok              1 made
another source                pending          -        -     yes  ok              1 made
a new value                   pending          -        -     yes  ok              1 made
a new value elsewhere         pending          -        -     yes  ok              1 made
a new value beside it         rejected         -        -     no   ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    pending          -        -     yes  ok              1 claim, 2 made
the value gone                rejected         -        -     no   quote_lost      1 lost
the page gone                 rejected         -        -     no   quote_lost      1 lost
another source only           rejected         -        -     no   ok              nothing
nobody reached                rejected         -        -     no   ok              nothing

escalated:
nothing new                   escalated        -        -     yes  ok              1 seen
the same words                escalated        -        -     yes  ok              1 seen
other words                   escalated        -        -     yes  ok              1 made, 1 corroborated
another source                escalated        -        -     yes  ok              1 made, 1 corroborated
a new value                   escalated        -        -     yes  ok              1 made
a new value elsewhere         escalated        -        -     yes  ok              1 made
a new value beside it         escalated        -        -     yes  ok              1 claim, 1 made, 1 seen
a new value, old elsewhere    escalated        -        -     yes  ok              1 claim, 2 made, 1 corroborated
the value gone                escalated        -        -     yes  quote_lost      1 lost
the page gone                 escalated        -        -     yes  quote_lost      1 lost
another source only           escalated        -        -     yes  ok              nothing
nobody reached                escalated        -        -     yes  ok              nothing
"""
NAMES = {
    "claim": "new_claims", "made": "new_proposals", "seen": "sightings", "lost": "lost",
    "challenger": "challengers", "corroborated": "corroborated",
}  # fmt: skip


def read_table() -> list[list[str]]:
    rows, state = [], ""
    for line in filter(None, TABLE.splitlines()):
        state = line.removesuffix(":") if line.endswith(":") else state
        rows += [[state, *re.split(r"\s{2,}", line)]] if not line.endswith(":") else []
    return rows


def describe(claim: Claim) -> list[str]:
    """Read a claim back as the table writes it."""
    claim = Claim.objects.select_related("incumbent", "challenger", "health").get(pk=claim.pk)
    stands = claim.incumbent.value if claim.incumbent else "-"
    challenger = claim.challenger.value if claim.challenger else "-"
    queued = "yes" if claim.needs_review else "no"
    return [claim.status, stands.replace("an amended value", "amended"), challenger, queued, claim.health.state]


def spell(counts: Extracted) -> str:
    left = [f"{number} {name}" for name, field in NAMES.items() if (number := getattr(counts, field))]
    return ", ".join(left) or "nothing"


def list_rows() -> list[list[tuple]]:
    return [list(m.objects.order_by("pk").values_list()) for m in (Claim, Proposal, Evidence, Sighting, Check)]


def test_the_table_covers_every_combination() -> None:
    rows = [(state, brings) for state, brings, *_ in read_table()]
    states = dict.fromkeys(state for state, _ in rows)
    assert rows == [(state, brings) for state in states for brings in BRINGS]


@pytest.mark.parametrize(("state", "brings", "expected"), [(row[0], row[1], row[2:]) for row in read_table()])
def test_a_run_leaves_of_a_claim_what_the_table_says(state: str, brings: str, expected: list[str]) -> None:
    topic = make_topic("Sample Harbour", approvals_needed=2 if state == "awaiting second" else 1)
    page = make_source(topic, "page", "encyclopedia", title="Sample Harbour", entity=KEY)
    other, third = make_source(topic, "other"), make_source(topic, "third")
    claim = bring_to(state, topic, page)
    run, counts = bring(brings, state, topic, page, other)
    assert [*describe(claim), spell(counts)] == expected
    rows = list_rows()
    assert extract_topic(topic, run=run) == counts
    assert list_rows() == rows  # the same run again
    run, counts = bring(brings, state, topic, page, other, (third, "Nothing that anybody reads."))
    assert describe(claim) == expected[:-1]
    assert [len(kind) for kind in rows[:3]] == [len(kind) for kind in list_rows()[:3]]  # the same answers again
