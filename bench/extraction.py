"""
How fast source files are read, beside raw parsing of the same bytes in the same run.

    python bench/extraction.py PATH… [--every N] [--rounds N]

Every file is parsed and read in turn, and the best of the rounds counts for each, so that what else the machine
does weighs on both alike. A language is measured when one of its files is there.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_go
import tree_sitter_java
import tree_sitter_javascript
import tree_sitter_kotlin
import tree_sitter_python
import tree_sitter_typescript

from commlint.extract.extract import extract, sketch

GRAMMARS: dict[str, Callable[[], object]] = {
    ".py": tree_sitter_python.language,
    ".js": tree_sitter_javascript.language,
    ".ts": tree_sitter_typescript.language_typescript,
    ".tsx": tree_sitter_typescript.language_tsx,
    ".java": tree_sitter_java.language,
    ".kt": tree_sitter_kotlin.language,
    ".go": tree_sitter_go.language,
    ".cs": tree_sitter_c_sharp.language,
}


@dataclass
class Times:
    """Seconds of processor time of each task over the same files."""

    files: int = 0
    size: int = 0
    parse: float = 0.0
    read: float = 0.0
    sketch: float = 0.0


def files(roots: list[Path], every: int) -> list[Path]:
    """Every n-th source file below the roots, in order of its path."""
    found = (path for root in roots for path in root.rglob("*") if path.suffix in GRAMMARS and path.is_file())
    return sorted(found)[::every]


def best(task: Callable[[], object], rounds: int) -> float:
    """Seconds of processor time that the fastest of some rounds takes."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        task()
        taken.append(time.process_time() - start)
    return min(taken)


def measured(paths: list[Path], rounds: int) -> dict[str, Times]:
    """The times of all tasks by suffix."""
    found: dict[str, Times] = defaultdict(Times)
    parsers = {
        suffix: tree_sitter.Parser(tree_sitter.Language(grammar()))
        for suffix, grammar in GRAMMARS.items()
        if any(path.suffix == suffix for path in paths)
    }
    for path in paths:
        source, name, times = path.read_bytes(), path.as_posix().lstrip("/"), found[path.suffix]
        parse = parsers[path.suffix].parse
        times.files += 1
        times.size += len(source)
        times.parse += best(lambda parse=parse, source=source: parse(source), rounds)
        times.read += best(lambda name=name, source=source: extract(name, source), rounds)
        times.sketch += best(lambda name=name, source=source: sketch(name, source), rounds)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("roots", nargs="+", type=Path, metavar="PATH")
    arguments.add_argument("--every", type=int, default=1, help="read every n-th file only")
    arguments.add_argument("--rounds", type=int, default=3, help="rounds, of which the best counts")
    options = arguments.parse_args()
    # As the command line does: reading makes no circles, so looking for them is wasted.
    gc.set_threshold(200_000, 50, 100)
    print(f"{'':<8}{'files':>8}{'MB':>8}{'parse MB/s':>12}{'read MB/s':>12}{'of parse':>10}{'sketch of parse':>17}")
    for suffix, times in sorted(measured(files(options.roots, options.every), options.rounds).items()):
        size = times.size / 1e6
        print(
            f"{suffix:<8}{times.files:>8}{size:>8.1f}{size / times.parse:>12.1f}{size / times.read:>12.1f}"
            f"{times.parse / times.read:>10.2f}{times.parse / times.sketch:>17.2f}"
        )


if __name__ == "__main__":
    main()
