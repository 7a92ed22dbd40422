"""Send the retrievals that may go: a few at a time for each provider and queue, what people wait for apart."""

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dossiers.models.run import Run
from dossiers.refresh.actions.sending import DISPATCH, FETCH, choose_queue, send_after_commit

# One more than may be under way, so that a provider never waits for us.
SPARE = 1
# A waiting row with a lease has been sent or waits for its turn, a running one is with a worker: each takes a place.
# `trigger` parts the two queues: due work may fill its own places only.
READY = """
WITH open AS (
    SELECT t.id, t.provider, r.trigger, t.leased_until > %(now)s IS TRUE AS is_taken,
        t.state = 'running' OR t.not_before IS NULL OR t.not_before <= %(now)s AS may_go
    FROM dossiers_retrieval t JOIN dossiers_run r ON r.id = t.run_id
    WHERE t.state IN ('waiting', 'running') AND r.status IN ('queued', 'running')
), taken AS (
    SELECT provider, trigger, count(*) AS places FROM open WHERE is_taken GROUP BY provider, trigger
), ranked AS (
    SELECT id, provider, trigger, row_number() OVER (PARTITION BY provider, trigger ORDER BY id) AS place
    FROM open WHERE may_go AND NOT is_taken
)
SELECT ranked.id, ranked.trigger FROM ranked
LEFT JOIN taken USING (provider, trigger)
LEFT JOIN dossiers_providerpolicy p ON p.name = ranked.provider
WHERE ranked.place <= coalesce(p.in_flight, 1) + %(spare)s - coalesce(taken.places, 0)
ORDER BY ranked.id
"""
SEND = """
UPDATE dossiers_retrieval SET leased_until = %(until)s, state = 'waiting'
WHERE id = ANY(%(ids)s) AND state IN ('waiting', 'running') AND (leased_until IS NULL OR leased_until <= %(now)s)
RETURNING id
"""


@transaction.atomic
def dispatch_retrievals() -> int:
    """Send the retrievals that may go now and have a free place at their provider; return how many.

    Several at once send each retrieval once: the second finds it leased. A message that is lost is sent again when its
    lease is over, and so is what a worker took and never brought back.
    """
    now = timezone.now()
    until = now + timedelta(seconds=settings.RESEARCH_LEASE)
    with connection.cursor() as cursor:
        cursor.execute(READY, {"now": now, "spare": SPARE})
        triggers = dict(cursor.fetchall())
        if not triggers:
            return 0
        cursor.execute(SEND, {"until": until, "ids": list(triggers), "now": now})
        sent = [row[0] for row in cursor.fetchall()]
    for pk in sorted(sent):
        send_after_commit(FETCH, pk, queue=choose_queue(triggers[pk]))
    return len(sent)


def wake_later(run_id: int, seconds: float) -> None:
    """Send what may go then. A delayed message is small on purpose: workers take such out of their queue's order.

    What waits longer than the sweep's interval is left to the sweep.
    """
    if seconds <= settings.RESEARCH_SWEEP:
        trigger = Run.objects.values_list("trigger", flat=True).get(pk=run_id)
        send_after_commit(DISPATCH, queue=choose_queue(trigger), after=seconds + 0.01)
