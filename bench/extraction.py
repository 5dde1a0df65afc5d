"""
How fast source files are read, beside raw parsing of the same bytes in the same run.

    python bench/extraction.py PATH… [--language NAME] [--every N] [--rounds N]
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from pathlib import Path

from tree_sitter import Parser

from commlint.extract.extract import extract, sketch
from commlint.extract.python_values import PYTHON

File = tuple[str, bytes]


def files(roots: list[Path], every: int) -> list[File]:
    """Every n-th Python file below the roots, in order of its path."""
    paths = sorted(path for root in roots for path in root.rglob("*.py") if path.is_file())
    return [(path.as_posix().lstrip("/"), path.read_bytes()) for path in paths[::every]]


def best(task: Callable[[str, bytes], object], sources: list[File], rounds: int) -> float:
    """Seconds of processor time that the fastest of some rounds takes."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        for path, source in sources:
            task(path, source)
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("roots", nargs="+", type=Path, metavar="PATH")
    arguments.add_argument("--every", type=int, default=1, help="read every n-th file only")
    arguments.add_argument("--rounds", type=int, default=3, help="rounds, of which the best counts")
    options = arguments.parse_args()
    # As the command line does: reading makes no circles, so looking for them is wasted.
    gc.set_threshold(200_000, 50, 100)
    sources = files(options.roots, options.every)
    size = sum(len(source) for _, source in sources) / 1e6
    lines = sum(source.count(b"\n") for _, source in sources)
    parser = Parser(PYTHON)
    tasks: dict[str, Callable[[str, bytes], object]] = {
        "raw tree-sitter parse": lambda path, source: parser.parse(source),
        "full read": extract,
        "sketch": sketch,
    }
    print(f"{len(sources)} files, {lines} lines, {size:.1f} MB")
    print(f"{'':<24}{'seconds':>10}{'MB/s':>10}{'of parse':>10}")
    parse = 0.0
    for name, task in tasks.items():
        seconds = best(task, sources, options.rounds)
        parse = parse or seconds
        print(f"{name:<24}{seconds:>10.3f}{size / seconds:>10.1f}{parse / seconds:>10.2f}")


if __name__ == "__main__":
    main()
