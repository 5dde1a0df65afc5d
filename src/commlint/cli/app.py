"""The commands put together, and what becomes of errors: 0 clean, 1 findings, 2 could not do the work."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from commlint import __version__
from commlint.cli import (
    baseline,
    channels,
    check,
    config,
    explain,
    graph,
    init,
    receive,
    report,
    routes,
    rule,
    services,
    traces,
    unresolved,
    version,
)
from commlint.cli.screen import NobodyReads, complain, say
from commlint.errors import CommlintError

COULD_NOT = 2
INTERRUPTED = 130
NOBODY_READS = 141

app = typer.Typer(
    name="commlint",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(init.init)
app.command("check")(check.check)
app.add_typer(baseline.app, name="baseline")
app.command("report")(report.report)
app.command("graph")(graph.graph)
app.command("services")(services.services)
app.command("channels")(channels.channels)
app.command("routes")(routes.routes)
app.command("explain")(explain.explain)
app.command("unresolved")(unresolved.unresolved)
app.command("rule")(rule.rule)
app.add_typer(traces.app, name="traces")
app.command("record", context_settings={"allow_interspersed_args": False})(receive.record)
app.command("receive")(receive.receive)
app.command("config")(config.config)
app.command("version")(version.version)


def _show_version(asked: bool) -> None:
    if asked:
        say(f"commlint {__version__}\n")
        raise typer.Exit


@app.callback()
def commlint(
    asked_version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """
    A linter and architecture analyzer for the communication between services.

    Reads code, deployment files and traces, and builds one graph of who calls, sends and receives what.
    """


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; answers its exit code, and prints what went wrong."""
    # Facts are many small objects without cycles: looking for garbage among them took a third of a run.
    gc.set_threshold(200_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets its escape, not a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        answer = app(args=list(arguments), standalone_mode=False)
    except CommlintError as error:
        complain(str(error))
        return COULD_NOT
    except (KeyboardInterrupt, typer.Abort):
        complain("interrupted")
        return INTERRUPTED
    except NobodyReads:
        return NOBODY_READS
    except Exception as error:
        # What the command line itself finds wrong with its arguments knows how to say so.
        show = getattr(error, "show", None)
        if show is not None:
            show()
        else:
            traceback.print_exc()
        return COULD_NOT
    return answer if isinstance(answer, int) else 0
