"""What the words of source mean, kept from file to file: the files of a tree share most of their words."""

from __future__ import annotations

from typing import Self, TypeVar

from commlint.extract.quick import new_reference
from commlint.extract.syntax import decoded
from commlint.model.values import Reference

Word = TypeVar("Word")

# More would no longer fit into the cache of a processor, and then looking up takes longer than reading again.
MOST = 5_000
LONGEST = 200


class Remembered(dict[str, Word]):
    """
    What stretches of source mean, by their raw text.

    Holds only what means the same in every place of every file without errors, so that it makes no difference
    to the facts which files were read before; it may forget all of it between two files.
    """

    def renewed(self) -> Self:
        """The same table, emptied when it has grown too large."""
        if len(self) > MOST:
            self.clear()
        return self

    def keep(self, raw: str, found: Word) -> Word:
        """`found`, remembered unless its text is so long that it seldom stands twice."""
        if len(raw) <= LONGEST:
            self[raw] = found
        return found

    def __missing__(self, raw: str) -> Word:
        return self.keep(raw, self.meaning(raw))

    def meaning(self, raw: str) -> Word:
        """What a word means that is asked for the first time."""
        raise KeyError(raw)


class References(Remembered[Reference]):
    """References by the names as written."""

    def meaning(self, raw: str) -> Reference:
        return new_reference(decoded(raw))
