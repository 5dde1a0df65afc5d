"""What could not be read or resolved, told beside the result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """
    Something that could not be read or resolved; never a finding.

    `minor`: nothing to do about it, so a person hears of it only when asking for everything.
    """

    path: str
    line: int
    message: str
    minor: bool = False

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}" if place else self.message
