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
    "3fff::1",
    "192.0.0.192",
    "192.88.99.1",
    "168.63.129.16",
    "100.100.100.200",
    "fd00:ec2::254",
    "::127.0.0.1",
    "::93.184.215.14",
    "::ffff:0:127.0.0.1",
    "64:ff9b:1::7f00:1",
    "2002:5db8:d70e::1",
    "2001:0:5db8:d70e::1",
    "2001::1",
    "100::1",
    "5f00::1",
    "4000::1",
    "fe80::1%25lo",
    "ff0e::1",
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


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_source_on_this_machine_connects_to_its_own_ports_of_it_and_no_other(address: str) -> None:
    assert refusal(address, 8000, loopback=True) is None
    assert refusal(address, 8000, loopback=True, ports={8000}) is None
    for port in (22, 80, 5432, 6379, 8001):
        assert "is at 8000 of this machine" in (refusal(address, port, loopback=True, ports={8000}) or "")
    assert refusal(address, 80, loopback=True, ports=())


def test_no_socket_is_made_for_a_refused_address() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    with pytest.raises(AddressRefused, match=r"refused to connect to 127\.0\.0\.1 port 80"):
        guarded_socket(loopback=False)(info)
    guarded_socket(loopback=True)(info).close()
