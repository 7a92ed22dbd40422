"""The guard of what leaves: takes an address somebody gave us, leaves a connection to a checked one, or a refusal.

A name is resolved once, every address is judged, and the connection goes to a judged address: a name that answers
differently a moment later changes nothing. The name stays in the Host header and in TLS.
"""

import socket
import threading
import time
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpcore2
from django.conf import settings

Address = IPv4Address | IPv6Address
PORTS = {"http": 80, "https": 443}
# Never a service, whatever the settings allow: unspecified, link-local with the clouds' metadata, multicast, broadcast.
NEVER = [ip_network(text) for text in ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32")]
NEVER += [ip_network(text) for text in ("::/128", "fe80::/10", "fec0::/10", "ff00::/8")]
# IANA's special-purpose registries (RFC 6890) as far as this Python's `is_global` takes them for public.
SPECIAL = [ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4")]
GLOBAL_UNICAST = ip_network("2000::/3")
SPECIAL += [ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: the last four bytes are the IPv4 address that is reached


class AddressRefused(Exception):
    """An outgoing request that the guard does not let out; nothing was sent. The text says why."""


def check_url(text: str, *, own_port: int | None = None) -> None:
    """Refuse an address that names anything but an HTTP service: other schemes, user names, ports of other services.

    `own_port` is the port that the provider's base address names. Raises AddressRefused.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressRefused("the address cannot be read") from None
    if parts.scheme not in PORTS:
        raise AddressRefused("only http and https are spoken")
    if not parts.hostname or any(ord(letter) <= 32 or ord(letter) == 127 or letter == "\\" for letter in text):
        raise AddressRefused("the address cannot be read")
    if "@" in parts.netloc:
        raise AddressRefused("an address must not hold a user name or a password")
    if port is not None and port not in {PORTS[parts.scheme], own_port if own_port and own_port >= 1024 else None}:
        _refuse_foreign_port(parts.hostname, port)


def _refuse_foreign_port(host: str, port: int) -> None:
    address = _read_address(host)
    if address is None or not is_own(address):
        raise AddressRefused(f"port {port} is not one that the service names")


def is_allowed(address: Address) -> bool:
    """Say whether a connection may go to this address: public, or inside OUTGOING_NETWORKS."""
    plain = unwrap(address)
    if plain is None or any(_is_inside(plain, network) for network in NEVER):
        return False
    return is_own(plain) or _is_public(plain)


def unwrap(address: Address) -> Address | None:
    """Return the address that is really reached, through an IPv4-mapped or NAT64 one; None where a zone is named."""
    if isinstance(address, IPv4Address):
        return address
    if address.scope_id:
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address


def _is_public(address: Address) -> bool:
    if not address.is_global or any(_is_inside(address, network) for network in SPECIAL):
        return False
    return address.version == 4 or _is_inside(address, GLOBAL_UNICAST)


def is_own(address: Address) -> bool:
    """Say whether an address is inside OUTGOING_NETWORKS."""
    return any(_is_inside(address, network) for network in _read_networks(tuple(settings.OUTGOING_NETWORKS)))


def _is_inside(address: Address, network: IPv4Network | IPv6Network) -> bool:
    return address.version == network.version and address in network


@lru_cache(maxsize=8)
def _read_networks(texts: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(text.strip(), strict=False) for text in texts if text.strip()]


def _read_address(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


class Deadline:
    """The moment by which one request has to be over, its body included; read by every step on the way."""

    def __init__(self) -> None:
        self.at = self.begun_at = time.monotonic()
        self.sent_at: float | None = None

    def begin(self, seconds: float) -> None:
        """Give the request that starts now this many seconds."""
        self.begun_at, self.sent_at = time.monotonic(), None
        self.at = self.begun_at + seconds

    @property
    def is_sent(self) -> bool:
        """Say whether anything of the request was sent."""
        return self.sent_at is not None

    @property
    def sent_ago(self) -> float:
        """Seconds since something was last sent; since the beginning where nothing was."""
        return time.monotonic() - (self.sent_at or self.begun_at)

    def limit(self, wanted: float | None, late: type[Exception] = httpcore2.ReadTimeout) -> float:
        """Return how long the next step may take. Raises `late` where the time is up."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise late("the time for this request is over")
        return left if wanted is None else min(wanted, left)


class GuardedStream(httpcore2.NetworkStream):
    """A connection whose every step ends at the deadline; one that `must_encrypt` writes nothing before TLS."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline, *, must_encrypt: bool = False) -> None:
        self._inner, self._deadline, self._must_encrypt = inner, deadline, must_encrypt

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.limit(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._must_encrypt:
            raise AddressRefused("the key would go out unencrypted")
        if buffer:
            self._deadline.sent_at = time.monotonic()
        self._inner.write(buffer, self._deadline.limit(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        limit = self._deadline.limit(timeout, httpcore2.ConnectTimeout)
        return GuardedStream(self._inner.start_tls(ssl_context, server_hostname, limit), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects to judged addresses only, and never through a proxy or a Unix socket.

    `has_secret`: what is sent holds a key, so outside OUTGOING_NETWORKS it must be encrypted.
    """

    def __init__(self, deadline: Deadline, *, has_secret: bool = False) -> None:
        self._inner, self._deadline, self._has_secret = httpcore2.SyncBackend(), deadline, has_secret

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Resolve once, judge every address, and connect to the first allowed one that answers."""
        addresses = pick_addresses(resolve(host, port, self._deadline.limit(timeout, httpcore2.ConnectTimeout)))
        for place, address in enumerate(addresses, start=1):
            limit = self._deadline.limit(timeout, httpcore2.ConnectTimeout) / (len(addresses) - place + 1)
            try:
                stream = self._inner.connect_tcp(str(address), port, limit, local_address, socket_options)
                return GuardedStream(stream, self._deadline, must_encrypt=self._has_secret and not is_own(address))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if place == len(addresses):
                    raise
        raise httpcore2.ConnectError("no address")

    def connect_unix_socket(self, *_args: Any, **_options: Any) -> httpcore2.NetworkStream:
        """Refuse."""
        raise AddressRefused("a Unix socket is not a service outside")


def pick_addresses(found: Iterable[Address], most: int = 4) -> list[Address]:
    """Return the allowed ones, each once. Raises AddressRefused where there is none."""
    allowed = list(dict.fromkeys(address for address in found if is_allowed(address)))
    if not allowed:
        raise AddressRefused("it leads to an address inside a private network")
    return allowed[:most]


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """Return the addresses of a name, asked for once, waiting at most `seconds`.

    Raises httpcore2.ConnectError where there are none, httpcore2.ConnectTimeout where the resolver is silent. The
    system's resolver has no time limit of its own, so it runs in a thread that may be left behind.
    """
    written = _read_address(host)
    if written is not None:
        return [written]
    found: list[Any] = []
    thread = threading.Thread(target=_look_up, args=(host, port, found), daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise httpcore2.ConnectTimeout("the name was not resolved in time")
    if isinstance(found[0], OSError | UnicodeError):
        raise httpcore2.ConnectError("the name is not known")
    return [address for entry in found[0] if (address := _read_address(str(entry[4][0]))) is not None]


def _look_up(host: str, port: int, found: list[Any]) -> None:
    try:
        found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        found.append(error)
