"""`commlint explain`: what one line was understood to be, and how."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from commlint.cli import options
from commlint.cli.screen import progress, say, show_notices
from commlint.errors import UsageError

PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+)(?::\d+)?")


def explain(
    place: Annotated[
        str, typer.Argument(metavar="FILE:LINE", help="The place, as findings show it: relative to PATH, or a path.")
    ],
    root: options.Root = Path(),
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show what a line was understood to be: symbols, values, each policy with its source, and where it leads."""
    from commlint.pipeline import Request, explain_line
    from commlint.report.explanation import text

    options.speak_up(verbose)
    setting = options.setting(root, config_file, tests)
    path, line = _place(place, setting.root)
    with progress(quiet) as tell:
        request = Request(setting.root, setting.config, options.cache_folder(root, no_cache, cache_dir), jobs)
        explanation = explain_line(request, path, line, tell)
    if not quiet:
        show_notices(setting.notices, verbose)
    say(text(explanation))


def _place(written: str, root: Path) -> tuple[str, int]:
    """
    The file, relative to the root, and the line.

    Raises:
        UsageError: it is no place, or there is no such file below the root.
    """
    found = PLACE.fullmatch(written)
    if found is None:
        raise UsageError(f"{written}: is no place; name a file and a line, such as orders/app.py:12")
    named, line = Path(found["path"]), int(found["line"])
    if not named.is_absolute() and ".." not in named.parts and (root / named).is_file():
        return named.as_posix(), line
    if named.is_file() and named.resolve().is_relative_to(root.resolve()):
        return named.resolve().relative_to(root.resolve()).as_posix(), line
    raise UsageError(f"{named}: there is no such file in {root}")
