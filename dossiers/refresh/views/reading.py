"""Takes a run; leaves what its page and its topic's page show of it."""

from typing import Any

from dossiers.models.run import RetrievalState, Run, RunStatus
from dossiers.refresh.assembly import describe_run as spell_run
from dossiers.refresh.queries.screens import Changes, Step, read_changes, read_steps


def describe_run(run: Run | None) -> dict[str, Any]:
    """Return the context of a run's partial; nothing where there is no run."""
    if run is None:
        return {"run": None}
    steps = read_steps(run)
    changes = read_changes(run) if not run.is_active else None
    return {
        "run": run,
        "steps": steps,
        "changes": changes,
        "done": count_done(steps),
        "told": _tell(run, steps, changes),
    }


def count_done(steps: list[Step]) -> int:
    """Count the steps that have ended."""
    return sum(step.retrieval.state == RetrievalState.DONE for step in steps)


def _tell(run: Run, steps: list[Step], changes: Changes | None) -> str:
    """Say in a sentence how the run stands, for those who listen; it changes with each step and no more often."""
    words = spell_run(run.status, run.outcome)
    if changes is None:
        return f"{words.name}. {count_done(steps)} of {len(steps)} steps done." if steps else f"{words.name}."
    if run.status != RunStatus.FINISHED:
        return f"{words.name}. {run.message}"
    counted = ((len(changes.new), "new"), (len(changes.challengers), "challenged"), (len(changes.lost), "lost"))
    left = ", ".join(f"{number} {word}" for number, word in counted if number)
    return f"{words.name}. {left or 'Nothing changed'}."
