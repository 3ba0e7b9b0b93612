"""`forcewire notify` with Apprise, a webhook and a mail server on loopback."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from feeds.alerts.targets import Target
from tests.forcewire.conftest import NOW, record, save

pytest.importorskip("apprise")


class Hook:
    """A webhook that keeps what it is sent; `status` is what it answers."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if hook.status == 200:
                    hook.got.append(got)
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"json://desk:kingfisher@127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def mailbox() -> Iterator[tuple[str, list[Any]]]:
    """A mail server: the URL that sends to it, and what it got."""
    from aiosmtpd.smtp import SMTP

    got: list[Any] = []

    class Keeping:
        async def handle_DATA(self, _: object, __: object, envelope: Any) -> str:  # noqa: N802
            got.append(message_from_bytes(envelope.content, policy=policy.default))
            return "250 OK"

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(Keeping(), loop=loop), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = server.sockets[0].getsockname()[1]
    yield f"mailto://127.0.0.1:{port}?from=forcewire@tarn.example&to=desk@tarn.example&mode=insecure", got
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    server.close()
    loop.close()


@pytest.fixture
def searches(tmp_path, hook):
    def write(**more: str):
        fields = {"name": '"desk"', "to": f'["{hook.url}"]', "changes": '["new", "edited"]'} | more
        file = tmp_path / "searches.toml"
        file.write_text("[[search]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items()))
        return file

    return write


def publish(store, number: int, **changes: Any) -> None:
    """A story that a crawl sees an hour after it was published, tomorrow: the store's others are there by then."""
    at = NOW + timedelta(days=2, hours=number)
    save(f"sqlite:///{store}", "tarn", [record("tarn", number, published_at=at - timedelta(hours=1), **changes)], at)


def test_each_story_goes_to_the_webhook_and_by_mail_once(forcewire, store, searches, hook, mailbox):
    url, mails = mailbox
    call = ("notify", searches(to=f'["{hook.url}", "{url}"]'), "--database", store)
    assert forcewire(*call).out.splitlines() == ["0 messages sent", "2 targets watched from now on"]
    publish(store, 41, title="Kiln <b>taken</b> & sold")
    assert forcewire(*call).out == "2 messages sent\n"
    assert forcewire(*call).out == "0 messages sent\n"
    (got,), (mail,) = hook.got, mails
    assert got["title"] == mail["Subject"] == "Tarn: New: Kiln <b>taken</b> & sold"
    assert got["message"] == "https://www.tarn.example/news/41"
    assert mail["To"] == "desk@tarn.example"
    assert "https://www.tarn.example/news/41" in mail.get_body(("plain", "html")).get_content()


def test_what_the_webhook_refuses_is_sent_in_the_next_run(forcewire, store, searches, hook):
    call = ("notify", searches(), "--database", store)
    forcewire(*call)
    publish(store, 41)
    hook.status = 500
    ran = forcewire(*call)
    assert (ran.code, ran.out) == (1, "0 messages sent\n")
    assert "search desk: json://" in ran.err
    assert "took no message; the next run tries again" in ran.err
    assert "kingfisher" not in ran.err + ran.out
    hook.status = 200
    assert forcewire(*call).out == "1 message sent\n"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("json://desk:kingfisher@127.0.0.1:9/kingfisher/?token=kingfisher", "json://desk:****@127.0.0.1:9/k...r"),
        ("mailto://desk:kingfisher@tarn.example?to=news@tarn.example", "mailto://desk:****@tarn.example/news%40tarn.example"),
        ("matrix://desk:kingfisher@tarn.example/#room", "matrix://desk:****@tarn.example/%23room"),
        ("ntfy://kingfisher", "ntfys://k...r"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#news", "slack://T...2/A...D/T...Q/%23news"),
    ],
)  # fmt: skip
def test_a_target_is_shown_without_what_lets_one_in(url: str, shown: str) -> None:
    import apprise

    assert Target(url, "search desk", apprise).shown == shown


def test_a_dry_run_prints_and_sends_and_notes_nothing(forcewire, store, searches, hook, tmp_path):
    ran = forcewire("notify", searches(), "--database", store, "--dry-run", "--since", "2026-06-01")
    assert "Tarn: New: Appeal number 4 [in brackets]" not in ran.out, "published long before it was seen"
    assert "Wexmoor: Edited: Appeal number 1 [in brackets]" in ran.out
    assert ran.out.splitlines()[-1].endswith("would be sent")
    assert "kingfisher" not in ran.out
    assert hook.got == []
    assert sorted(path.name for path in tmp_path.iterdir() if "sent" in path.name) == []


def test_a_test_message_goes_to_the_search_that_is_named(forcewire, searches, hook):
    assert forcewire("notify", searches(), "--test", "desk").code == 0
    assert hook.got[0]["title"] == "desk: a test"
    ran = forcewire("notify", searches(), "--test", "desk", "--dry-run")
    assert "--test sends a message, --dry-run sends none" in ran.err
    assert (ran.code, len(hook.got)) == (2, 1)
    ran = forcewire("notify", searches(), "--test", "dask")
    assert (ran.code, ran.err) == (1, "forcewire: there is no search 'dask'; there are 'desk'\n")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": '["jsn://127.0.0.1/"]'}, "search desk: an address of `to` is no URL that Apprise can send to (jsn)"),
        ({"to": '["desk@tarn.example"]'}, "no URL that Apprise can send to (it has no scheme)"),
        (
            {"to": '["json://a, json://b"]'},
            "search desk: a text of `to` has 2 addresses; put each in quotes of its own",
        ),
        ({"to": "[]"}, "search 1 (desk) has nobody to tell"),
        ({"to": '"json://a"'}, "search 1 (desk): to is a list of texts"),
        ({"kinds": '["apeal"]'}, "search 1 (desk): there is no kind 'apeal'; did you mean appeal?"),
        ({"changes": "[]"}, "search 1 (desk) is told of nothing"),
        ({"q": '"kiln kind:apeal"'}, "search 1 (desk): q: there is no kind 'apeal'; did you mean appeal?"),
        ({"changes": '["gone"]'}, "there is no change 'gone'; there are new, edited, withdrawn, restored"),
        ({"digest": '"dayly"'}, "there is no digest 'dayly'; did you mean daily?"),
        ({"knids": '["appeal"]'}, "there is no field 'knids'; did you mean kinds?"),
        ({"name": '""'}, "search 1 has no name"),
        ({"areas": '["nowhere"]'}, "search desk: the store has no area 'nowhere'; it has Tarn, Wexmoor"),
        ({"name": "desk"}, "searches.toml is no TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_one_line(forcewire, store, searches, hook, fields, said):
    ran = forcewire("notify", searches(**fields), "--database", store)
    assert ran.code == 1
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert hook.got == []


def test_a_file_that_is_not_there_is_one_line(forcewire, tmp_path):
    ran = forcewire("notify", tmp_path / "none.toml")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "none.toml cannot be read" in ran.err


def test_without_apprise_it_is_said_how_to_get_it(forcewire, store, searches, monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    ran = forcewire("notify", searches(), "--database", store)
    assert ran.code == 1
    assert "pip install 'forcewire[notify]'" in ran.err
