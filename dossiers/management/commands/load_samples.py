"""Sets up the samples: takes `seeds/`, leaves its topics, recorded providers, and accounts to try them with."""

from __future__ import annotations

import os
import secrets
import tomllib
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

from dossiers.management.commands.load_seeds import describe, list_files, load_file
from dossiers.management.samples import create_recorded_providers, publish_sample, research_sample

ROLES = ("editor", "publisher", "curator", "administrator")
STAFF = ("curator", "administrator")  # may open the admin pages


class Command(BaseCommand):
    help = (
        "Load the sample dossiers, make accounts and providers to try them with; prints the sign-ins. Once is enough."
    )
    requires_system_checks = ()  # the server and `./run check` make them; here they would be a third of the wait

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        password = read_or_make_password(Path(settings.DATA_DIR) / "secrets" / "sample-password")
        create_accounts(password)
        create_recorded_providers()
        published = read_published(settings.BASE_DIR / "seeds" / "published.toml")
        for path in list_files([str(settings.BASE_DIR / "seeds")]):
            loaded = load_file(path, UTC)
            if path.name in published:
                research_sample(loaded.topic, editor=find_account("editor"))
                publish_sample(loaded.topic, editor=find_account("editor"), publisher=find_account("publisher"))
            if options["verbosity"] > 1:
                self.stderr.write(describe(loaded, path))
        self.stdout.write(describe_accounts(password))


def read_or_make_password(path: Path) -> str:
    """Return the password of the sample accounts, made at random the first time, in a file only we can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    password = secrets.token_urlsafe(9)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(password)
    return password


@transaction.atomic
def create_accounts(password: str) -> None:
    """Create the accounts that are missing; one that exists keeps its password, which its owner may have changed."""
    known = set(User.objects.filter(username__in=ROLES).values_list("username", flat=True))
    missing = [role for role in ROLES if role not in known]
    encoded = make_password(password) if missing else ""
    for role in missing:
        user = User.objects.create(
            username=role, first_name="Sample", last_name=role, password=encoded, is_staff=role in STAFF
        )
        user.groups.add(Group.objects.get(name=role))


def read_published(path: Path) -> frozenset[str]:
    """Return the names of the sample files that a first visit finds published."""
    return frozenset(tomllib.loads(path.read_text(encoding="utf-8"))["published"])


def find_account(role: str) -> User:
    """Return a sample account; the name that readers see is "Sample ..."."""
    return User.objects.get(username=role, first_name="Sample")


def describe_accounts(password: str) -> str:
    """Return the sign-ins, and a word where the password of the first account is another by now."""
    if not User.objects.get(username=ROLES[0]).check_password(password):
        return f"sample accounts: {', '.join(ROLES)}; their password was changed since they were made"
    return f"sample accounts: {', '.join(ROLES)}; password of each: {password}"
