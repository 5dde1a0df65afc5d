"""`commlint check`: analyse a folder and report findings."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from commlint.cli import mending, options, selection
from commlint.cli.baseline import ADOPTED
from commlint.cli.destinations import Destination, destinations
from commlint.cli.mending import FOUND
from commlint.cli.report import render_to
from commlint.cli.screen import progress, show_notices
from commlint.cli.selection import Selection
from commlint.model.config import Config
from commlint.model.findings import Level, Report
from commlint.model.operations import Confidence


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
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: also what may change more than the fault.")
    ] = False,
    show_fixes: Annotated[bool, typer.Option("--show-fixes", help="Tell what could be mended, and how.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")] = False,
    add_ignores: Annotated[
        bool, typer.Option("--add-ignores", help="Write a comment that silences it at each finding, with --reason.")
    ] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="What these comments give as the reason.")
    ] = ADOPTED,
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
    selected = Selection(
        known=None if no_baseline else selection.baseline(setting, baseline),
        changes=selection.changes(setting.root, changed_only, since),
        everything=config.confidence.rank <= setting.config.confidence.rank,
    )

    from commlint.pipeline import Request, run

    folder = options.cache_folder(root, no_cache, cache_dir)
    request = Request(setting.root, config, folder, jobs, tuple(traces or ()))
    with progress(quiet) as tell:
        report = selected.of(run(request, tell))
        if fix and not diff and mending.mend(request.root, report, unsafe_fixes):
            report = selected.of(run(request, tell))
        if add_ignores and mending.add_ignores(request.root, report, reason):
            report = selected.of(run(request, tell))
    if diff:
        return mending.show_diff(request.root, report, unsafe_fixes)
    if not quiet:
        show_notices((*setting.notices, *report.notices), verbose)
    if show_fixes:
        mending.show_fixes(report)
    report = _with_hashes(setting.root, report, targets)
    for target in targets:
        render_to(report, target, verbose, time.monotonic() - began)
    worst = max((finding.level.rank for finding in report.findings), default=-1)
    return FOUND if worst >= config.fail_on.rank and not exit_zero else 0


def _with_hashes(root: Path, report: Report, targets: Iterable[Destination]) -> Report:
    from commlint.report.line_hash import with_line_hashes
    from commlint.report.report import writers
    from commlint.store.sources import read_text

    if not any(writers()[target.format].carries_line_hashes for target in targets):
        return report
    return with_line_hashes(report, lambda path: read_text(root, path))


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
