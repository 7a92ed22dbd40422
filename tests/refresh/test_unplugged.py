"""Without a network: real clients that reach nobody, a run that ends in words, and a topic that stays as it was."""

import pytest

from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Outcome, Retrieval, RunStatus
from dossiers.models.topic import Topic
from dossiers.refresh.actions import request_refresh, sweep
from tests.builders import make_claim
from tests.refresh.queues import Queues, pass_time
from tests.stubs.server import pick_closed_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unplugged(settings) -> None:
    """Let three services stand where nobody listens, with tries and breakers that do not make the test wait."""
    settings.RESEARCH_CLIENTS = {
        "mediawiki": "dossiers.clients.mediawiki.MediaWiki",
        "wikidata": "dossiers.clients.wikidata.Wikidata",
    }
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    settings.RESEARCH_TRIES, settings.RESEARCH_BREAKER_AFTER = 1, 1000
    for name in ("wikipedia", "wikidata"):
        address = f"http://127.0.0.1:{pick_closed_port()}/w/api.php"
        fields = {"is_enabled": True, "base_url": address, "contact": "desk@example.org", "spacing": 0.0}
        ProviderPolicy.objects.filter(name=name).update(**fields)


def test_a_run_without_a_network_ends_in_words_and_changes_nothing(
    topic: Topic, queues: Queues, unplugged: None, settings
) -> None:
    claim = make_claim(topic)
    captures = set(Capture.objects.values_list("pk", flat=True))
    run = request_refresh(topic, by=None)
    for _ in range(settings.RESEARCH_ATTEMPTS):
        queues.work()
        pass_time(settings.RESEARCH_LEASE + 1)
        sweep()
    run.refresh_from_db()
    topic.refresh_from_db()
    assert (run.status, run.outcome) == (RunStatus.FINISHED, Outcome.UNAVAILABLE)
    assert run.message == "Nobody answered. Wikipedia: not reached, Wikidata: not reached."
    assert set(Retrieval.objects.filter(run=run).values_list("attempts", flat=True)) == {settings.RESEARCH_ATTEMPTS}
    assert (topic.research_retrieved_at, topic.refresh_failures) == (None, 1)
    assert set(Capture.objects.values_list("pk", flat=True)) == captures
    assert Claim.objects.get() == claim
