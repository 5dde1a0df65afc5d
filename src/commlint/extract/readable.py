"""Which files are worth opening at all, by their names."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commlint.extract.extract import Readers
    from commlint.extract.port import FormatReader


@dataclass(frozen=True)
class Readable:
    """
    What the readers say of file names (without folders); nothing is opened to answer.

    `suffixes`: of the files of all languages. `declaring`: expression for the names that some format may claim.
    `naming`: the same for the formats that tell by what names code brings in files.
    """

    suffixes: tuple[str, ...]
    declaring: str
    naming: str

    @classmethod
    def of(cls, readers: Readers | None = None) -> Readable:
        # Imported when needed: what an earlier run was told is asked without any reader.
        from commlint.extract.extract import shelved

        known = readers or shelved()
        return cls(
            tuple(suffix for reader in known.languages for suffix in reader.suffixes),
            _expression(known.formats),
            _expression(reader for reader in known.formats if reader.names_modules),
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

    @cached_property
    def _names(self) -> re.Pattern[str]:
        return re.compile(self.naming, re.IGNORECASE)

    def may_name_modules(self, name: str) -> bool:
        """Whether it may tell by what names code brings in files."""
        return self._names.match(name) is not None

    def __call__(self, name: str) -> bool:
        """Whether any reader may know it."""
        return self.is_source(name) or self.may_declare(name)


def _expression(readers: Iterable[FormatReader]) -> str:
    """What matches all names that some of the readers may claim."""
    return "|".join(sorted({fnmatch.translate(pattern) for reader in readers for pattern in reader.names})) or r"(?!)"
