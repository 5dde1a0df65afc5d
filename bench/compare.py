"""
What commlint takes on a tree of Python files, beside raw parsing, Ruff and Semgrep on the same files in the same run.

    python bench/compare.py TREE [--rounds N]

Every task is a process of its own on one core and reads the same files: those of TREE that commlint looks at.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commlint.extract.readable import Readable
from commlint.looking import look_at
from commlint.model.config import Config
from commlint.resolve.reading import Imports
from commlint.store.cache import Cache
from commlint.store.catalogue import parse_catalogue
from commlint.store.discovery import discover
from commlint.store.modelfiles import model_files

SEMGREP_RULE = """
rules:
  - id: requests-without-timeout
    languages: [python]
    severity: WARNING
    message: no timeout
    patterns:
      - pattern-either:
          - pattern: requests.get(...)
          - pattern: requests.post(...)
          - pattern: requests.put(...)
          - pattern: requests.patch(...)
          - pattern: requests.delete(...)
          - pattern: requests.head(...)
          - pattern: requests.request(...)
      - pattern-not: requests.$METHOD(..., timeout=$TIMEOUT, ...)
"""
PARSE = """
import sys
from pathlib import Path
import tree_sitter_python
from tree_sitter import Language, Parser
parser = Parser(Language(tree_sitter_python.language()))
for path in Path(sys.argv[1]).read_text("utf-8").splitlines():
    parser.parse(Path(path).read_bytes())
"""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, seconds of processor time, and the most memory held at a time, in MB."""

    wall: float
    processor: float
    memory: float


@dataclass(frozen=True)
class Amount:
    """Python files that are seen and those that are parsed, with their bytes and lines."""

    paths: tuple[str, ...]
    size: int
    lines: int
    parsed: int
    parsed_size: int


def amount(tree: Path) -> Amount:
    """What commlint looks at in a tree, and what it parses of that."""
    readable = Readable.of()
    discovery = discover(tree, Config(), readable)
    with Cache(None, "") as cache:
        seen = look_at(discovery, readable, cache, lambda step, done, total: None)
    imports = {file.file.path: file.known.imports for file in seen.files if file.known.imports is not None}
    matter = Imports(imports, parse_catalogue(model_files(tree))).wanted()
    sizes = {file.file.path: file.file.size for file in seen.files if file.file.path.endswith(".py")}
    parsed = [path for path in sizes if path in matter]
    return Amount(
        paths=tuple(str(discovery.root / path) for path in sizes),
        size=sum(sizes.values()),
        lines=sum((discovery.root / path).read_bytes().count(b"\n") for path in sizes),
        parsed=len(parsed),
        parsed_size=sum(sizes[path] for path in parsed),
    )


def cost(command: Sequence[str]) -> Cost:
    """What one run of a command takes; its output is dropped, its exit code is its own affair unless it is above 1."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RAYON_NUM_THREADS": "1"},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        raise SystemExit(f"{command[0]} failed with {process.returncode}: {' '.join(command[:8])} …")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Cost(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def best(costs: Sequence[Cost]) -> Cost:
    """The fastest of some rounds; memory is the most of all."""
    fastest = min(costs, key=lambda one: one.wall)
    return Cost(fastest.wall, fastest.processor, max(one.memory for one in costs))


def commlint_costs(tree: Path, rounds: int) -> tuple[Cost, Cost]:
    """A run with nothing remembered, and one over the tree as it was."""
    first, second = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as cache:
            command = [sys.executable, "-m", "commlint", "check", str(tree), "--jobs", "1", "--cache-dir", cache]
            first.append(cost(command))
            second.append(cost(command))
    return best(first), best(second)


def measure(tree: Path, paths: Sequence[str], rounds: int, semgrep: str | None) -> dict[str, Cost]:
    """All tasks by name, raw parsing first."""
    with tempfile.TemporaryDirectory() as folder:
        listing, rule = Path(folder, "files.txt"), Path(folder, "rule.yaml")
        listing.write_text("\n".join(paths), "utf-8")
        rule.write_text(SEMGREP_RULE, "utf-8")
        parse = [sys.executable, "-c", PARSE, str(listing)]
        ruff = ["ruff", "check", "--isolated", "--no-cache", "--select", "S113", "--exit-zero", f"@{listing}"]
        costs = {"raw tree-sitter parse": best([cost(parse) for _ in range(rounds)])}
        costs["commlint, cold"], costs["commlint, unchanged"] = commlint_costs(tree, rounds)
        if shutil.which(ruff[0]):
            costs["ruff --select S113"] = best([cost(ruff) for _ in range(rounds)])
        if semgrep:
            options = ["--metrics=off", "--disable-version-check", "--no-git-ignore", "--quiet", "--jobs", "1"]
            command = [semgrep, "scan", *options, "--config", str(rule), "--include", "*.py", str(tree)]
            costs["semgrep, one rule"] = best([cost(command) for _ in range(rounds)])
    return costs


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("tree", type=Path, metavar="TREE")
    arguments.add_argument("--rounds", type=int, default=1, help="rounds, of which the best counts")
    arguments.add_argument("--semgrep", default=shutil.which("semgrep"), metavar="FILE", help="the program to compare")
    given = arguments.parse_args()
    found = amount(given.tree)
    if not found.paths:
        raise SystemExit(f"{given.tree}: no Python files; name another folder")
    print(f"seen    {len(found.paths):>8} files {found.size / 1e6:>8.1f} MB {found.lines:>9} lines")
    share = f"{found.parsed / len(found.paths):.0%} of files, {found.parsed_size / found.size:.0%} of bytes"
    print(f"parsed  {found.parsed:>8} files {found.parsed_size / 1e6:>8.1f} MB  ({share})\n")
    costs = measure(given.tree, found.paths, given.rounds, given.semgrep)
    parse = costs["raw tree-sitter parse"]
    print(f"{'':<24}{'seconds':>9}{'processor':>11}{'of parse':>10}{'peak MB':>9}")
    for name, one in costs.items():
        ratio = one.processor / parse.processor
        print(f"{name:<24}{one.wall:>9.2f}{one.processor:>11.2f}{ratio:>10.2f}{one.memory:>9.0f}")
    if not given.semgrep:
        print("\nsemgrep is not installed and left out; name it with --semgrep")


if __name__ == "__main__":
    main()
