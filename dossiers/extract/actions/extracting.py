"""Ground what a run states and reconcile it with the claims there are, in one transaction."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from dossiers.extract.actions.asking import ask_about_found, ask_about_printed
from dossiers.extract.actions.checking import sync_checks
from dossiers.extract.actions.drafting import list_run_drafts, trace_run
from dossiers.extract.actions.health import count_lost, list_lost, write_health
from dossiers.extract.actions.pairing import list_statements, merge_statements, pair_statements
from dossiers.extract.actions.repeating import Inputs, find_same, remember, see_again
from dossiers.extract.actions.storing import store_statements
from dossiers.extract.actions.working import Seen, Work
from dossiers.extract.assembly import CaptureText, Library, assemble
from dossiers.extract.matching import Matches
from dossiers.extract.queries import (
    describe_capture,
    describe_topic,
    list_captures,
    list_known_claims,
    read_brought,
    read_features,
    read_priors,
    read_suppressed,
)
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.run import Run, RunKind
from dossiers.models.topic import Topic


@dataclass
class Extracted:
    """What one extraction left, counted.

    Of the new proposals some challenge what stands (`challengers`, counted by claim) and some say a known value in
    other words (`corroborated`). `lost` are claims whose words changed or went; `ambiguous` ones may be old ones.
    """

    new_claims: int = 0
    new_proposals: int = 0
    sightings: int = 0
    lost: int = 0
    ambiguous: int = 0
    challengers: int = 0
    corroborated: int = 0


@transaction.atomic
def extract_topic(topic: Topic, *, run: Run) -> Extracted:
    """Extract a run's statements of a topic in one transaction; a value that is there already is only seen again.

    Another value for a known claim becomes a new proposal on it (the database derives pending or challenger); a value
    that was rejected on the same words stays away. Research changes the health of those claims only whose sources it
    reached, and a run that reached nobody changes nothing. Extracting a run again leaves the same rows.
    """
    Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    brought = read_brought(run)
    if brought.is_nothing and run.kind == RunKind.RESEARCH:
        return Extracted()
    export = run.pk if run.kind == RunKind.IMPORT else None
    inputs = Inputs(export, trace_run(run), describe_topic(topic), brought)
    before = find_same(topic, inputs)
    if before is not None and before.pk == run.pk:
        return Extracted(**before.counts)
    counts = Extracted(sightings=see_again(run, before)) if before else _extract(topic, run, inputs)
    remember(topic, run, inputs, asdict(counts))
    return counts


def _extract(topic: Topic, run: Run, inputs: Inputs) -> Extracted:
    rows = list_captures(inputs.brought.captures)
    texts = _describe_texts(rows)
    work = _begin(topic, run, inputs, rows, texts)
    matches = pair_statements(work)
    sightings = store_statements(work, matches)
    lost = list_lost(work, matches)
    write_health(work, lost, timezone.now())
    if work.is_research:
        ask_about_found(topic, work.words, texts, inputs.brought.candidates)
    else:
        ask_about_printed(topic, work.words, texts)
    sync_checks(work, texts, _list_ambiguous(work, matches))
    return _count(work, matches, sightings, count_lost(work, lost))


def _describe_texts(rows: list[Capture]) -> list[CaptureText]:
    told = read_features(row.pk for row in rows)
    return [describe_capture(row, features=told[row.pk][0], seen=told[row.pk][1]) for row in rows]


def _begin(topic: Topic, run: Run, inputs: Inputs, rows: list[Capture], texts: list[CaptureText]) -> Work:
    """Ground what the run states, and read what is known of it."""
    library = Library(inputs.words, texts)
    grounded = assemble(list_run_drafts(run, library), library)
    known = {entry.claim.pk: entry for entry in list_known_claims(topic)}
    captures = {row.pk: row for row in rows}
    work = Work(topic, run, inputs.origin, inputs.words, inputs.brought, captures, library, known)
    work.statements = merge_statements(grounded) if work.is_research else list_statements(grounded)
    work.priors = read_priors(topic, (statement.value_hash for statement in work.statements))
    work.suppressed = read_suppressed(topic)
    return work


def _list_ambiguous(work: Work, matches: Matches) -> list[tuple[Claim, Claim]]:
    claims = {seen.statement.place: seen.claim for seen in work.seen}
    return [(claims[n.id], work.known[o.id].claim) for n, olds in matches.ambiguous for o in olds]  # type: ignore[index]


def _count(work: Work, matches: Matches, sightings: int, lost: int) -> Extracted:
    made = [seen for seen in work.seen if seen.made]
    told = {(seen.claim.pk, seen.statement.value_hash) for seen in made if seen.entry is None}
    repeated = sum(seen.entry is None for seen in made) - len(told)
    return Extracted(
        new_claims=len(matches.new) + len(matches.ambiguous),
        new_proposals=len(made),
        sightings=sightings,
        lost=lost,
        ambiguous=len(matches.ambiguous),
        challengers=len({seen.claim.pk for seen in made if seen.is_challenging}),
        corroborated=repeated + sum(_is_corroborating(work, seen) for seen in made if seen.entry),
    )


def _is_corroborating(work: Work, seen: Seen) -> bool:
    """Tell whether a new proposal says in other words what stands, or what was proposed before and not rejected."""
    if seen.claim.incumbent_id:
        return seen.gives_standing
    is_known = (seen.claim.pk, seen.statement.value_hash) in work.priors
    return is_known and seen.claim.status != ClaimStatus.REJECTED
