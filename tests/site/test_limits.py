"""Who is let in, and whose time is over."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from feeds.site.limits import Gate, Limits, client_of, connections_allowed

LIMITS = Limits(connections=4, of_one=2, head_seconds=10)


@dataclass(eq=False)
class Connection:
    """Stands for a connection."""

    waiting: bool = True
    pending: int = 0
    ended: list[str] = field(default_factory=list)

    def is_waiting(self) -> bool:
        return self.waiting

    def unread(self) -> int:
        return self.pending

    def turn_away(self) -> None:
        self.ended.append("turned away")

    def cut(self) -> None:
        self.ended.append("cut")


@pytest.fixture
def gate() -> Gate:
    return Gate(LIMITS)


def entered(gate: Gate, *connections: Connection, address: str = "127.0.0.1", now: float = 0) -> list[bool]:
    return [gate.enter(each, address, now) for each in connections]


def test_a_client_that_does_not_say_what_it_wants_is_turned_away(gate):
    slow, quick = Connection(), Connection()
    entered(gate, slow, quick)
    gate.turn(quick, 8)
    gate.sweep(9.9)
    assert slow.ended == []
    gate.sweep(10)
    assert (slow.ended, quick.ended) == (["turned away"], [])


def test_work_of_ours_is_not_the_clients_fault(gate):
    connection = Connection(waiting=False)
    entered(gate, connection)
    for now in range(0, 100, 10):
        gate.sweep(now)
    assert connection.ended == []


def test_a_client_that_reads_slowly_is_let_and_one_that_does_not_is_cut(gate):
    slow, still = Connection(pending=500_000), Connection(pending=500_000)
    entered(gate, slow, still)
    for now in range(10, 60, 10):
        gate.sweep(now)
        slow.pending -= 20_000
    assert (slow.ended, still.ended[0]) == ([], "cut")


def test_where_all_places_are_taken_the_one_that_kept_us_waiting_longest_goes(gate):
    first = Connection(waiting=False)
    others = [Connection() for _ in range(3)]
    entered(gate, first, *others)
    assert entered(gate, Connection()) == [True]
    assert [each.ended for each in (first, *others)] == [[], ["cut"], [], []]
    assert len(gate) == 4


def test_where_all_are_at_work_nobody_else_is_let_in(gate):
    entered(gate, *(Connection(waiting=False) for _ in range(4)))
    assert entered(gate, Connection()) == [False]


def test_one_address_has_its_share_and_gets_it_back(gate):
    mine = [Connection(), Connection()]
    assert entered(gate, *mine, Connection(), address="8.8.8.8") == [True, True, False]
    assert entered(gate, Connection(), address="8.8.4.4") == [True]
    gate.leave(mine[0])
    gate.leave(mine[0])
    assert entered(gate, Connection(), address="8.8.8.8") == [True]
    assert entered(gate, Connection(), address="8.8.8.8") == [False]


def test_a_proxy_may_have_more(gate):
    assert all(entered(gate, *(Connection() for _ in range(4)), address="172.18.0.3"))


def test_one_that_is_not_in_does_not_turn(gate):
    gate.turn(Connection(), 5)
    assert len(gate) == 0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", ""),  # for documentation, so not of the world
        ("198.51.100.1", ""),
        ("8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("::ffff:127.0.0.1", ""),
        ("10.1.2.3", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("fe80::1%eth0", ""),
        ("2a00:1450:4009:81f::200e", "2a00:1450:4009:081f"),
        ("2a00:1450:4009:81f:1::1", "2a00:1450:4009:081f"),
        ("", ""),
        ("unix", ""),
    ],
)
def test_connections_are_counted_by_whom_an_address_belongs_to(address: str, client: str):
    assert client_of(address) == client


def test_the_system_is_asked_for_all_it_gives():
    resource = pytest.importorskip("resource")
    assert connections_allowed() > 0
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == hard or soft >= connections_allowed() + 256
