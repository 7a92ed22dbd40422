"""The project's own samples: every fault that seeds/README.md lists is flagged, and sample data says that it is."""

import json
import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Q

from dossiers.models.capture import Capture
from dossiers.models.check import Check
from dossiers.models.claim import Claim
from dossiers.models.proposal import Proposal

IDEA, MOUNTAIN, LABORATORY = "international-collaboration-sample", "mount-everest", "cern"

CLAIM_FAULTS = [
    (IDEA, "James Webb", {"ungrounded"}),
    (IDEA, "Repair Discoveries", {"wrong-entity"}),
    (IDEA, "Charles and Will Mayo", {"date-contradicted"}),
    (IDEA, "from 39% to 56%", {"date-not-in-quote"}),
    (IDEA, "Work shared between countries", {"date-not-in-quote", "date-unparsed"}),
    (IDEA, "Researchers in the United States", {"date-not-in-quote"}),
    (IDEA, "UK Collaboration Rate (2022)", {"date-not-in-quote", "duplicate"}),
    (IDEA, "Global Collaboration Rate (2022)", {"duplicate"}),
    (IDEA, "China Collaboration Rate (2022)", {"implied-by"}),
    (IDEA, "Prominent Area", {"paraphrase"}),
    (IDEA, "Characteristics", {"paraphrase"}),
    (IDEA, "Government Motivation", {"paraphrase"}),
    *((IDEA, f"{name} reached", {"value-overstated"}) for name in ("Kingdom", "Australia", "France", "Canada")),
    (MOUNTAIN, "8,848 m", {"conflict"}),
    (MOUNTAIN, "George Mallory", {"ungrounded"}),
    (MOUNTAIN, "Sagarmatha National Park", {"date-contradicted", "date-not-in-quote"}),
    (MOUNTAIN, "Reinhold Messner", {"value-overstated"}),
    (LABORATORY, "Founding States", {"ungrounded", "number-not-in-quote"}),
    (LABORATORY, "Member States", {"conflict"}),
    (LABORATORY, "Bent Stumpe", {"ungrounded"}),
    (LABORATORY, "Proton Synchrotron", {"value-overstated"}),
    (LABORATORY, "Large Hadron Collider started", {"paraphrase"}),
    (LABORATORY, "software of the Web", {"date-not-in-quote"}),
]
ERRORS = {"ungrounded", "number-not-in-quote", "wrong-entity"}


@pytest.fixture
def seeds(db):
    call_command("load_seeds", str(settings.BASE_DIR / "seeds"), stdout=StringIO())


def list_codes(claim: Claim) -> set[str]:
    own = Check.objects.filter(Q(claim=claim) | Q(proposal__in=Proposal.objects.filter(claim=claim)))
    return set(own.values_list("code", flat=True))


def find_claim(slug: str, words: str) -> Claim:
    """Return the first claim of the topic whose label or newest value has `words`."""
    claims = Claim.objects.filter(topic__slug=slug).order_by("kind", "position")
    said = {claim: f"{claim.label} {Proposal.objects.filter(claim=claim).latest('id').value}" for claim in claims}
    return next(claim for claim in claims if words in said[claim])


def test_every_listed_fault_of_a_claim_is_flagged(seeds):
    missed = {words: codes - list_codes(find_claim(slug, words)) for slug, words, codes in CLAIM_FAULTS}
    assert {words: codes for words, codes in missed.items() if codes} == {}


def test_no_other_claim_has_an_error(seeds):
    faulty = {find_claim(slug, words).pk for slug, words, codes in CLAIM_FAULTS if codes & ERRORS}
    flagged = {claim.pk: str(claim) for claim in Claim.objects.all() if list_codes(claim) & ERRORS}
    assert {pk: name for pk, name in flagged.items() if pk not in faulty} == {}


def test_every_listed_fault_of_a_source_is_flagged(seeds):
    article = Capture.objects.get(source__title="Collaboration")
    assert article.checks.filter(code="wrong-entity").exists()
    assert (
        Capture.objects.get(source__title__startswith="CERN in Figures").checks.filter(code="rewritten-source").exists()
    )
    unsourced = Capture.objects.filter(source__url="")
    assert unsourced.count() == unsourced.filter(checks__code="source-without-url").count() == 13


def test_sample_sources_say_that_they_are_samples(seeds):
    for capture in Capture.objects.exclude(source__provider="geocoder").select_related("source"):
        said = f"{capture.source.title} {capture.source.publisher} {capture.text}"
        assert "sample data" in said.lower(), capture.source.title


def test_addresses_of_sample_sources_belong_to_nobody():
    hosts = re.findall(r'"url": "https?://([^/"]+)', (settings.BASE_DIR / "seeds" / "cern.json").read_text())
    assert hosts
    assert all(host.endswith(".example") for host in hosts)


def test_the_readme_names_every_file_and_every_key():
    folder = settings.BASE_DIR / "seeds"
    readme = (folder / "README.md").read_text()
    assert all(f"`{path.name}`" in readme for path in folder.iterdir() if path.suffix in (".txt", ".json"))
    export = json.loads((folder / "cern.json").read_text())
    keys = {*export, *export["topic"], *export["captures"][0], *export["attributes"][0], *export["events"][0]}
    assert {key for key in keys if not re.search(rf"[`.]{key}`", readme)} == set()
