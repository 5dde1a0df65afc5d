"""`commlint check`: analyse a folder and report findings."""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commlint.cli import options
from commlint.cli.destinations import Destination, destinations
from commlint.cli.report import render_to
from commlint.cli.screen import progress, say, show_notices
from commlint.errors import UsageError
from commlint.model.config import Config
from commlint.model.findings import Level, Report
from commlint.model.operations import Confidence

if TYPE_CHECKING:
    from commlint.fix.fix import Edit
    from commlint.model.changes import Changes
    from commlint.pipeline import Result
    from commlint.store.baseline import BaselineFile

FOUND = 1


def check(
    root: options.Root = Path(),
    output_format: Annotated[
        list[str] | None,
        typer.Option(
            "--output-format", "-f", metavar="NAME[:FILE]", help="How to report; may be repeated. [default: text]"
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULE,…", help="Run these rules only: codes, names, prefixes."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULE,…", help="Do not run these rules.")
    ] = None,
    fail_on: Annotated[
        Level | None, typer.Option("--fail-on", help="Leave with 1 from this level on. [default: warning]")
    ] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended, then report what is left.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")] = False,
    changed_only: Annotated[
        bool, typer.Option("--changed-only", help="Report only what the staged changes touch.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="REF", help="Report only what has changed since the work on REF parted from here."
        ),
    ] = None,
    baseline: options.Baseline = None,
    no_baseline: Annotated[bool, typer.Option("--no-baseline", help="Report what is known too.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Leave with 0 whatever is found.")] = False,
    confidence: Annotated[
        Confidence | None, typer.Option("--confidence", help="Show findings at least this sure. [default: likely]")
    ] = None,
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    traces: options.Traces = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """
    Find faults in how services communicate.

    Leaves with 0 when clean, 1 with findings, 2 when the work could not be done.
    """
    began = time.monotonic()
    options.speak_up(verbose)
    targets = destinations(output_format or ["text"])
    setting = options.setting(root, config_file, tests)
    config = _config(setting.config, select, ignore, fail_on, confidence)
    known = None if no_baseline else _baseline(setting, baseline)
    changes = _changes(setting.root, changed_only, since)
    # What was looked for less closely says nothing about an entry that nothing matches.
    everything = config.confidence.rank <= setting.config.confidence.rank

    from commlint.pipeline import Request, run

    def look() -> Report:
        result = run(request, tell)
        return _shown(result, known, changes, everything)

    with progress(quiet) as tell:
        folder = options.cache_folder(root, no_cache, cache_dir)
        request = Request(setting.root, config, folder, jobs, tuple(traces or ()))
        report = look()
        if fix and not diff and _mend(request.root, report):
            report = look()
    if diff:
        return _show_fixes(request.root, report)
    if not quiet:
        show_notices((*setting.notices, *report.notices), verbose)
    report = _with_hashes(setting.root, report, targets)
    for target in targets:
        render_to(report, target, verbose, time.monotonic() - began)
    worst = max((finding.level.rank for finding in report.findings), default=-1)
    return FOUND if worst >= config.fail_on.rank and not exit_zero else 0


def _baseline(setting: options.Setting, named: str | None) -> BaselineFile | None:
    """
    Raises:
        UsageError: it was asked for by name and is not there.
    """
    from commlint.store.baseline import load_baseline

    name = named or setting.config.baseline
    found = load_baseline(setting.root, name)
    if found is None and (named or name != Config().baseline):
        raise UsageError(f"{name}: there is no baseline; make one with commlint baseline create")
    return found


def _changes(root: Path, staged: bool, since: str | None) -> Changes | None:
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


def _shown(result: Result, known: BaselineFile | None, changes: Changes | None, everything: bool) -> Report:
    """The report of a run without what is known and what no change touches."""
    from commlint.check.baseline import against
    from commlint.check.touched import touched

    report = result.report
    if known is not None:
        today = datetime.date.today()
        report = against(report, known.baseline, known.lines, known.path, today, everything)
    if changes is not None:
        report = replace(report, findings=touched(report.findings, result.system, changes))
    return report


def _with_hashes(root: Path, report: Report, targets: Iterable[Destination]) -> Report:
    from commlint.report.line_hash import with_line_hashes
    from commlint.report.report import writers
    from commlint.store.sources import read_text

    if not any(writers()[target.format].carries_line_hashes for target in targets):
        return report
    return with_line_hashes(report, lambda path: read_text(root, path))


def _edits(root: Path, report: Report) -> tuple[Edit, ...]:
    """The edits that the findings carry."""
    from commlint.fix.fix import edits
    from commlint.store.sources import read_text

    return edits(report.findings, lambda path: read_text(root, path))


def _mend(root: Path, report: Report) -> bool:
    """Mend what the findings say can be mended; answers whether anything changed."""
    from commlint.store.sources import write_text

    made = _edits(root, report)
    for edit in made:
        write_text(root, edit.path, edit.after)
    if made:
        places, files = sum(edit.mended for edit in made), len(made)
        print(
            f"mended {places} {'place' if places == 1 else 'places'} in {files} {'file' if files == 1 else 'files'}",
            file=sys.stderr,
        )
    return bool(made)


def _show_fixes(root: Path, report: Report) -> int:
    """The edits as one diff on standard output; 1 when there are any."""
    made = _edits(root, report)
    for edit in made:
        say(edit.diff)
    return FOUND if made else 0


def _config(
    config: Config,
    select: list[str] | None,
    ignore: list[str] | None,
    fail_on: Level | None,
    confidence: Confidence | None,
) -> Config:
    """The configuration with what the command line says; rules selected there are the only ones."""
    if select:
        config = replace(config, extends=(), select=options.words(select))
    return replace(
        config,
        ignore=(*config.ignore, *options.words(ignore)),
        fail_on=fail_on or config.fail_on,
        confidence=confidence or config.confidence,
    )
