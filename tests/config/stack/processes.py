"""What several tests ask about processes."""

from pathlib import Path


def is_running(pid: int) -> bool:
    """Say whether a process runs; one that ended and waits to be taken in does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False
