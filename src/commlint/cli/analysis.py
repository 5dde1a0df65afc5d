"""What every command that only looks does first: analyse the folder, and tell what was noticed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commlint.cli import options
from commlint.cli.screen import progress, show_notices

if TYPE_CHECKING:
    from commlint.pipeline import Result


def analysed(
    root: Path,
    config_file: Path | None,
    no_cache: bool,
    cache_dir: Path | None,
    jobs: int,
    tests: bool,
    quiet: bool,
    verbose: bool,
    traces: list[str] | None = None,
) -> Result:
    """The result of a run over the folder; raises as the pipeline does."""
    setting = options.setting(root, config_file, tests)
    return analysed_as(setting, no_cache, cache_dir, jobs, quiet, verbose, traces)


def analysed_as(
    setting: options.Setting,
    no_cache: bool,
    cache_dir: Path | None,
    jobs: int,
    quiet: bool,
    verbose: bool,
    traces: list[str] | None = None,
) -> Result:
    """The same with a configuration that is settled."""
    from commlint.pipeline import Request, run

    with progress(quiet) as tell:
        folder = options.cache_folder(setting.root, no_cache, cache_dir)
        result = run(Request(setting.root, setting.config, folder, jobs, tuple(traces or ())), tell)
    if not quiet:
        show_notices((*setting.notices, *result.report.notices), verbose)
    return result
