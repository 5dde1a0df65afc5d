"""`commlint services`: what was found to be a service, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from commlint.cli import options
from commlint.cli.analysis import analysed
from commlint.cli.screen import say
from commlint.report.escaping import visible

if TYPE_CHECKING:
    from commlint.model.system import Service, System

PLACES_SHOWN = 5


def services(
    root: options.Root = Path(),
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    traces: options.Traces = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List the services that were found, where their code is, what they are called, and what says so."""
    options.speak_up(verbose)
    result = analysed(root, config_file, no_cache, cache_dir, jobs, tests, quiet, verbose, traces)
    for service in result.system.services:
        say("".join(f"{line}\n" for line in _lines(service, result.system, verbose)))


def _lines(service: Service, system: System, everything: bool) -> Iterator[str]:
    yield f"{visible(service.name)} ({visible(service.kind)})"
    endpoints = sum(endpoint.service == service.name for endpoint in system.endpoints)
    calls = sum(edge.source_service == service.name for edge in system.edges)
    if endpoints or calls:
        yield f"  endpoints {endpoints}, edges to others {calls}"
    aliases = [alias for alias in service.aliases if alias != service.name]
    if aliases:
        yield f"  called    {', '.join(map(visible, aliases))}"
    yield f"  code in   {', '.join(visible(root or '.') for root in service.roots) or '(not found)'}"
    places = [visible(str(region)) for region in service.why]
    shown = places if everything else places[:PLACES_SHOWN]
    more = f" and {len(places) - len(shown)} more" if len(places) > len(shown) else ""
    yield f"  because   {', '.join(shown) or service.evidence.value}{more}"
