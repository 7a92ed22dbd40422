"""Tell whether a run brings anything that was not read before; where not, leave only that its values were seen."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.db import connection
from django.utils import timezone

from dossiers.extract.actions.drafting import Origin
from dossiers.extract.assembly import TopicText
from dossiers.extract.queries import Brought, list_standing
from dossiers.models.run import Run
from dossiers.models.topic import Topic

# What a run proposed or saw again is seen again by the next one.
_SEE_AGAIN = """
INSERT INTO dossiers_sighting (proposal_id, run_id, at)
SELECT given.id, %(run)s, %(now)s FROM (
    SELECT p.id FROM dossiers_proposal p WHERE p.run_id = %(before)s
    UNION SELECT s.proposal_id FROM dossiers_sighting s WHERE s.run_id = %(before)s) AS given
ON CONFLICT DO NOTHING
"""
# Where something else stands than what was given, that value was not seen.
_MOVE_LAST_SEEN = """
UPDATE dossiers_claimhealth h SET last_seen_at = %(now)s, checked_at = %(now)s
FROM dossiers_sighting s JOIN dossiers_proposal p ON p.id = s.proposal_id JOIN dossiers_claim c ON c.id = p.claim_id
    LEFT JOIN dossiers_proposal i ON i.id = c.incumbent_id
WHERE s.run_id = %(run)s AND h.claim_id = c.id AND (i.id IS NULL OR i.value_hash = p.value_hash)
"""


@dataclass(frozen=True)
class Inputs:
    """All that an extraction depends on but what stands; equal inputs give equal claims.

    What an export printed is its run's own, so `export` names the run; research has none.
    """

    export: int | None
    origin: Origin
    words: TopicText
    brought: Brought

    def hash(self, standing: Sequence[tuple[int, int | None]]) -> str:
        """Return the sha256 hex of the inputs together with what stands of each claim."""
        offered = sorted({(role, str(entry.get("key"))) for role, entry in self.brought.candidates})
        content: list[Any] = [
            self.export, asdict(self.origin), asdict(self.words), sorted(self.brought.captures),
            sorted(self.brought.gone), offered, list(standing),
        ]  # fmt: skip
        return sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def find_same(topic: Topic, inputs: Inputs) -> Run | None:
    """Find the run whose extraction was the topic's last, if it had the same to read and nothing was decided since."""
    last = Run.objects.filter(topic=topic).exclude(extraction_sha256="").order_by("-id").first()
    return last if last and last.extraction_sha256 == inputs.hash(list_standing(topic)) else None


def see_again(run: Run, before: Run) -> int:
    """Let a run have seen what the one before it gave, and return how many values that are."""
    names: dict[str, Any] = {"run": run.pk, "before": before.pk, "now": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute(_SEE_AGAIN, names)
        count = cursor.rowcount
        cursor.execute(_MOVE_LAST_SEEN, names)
    return count


def remember(topic: Topic, run: Run, inputs: Inputs, counts: dict[str, int]) -> None:
    """Keep on the run what its extraction read and left; what a later run read is no longer the last."""
    run.extraction_sha256, run.counts = inputs.hash(list_standing(topic)), counts
    Run.objects.filter(topic=topic, pk__gt=run.pk).exclude(extraction_sha256="").update(extraction_sha256="")
    run.save(update_fields=["extraction_sha256", "counts"])
