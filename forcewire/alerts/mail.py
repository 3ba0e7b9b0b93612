"""Alerts by mail: plain text, through the operator's own server."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from forcewire.alerts.channel import ChannelError, Message, in_time

log = logging.getLogger("forcewire.alerts")

_STALLED = 15.0  # seconds without a byte
_MOST_REFERENCES = 20


class Mail:
    """The channel of `smtp`, `alert_mail_to` and `alert_mail_from`. smtps:// begins with TLS; smtp:// goes over to it where the server offers
    that (RFC 3207), and says a password to no other machine without it. Raises `ChannelError`.
    """

    key = "mail"

    def __init__(self, smtp: str, to: Sequence[str], sender: str | None) -> None:
        parts = urlsplit(smtp)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._port = parts.port or (465 if self._tls else 587 if self._user else 25)
        self._to = list(to)
        self._from = sender or to[0]
        for address in (*self._to, self._from):
            _checked(address)
        self.shown = f"mail to {', '.join(self._to)}"

    def letter(self, message: Message) -> EmailMessage:
        """The mail as it is sent (RFC 5322). An answering machine does not answer it (RFC 3834)."""
        domain = self._from.rpartition("@")[2]
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"] = self._from, ", ".join(self._to)
        letter["Subject"] = message.title
        letter["Date"] = format_datetime(message.at)
        letter["Message-ID"] = f"<{message.key}@{domain}>"
        if message.thread:
            first = [f"<{key}@{domain}>" for key in message.thread[:_MOST_REFERENCES]]
            letter["In-Reply-To"], letter["References"] = first[0], " ".join(first)
        letter["Auto-Submitted"] = "auto-generated"
        letter["X-Auto-Response-Suppress"] = "All"
        letter.set_content(message.text)
        return letter

    def send(self, message: Message) -> None:
        """Raises `ChannelError` where the server took it for none of the addresses."""
        letter = self.letter(message)
        try:
            in_time(lambda: self._send(letter))
        except smtplib.SMTPResponseException as error:
            raise ChannelError(f"the mail server answered {error.smtp_code}") from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({str(code) for code, _ in error.recipients.values()})
            raise ChannelError(f"the mail server takes nothing for these addresses ({', '.join(codes)})") from None
        except ssl.SSLError as error:
            raise ChannelError(f"the mail server's certificate is not accepted ({error.reason or 'TLS'})") from None
        except (smtplib.SMTPException, OSError) as error:
            said = (
                error.strerror.lower()
                if isinstance(error, OSError) and error.strerror
                else "it breaks off or says no SMTP"
            )
            raise ChannelError(f"the mail server cannot be reached: {said}") from None

    def _send(self, letter: EmailMessage) -> None:
        context = _context(self._host)
        with self._connected(context) as server:
            server.ehlo()
            if not self._tls and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self._tls and self._user and not _is_here(self._host):
                raise ChannelError(
                    "the mail server offers no TLS, and a password is not sent in the clear; write smtps://"
                )
            if self._user:
                server.login(self._user, self._password)
            refused = server.send_message(letter)
        if refused:  # the others have it: to send it again would send it to them again
            log.warning("the mail server took an alert, but not for %s", ", ".join(refused))

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        if self._tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_STALLED, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=_STALLED)


def _context(host: str) -> ssl.SSLContext:
    """A mail server on this machine has a certificate that it made itself, and nobody is between."""
    context = ssl.create_default_context()
    if _is_here(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _checked(address: str) -> None:
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError) as error:
        raise ChannelError(f"{address!r} is no mail address; write alerts@example.org") from error
    if "@" not in address:
        raise ChannelError(f"{address!r} is no mail address; write alerts@example.org")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
