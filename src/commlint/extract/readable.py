"""Which files are worth opening at all, by their names."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable

from commlint.extract.extract import Readers, shelved


def readable(readers: Readers | None = None) -> Callable[[str], bool]:
    """A question that answers whether some reader may know a file of this name (without folders)."""
    known = readers or shelved()
    suffixes = tuple(suffix for reader in known.languages for suffix in reader.suffixes)
    patterns = sorted({fnmatch.translate(pattern) for reader in known.formats for pattern in reader.names})
    named = re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)

    def may_be_read(name: str) -> bool:
        return name.endswith(suffixes) or named.match(name) is not None

    return may_be_read
