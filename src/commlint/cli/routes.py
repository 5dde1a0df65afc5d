"""`commlint routes`: every rule of a mesh or gateway, with its timeout, retries and outlier detection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commlint.cli import options
from commlint.cli.analysis import analysed
from commlint.cli.screen import say


def routes(
    root: options.Root = Path(),
    format_name: options.Inventory = "text",
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: Annotated[bool, typer.Option("--tests/--no-tests", help="List those made for tests too.")] = True,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List the routes of meshes and gateways: timeout, retries, outlier detection, file and line."""
    from commlint.report.inventory import as_json, as_text
    from commlint.report.routes import COLUMNS, NULL, route_rows

    options.speak_up(verbose)
    options.require_inventory(format_name)
    result = analysed(root, config_file, no_cache, cache_dir, jobs, tests, quiet, verbose)
    rows = route_rows(result.system)
    say(as_json("routes", rows, NULL) if format_name == "json" else as_text(rows, COLUMNS))
