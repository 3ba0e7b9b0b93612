"""Random bytes into whatever reads what others wrote, steered by which code they reach: `python -m bench.fuzz dates --seconds 600`.

A target passes where each input is read, or refused in the words that are for that, in less than `--slowest` seconds. Anything else is
written below `--out` with the bytes that did it; `--replay FILE` takes them again, without atheris, which slows down what it watches.
Needs atheris (pip install 'forcewire[fuzz]'), which runs on Linux.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from crawler.readers import READERS

TARGETS = ("readers", "dates", "feed", "sitemap", "entry", "settings", "query", "archive")
_WATCHED = ["crawler", "storage", "feeds", "forcewire"]
_LONGEST = 60_000  # bytes of an input


def main() -> int:
    """Fuzzes the targets named, each in a process of its own. Returns 1 where one of them failed."""
    parser = argparse.ArgumentParser(description="Random bytes into whatever reads what others wrote.")
    parser.add_argument(
        "targets",
        nargs="*",
        help=f"of {', '.join(TARGETS)}, or one reader: {', '.join(READERS)}; all of the first without any",
    )
    parser.add_argument("--seconds", type=float, default=600, help="for each target (default: 600)")
    parser.add_argument("--slowest", type=float, default=1.0, help="processor seconds one input may take (default: 1)")
    parser.add_argument("--out", type=Path, default=Path("fuzz-findings"), help="where inputs that failed are kept")
    parser.add_argument(
        "--replay", type=Path, nargs="+", metavar="FILE", help="take these inputs again, and nothing else"
    )
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.targets) - {*TARGETS, *READERS}:
        parser.error(f"no target is called {', '.join(sorted(unknown))}")
    if options.replay:
        if len(options.targets) != 1:
            parser.error("--replay wants the one target that the files are for")
        return _replay(options.targets[0], options.replay, options.slowest)
    if options.in_process:
        return _fuzz(options.targets[0], options.seconds, options.slowest, options.out)
    failed = []
    for name in options.targets or TARGETS:
        ours = ["--seconds", str(options.seconds), "--slowest", str(options.slowest), "--out", str(options.out)]
        command = [sys.executable, "-m", "bench.fuzz", name, *ours, "--in-process"]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "no target failed")
    return bool(failed)


def _replay(name: str, files: Sequence[Path], slowest: float) -> int:
    from bench.fuzz_targets import make_target

    target, failed = make_target(name), False
    for file in files:
        before = time.process_time()
        trouble = target.trouble(file.read_bytes())
        taken = time.process_time() - before
        failed |= trouble is not None or taken > slowest
        print(f"{file}: {trouble or 'nothing'}, {taken:.2f} s")
    return failed


def _fuzz(name: str, seconds: float, slowest: float, out: Path) -> int:
    try:
        import atheris
    except ImportError:
        print("fuzz: atheris is not installed; pip install 'forcewire[fuzz]'", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore", FutureWarning)  # of Python's, about patterns that an entry holds
    with atheris.instrument_imports(include=_WATCHED, enable_loader_override=False):
        from bench import fuzz_targets, fuzzing

        target = fuzz_targets.make_target(name)  # readers are loaded on use
    out.mkdir(parents=True, exist_ok=True)
    seeds, pieces = target.seeds, target.pieces
    started, runs, findings, worst = time.monotonic(), 0, set[str](), 0.0

    def report() -> None:
        print(
            f"{name}: {runs} inputs in {time.monotonic() - started:.0f} s, slowest {worst:.2f} s, {len(findings)} findings",
            flush=True,
        )

    def one(data: bytes) -> None:
        nonlocal runs, worst
        if time.monotonic() - started > seconds:
            report()

            os._exit(1 if findings else 0)  # libFuzzer's own exit would skip what is printed
        runs += 1
        before = time.process_time()
        trouble = target.trouble(data)
        taken = time.process_time() - before
        worst = max(worst, taken)
        if trouble is None and taken > slowest:
            trouble = f"slow: {taken:.0f} s"
        if trouble is not None and trouble not in findings:
            findings.add(trouble)
            kept = out / f"{name}-{sha256(data).hexdigest()[:12]}"
            kept.write_bytes(data)
            print(f"{name}: {trouble}\n  {kept}", flush=True)

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        drawn = random.Random(seed)
        if drawn.random() < 0.4:
            return atheris.Mutate(data, max_size)
        return fuzzing.mutate(data or drawn.choice(seeds), drawn, seeds, pieces)[:max_size]

    for seed in seeds:
        one(seed)
    arguments = [
        sys.argv[0],
        f"-max_len={_LONGEST}",
        "-timeout=60",
        "-verbosity=0",
        "-rss_limit_mb=4096",
        "-report_slow_units=60",
        f"-artifact_prefix={out}/",
    ]
    atheris.Setup(arguments, one, custom_mutator=mutate)
    atheris.Fuzz()
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
