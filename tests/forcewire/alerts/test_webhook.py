"""Alerts by POST, and the heartbeat: to the address that was set and nowhere else."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest

from forcewire.alerts import asking, channel
from forcewire.alerts.asking import ask
from forcewire.alerts.channel import ChannelError
from forcewire.alerts.texts import message, trial
from forcewire.alerts.webhook import Webhook, document
from storage.notices import Notice
from tests.forcewire.alerts.conftest import NOW, Receiver
from tests.forcewire.alerts.items import item

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "alert.schema.json").read_text("utf-8"))
TABLE = (Path(__file__).parents[3] / "docs" / "monitoring.md").read_text("utf-8")
PASSWORD = "hunter2"


def posted(*items: dict[str, object]) -> dict[str, object]:
    return document(message(Notice(1, "ab" * 16, NOW, [*items]), "https://news.example.org"))


@pytest.mark.parametrize(
    "made",
    [
        posted(item()),
        posted(item(event="worse", before="quiet"), item(event="ended", before="broken", well_since=NOW.isoformat())),
        posted(item(subject="network", sources=["a", "b", "c"], trouble=None, last_good_at=None)),
        document(trial(NOW)),
    ],
)
def test_what_is_posted_holds_to_its_schema(made: dict[str, object]) -> None:
    jsonschema.validate(made, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert made.keys() == SCHEMA["properties"].keys()
    for alert in made["alerts"]:  # type: ignore[attr-defined]
        assert alert.keys() == SCHEMA["$defs"]["alert"]["properties"].keys()


def test_the_schema_refuses_what_is_none() -> None:
    for wrong in ({"kind": "other"}, {"schema": 2}, {"alerts": [{"id": 1}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(posted(item()) | wrong, SCHEMA)


@pytest.mark.parametrize("field", [*SCHEMA["properties"], *SCHEMA["$defs"]["alert"]["properties"]])
def test_field_of_the_document_is_documented(field: str) -> None:
    assert any(
        f"`{field}`" in line or f"`alerts[].{field}`" in line for line in TABLE.splitlines() if line.startswith("| `")
    )


def test_an_alert_is_posted_once_with_its_key(receiver: Receiver) -> None:
    Webhook(receiver.url).send(message(Notice(1, "ab" * 16, NOW, [item()]), None))
    [made] = receiver.posted
    assert made["alerts"][0]["subject"] == "source:tarn"
    [(_, path, headers)] = receiver.asked
    assert path == "/hook/t0ken"
    assert (headers["Content-Type"], headers["Idempotency-Key"]) == ("application/json", "ab" * 16)


def test_a_password_of_the_address_is_said_to_the_host_and_shown_to_nobody(receiver: Receiver) -> None:
    url = receiver.url.replace("http://", f"http://me:{PASSWORD}@")
    hook = Webhook(url)
    hook.send(trial(NOW))
    assert receiver.asked[0][2]["Authorization"] == "Basic bWU6aHVudGVyMg=="
    receiver.status = 500
    with pytest.raises(ChannelError) as error:
        hook.send(trial(NOW))
    for said in (str(error.value), hook.shown):
        assert PASSWORD not in said
        assert "t0ken" not in said


@pytest.mark.parametrize(
    ("status", "said"), [(302, "HTTP 302: it leads somewhere else"), (404, "HTTP 404: it was not taken"), (503, "HTTP 503: it was not taken")]
)  # fmt: skip
def test_all_but_2xx_is_no_yes_and_no_redirect_is_followed(receiver: Receiver, status: int, said: str) -> None:
    other = Receiver()
    try:
        receiver.status, receiver.location = status, other.url if status == 302 else ""
        with pytest.raises(ChannelError) as error:
            ask(receiver.url, body=b"{}")
        assert str(error.value) == said
        assert other.asked == []
    finally:
        other.close()


@contextmanager
def answering(*pieces: bytes, then_closes: bool = True) -> Iterator[str]:
    """A server that says this to the first who comes, a piece at a time."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        talk, _ = listening.accept()
        with talk:
            for piece in pieces:
                if over.wait(0.05):
                    return
                talk.sendall(piece)
            if not then_closes:
                over.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/s3cret"
    finally:
        over.set()
        thread.join()
        listening.close()


@pytest.mark.parametrize("pieces", [[], [b"SSH-2.0-x\r\n"], [b"HTTP/1.1 200"]])
def test_what_is_no_answer_is_one_line(pieces: list[bytes]) -> None:
    with answering(*pieces) as url, pytest.raises(ChannelError) as error:
        ask(url)
    assert "s3cret" not in str(error.value)


def test_a_server_that_trickles_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "in_time", lambda call: channel.in_time(call, 0.3))
    with (
        answering(b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 1000) as url,
        pytest.raises(ChannelError, match="longer than"),
    ):
        ask(url)


def test_a_port_that_nobody_listens_on_and_a_name_that_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ChannelError, match="refuses the connection"):
        ask(f"http://127.0.0.1:{port}/")
    with pytest.raises(ChannelError):
        ask("http://nobody.invalid/s3cret")
