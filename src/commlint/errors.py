"""
Every error a person can be shown, each with its cure.

Trouble in the analysed tree is a notice, never one of these; a bug keeps its traceback.

CommlintError
 ├─ UsageError            the command line asks for what does not exist
 ├─ ConfigurationError    a configuration, model or pack file cannot be used
 ├─ NothingToAnalyse      no file that commlint can read
 └─ ConflictingFacts      the same file is known with different content
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CommlintError(Exception):
    """A request that cannot be carried out; `str()` says where, what and the cure."""


class UsageError(CommlintError):
    """The command line asks for what does not exist."""


class ConfigurationError(CommlintError):
    """A configuration, library model or rule pack cannot be used."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class NothingToAnalyse(CommlintError):
    """There is no file that commlint can read."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where}: nothing to analyse; name a folder with source code, compose or Kubernetes files, "
            "and look at `exclude` in the configuration"
        )


class ConflictingFacts(CommlintError):
    """The same file is known with different content."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: two sets of facts know different content; analyse the file again")
        self.path = path


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "…"?` for the closest of `known`, or nothing when none is close."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""
