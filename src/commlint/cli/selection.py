"""What of the findings a run reports: not what is known, and only what a change touches."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from commlint.cli import options
from commlint.errors import UsageError
from commlint.model.config import Config
from commlint.model.findings import Report

if TYPE_CHECKING:
    from commlint.model.changes import Changes
    from commlint.pipeline import Result
    from commlint.store.baseline import BaselineFile


@dataclass(frozen=True, slots=True)
class Selection:
    """
    `known`: the baseline, None for none. `changes`: what must be touched, None for no such bound.
    `everything`: the run looks as closely as the configuration says, so that what is not found is gone.
    """

    known: BaselineFile | None
    changes: Changes | None
    everything: bool

    def of(self, result: Result) -> Report:
        """The report of a run with what is selected."""
        from commlint.check.baseline import against
        from commlint.check.touched import touched

        report, known = result.report, self.known
        if known is not None:
            today = datetime.date.today()
            report = against(report, known.baseline, known.lines, known.path, today, self.everything)
        if self.changes is not None:
            report = replace(report, findings=touched(report.findings, result.system, self.changes))
        return report


def baseline(setting: options.Setting, named: str | None) -> BaselineFile | None:
    """
    The baseline of a folder, or the `named` one.

    Raises:
        UsageError: it was asked for by name, here or in the configuration, and is not there.
    """
    from commlint.store.baseline import load_baseline

    name = named or setting.config.baseline
    found = load_baseline(setting.root, name)
    if found is None and (named or name != Config().baseline):
        raise UsageError(f"{name}: there is no baseline; make one with commlint baseline create")
    return found


def changes(root: Path, staged: bool, since: str | None) -> Changes | None:
    """
    What changed, None when everything is to be reported.

    Raises:
        UsageError: both were asked for, or git does not know.
    """
    if staged and since:
        raise UsageError("--changed-only and --since: use one of them")
    if not staged and not since:
        return None
    from commlint.store.git import changes_since, staged_changes

    return changes_since(root, since) if since else staged_changes(root)
