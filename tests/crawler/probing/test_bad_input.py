"""An address that holds no news says what it is, in one line and by one word."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from crawler.options import CrawlOptions
from crawler.probing.look import look
from crawler.probing.session import Job, run_job
from crawler.probing.site import plain_entry, web_address
from crawler.probing.trouble import NoNews

Site = Any  # of tests/crawler/conftest.py, which tests get as a fixture and cannot import

LONG = (
    "<p>Our officers patrol the harbour every evening and meet traders, visitors and the people who live there.</p>" * 6
)


def page(title: str, body: str, head: str = "") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def contact_form() -> str:
    fields = "".join(f'<label>{n}<input name="{n}" type="text"></label>' for n in ("name", "street", "town", "mail"))
    return page("Contact us", f"<h1>Contact us</h1>{LONG}<form>{fields}<textarea></textarea></form>")


PAGES: dict[str, tuple[str, str, str]] = {
    "a contact page with a form": ("/contact-us/", contact_form(), "not news"),
    "a page of advice": ("/advice/bikes/", page("Bikes", f"<h1>Mark your bike</h1>{LONG}"), "not news"),
    "a page of advice that says it is an article": (
        "/advice/bikes/",
        page("Bikes", f"<h1>Mark your bike</h1>{LONG}", '<meta property="og:type" content="article">'),
        "not news",
    ),
    "a page about the force": ("/who-we-are/", page("Who we are", f"<h1>Who we are</h1>{LONG}"), "not news"),
    "a soft 404": ("/news/x/", page("Page not found", f"<h1>Page not found</h1>{LONG}"), "soft 404"),
    "a soft 404 in other words": ("/news/x/", page("Oops! We can't find that page", "<h1>Oops! We can't find that page</h1><p>Try our search.</p>"), "soft 404"),
    "a soft 404 in Welsh": ("/newyddion/x/", page("Heb ei ganfod", "<h1>Heb ei ganfod</h1><p>Nid yw'r dudalen yma.</p>"), "soft 404"),
    "a story that is no longer there": ("/news/x/", page("This story is no longer available", "<h1>This story is no longer available</h1><p>Sorry.</p>"), "soft 404"),
    "a login": ("/news/x/", page("Sign in", '<h1>Sign in</h1><form><input name="u"><input type="password" name="p"></form>'), "login"),
    "a login without a field for a password": ("/news/x/", page("Sign in to your account", '<form><input type="email" name="u"><button>Next</button></form>'), "login"),
    "a block that answers 200": ("/news/x/", page("Access denied", "<h1>Access denied</h1><p>Reference 18.2f</p>"), "challenge"),
    "a single-page app": (
        "/news/x/",
        page("Fenwold", '<div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src="/a.js"></script>'),
        "no text",
    ),
    "a single-page app that only says so": ("/news/x/", page("News", "<p>Please enable JavaScript to view this page.</p>"), "no text"),
    "a check of browsers": (
        "/news/x/",
        page("Just a moment...", "<h1>www.fenwold.example</h1><p>Checking your browser before accessing the site.</p>"),
        "challenge",
    ),
    "a captcha": ("/news/x/", page("", '<div class="g-recaptcha" data-sitekey="k"></div>'), "challenge"),
    "a cookie wall": (
        "/news/x/",
        page("Fenwold", "<div><h2>Before you go on</h2><p>We use cookies to make this site work. You must accept cookies to continue.</p><button>Accept all</button></div>"),
        "cookies",
    ),
    "a page without text": ("/news/x/", page("", "<div></div>"), "empty"),
    "a listing without links": ("/news/", page("Latest news", "<h1>Latest news</h1><p>Sorry, we could not find any news.</p>"), "not news"),
}  # fmt: skip


@pytest.mark.parametrize("what", PAGES)
def test_a_page_that_is_no_news_is_named(what: str, site: Site, no_news: Callable[..., NoNews]) -> None:
    path, html, kind = PAGES[what]
    site.pages[path] = _answer(site, html)
    assert no_news(f"{site.base}{path}").kind == kind


STORIES = {
    "a story that speaks of a moment": ("Just a moment saved him", "<p>It took just a moment. 'Are you a robot?', he was asked, and access denied was shown.</p>" + LONG),
    "a short story below a question about cookies": (
        "Missing woman found",
        "<div><p>We use cookies to make this site work. Accept all cookies to continue, or set your preferences.</p></div><p>This person has been found.</p>",
    ),
    "a very short story with scripts": ("Missing woman found", "<p>This person has been found.</p><script></script><script></script>"),
    "a story about a login page": ("Fraud: sign in pages that steal", "<p>Fraudsters sent links to pages that ask for a password.</p>"),
    "a story about a page that was removed": ("Page one: how a page was removed", "<p>The page was removed after a call from our officers.</p>"),
}  # fmt: skip


@pytest.mark.parametrize("what", STORIES)
def test_a_story_is_not_taken_for_a_wall(what: str, site: Site, probe: Callable[..., Any]) -> None:
    title, body = STORIES[what]
    site.pages["/news/x"] = _answer(site, page(title, f"<h1>{title}</h1><p>Published: 09:15 04/06/2026</p>{body}"))
    assert probe(f"{site.base}/news/x").what == "article"


def _answer(site: Site, body: str | bytes, **more: Any) -> Any:
    return type(site.pages["/robots.txt"])(body, **more)


BYTES: dict[str, tuple[bytes, str, str]] = {
    "a PDF": (b"%PDF-1.7\n1 0 obj", "application/pdf", "pdf"),
    "a PDF that is called a page": (b"%PDF-1.7\n1 0 obj", "text/html", "pdf"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", "picture"),
    "a picture that begins like text": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "picture"),
    "a Word document": (b"PK\x03\x04\x14\0\x06\0", "application/octet-stream", "document"),
    "a style sheet": (b"body { color: red }", "text/css", "data"),
    "a file of text": (b"User-agent: *\nDisallow: /x", "text/plain; charset=utf-8", "data"),
    "JSON that lists nothing": (b'{"error": "no such thing"}', "application/json", "no links"),
    "a film": (b"\0\0\0\x18ftypmp42", "video/mp4", "film"),
    "bytes of no known kind": (bytes(range(256)) * 8, "application/octet-stream", "data"),
    "nothing at all": (b"", "text/html", "empty"),
    "white space": (b"  \n ", "text/html", "empty"),
}


@pytest.mark.parametrize("what", BYTES)
def test_an_answer_that_is_no_page_is_named(what: str, site: Site, no_news: Callable[..., NoNews]) -> None:
    body, media, kind = BYTES[what]
    site.pages["/news/x"] = _answer(site, body, headers={"Content-Type": media})
    assert no_news(f"{site.base}/news/x").kind == kind


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, "login", "login wall"),
        (403, "blocked", "an issue to show, not a puzzle to solve"),
        (404, "404", "not there"),
        (410, "410", "gone for good"),
        (429, "asked to wait", "try again later"),
        (451, "blocked", "HTTP 451"),
        (500, "http", "HTTP 500"),
    ],
)
def test_a_status_is_put_in_words(
    status: int, kind: str, words: str, site: Site, no_news: Callable[..., NoNews]
) -> None:
    site.pages["/news/x"] = _answer(site, "<h1>No</h1>", status=status)
    found = no_news(f"{site.base}/news/x")
    assert (found.kind, words in str(found)) == (kind, True)


def test_a_block_names_the_guard_that_blocks(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/news/x"] = _answer(
        site, "<h1>No</h1>", status=403, headers={"CF-RAY": "1-LHR", "Server": "cloudflare"}
    )
    assert "Cloudflare" in str(no_news(f"{site.base}/news/x"))


def test_a_redirect_to_a_foreign_host_is_not_followed(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/news/x"] = _answer(site, "", status=301, headers={"Location": "https://www.elsewhere.example/news/x"})
    found = no_news(f"{site.base}/news/x")
    assert found.kind == "redirect"
    assert "https://www.elsewhere.example/news/x" in str(found)


@pytest.mark.parametrize("where", ["https://login.elsewhere.example/x", "https://www.elsewhere.example/sign-in?next=x"])
def test_a_redirect_to_a_login_is_a_login_wall(where: str, site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/news/x"] = _answer(site, "", status=302, headers={"Location": where})
    assert no_news(f"{site.base}/news/x").kind == "login"


def test_a_redirect_to_the_front_page_is_told(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/"] = _answer(site, page("Fenwold", f"<h1>Fenwold Constabulary</h1>{LONG}"))
    site.pages["/news/x"] = _answer(site, "", status=302, headers={"Location": "/"})
    found = no_news(f"{site.base}/news/x")
    assert (found.kind, "front page" in str(found)) == ("redirect", True)


def test_a_redirect_without_end_is_told(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/news/x"] = _answer(site, "", status=302, headers={"Location": "/news/x"})
    assert no_news(f"{site.base}/news/x").kind == "redirect"


def test_robots_txt_is_obeyed_and_the_page_never_asked_for(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/robots.txt"] = _answer(site, "User-agent: *\nDisallow: /news/", headers={"Content-Type": "text/plain"})
    found = no_news(f"{site.base}/news/x")
    assert (found.kind, "robots.txt forbids it" in str(found)) == ("robots", True)
    assert site.paths() == ["/robots.txt"]


def test_a_robots_txt_that_cannot_be_had_leaves_the_site_alone(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/robots.txt"] = _answer(site, "", status=503)
    assert no_news(f"{site.base}/news/x").kind == "robots"
    assert set(site.paths()) == {"/robots.txt"}


def test_a_feed_without_links_is_told(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.pages["/rss"] = _answer(
        site,
        '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>',
        headers={"Content-Type": "text/xml"},
    )
    assert no_news(f"{site.base}/rss").kind == "no links"


def test_a_port_that_nobody_listens_on_is_told(site: Site, no_news: Callable[..., NoNews]) -> None:
    site.close()
    found = no_news(f"{site.base}/news/x")
    assert (found.kind, "no connection" in str(found)) == ("no answer", True)


def test_a_host_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _quickly(monkeypatch)
    found = _live("https://www.fenwold.invalid/news/")
    assert (found.kind, "www.fenwold.invalid" in str(found)) == ("no such host", True)


def test_an_address_of_an_inner_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _live("https://10.1.2.3/news/").kind == "refused address"
    assert _live("https://169.254.169.254/latest/").kind == "refused address"


def test_loopback_is_refused_unless_it_is_allowed(site: Site) -> None:
    entry = plain_entry(f"{site.base}/news/")
    with pytest.raises(NoNews, match="--allow-loopback") as caught:
        run_job(Job(entry, lambda s: look(s, f"{site.base}/news/", known=False)), CrawlOptions(delay=0.0))
    assert caught.value.kind == "refused address"
    assert site.asked == []


def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.probing.session._TRIES", 1)


def _live(url: str) -> NoNews:
    entry = plain_entry(url)
    with pytest.raises(NoNews) as caught:
        run_job(Job(entry, lambda s: look(s, url, known=False)), CrawlOptions(contact="desk@fenwold.example"))
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fenwold",
        "ftp://www.fenwold.example/",
        "http://",
        "https://[::1",
        "https://a b.example/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_http_address_is_refused(text: str) -> None:
    with pytest.raises(NoNews, match="no http address"):
        web_address(text)


def test_a_host_without_a_scheme_is_taken_as_https() -> None:
    assert web_address("www.fenwold.example/news") == "https://www.fenwold.example/news"


@pytest.fixture
def own_certificate(tmp_path: Path) -> Iterator[str]:
    """A site on loopback whose certificate nobody signed but itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fenwold")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_certificate_that_cannot_be_trusted_is_told(
    own_certificate: str, no_news: Callable[..., NoNews], monkeypatch: pytest.MonkeyPatch
) -> None:
    _quickly(monkeypatch)
    found = no_news(f"{own_certificate}/news/")
    assert found.kind == "certificate"
    assert "self-signed" in str(found)
