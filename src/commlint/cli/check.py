"""`commlint check`: analyse a folder and report findings."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commlint.cli import options
from commlint.cli.destinations import Destination, destinations, write
from commlint.cli.screen import is_terminal, progress, say, show_notices, wants_color, width
from commlint.model.config import Config
from commlint.model.findings import Level, Report
from commlint.model.operations import Confidence

if TYPE_CHECKING:
    from commlint.fix.fix import Edit

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

    from commlint.pipeline import Request, run

    with progress(quiet) as tell:
        folder = options.cache_folder(root, no_cache, cache_dir)
        request = Request(setting.root, config, folder, jobs, tuple(traces or ()))
        report = run(request, tell).report
        if fix and not diff and _mend(request.root, report):
            report = run(request, tell).report
    if diff:
        return _show_fixes(request.root, report)
    if not quiet:
        show_notices((*setting.notices, *report.notices), verbose)
    for target in targets:
        _render(report, target, verbose, time.monotonic() - began)
    worst = max((finding.level.rank for finding in report.findings), default=-1)
    return FOUND if worst >= config.fail_on.rank and not exit_zero else 0


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


def _render(report: Report, target: Destination, verbose: bool, elapsed: float) -> None:
    from commlint.report.port import RenderOptions
    from commlint.report.report import render

    on_screen = target.file is None and is_terminal(sys.stdout)
    shown = RenderOptions(
        width=width() if on_screen else RenderOptions().width,
        color=target.file is None and wants_color(sys.stdout),
        verbose=verbose,
        # Only for a person: what goes into a file is the same each time.
        elapsed=elapsed if on_screen else None,
    )
    write(render(report, target.format, shown), target.file)
