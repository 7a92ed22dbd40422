"""How long a start takes: copies the project's files, runs `./run` there cold and warm, and prints both.

    python bench/startup.py [WARM_STARTS]

Cold is everything a newcomer waits for: virtual environment, install, servers, migrations, samples, web server.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.config.product import find_free_port  # noqa: E402


def copy_project(target: Path) -> None:
    """Copy the files a clone would have, with what is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def time_start(project: Path, port: int) -> tuple[float, str]:
    """Start the product, open its first page, stop it; return the seconds to that page and the lines of its steps."""
    first = time.monotonic()
    environment = {
        "PATH": sys.exec_prefix + "/bin:/usr/local/bin:/usr/bin:/bin",
        "PORT": str(port),
        "HOME": str(Path.home()),
    }
    process = subprocess.Popen(
        [sys.executable, str(project / "run")],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        if "Ctrl-C stops everything" in line:
            break
    else:
        raise SystemExit("".join(lines))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
        answer.read()
    seconds = time.monotonic() - first
    process.send_signal(signal.SIGINT)
    process.communicate()
    return seconds, "".join(line for line in lines if re.match(r"  [\w ]+ +[\d.]+ s", line))


def main() -> None:
    """Print one cold and several warm starts."""
    warm = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory(prefix="dossiers-start-") as folder:
        Path(folder).chmod(0o755)
        copy_project(Path(folder))
        port = find_free_port()
        for name in ["cold", *["warm"] * warm]:
            seconds, steps = time_start(Path(folder), port)
            print(f"{name}: first page after {seconds:.2f} s\n{steps}", flush=True)


if __name__ == "__main__":
    main()
