"""`forcewire serve` beside the same uvicorn and Starlette that answer the same bytes from memory, and nginx before published files. Each in
a process of its own, on loopback.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.figures import Figure

_AT_ONCE = 16
_ROUNDS = 3

MEMORY = """
import sys, uvicorn
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

data = Path(sys.argv[1], "feed.atom").read_bytes()
headers = {"etag": '"feed"', "cache-control": "public, max-age=60"}

async def feed(request):
    if request.headers.get("if-none-match") == '"feed"':
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="application/atom+xml", headers=headers)

app = Starlette(routes=[Route("/feed.atom", feed), Mount("/files", StaticFiles(directory=sys.argv[1]))])
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""


def serving(folder: Path, database: Path, name: str, seconds: float) -> list[Figure]:
    """Requests a second for a feed and its 304, as ratios of rounds in turn."""
    with _process(
        [sys.executable, "-m", "forcewire", "serve", "--database", str(database), "--port", "{port}"]
    ) as ours:
        data, etag = _get(f"{ours}/feeds/{name}")
        static = folder / "static"
        static.mkdir()
        (static / "feed.atom").write_bytes(data)
        program = folder / "memory.py"
        program.write_text(MEMORY)
        with _process([sys.executable, str(program), str(static), "{port}"], "/feed.atom") as theirs:
            their_tag, file_tag = _get(f"{theirs}/feed.atom")[1], _get(f"{theirs}/files/feed.atom")[1]
            full, unchanged, files = [], [], []
            for _ in range(_ROUNDS):
                pair = [rate(url, "", seconds) for url in (f"{ours}/feeds/{name}", f"{theirs}/feed.atom")]
                full.append(pair)
                pair = [
                    rate(url, tag, seconds)
                    for url, tag in ((f"{ours}/feeds/{name}", etag), (f"{theirs}/feed.atom", their_tag))
                ]
                unchanged.append(pair)
                url = f"{theirs}/files/feed.atom"
                files.append([rate(url, "", seconds), rate(url, file_tag, seconds)])
    return [
        _ratio(f"serve: a feed of {len(data) // 1000} KB / Starlette from memory", full),
        _ratio("serve: a 304 / Starlette from memory", unchanged),
        Figure("StaticFiles beside them: the feed", median(each[0] for each in files), "1/s"),
        Figure("StaticFiles beside them: a 304", median(each[1] for each in files), "1/s"),
    ]


def behind_nginx(folder: Path, published: Path, name: str, seconds: float) -> list[Figure]:
    """A published feed behind nginx, beside a plain file of the same bytes. Nothing where nginx is not installed."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        return []
    plain = folder / "plain"
    plain.mkdir()
    shutil.copy(published / "feeds" / name, plain / "feed.atom")
    config = folder / "nginx.conf"
    with _process(
        [nginx, "-p", str(folder), "-c", str(config)],
        "/plain/feed.atom",
        lambda port: config.write_text(_conf(folder, published, port)),
    ) as url:
        pairs = [
            [rate(f"{url}/{path}", "", seconds) for path in (f"feeds/{name}", "plain/feed.atom")]
            for _ in range(_ROUNDS)
        ]
    return [_ratio("nginx: a published feed / a plain file", pairs)]


def _ratio(name: str, pairs: list[list[float]]) -> Figure:
    rounds = [ours / theirs for ours, theirs in pairs]
    ours, theirs = (median(pair[n] for pair in pairs) for n in (0, 1))
    note = f"  {ours:.0f} / {theirs:.0f} a second; of {', '.join(f'{each:.2f}' for each in rounds)}"
    return Figure(name, median(rounds), "x", 0.7, note=note)


def _conf(folder: Path, published: Path, port: int) -> str:
    return f"""
        {"user root;" if os.geteuid() == 0 else ""}
        daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
        events {{ worker_connections 256; }}
        http {{
            access_log off; sendfile on; types {{ application/atom+xml atom; }}
            client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
            uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
            server {{
                listen 127.0.0.1:{port}; root {published};
                location /plain/ {{ alias {folder}/plain/; }}
            }}
        }}
    """


def rate(url: str, etag: str, seconds: float) -> float:
    """Answers a second: by wrk where it is installed, else by a slower client of our own, which holds both sides back."""
    header = f"If-None-Match: {etag}" if etag else "Accept: */*"
    if shutil.which("wrk") is None:
        return asyncio.run(_asked(url, header, seconds))
    command = ["wrk", "-t1", f"-c{_AT_ONCE}", f"-d{max(1, round(seconds))}s", "-H", header, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    if "Non-2xx" in said and not etag:
        raise SystemExit(f"{url} answered with errors: {said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found
    return float(found[1])


async def _asked(url: str, header: str, seconds: float) -> float:
    host, _, path = url.removeprefix("http://").partition("/")
    request = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n{header}\r\n\r\n".encode()
    until = time.monotonic() + seconds

    async def ask() -> int:
        reader, writer = await asyncio.open_connection(*host.split(":"))
        count = 0
        while time.monotonic() < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length and b" 304 " not in head[:20] else 0)
            count += 1
        writer.close()
        return count

    return sum(await asyncio.gather(*(ask() for _ in range(_AT_ONCE)))) / seconds


def _get(url: str) -> tuple[bytes, str]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read(), answer.headers["etag"]


@contextmanager
def _process(command: list[str], path: str = "/robots.txt", before: Callable[[int], object] = int) -> Iterator[str]:
    """The address of a server that is started on a free port, and ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before(port)
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(url + path, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"{command[0]} did not answer")
        yield url
    finally:
        process.terminate()
        process.wait(20)
