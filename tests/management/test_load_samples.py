"""The samples: accounts for every desk role with one kept password, and the sample dossiers."""

import json
import re
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command

from dossiers.models.provider import ProviderPolicy
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


def test_recorded_providers_answer_for_every_role():
    load_samples()
    policies = ProviderPolicy.objects.filter(client="recorded")
    assert {policy.role for policy in policies} == {"encyclopedia", "knowledge_base", "web_search", "geocoder"}
    assert all(policy.is_enabled and not policy.needs_key and "(sample data)" in policy.title for policy in policies)
    assert not ProviderPolicy.objects.exclude(client="recorded").filter(is_enabled=True).exists()


def test_a_recorded_provider_that_a_curator_switched_off_stays_off():
    load_samples()
    ProviderPolicy.objects.filter(name="recorded-web-search").update(is_enabled=False, spacing=2.0)
    load_samples()
    policy = ProviderPolicy.objects.get(name="recorded-web-search")
    assert (policy.is_enabled, policy.spacing) == (False, 2.0)


def test_one_sample_is_decided_and_published_by_the_sample_accounts():
    load_samples()
    state = json.loads(read_dossier("cern"))
    (edition,) = state["editions"]
    assert edition["number"] == 1
    assert {decision["editor"] for decision in state["decisions"]} == {"Sample editor"}
    statuses = {claim["status"] for claim in state["claims"]}
    assert statuses == {"approved", "rejected", "pending"}
    for claim in state["claims"]:
        has_error = any(check["severity"] == "error" for check in claim["checks"])
        assert (claim["status"] == "rejected") == has_error


def test_samples_that_are_not_listed_wait_for_an_editor():
    load_samples()
    state = json.loads(read_dossier("mount-everest"))
    assert state["decisions"] == []
    assert state["editions"] == []


def read_dossier(slug):
    out = StringIO()
    call_command("dossier", slug, "--format", "json", stdout=out)
    return out.getvalue()
