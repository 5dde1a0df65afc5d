"""Which files are worth opening at all, by their names."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from functools import cached_property

from commlint.extract.extract import Readers, shelved


@dataclass(frozen=True)
class Readable:
    """
    What the readers say of file names (without folders); nothing is opened to answer.

    `suffixes`: of the files of all languages. `declaring`: expression for the names that some format may claim.
    """

    suffixes: tuple[str, ...]
    declaring: str

    @classmethod
    def of(cls, readers: Readers | None = None) -> Readable:
        known = readers or shelved()
        patterns = sorted({fnmatch.translate(pattern) for reader in known.formats for pattern in reader.names})
        return cls(
            tuple(suffix for reader in known.languages for suffix in reader.suffixes),
            "|".join(patterns) or r"(?!)",
        )

    @cached_property
    def _declares(self) -> re.Pattern[str]:
        return re.compile(self.declaring, re.IGNORECASE)

    def is_source(self, name: str) -> bool:
        """Whether it is a file of a programming language."""
        return name.endswith(self.suffixes)

    def may_declare(self, name: str) -> bool:
        """Whether some format may claim it."""
        return self._declares.match(name) is not None

    def __call__(self, name: str) -> bool:
        """Whether any reader may know it."""
        return self.is_source(name) or self.may_declare(name)
