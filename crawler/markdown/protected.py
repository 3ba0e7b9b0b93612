"""E-mail addresses that Cloudflare hides from harvesters: written in hexadecimal, each byte XORed with the first one.

https://developers.cloudflare.com/waf/tools/scrape-shield/email-address-obfuscation/
"""

from __future__ import annotations

_PATH = "/cdn-cgi/l/email-protection"
UNKNOWN = "[email protected]"  # what a page shows until its script has run


def is_hidden(href: str) -> bool:
    """Whether a link's address stands for a hidden e-mail address."""
    return _PATH in href


def address(code: str) -> str | None:
    """The address behind a `data-cfemail` attribute or the part after `#` of a hidden link; None for what is no such code."""
    try:
        data = bytes.fromhex(code.rpartition("#")[2].partition("?")[0].strip())
        text = bytes(byte ^ data[0] for byte in data[1:]).decode("utf-8")
    except (ValueError, IndexError):
        return None
    return text if "@" in text and text.isprintable() else None
