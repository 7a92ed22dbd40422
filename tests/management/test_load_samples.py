"""The samples: accounts for every desk role with one kept password, and the sample dossiers."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command

from dossiers.models.topic import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def load_samples():
    out = StringIO()
    call_command("load_samples", stdout=out)
    return out.getvalue()


def test_the_printed_password_signs_every_account_in():
    password = re.search(r"password of each: (\S+)", load_samples()).group(1)
    assert len(password) >= 12
    for role in ("editor", "publisher", "curator", "administrator"):
        user = authenticate(username=role, password=password)
        assert user.get_full_name() == f"Sample {role}"
        assert [group.name for group in user.groups.all()] == [role]
        assert not user.is_superuser


def test_the_password_is_kept_in_a_file_for_its_owner_only(tmp_path):
    out = load_samples()
    path = tmp_path / "secrets" / "sample-password"
    assert path.read_text() in out
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_time_changes_nothing():
    out = load_samples()
    before = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()}
    assert load_samples() == out
    assert {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()
    } == before


def test_a_password_that_was_changed_stays_and_is_not_printed(tmp_path):
    load_samples()
    editor = User.objects.get(username="editor")
    editor.set_password("their own words")
    editor.save()
    out = load_samples()
    assert "was changed" in out
    assert (tmp_path / "secrets" / "sample-password").read_text() not in out
    assert authenticate(username="editor", password="their own words")


def test_the_sample_dossiers_are_loaded():
    load_samples()
    assert set(Topic.objects.values_list("kind", flat=True)) == {"topic", "organization", "place"}
