"""`commlint init`: from nothing to a configuration and a baseline."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commlint.cli import options
from commlint.cli.analysis import analysed
from commlint.cli.baseline import ADOPTED, entries
from commlint.cli.destinations import write
from commlint.cli.screen import is_terminal, say
from commlint.model.baseline import Baseline
from commlint.report.escaping import visible
from commlint.report.totals import count, found

if TYPE_CHECKING:
    from commlint.model.system import System

FILE = "commlint.toml"
SERVICES_SHOWN = 20


def init(
    root: options.Root = Path(),
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write what is proposed without asking.")] = False,
    baseline: Annotated[
        bool, typer.Option("--baseline/--no-baseline", help="Offer to write down the findings there are.")
    ] = True,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Look at a folder, show the services in it, and propose a configuration and a baseline of what there is."""
    from commlint.report.proposal import proposal
    from commlint.store.baseline import write_baseline

    options.speak_up(verbose)
    setting = options.setting(root, None)
    result = analysed(root, None, no_cache, cache_dir, jobs, False, quiet, verbose)
    say("".join(f"{line}\n" for line in _services(result.system)))
    if setting.file is not None:
        say(f"\n{setting.file} is there already and stays as it is\n")
    elif _agreed(f"\n{proposal(result.system)}\nwrite this to {FILE}?", yes):
        write(proposal(result.system), setting.root / FILE)
        say(f"{FILE} written\n")
    findings, name = result.report.findings, setting.config.baseline
    say(f"\n{found(result.report)}; see them with: commlint check\n")
    if not baseline or not findings:
        return
    if (setting.root / name).exists():
        say(f"{name} is there already and stays as it is; change it with commlint baseline update\n")
    elif _agreed(f"write them to {name}, so that only new ones are reported?", yes):
        write_baseline(setting.root, name, Baseline(findings=tuple(entries(findings, ADOPTED))))
        say(f"{name} written\n")


def _agreed(question: str, yes: bool) -> bool:
    """Whether the person says yes; where nobody can be asked the answer is no, and how to say yes is told."""
    if yes:
        return True
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        say(f"{question} (not written: say yes with --yes)\n")
        return False
    return typer.confirm(question, default=True)


def _services(system: System) -> Iterator[str]:
    from commlint.model.system import INFRASTRUCTURE

    services = [service for service in system.services if service.kind not in INFRASTRUCTURE]
    yield (
        f"{count(len(services), 'service')}, {count(len(system.endpoints), 'endpoint')}, "
        f"{count(len(system.channels), 'channel')}:"
    )
    for service in services[:SERVICES_SHOWN]:
        code = ", ".join(visible(folder or ".") for folder in service.roots) or "code not found"
        yield f"  {visible(service.name)}  ({code})"
    if len(services) > SERVICES_SHOWN:
        yield f"  and {len(services) - SERVICES_SHOWN} more; see them with: commlint services"
