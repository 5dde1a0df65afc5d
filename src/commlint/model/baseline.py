"""What was found once and somebody decided to live with for now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """
    One finding that is known.

    `rule`: its code; `subjects`: ids of the operations, edges, channels or services it is about. Together they say
    which finding is meant, wherever its lines move.
    `reason`: why it stays; `owner`: who answers for it; `expires`: the last day it stays hidden, as YYYY-MM-DD.
    """

    rule: str
    subjects: tuple[str, ...] = ()
    reason: str = ""
    owner: str = ""
    expires: str = ""

    @property
    def identity(self) -> tuple[str, tuple[str, ...]]:
        """What tells it from other findings."""
        return self.rule, self.subjects


@dataclass(frozen=True, slots=True)
class Baseline:
    """The findings that are known; `version` is that of the file's form."""

    version: int = 1
    findings: tuple[Known, ...] = ()
