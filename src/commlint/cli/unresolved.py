"""`commlint unresolved`: the calls that lead nowhere known, by reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from commlint.cli import options
from commlint.cli.analysis import analysed
from commlint.cli.screen import say
from commlint.report.escaping import visible

if TYPE_CHECKING:
    from commlint.model.system import System, UnresolvedCall

PLACES_SHOWN = 10


def unresolved(
    root: options.Root = Path(),
    config_file: options.ConfigFile = None,
    no_cache: options.NoCache = False,
    cache_dir: options.CacheDir = None,
    jobs: options.Jobs = 0,
    tests: options.Tests = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """List the outbound calls whose target could not be bound, by reason, with the line that would bind them."""
    options.speak_up(verbose)
    result = analysed(root, config_file, no_cache, cache_dir, jobs, tests, quiet, verbose)
    say("".join(f"{line}\n" for line in _lines(result.system, verbose)))


def _lines(system: System, everything: bool) -> Iterator[str]:
    by_reason: dict[tuple[str, str], list[UnresolvedCall]] = defaultdict(list)
    for call in system.unresolved:
        by_reason[call.reason, call.hint].append(call)
    for (reason, hint), calls in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"{visible(reason)}"
        yield from _places(calls, everything)
        yield f"  bind it: {visible(hint)}"
        yield ""
    outgoing = {edge.source for edge in system.edges if edge.source} | {call.operation for call in system.unresolved}
    count = len({call.operation for call in system.unresolved})
    yield f"{count} of {len(outgoing)} calls, sends and receives lead nowhere known"


def _places(calls: Iterable[UnresolvedCall], everything: bool) -> Iterator[str]:
    """Each place once, however many services run it."""
    services: dict[tuple[str, str], list[str]] = defaultdict(list)
    for call in calls:
        services[str(call.region), call.label].append(call.service)
    rows = sorted(services.items())
    for (place, label), names in rows if everything else rows[:PLACES_SHOWN]:
        yield f"  {visible(place)}  {visible(label)}  ({visible(', '.join(sorted(set(names))))})"
    if len(rows) > PLACES_SHOWN and not everything:
        yield f"  and {len(rows) - PLACES_SHOWN} more; see them with --verbose"
