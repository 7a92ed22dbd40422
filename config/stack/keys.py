"""Keys: takes DATA_DIR, leaves the secrets that this installation made for itself, each in a file of mode 0600."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from config.stack.processes import make_folder


def read_or_make_secret(data_dir: Path, name: str, size: int = 32) -> str:
    """Return a secret of this installation, made at random the first time. `size` is in bytes of randomness."""
    path = make_folder(data_dir / "secrets") / name
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(size))
    return path.read_text(encoding="utf-8")


def write_secret(path: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
