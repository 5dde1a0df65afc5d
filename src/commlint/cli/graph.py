"""`commlint graph`: draw the system."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commlint.cli import options
from commlint.cli.destinations import require_writable, write
from commlint.cli.screen import progress, show_notices


def graph(
    root: options.Root = Path(),
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="How to draw, such as mermaid, dot, json or graphml.")
    ] = "mermaid",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; else stdout.")
    ] = None,
    level: Annotated[
        str, typer.Option("--level", metavar="LEVEL", help="What a node is: service or endpoint.")
    ] = "service",
    focus: Annotated[
        str | None, typer.Option("--focus", metavar="NAME", help="Only what is near this service, channel or external.")
    ] = None,
    depth: Annotated[int, typer.Option("--depth", min=0, help="How near: steps from the focus.")] = 1,
    infrastructure: Annotated[
        bool, typer.Option("--infrastructure", help="Databases, caches, brokers and their like are nodes too.")
    ] = False,
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    traces: options.Traces = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Draw which service calls, sends to and receives from which, with the findings marked."""
    from commlint.report.report import diagrams, draw, require
    from commlint.report.view import view

    options.speak_up(verbose)
    require(format_name, diagrams(), "graph format")
    if output is not None:
        require_writable(output)
    setting = options.setting(root, config_file, tests)

    from commlint.pipeline import Request, run

    with progress(quiet) as tell:
        folder = options.cache_folder(root, no_cache, cache_dir)
        request = Request(setting.root, setting.config, folder, jobs, tuple(traces or ()))
        result = run(request, tell)
        system, report = result.system, result.report
    drawing = draw(view(system, report.findings, level, focus, depth, infrastructure), format_name)
    if not quiet:
        show_notices((*setting.notices, *report.notices), verbose)
    write(drawing, output)
