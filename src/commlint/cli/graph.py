"""`commlint graph`: draw the system."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commlint.cli import options
from commlint.cli.destinations import require_writable, write
from commlint.cli.screen import progress, show_notices
from commlint.errors import NothingToAnalyse

if TYPE_CHECKING:
    from commlint.model.system import System
    from commlint.pipeline import Request
    from commlint.report.view import GraphView


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
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REF", help="Only what differs from where the work on REF parted from here."),
    ] = None,
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
    from commlint.report.comparison import comparison
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
        earlier = _earlier(request, since, config_file) if since else None

    def picture(of: System) -> GraphView:
        return view(of, report.findings, level, focus, depth, infrastructure)

    shown = picture(system) if earlier is None else comparison(earlier, system, picture, str(since))
    drawing = draw(shown, format_name)
    if not quiet:
        show_notices((*setting.notices, *report.notices), verbose)
    write(drawing, output)


def _earlier(request: Request, since: str, config_file: Path | None) -> System:
    """
    The system as it was where the work on `since` parted, with the configuration of that time unless one is named.

    Raises:
        UsageError: git does not know that commit.
        ConfigurationError: the configuration of that time cannot be used.
    """
    from commlint.model.system import System
    from commlint.pipeline import run
    from commlint.store.config import load_config
    from commlint.store.git import export, parting

    with tempfile.TemporaryDirectory(prefix="commlint-") as name:
        folder = Path(name)
        export(request.root, parting(request.root, since), folder, request.config.limits.file_size)
        config = request.config if config_file else replace(load_config(folder).config, tests=request.config.tests)
        try:
            return run(replace(request, root=folder, config=config, cache=None, traces=())).system
        except NothingToAnalyse:
            return System()
