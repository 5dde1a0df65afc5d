"""CL303."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.handlers import nameless
from commlint.check.mending import edit
from commlint.check.rule import Rule
from commlint.graph import Site, SystemGraph, sites
from commlint.graph.system import REMOTE
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import CallEdge, Role, Step
from commlint.model.places import Region
from commlint.model.system import ServiceOperation

_HELP = "use an async client, or run it in a thread (asyncio.to_thread)"
_ELSEWHERE = frozenset({"http", "grpc", "graphql", "rpc"})
"""Protocols whose clients may be used from another thread than the one that made them."""


@dataclass(frozen=True)
class BlockingCallInAsync(Rule):
    """
    A coroutine blocks the thread that it shares with others.

    What it flags:
        A call through a blocking client, a loop over what a blocking consumer receives, or a blocking sleep, that an
        async function runs on its own thread, itself or through ordinary functions it calls. A function is told once
        for all its calls of a blocking database driver.

    Why it matters:
        While the call waits nothing else runs on an event loop: every other request of the process stands still,
        health checks included. Where coroutines run on a pool of threads (C#), one thread less is left for all others.

    Example:
        ```python
        async def stock(sku: str) -> int:
            return requests.get(f"http://inventory/stock/{sku}", timeout=2).json()["count"]
        ```

    Instead:
        Use an async client, or let a thread wait.
        ```python
        async def stock(sku: str) -> int:
            response = await asyncio.to_thread(requests.get, f"http://inventory/stock/{sku}", timeout=2)
            return response.json()["count"]
        ```

    What it cannot see:
        Blocking work that no library model knows of, and callbacks it cannot follow. Plain functions that a
        framework runs in threads are not flagged.

    References:
        - https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code
        - https://fastapi.tiangolo.com/async/
    """

    code: ClassVar[str] = "CL303"
    level: ClassVar[Level] = Level.ERROR

    def check(self, graph: SystemGraph) -> Iterator[Finding]:
        for sites_told_together in _blocking_sites(graph):
            yield self._calls(sites_told_together, graph)
        sleeps: dict[Region, Step] = {}
        for step in graph.system.steps:
            if step.kind == "sleep" and step.style == "blocking":
                sleeps.setdefault(step.region, step)
        for _, step in sorted(sleeps.items(), key=lambda item: item[0]):
            way = graph.code.coroutine_above(step.function)
            if way is not None:
                sleep = f"a blocking sleep ({step.library})" if step.library else "a blocking sleep"
                yield self.finding(
                    f"{sleep} blocks the thread that {_coroutine(way, step.function)}",
                    step.region,
                    [step.function],
                    help=_HELP,
                    related=_on_the_way(call.region for call in way),
                    fix=None if way else edit(step.remedy, step.region),
                )

    def _calls(self, together: Site, graph: SystemGraph) -> Finding:
        entry = together.operations[0].operation
        way = graph.code.coroutine_above(entry.function) or ()
        others = sorted({each.operation.region for each in together.operations} - {together.region})
        return self.finding(
            f"{_through(together.titles, entry.library)} blocks the thread that {_coroutine(way, entry.function)}",
            together.region,
            together.subjects,
            help=_HELP,
            confidence=together.confidence,
            related=[
                *_on_the_way([*(call.region for call in way), *entry.via]),
                *(Related(region, "and here") for region in others),
            ],
            services=together.services,
            fix=None if way or entry.via or entry.protocol not in _ELSEWHERE else edit(entry.aside, together.region),
        )


def _blocking_sites(graph: SystemGraph) -> Iterator[Site]:
    """
    Where calls block a coroutine, sorted.

    A function that reads and writes a database is told once: it is the choice of the driver, not of each call.
    """
    blocking = (
        entry
        for entry in graph.with_role(Role.CLIENT, Role.PRODUCER, Role.CONSUMER)
        if entry.operation.style == "blocking"
        and (entry.operation.role is not Role.CONSUMER or _iterates(entry))
        and graph.code.coroutine_above(entry.operation.function) is not None
    )
    stores: dict[tuple[str, str], list[Site]] = defaultdict(list)
    for site in sites(blocking):
        operation = site.operations[0].operation
        if operation.role is not Role.CLIENT or operation.protocol in REMOTE:
            yield site
        else:
            stores[operation.function, operation.library].append(site)
    for together in stores.values():
        yield Site(together[0].region, tuple(entry for site in together for entry in site.operations))


def _iterates(consumer: ServiceOperation) -> bool:
    """Whether the function itself waits for messages in a loop; a callback is run by somebody else."""
    return consumer.operation.loop is not None and consumer.operation.loop.kind == "poll"


def _through(name: str, library: str) -> str:
    return f"{name} through {library}" if library else name


def _coroutine(way: tuple[CallEdge, ...], function: str) -> str:
    own = (way[0].caller if way else function).rpartition("::")[2]
    return f"{nameless(own) or own} shares with others"


def _on_the_way(regions: Iterable[Region]) -> list[Related]:
    return [Related(region, "on the way from the coroutine") for region in regions]
