"""Which files change how, when findings are mended."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commlint import plugins
from commlint.fix.port import Fixer
from commlint.model.findings import Finding, Fix


@dataclass(frozen=True, slots=True)
class Edit:
    """One file before and after, with the number of findings that are mended in it."""

    path: str
    before: str
    after: str
    mended: int

    @property
    def diff(self) -> str:
        """The change as a unified diff, as `git apply` takes it."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.path}",
            f"b/{self.path}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def edits(findings: Iterable[Finding], read: Callable[[str], str | None], unsafe: bool = False) -> tuple[Edit, ...]:
    """
    The edits that mend findings, by path; files that nothing changes in are left out.

    Args:
        read: the text of a file, None when it cannot be read.
        unsafe: those that may change more than the fault too.
    """
    by_path: dict[str, dict[Fix, None]] = defaultdict(dict)
    for finding in findings:
        if finding.fix is not None and (unsafe or finding.fix.safe):
            by_path[finding.fix.region.path][finding.fix] = None
    found = []
    for path, fixes in sorted(by_path.items()):
        fixer = _fixer(path)
        before = read(path) if fixer is not None else None
        if fixer is None or before is None:
            continue
        after = fixer.apply(before, tuple(fixes))
        if after != before:
            found.append(Edit(path, before, after, len(fixes)))
    return tuple(found)


def _fixer(path: str) -> Fixer | None:
    for shelf in ("commlint.fix.languages", "commlint.fix.formats"):
        for kind in plugins.on_shelf(shelf, Fixer):
            if path.endswith(kind.suffixes):
                fixer: Fixer = kind()
                return fixer
    return None
