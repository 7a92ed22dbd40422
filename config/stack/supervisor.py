"""The supervisor: takes running children, keeps them running; one that dies is started again, within reason."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.stack.errors import StackError
from config.stack.processes import Child, end_leftovers, limit_log, read_tail
from config.stack.steps import Steps

MOST_DEATHS, WITHIN_SECONDS = 6, 60.0
LONGEST_PAUSE = 8.0
SETTLED_SECONDS = 20.0
LOG_CHECK_SECONDS = 60.0


@dataclass
class Watched:
    """One child under watch: how to find it, how to start it again, and when it died."""

    title: str
    find: Callable[[], Child | None]
    restart: Callable[[], None]
    deaths: deque[float] = field(default_factory=deque)
    next_start: float = 0.0

    def note_death(self, now: float) -> float:
        """Remember a death and return the pause before the next start. Raises StackError when there were too many.

        Only a child that ends by itself soon after its start is given up: a killed one, or one that ran for a while,
        was in order.
        """
        child = self.find()
        if child is None or child.was_killed() or now - child.started_at > SETTLED_SECONDS:
            self.deaths.clear()
            return 0.0
        while self.deaths and now - self.deaths[0] > WITHIN_SECONDS:
            self.deaths.popleft()
        self.deaths.append(now)
        if len(self.deaths) >= MOST_DEATHS:
            raise StackError(
                f"The {self.title} keeps ending ({child.describe_end()}), {MOST_DEATHS} times within "
                f"{WITHIN_SECONDS:.0f} s. The end of {child.log}:\n{read_tail(child.log)}"
            )
        return min(LONGEST_PAUSE, 0.5 * 2.0 ** (len(self.deaths) - 1))


def watch(all_watched: Sequence[Watched], steps: Steps, is_over: Callable[[], bool]) -> None:
    """Keep children alive until `is_over()`. Raises StackError when one of them keeps dying."""
    logs_checked = time.monotonic()
    while not is_over():
        now = time.monotonic()
        for watched in all_watched:
            _look_after(watched, now, steps)
        if now - logs_checked > LOG_CHECK_SECONDS:
            logs_checked = now
            _limit_logs(all_watched)
        time.sleep(0.1)


def _look_after(watched: Watched, now: float, steps: Steps) -> None:
    child = watched.find()
    if child is None or child.is_alive():
        return
    if not watched.next_start:
        pause = watched.note_death(now)
        watched.next_start = now + pause
        steps.say(f"  The {watched.title} ended ({child.describe_end()}); starting it again in {pause:.1f} s.")
    if now >= watched.next_start:
        watched.next_start = 0.0
        _start_again(watched, child, steps)


def _start_again(watched: Watched, child: Child, steps: Steps) -> None:
    child.kill()
    if child.name != "postgres":
        end_leftovers(child.data_dir, [child.name], 1.0)
    watched.restart()
    steps.say(f"  The {watched.title} was started again.")


def _limit_logs(all_watched: Sequence[Watched]) -> None:
    for watched in all_watched:
        child = watched.find()
        if child is not None:
            limit_log(child.log)
