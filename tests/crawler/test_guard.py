from __future__ import annotations

import socket

import pytest

from crawler.guard import AddressRefused, guarded_socket, refusal

PRIVATE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2001:db8::1",
]
PUBLIC = ["93.184.215.14", "151.101.1.1", "2606:4700::1111", "::ffff:151.101.1.1", "64:ff9b::9765:101"]


@pytest.mark.parametrize("address", PRIVATE)
def test_live_source_never_connects_to_an_address_that_is_not_public(address: str) -> None:
    assert refusal(address, 443, loopback=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_live_source_connects_to_public_addresses_on_web_ports_only(address: str) -> None:
    assert refusal(address, 443, loopback=False) is None
    assert refusal(address, 80, loopback=False) is None
    assert refusal(address, 22, loopback=False)
    assert refusal(address, 8080, loopback=False)


@pytest.mark.parametrize("address", [*PUBLIC, "10.0.0.8", "169.254.169.254", "0.0.0.0"])
def test_source_on_this_machine_connects_to_nothing_else(address: str) -> None:
    assert refusal(address, 80, loopback=True)


def test_source_on_this_machine_connects_to_any_port_of_it() -> None:
    assert refusal("127.0.0.1", 8000, loopback=True) is None
    assert refusal("::1", 8000, loopback=True) is None
    assert refusal("::ffff:127.0.0.1", 8000, loopback=True) is None


def test_no_socket_is_made_for_a_refused_address() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    with pytest.raises(AddressRefused, match=r"refused to connect to 127\.0\.0\.1 port 80"):
        guarded_socket(loopback=False)(info)
    guarded_socket(loopback=True)(info).close()
