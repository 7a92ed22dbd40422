"""The checks: takes the source tree, leaves what lint, format, types, contracts and migrations have to say about it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from config.stack.options import ROOT

# The checks need settings that load, and no database behind them.
_SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "DEBUG": "1",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
}


def list_checks(root: Path = ROOT) -> Mapping[str, list[str]]:
    """Return the command of each check, by the name it is printed under."""
    tools = Path(sys.executable).parent
    templates = [str(path.relative_to(root)) for path in sorted(root.glob("templates/**/*.html"))]
    manage = [sys.executable, "-W", "ignore", "manage.py"]
    return {
        "lint": [str(tools / "ruff"), "check", "."],
        "format": [str(tools / "ruff"), "format", "--check", "."],
        "templates": [str(tools / "djade"), "--check", *templates],
        "types": [str(tools / "mypy"), "config", "dossiers"],
        "import contracts": [str(tools / "lint-imports"), "--no-logo"],
        "missing migrations": [*manage, "makemigrations", "--check", "--dry-run"],
    }


def run_checks(root: Path = ROOT) -> int:
    """Run every check, also after one failed, and return the exit status: 1 if any failed."""
    failed = []
    for name, command in list_checks(root).items():
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=root, env={**os.environ, **_SETTINGS}, check=False).returncode:
            failed.append(name)
    print(f"== failed: {', '.join(failed)}" if failed else "== all checks passed", flush=True)
    return 1 if failed else 0
