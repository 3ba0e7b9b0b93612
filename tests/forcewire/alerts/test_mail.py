"""Alerts by mail: to a server on loopback, and as a reader shows them."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from forcewire.alerts.channel import ChannelError, Message
from forcewire.alerts.mail import Mail
from forcewire.alerts.texts import trial
from tests.forcewire.alerts.conftest import NOW

TO = ["desk@example.org", "night@example.org"]
FIRST = Message(key="a" * 32, at=NOW, title="Forcewire: Tarn Police broken", text="It fails.\n" + "wide " * 400)
LAST = Message(
    key="b" * 32, at=NOW, title="Forcewire: Café recovered", text="Über.\n.\nFrom here", thread=("a" * 32, "c" * 32)
)


class Box:
    """What a mail server took. `refuses`: addresses and the answer to them."""

    def __init__(self) -> None:
        self.taken: list[tuple[EmailMessage, list[str], bool]] = []
        self.refuses: dict[str, str] = {}

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((letter, envelope.rcpt_tos, session.ssl is not None))
        return "250 OK"


def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"me", b"p@ss")
    return AuthResult(success=good, handled=good)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture
def box() -> Box:
    return Box()


@contextmanager
def mail_server(box: Box, tls: ssl.SSLContext | None = None, **given: Any) -> Iterator[int]:
    """A server on loopback; its port. `tls`: from the first byte."""
    loop, started, port = asyncio.new_event_loop(), threading.Event(), [0]

    async def serve() -> None:
        server = await loop.create_server(lambda: SMTP(box, loop=loop, **given), "127.0.0.1", 0, ssl=tls)
        port[0] = server.sockets[0].getsockname()[1]
        started.set()
        await over.wait()
        server.close()

    over = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield port[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


KINDS = ("plain", "starttls", "login over starttls", "smtps")


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest, box: Box, certificate: ssl.SSLContext) -> Iterator[tuple[str, bool]]:
    """The URL of a server of each kind, and whether it goes over to TLS."""
    kind = request.param
    given: dict[str, Any] = {"smtps": {"tls": certificate}, "plain": {}}.get(kind, {"tls_context": certificate})
    if "login" in kind:
        given |= {"authenticator": login, "auth_required": True}
    user = "me:p%40ss@" if "login" in kind else ""
    with mail_server(box, **given) as port:
        yield f"{'smtps' if kind == 'smtps' else 'smtp'}://{user}127.0.0.1:{port}", "starttls" in kind


def test_an_alert_arrives_at_each_kind_of_server(server: tuple[str, bool], box: Box) -> None:
    url, goes_over = server
    Mail(url, TO, "forcewire@example.org").send(FIRST)
    [(letter, to, went_over)] = box.taken
    assert (to, went_over) == (TO, goes_over)
    assert letter["Subject"] == FIRST.title
    assert (letter["From"], letter["To"]) == ("forcewire@example.org", "desk@example.org, night@example.org")
    assert letter["Message-ID"] == f"<{'a' * 32}@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["References"] is None
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().split() == FIRST.text.split()


def test_a_recovery_is_an_answer_to_its_alert() -> None:
    letter = message_from_bytes(Mail("smtp://127.0.0.1", TO, None).letter(LAST).as_bytes(), policy=policy.default)
    assert letter["In-Reply-To"] == f"<{'a' * 32}@example.org>"
    assert letter["References"] == f"<{'a' * 32}@example.org> <{'c' * 32}@example.org>"
    assert letter["Subject"] == "Forcewire: Café recovered"
    assert letter["From"] == "desk@example.org"
    assert letter.get_content().splitlines() == LAST.text.splitlines()


def test_one_address_that_is_refused_keeps_it_from_none_of_the_others(
    box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    box.refuses = {"night@example.org": "550 no such user"}
    with mail_server(box) as port:
        mail = Mail(f"smtp://127.0.0.1:{port}", TO, None)
        mail.send(trial(NOW))
        assert box.taken[0][1] == ["desk@example.org"]
        assert "not for night@example.org" in caplog.text
        box.refuses["desk@example.org"] = "451 later"
        with pytest.raises(ChannelError, match=r"takes nothing for these addresses \(451, 550\)"):
            mail.send(trial(NOW))


def test_a_wrong_password_is_told_without_it(box: Box, certificate: ssl.SSLContext) -> None:
    with mail_server(box, tls_context=certificate, authenticator=login, auth_required=True) as port:
        with pytest.raises(ChannelError) as error:
            Mail(f"smtp://me:hunter2@127.0.0.1:{port}", TO, None).send(trial(NOW))
        assert str(error.value) == "the mail server answered 535"


@pytest.mark.parametrize(("offers", "said"), [(False, "offers no TLS"), (True, "certificate is not accepted")])
def test_to_another_machine_a_password_goes_over_tls_that_is_verified(
    box: Box, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, offers: bool, said: str
) -> None:
    monkeypatch.setattr("forcewire.alerts.mail._is_here", lambda _: False)
    with mail_server(box, **({"tls_context": certificate} if offers else {})) as port:
        with pytest.raises(ChannelError, match=said):
            Mail(f"smtp://me:hunter2@127.0.0.1:{port}", TO, None).send(trial(NOW))
        assert box.taken == []


def test_a_server_that_is_not_there_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ChannelError, match="the mail server cannot be reached: connection refused"):
        Mail(f"smtp://127.0.0.1:{port}", TO, None).send(trial(NOW))


@pytest.mark.parametrize("address", ["desk", "desk@", "a b@example.org", "desk@example.org\nBcc: all@example.org"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ChannelError, match="is no mail address"):
        Mail("smtp://127.0.0.1", [address], None)
