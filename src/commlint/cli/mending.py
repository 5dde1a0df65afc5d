"""What `commlint check` writes into the analysed files when it is asked to: fixes, and comments that silence."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from commlint.cli.screen import say
from commlint.model.findings import Fix, Report
from commlint.report.escaping import visible
from commlint.report.totals import count

if TYPE_CHECKING:
    from commlint.fix.fix import Edit

FOUND = 1


def mend(root: Path, report: Report, unsafe: bool) -> bool:
    """Mend what the findings say can be mended; answers whether anything changed."""
    made = _edits(root, report, unsafe)
    _write(root, made)
    if made:
        places = sum(edit.mended for edit in made)
        print(f"mended {count(places, 'place')} in {count(len(made), 'file')}", file=sys.stderr)
    return bool(made)


def show_diff(root: Path, report: Report, unsafe: bool) -> int:
    """The edits as one diff on standard output; 1 when there are any."""
    made = _edits(root, report, unsafe)
    for edit in made:
        say(edit.diff)
    return FOUND if made else 0


def show_fixes(report: Report) -> None:
    """What could be mended, on stderr: each place, the edit, and whether it is safe."""
    for finding in report.findings:
        if finding.fix is not None:
            mark = "" if finding.fix.safe else " (unsafe)"
            print(
                f"fix{mark}: {visible(str(finding.fix.region))}: {finding.code}: {_words(finding.fix)}", file=sys.stderr
            )


def _words(fix: Fix) -> str:
    """An edit as a person would say it."""
    name = fix.name.partition("|")[0].rpartition(":")[2]
    match fix.kind:
        case "replace-call":
            return f"call {fix.value} instead"
        case "set-argument":
            return f"set {name} to {fix.value}"
        case "set-entry":
            return f"set {fix.name.replace('/', '.')} to {fix.value}"
        case "add-block":
            return f"give it {fix.value.split()[0].rstrip(':')}, with what that needs"
        case "wrap-call":
            return f"call it through {fix.value}"
        case "add-scope":
            return f"put before it {fix.value.splitlines()[0].replace('{', '').replace('}', '')}"
        case _:
            return f"give it {name}: {fix.value}"


def add_ignores(root: Path, report: Report, reason: str) -> bool:
    """
    Silence every finding by a comment where it stands; answers whether anything changed.

    Comments that silence nothing get none: they are to be deleted.
    """
    from commlint.check.baseline import STALE
    from commlint.extract.extract import extract
    from commlint.fix.suppress import suppress
    from commlint.store.sources import read_text

    findings = [finding for finding in report.findings if finding.code != STALE]
    done = suppress(findings, reason, lambda path: read_text(root, path), extract)
    _write(root, done.edits)
    for finding in done.refused:
        print(
            f"notice: {visible(str(finding.region))}: no comment can stand here; ignore {finding.code} with"
            f' per-path-ignores: "{visible(finding.region.path)}" = ["{finding.code}"]',
            file=sys.stderr,
        )
    places = sum(edit.mended for edit in done.edits)
    print(f"silenced {count(places, 'finding')} in {count(len(done.edits), 'file')}", file=sys.stderr)
    return bool(done.edits)


def _edits(root: Path, report: Report, unsafe: bool) -> tuple[Edit, ...]:
    """The edits that the findings carry."""
    from commlint.fix.fix import edits
    from commlint.store.sources import read_text

    return edits(report.findings, lambda path: read_text(root, path), unsafe)


def _write(root: Path, edits: Iterable[Edit]) -> None:
    from commlint.store.sources import write_text

    for edit in edits:
        write_text(root, edit.path, edit.after)
