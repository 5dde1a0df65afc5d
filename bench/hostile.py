"""
What commlint makes of traces that nobody would record: how long it takes, how much memory, and what it says of them.

    python bench/hostile.py [--spans 10000000] [--only zstd]

Every input is made here, read by `commlint traces stats` in a process of its own, and removed. It fails when a process
held more memory than is allowed, or when nothing is said of what was left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from hostile_inputs import inputs
from traces import Cost, cost

ALLOWED: Final = 700
"""MB of a process."""

TOLD: Final = 300
"""Characters of what is said that are shown."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spans", type=int, default=10_000_000)
    parser.add_argument("--only", default="", help="part of a name")
    given = parser.parse_args()
    wrong = []
    print("| input | MB | seconds | MB of the largest process | what is said |")
    print("| --- | --- | --- | --- | --- |")
    for name, make in inputs(given.spans).items():
        if given.only in name:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "input"
                make(path)
                taken, spans, said = _measured(path, Path(folder))
                size = path.stat().st_size / 1e6
                print(f"| {name} | {size:.0f} | {taken.wall:.1f} | {taken.memory:.0f} | {spans} spans; {said[:TOLD]} |")
                sys.stdout.flush()
            if taken.memory > ALLOWED or not said:
                wrong.append(name)
    if wrong:
        raise SystemExit(f"too large, or not noticed: {', '.join(wrong)}")


def _measured(path: Path, folder: Path) -> tuple[Cost, int, str]:
    script = 'exec "$@" 2> "$0"'
    command = [sys.executable, "-m", "commlint", "traces", "stats", "--verbose", "--format", "json", str(path)]
    taken = cost(["sh", "-c", script, str(folder / "said"), *command], folder / "out", allowed=(0, 2))
    said = " ".join((folder / "said").read_text("utf-8").split())
    content = (folder / "out").read_bytes()
    return taken, json.loads(content)["totals"]["spans"] if content else 0, said.replace(str(path), "input")


if __name__ == "__main__":
    began = time.monotonic()
    main()
    print(f"{time.monotonic() - began:.0f} seconds in all", file=sys.stderr)
