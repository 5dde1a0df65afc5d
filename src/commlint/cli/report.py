"""`commlint report`: a saved run written again in other formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from commlint.cli.destinations import Destination, destinations, write
from commlint.cli.screen import is_terminal, wants_color, width
from commlint.errors import UsageError
from commlint.model.findings import Report


def report(
    saved: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A report that check --output-format json:FILE has saved; - is stdin."),
    ],
    output_format: Annotated[
        list[str] | None,
        typer.Option("--output-format", "-f", metavar="NAME[:FILE]", help="As for check. [default: text]"),
    ] = None,
) -> None:
    """Write a saved report again, in any format, without looking at the code."""
    from commlint.report.saved import saved_report

    targets = destinations(output_format or ["text"])
    try:
        source = sys.stdin.buffer.read() if str(saved) == "-" else saved.read_bytes()
    except OSError as error:
        raise UsageError(f"{saved}: cannot be read ({error.strerror}); name a saved report") from error
    found = saved_report(source, str(saved))
    for target in targets:
        render_to(found, target)


def render_to(report: Report, target: Destination, verbose: bool = False, elapsed: float | None = None) -> None:
    """
    A report written where it belongs, as wide and coloured as that place shows it.

    Args:
        elapsed: seconds the run took.
    """
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
