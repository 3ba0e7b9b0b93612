"""Makes docs/demo.svg from a real run of the demo. Needs tmux, which is the terminal that the demo runs in."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH, LINES = 112, 64
SESSION = "forcewire-picture"
END = "What to try next"


def terminal(folder: str) -> str:
    """What stands on the terminal, colours included, when the demo has ended."""
    command = f"{sys.executable} -c 'from forcewire.cli import main; main()' demo; sleep 60"
    size = ["-x", str(WIDTH), "-y", str(LINES)]
    subprocess.run(["tmux", "new-session", "-d", "-s", SESSION, *size, "-c", folder, command], check=True)
    try:
        for _ in range(60):
            time.sleep(1)
            shown = subprocess.run(
                ["tmux", "capture-pane", "-e", "-p", "-S", "-200", "-t", SESSION],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            if END in shown:
                return shown[: shown.index(END)]
    finally:
        subprocess.run(["tmux", "kill-session", "-t", SESSION], check=False)
    raise SystemExit("the demo did not end within a minute")


def main() -> None:
    """Writes the picture."""
    with tempfile.TemporaryDirectory() as folder:
        shown = terminal(folder)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(shown.rstrip()), soft_wrap=True)
    svg = console.export_svg(title="forcewire demo")
    # A picture must not make its viewers fetch fonts from somebody.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    (Path(__file__).parent / "demo.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
