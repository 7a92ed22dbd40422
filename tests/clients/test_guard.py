"""What may be reached: addresses of every class, addresses written in every way, and names that change their mind."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from dossiers.clients.base import Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.guard import (
    AddressRefused,
    Deadline,
    GuardedBackend,
    GuardedStream,
    check_url,
    is_allowed,
    pick_addresses,
    resolve,
)
from dossiers.clients.http import Client

INSIDE = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
    "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
]  # fmt: skip
inside_v4 = st.one_of(
    *(st.ip_addresses(network=ip_network(text)) for text in INSIDE if ip_network(text).version == 4)
).map(IPv4Address)


@pytest.fixture(autouse=True)
def _no_own_network(settings: Settings, _own_network: None) -> None:
    settings.OUTGOING_NETWORKS = []


@pytest.mark.parametrize("text", INSIDE)
def test_no_address_of_a_special_network_is_allowed(text: str) -> None:
    network = ip_network(text)
    for address in (network[0], network[network.num_addresses // 2], network[-1]):
        assert not is_allowed(address)


@given(st.one_of(*(st.ip_addresses(network=ip_network(text)) for text in INSIDE)))
def test_no_address_inside_is_allowed(address: Any) -> None:
    assert not is_allowed(address)


@given(inside_v4)
def test_no_wrapping_hides_an_address_inside(address: IPv4Address) -> None:
    for text in (f"::ffff:{address}", f"64:ff9b::{address}", f"::{address}", f"2002:{_as_hex(address)}::1"):
        assert not is_allowed(ip_address(text))


@given(st.ip_addresses(v=4))
def test_a_wrapped_address_is_judged_as_the_one_that_is_reached(address: IPv4Address) -> None:
    assert is_allowed(ip_address(f"::ffff:{address}")) == is_allowed(address)
    assert is_allowed(ip_address(f"64:ff9b::{address}")) == is_allowed(address)


@given(st.ip_addresses())
def test_what_is_allowed_is_global_once_unwrapped(address: IPv4Address | IPv6Address) -> None:
    if is_allowed(address) and isinstance(address, IPv6Address) and not address.ipv4_mapped:
        assert address in ip_network("2000::/3") or address in ip_network("64:ff9b::/96")
    if is_allowed(address) and isinstance(address, IPv4Address):
        assert address.is_global and not address.is_multicast


@pytest.mark.parametrize("text", ["93.184.215.14", "1.1.1.1", "208.80.154.224", "2620:0:861:ed1a::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_allowed(text: str) -> None:
    assert is_allowed(ip_address(text))


def test_a_zone_is_refused() -> None:
    assert not is_allowed(ip_address("2620:0:861:ed1a::1%eth0"))


def test_own_networks_are_allowed_but_never_metadata(settings: Settings) -> None:
    settings.OUTGOING_NETWORKS = ["10.1.0.0/16", " fd00::/8 ", ""]
    assert is_allowed(ip_address("10.1.2.3"))
    assert is_allowed(ip_address("::ffff:10.1.2.3"))
    assert is_allowed(ip_address("fd00::5"))
    assert not is_allowed(ip_address("10.2.0.1"))
    settings.OUTGOING_NETWORKS = ["0.0.0.0/0", "::/0"]
    assert is_allowed(ip_address("192.168.1.1"))
    for text in ("169.254.169.254", "0.0.0.1", "fe80::1", "224.0.0.1", "::", "::ffff:169.254.169.254"):
        assert not is_allowed(ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "https://service.example.org/path?q=1",
        "http://service.example.org",
        "https://service.example.org:443/",
        "http://service.example.org:80/",
        "https://[2620:0:861:ed1a::1]/",
        "https://xn--bcher-kva.example/",
    ],
)
def test_addresses_of_services_pass(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "service.example.org",
        "//service.example.org/",
        "ftp://service.example.org/",
        "file:///etc/passwd",
        "gopher://service.example.org/",
        "unix:///var/run/docker.sock",
        "https://user@service.example.org/",
        "https://user:secret@service.example.org/",
        "https://@service.example.org/",
        "https://service.example.org@10.0.0.1/",
        "https://service.example.org\\@10.0.0.1/",
        "https://service.example.org:22/",
        "https://service.example.org:80/",
        "http://service.example.org:6379/",
        "https://service.example.org:99999/",
        "https://service.example.org:port/",
        "https:///path",
        "https://[::1/",
        "https://service.example.org/ x",
        "https://service.example.org/\r\nHost: other",
        "https://service.example.org/\x00",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url)


def test_a_base_address_may_name_a_port_of_its_own() -> None:
    check_url("https://service.example.org:8443/", own_port=8443)
    for url, port in [("https://service.example.org:8444/", 8443), ("http://service.example.org:22/", 22)]:
        with pytest.raises(AddressRefused):
            check_url(url, own_port=port)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "localhost", "[::1]", "::ffff:7f00:1"]
)
def test_spellings_of_this_machine_are_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        pick_addresses(resolve(host, 80, 5.0))


def test_public_addresses_of_a_mixed_answer_are_the_ones_that_are_used() -> None:
    found = [ip_address(text) for text in ("10.0.0.1", "1.1.1.1", "::1", "1.1.1.1", "8.8.8.8")]
    assert pick_addresses(found) == [ip_address("1.1.1.1"), ip_address("8.8.8.8")]


class Recorder:
    """A backend that writes down where it would connect to, and connects nowhere."""

    def __init__(self) -> None:
        self.places: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *_options: Any) -> httpcore2.NetworkStream:
        self.places.append((host, port))
        if len(self.places) == 1 and host == "1.0.0.1":
            raise httpcore2.ConnectError("refused")
        return httpcore2.NetworkStream()


def answer_with(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let the system's resolver give these answers one after the other; returns the names that were asked."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in answers[len(asked) - 1]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def connect(host: str) -> list[tuple[str, int]]:
    deadline = Deadline()
    deadline.begin(5.0)
    backend, recorder = GuardedBackend(deadline), Recorder()
    backend._inner = recorder  # type: ignore[assignment]
    backend.connect_tcp(host, 443)
    return recorder.places


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer_with(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    assert connect("rebinding.example.org") == [("1.1.1.1", 443)]
    assert asked == ["rebinding.example.org"]


def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, ["127.0.0.1", "169.254.169.254", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        connect("inside.example.org")


def test_the_next_address_is_tried_where_the_first_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, ["1.0.0.1", "192.168.0.1", "1.1.1.1"])
    assert connect("two.example.org") == [("1.0.0.1", 443), ("1.1.1.1", 443)]


def test_the_client_says_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch, ["10.0.0.1"])
    policy = Policy("service", "web_search", base_url="https://inside.example.org")
    with Client(policy) as client, pytest.raises(ServiceError) as caught:
        client.get_json(policy.base_url)
    assert (caught.value.outcome, caught.value.needs_person) == (Outcome.BAD_REQUEST, True)
    assert "Nothing was sent to service" in caught.value.message


def test_a_name_nobody_knows_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    policy = Policy("service", "web_search", base_url="https://nobody.example.org")
    with Client(policy) as client, pytest.raises(ServiceError) as caught:
        client.get_json(policy.base_url)
    assert caught.value.outcome == Outcome.UNAVAILABLE


def test_a_key_is_written_only_where_it_is_encrypted() -> None:
    deadline = Deadline()
    deadline.begin(5.0)
    with pytest.raises(AddressRefused):
        GuardedStream(httpcore2.NetworkStream(), deadline, must_encrypt=True).write(b"Authorization: secret")
    assert not deadline.is_sent


def _as_hex(address: IPv4Address) -> str:
    return f"{int(address) >> 16:x}:{int(address) & 0xFFFF:x}"
