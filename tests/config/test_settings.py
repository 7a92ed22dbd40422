"""Settings say what is missing, and are safe where readers are served."""

import os
import subprocess
import sys
from pathlib import Path
from string import ascii_letters

import pytest
from django.conf import settings

SAFE = {
    "DEBUG": "0", "SITE_URL": "https://dossiers.example.org", "SECRET_KEY": ascii_letters,
    "DATABASE_URL": "postgresql://app@/dossiers?host=/nowhere", "REDIS_URL": "redis://127.0.0.1:1/0",
}  # fmt: skip
PRINT = (
    "from django.conf import settings as s; "
    "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, "
    "s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS)"
)


def run(tmp_path: Path, *arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run Python with the product's settings and only these variables; None takes one away."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment |= {name: value for name, value in {**SAFE, **changes}.items() if value is not None}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "shorter than 32"),
        ({"SECRET_KEY": "insecure-" + "x" * 60}, "a default"),
        ({"SITE_URL": None}, "SITE_URL is not set"),
        ({"SITE_URL": "dossiers.example.org"}, "SITE_URL must look like"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"REDIS_URL": None}, "REDIS_URL is not set"),
        ({"EXTRACTOR": "magic"}, "EXTRACTOR must be rules or llm"),
        ({"EXTRACTOR": "llm", "LLM_URL": "https://models.example.org/v1"}, "LLM_MODEL is not set"),
        ({"EXTRACTOR": "llm", "LLM_MODEL": "sample"}, "LLM_URL is not set"),
        ({"EXTRACTOR": "llm", "LLM_MODEL": "sample", "LLM_URL": "models.example.org"}, "LLM_URL must look like"),
    ],
)
def test_production_without_a_setting_says_which(tmp_path: Path, changes: dict[str, str | None], words: str) -> None:
    done = run(tmp_path, "manage.py", "check", **changes)
    assert done.returncode != 0
    assert words in done.stderr.splitlines()[-1]


def test_production_over_https_passes_the_deployment_checks(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("changes", "printed"),
    [
        ({}, "True True True ['dossiers.example.org'] ['https://dossiers.example.org']"),
        ({"SECURE_SSL_REDIRECT": "0"}, "True True False ['dossiers.example.org'] ['https://dossiers.example.org']"),
        ({"SITE_URL": "http://10.1.2.3:8000"}, "False False False ['10.1.2.3'] ['http://10.1.2.3:8000']"),
    ],
)
def test_cookies_are_secure_where_the_site_is(tmp_path: Path, changes: dict[str, str], printed: str) -> None:
    done = run(tmp_path, "-c", PRINT, **changes)
    assert done.stdout.strip() == printed, done.stderr


def test_development_needs_neither_key_nor_address(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", DEBUG="1", SECRET_KEY=None, SITE_URL=None)
    assert done.returncode == 0, done.stderr
