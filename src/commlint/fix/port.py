"""What a fixer on the shelves `fix/languages/` and `fix/formats/` does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from commlint.model.findings import Fix


class Fixer(ABC):
    """Rewrites files of one language or format, to the byte as they were outside the edits."""

    suffixes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def apply(self, source: str, fixes: Sequence[Fix]) -> str:
        """
        The text with the edits made.

        Pure. An edit whose place is not found, or that was made before, changes nothing; a text that does
        not parse comes back as it is.
        """
