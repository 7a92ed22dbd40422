"""How long loading an export takes: `load_seeds` on copies of a file under other titles, beside a running product.

    .venv/bin/python bench/load.py [FILE.txt] [COPIES]

Prints the whole command (a process, Django's start and the load), the same process doing nothing, and the difference:
the load itself, with its transaction. The two alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.config.product import Product  # noqa: E402


def time_command(product: Product, *arguments: str) -> tuple[float, str]:
    """Run a management command; return its seconds and what it printed."""
    first = time.monotonic()
    done = product.run("manage", *arguments)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.monotonic() - first, done.stdout.strip()


def main() -> None:
    """Load copies of one export and print medians, the fastest and the slowest."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "seeds" / "international-collaboration.txt"
    copies = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    title, rest = source.read_text(encoding="utf-8").split("\n", 1)
    with tempfile.TemporaryDirectory(prefix="dossiers-load-") as folder:
        Path(folder).chmod(0o755)
        product = Product(Path(folder) / "data")
        product.start()
        try:
            loads, idles = [], []
            for number in range(copies):
                path = Path(folder) / f"{number}.txt"
                path.write_text(f"{title} {number}\n{rest}", encoding="utf-8")
                idles.append(time_command(product, "load_seeds", "--help")[0])
                seconds, printed = time_command(product, "load_seeds", str(path))
                loads.append(seconds)
                print(f"{seconds:5.2f} s  {printed.splitlines()[0]}", flush=True)
        finally:
            product.stop(signal.SIGTERM)
    for name, values in (("whole command", loads), ("doing nothing", idles)):
        print(f"{name}: median {statistics.median(values):.2f} s ({min(values):.2f} to {max(values):.2f})")
    print(f"the load itself: median {statistics.median(a - b for a, b in zip(loads, idles, strict=True)):.2f} s")


if __name__ == "__main__":
    main()
