"""How long a search takes in a store, in processor time: `python -m bench.search news.db`. It is looked for what the store's own stories
have, so that there are hits, and for the worst that a person may type.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.database import open_store, reading
from storage.search import search
from storage.search_words import parted
from storage.tables import ARTICLE, VERSION

_COMMON = ("the", "police", "a", "officers", "and", "of")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--times", type=int, default=60, help="searches of each sort")
    asked = parser.parse_args()
    engine = open_store(f"sqlite:///{asked.store}", must_exist=True)
    with reading(engine) as conn:
        print(
            f"{conn.scalar(sa.select(sa.func.count()).select_from(ARTICLE)):,} articles; a page of 50 hits, processor time"
        )
        for sort, texts in _sorts(conn, asked.times):
            took = sorted(_took(conn, text) for text in texts)
            print(f"{sort:32} median {took[len(took) // 2]:5.0f} ms   p95 {took[int(len(took) * 0.95)]:5.0f} ms")
    engine.dispose()


def _took(conn: Connection, text: str) -> float:
    begun = time.process_time()
    search(conn, text)
    return (time.process_time() - begun) * 1000


def _sorts(conn: Connection, times: int) -> Iterator[tuple[str, list[str]]]:
    chance = random.Random(5)
    last = conn.scalar(sa.select(sa.func.max(VERSION.c.id))) or 0
    some = [chance.randrange(1, last + 1) for _ in range(500)]
    bodies = [parted(body) for body in conn.scalars(sa.select(VERSION.c.body).where(VERSION.c.id.in_(some)))]
    bodies = [words for words in bodies if len(words) > 10]
    words = [word for body in bodies for word in body]

    def phrase() -> str:
        body = chance.choice(bodies)
        start = chance.randrange(len(body) - 3)
        return f'"{" ".join(body[start : start + 3])}"'

    yield "a word of some story", [chance.choice(words) for _ in range(times)]
    yield "two words", [" ".join(chance.sample(words, 2)) for _ in range(times)]
    yield "a phrase of three words", [phrase() for _ in range(times)]
    yield "the beginning of a word", [f"{chance.choice(words)[:4]}*" for _ in range(times)]
    yield "a word that most stories have", [chance.choice(_COMMON) for _ in range(times)]
    yield "such a word and kind:missing", [f"{chance.choice(_COMMON)} kind:missing" for _ in range(times)]
    yield "one letter*", [f"{chance.choice('abcdepst')}*" for _ in range(times // 4)]
    yield "32 such words", [" ".join((_COMMON * 6)[:32])] * max(times // 12, 1)


if __name__ == "__main__":
    main()
