"""A mail address masked with another key for each answer, as a guard in front of a site does it."""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass, field, replace

from forcewire.demo.faults import Fault
from forcewire.demo.http_server import Reply, Request
from forcewire.demo.pressroom import Pressroom

_ADDRESS = b"press.office@police.example"
_LINK = (
    '<p class="contact">Press office: <a href="/cdn-cgi/l/email-protection#{0}">'
    '<span class="__cf_email__" data-cfemail="{0}">[email&#160;protected]</span></a></p></body>'
)


@dataclass(kw_only=True)
class MaskedMail(Fault):
    """At the foot of every page. An answer that is made anew each time is zipped here."""

    keys: random.Random = field(default_factory=lambda: random.Random(7))
    zips: bool = False

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        self.zips = b"gzip" in request.headers.get(b"accept-encoding", b"")
        return None

    def html(self, page: str) -> str:
        key = self.keys.randrange(256)
        return page.replace("</body>", _LINK.format(f"{key:02x}" + bytes(byte ^ key for byte in _ADDRESS).hex()))

    def reply(self, reply: Reply) -> Reply:
        if not self.zips or reply.status != 200:
            return reply
        headers = (*reply.headers, ("Content-Encoding", "gzip"))
        return replace(reply, headers=headers, body=gzip.compress(reply.body, 4, mtime=0))
