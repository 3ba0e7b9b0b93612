"""nginx and Caddy with the very files of deploy/: only addresses, certificates and folders are those of this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.deploy.conftest import DEPLOY, free_port, program, started

MAIN = """
daemon off; pid {folder}/pid; error_log stderr; {user}
events {{ worker_connections 64; }}
http {{
    access_log off; default_type application/octet-stream;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {parts}
}}
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    """One that nobody signed but itself, as files: what a visitor is shown, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    shown, kept = folder / "fullchain.pem", folder / "privkey.pem"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kept.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return shown, kept


def nginx(name: str, folder: Path, files: Path, service: int) -> Iterator[str]:
    """Serves by deploy/nginx/NAME; gives its address, of the port for HTTPS where there is one."""
    runs = program("nginx")
    shown, kept = certificate(folder)
    parts = "".join((DEPLOY / "nginx" / part).read_text("utf-8") for part in ("upstream.conf", name))
    secure, plain = free_port(), free_port()
    parts = re.sub(r"^ *listen \[::\].*\n", "", parts, flags=re.MULTILINE)
    for written, here in (
        ("127.0.0.1:8000", f"127.0.0.1:{service}"),
        ("listen 443", f"listen 127.0.0.1:{secure}"),
        ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("/etc/letsencrypt/live/news.example.org/fullchain.pem", str(shown)),
        ("/etc/letsencrypt/live/news.example.org/privkey.pem", str(kept)),
        ("/var/cache/forcewire", str(files)),
    ):
        parts = parts.replace(written, here)
    conf = folder / "nginx.conf"
    conf.write_text(MAIN.format(folder=folder, parts=parts, user="user root;" if os.geteuid() == 0 else ""), "utf-8")
    url = f"https://127.0.0.1:{secure}" if " ssl" in parts else f"http://127.0.0.1:{plain}"
    yield from started([runs, "-c", str(conf), "-e", "stderr"], url, folder / "nginx.log")


def caddy(name: str, folder: Path, files: Path, service: int) -> Iterator[str]:
    """Serves by deploy/caddy/NAME, without HTTPS."""
    runs, port = program("caddy"), free_port()
    env = {
        "SITE": f"http://127.0.0.1:{port}",
        "SERVICE": f"127.0.0.1:{service}",
        "FILES": str(files),
        "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
    }
    command = [runs, "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "caddy" / name)]
    yield from started(command, env["SITE"], folder / "caddy.log", env)
