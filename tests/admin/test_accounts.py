"""Administrators make accounts; nobody gives more than they have."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from tests.admin.pages import address, sign_in
from tests.builders import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    return make_user("member")


def change(client: Client, user: User, **fields: object) -> int:
    data: dict[str, object] = {
        "username": user.username, "first_name": "", "last_name": "", "email": "", "is_active": "on",
        "groups": [group.pk for group in user.groups.all()], **fields,
    }  # fmt: skip
    answer = client.post(address(User, "change", user.pk), {k: v for k, v in data.items() if v is not None})
    user.refresh_from_db()
    return answer.status_code


def test_administrator_makes_an_account(administrator: Client) -> None:
    words = "seven-sample-words"
    fields = {"username": "newcomer", "password1": words, "password2": words, "usable_password": "true"}
    assert administrator.post(address(User, "add"), fields).status_code == 302
    assert User.objects.get(username="newcomer").check_password(words)


def test_administrator_moves_people_between_groups_and_switches_them_off(administrator: Client, member: User) -> None:
    publisher = Group.objects.get(name="publisher")
    assert change(administrator, member, groups=[publisher.pk], is_active=None) == 302
    assert (member.is_active, [group.name for group in member.groups.all()]) == (False, ["publisher"])


def test_flags_and_single_permissions_are_not_taken(administrator: Client, member: User) -> None:
    permission = Permission.objects.get(codename="publish_dossier")
    posted = {"is_superuser": "on", "is_staff": "on", "user_permissions": [permission.pk]}
    assert change(administrator, member, **posted) == 302
    assert (member.is_superuser, member.is_staff, member.user_permissions.count()) == (False, False, 0)


def test_nobody_gives_a_group_that_holds_more_than_they_do(member: User) -> None:
    client = sign_in("curator")
    own = User.objects.get(groups__name="curator")
    own.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
    above, beside = Group.objects.get(name="administrator"), Group.objects.get(name="reader")
    member.groups.clear()
    assert change(client, member, groups=[above.pk]) == 200
    assert change(client, member, groups=[beside.pk]) == 302
    assert [group.name for group in member.groups.all()] == ["reader"]


def test_account_above_ones_own_is_out_of_reach(administrator: Client) -> None:
    root = User.objects.create_superuser("root", password="seven-sample-words")
    assert change(administrator, root, username="mine") == 403
    password = {"password1": "other-sample-words", "password2": "other-sample-words"}
    page = reverse("admin:auth_user_password_change", args=[root.pk])
    assert administrator.post(page, password).status_code == 403
    root.refresh_from_db()
    assert root.check_password("seven-sample-words")


def test_own_account_is_not_switched_off_by_a_slip(administrator: Client) -> None:
    own = User.objects.get(groups__name="administrator")
    assert change(administrator, own, is_active=None) == 200
    assert own.is_active


def test_accounts_are_never_deleted(administrator: Client, member: User) -> None:
    member.user_permissions.clear()
    own = User.objects.get(groups__name="administrator")
    own.user_permissions.set(Permission.objects.filter(codename="delete_user"))
    assert administrator.post(address(User, "delete", member.pk), {"post": "yes"}).status_code == 403


def test_curator_sees_no_accounts(curator: Client, member: User) -> None:
    assert curator.get(address(User, "changelist")).status_code == 403
    assert change(curator, member, username="mine") == 403
