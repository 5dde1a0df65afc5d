"""
One line per source file, a digest of its facts and its path: to show that a change of a reader changes no fact.

    python bench/facts.py PATH… > before.txt
    python bench/facts.py PATH… > after.txt
    diff before.txt after.txt
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from commlint.codec import encode
from commlint.extract.extract import extract
from commlint.extract.readable import Readable


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("roots", nargs="+", type=Path, metavar="PATH")
    readable = Readable.of()
    for root in arguments.parse_args().roots:
        for path in sorted(path for path in root.rglob("*") if readable.is_source(path.name) and path.is_file()):
            facts = encode(extract(path.relative_to(root).as_posix(), path.read_bytes()))
            print(hashlib.blake2b(facts, digest_size=16).hexdigest(), path)


if __name__ == "__main__":
    main()
