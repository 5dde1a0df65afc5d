"""`commlint traces`: what recordings say, without any code."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commlint.cli import options
from commlint.cli.destinations import require_writable
from commlint.cli.screen import progress, say, show_notices
from commlint.errors import UsageError

if TYPE_CHECKING:
    from commlint.model.observations import Observations

Spark = Annotated[
    str,
    typer.Option(
        "--spark",
        metavar="MASTER",
        help="Read the recordings on this Spark cluster (spark://HOST:7077, yarn), whose machines see them too.",
    ),
]

app = typer.Typer(no_args_is_help=True, help="Read recorded traces, and sum them up.")

Files = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="Recordings and observations; patterns are understood.")
]


@app.command("ingest")
def ingest(
    files: Files,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the observations.")],
    spark: Spark = "",
    jobs: options.Jobs = 0,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """
    Sum traces up into a small file that --traces takes in their place.

    Such files can be given again: those of several days or clusters become one.
    """
    from commlint.store.observations import write_observations

    require_writable(output)
    found = _observed(files, jobs, False, spark, quiet, verbose)
    write_observations(output, found)


@app.command("stats")
def stats(
    files: Files,
    format_name: options.Inventory = "text",
    histogram: Annotated[
        bool, typer.Option("--histogram", help="Percentiles of a histogram, 0.4 % from the exact ones, in less memory.")
    ] = False,
    spark: Spark = "",
    jobs: options.Jobs = 0,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show which operation called which, how often, how slowly and with how many errors; depths and orphans."""
    options.require_inventory(format_name)
    found = _observed(files, jobs, not histogram, spark, quiet, verbose)

    from commlint.observe.statistics import statistics
    from commlint.report.traces import as_text

    document = statistics(found)
    say(json.dumps(document, indent=1, ensure_ascii=False) + "\n" if format_name == "json" else as_text(document))


def _observed(files: list[str], jobs: int, exact: bool, spark: str, quiet: bool, verbose: bool) -> Observations:
    from commlint.observing import observed, trace_sources

    options.speak_up(verbose)
    if spark:
        # Where it is not said, Spark takes any Python that is called python3.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    sources = trace_sources(files, Path())
    with progress(quiet) as tell:
        tell("reading traces", 0, 0)
        found = observed(sources, jobs, exact, spark)
    if not quiet:
        show_notices(found.notices, verbose)
    if not found.totals.spans:
        raise UsageError("no spans in what was given; see the notices, or `commlint traces --help`")
    return found
