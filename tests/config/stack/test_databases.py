"""Database addresses: three roles, wherever the server is, and no password in what is printed."""

import pytest

from config.stack.databases import find_addresses, hide_password, read_user, replace_database
from config.stack.errors import StackError
from config.stack.options import Options


def test_the_embedded_server_has_a_role_and_a_password_for_each_purpose(tmp_path):
    addresses = find_addresses(Options(tmp_path))
    urls = [addresses.owner, addresses.app, addresses.reader, addresses.superuser]
    assert [read_user(url) for url in urls] == ["dossiers_owner", "dossiers_app", "dossiers_reader", "postgres"]
    assert len({url.split(":")[2].split("@")[0] for url in urls}) == 4


def test_one_given_address_is_the_owners_and_the_others_are_derived(tmp_path):
    addresses = find_addresses(Options(tmp_path, database_url="postgres://me:pw@db:5433/desk?sslmode=require"))
    assert addresses.owner == "postgres://me:pw@db:5433/desk?sslmode=require"
    assert addresses.makes_roles
    for url, role in ((addresses.app, "dossiers_app"), (addresses.reader, "dossiers_reader")):
        assert read_user(url) == role
        assert url.endswith("@db:5433/desk?sslmode=require")
        assert "pw@" not in url


def test_given_addresses_are_taken_as_they_are(tmp_path):
    options = Options(tmp_path, database_url="postgres://app@db/desk", database_owner_url="postgres://boss@db/desk")
    addresses = find_addresses(options)
    assert (addresses.owner, addresses.app, addresses.reader) == (
        "postgres://boss@db/desk",
        "postgres://app@db/desk",
        "postgres://app@db/desk",
    )
    assert (addresses.app_role, addresses.reader_role, addresses.makes_roles) == ("app", "app", False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"database_owner_url": "postgres://boss@db/desk"}, "set without DATABASE_URL"),
        ({"database_url": "postgres://dossiers_app@db/desk"}, "must be the database owner's address"),
        ({"database_url": "mysql://me@db/desk"}, "must look like postgresql://"),
    ],
)
def test_addresses_that_do_not_fit_together_are_refused(tmp_path, given, words):
    with pytest.raises(StackError, match=words):
        find_addresses(Options(tmp_path, **given))


def test_printed_addresses_hide_the_password_wherever_it_stands():
    shown = hide_password("postgres://me:secret@db/desk?password=secret2")
    assert shown == "postgres://me@db/desk"


def test_another_database_keeps_the_rest_of_the_address():
    url = replace_database("postgresql://u:p@/dossiers?host=/tmp/s", "other")
    assert url == "postgresql://u:p@/other?host=/tmp/s"
