"""CL303."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from commlint.check.rule import Rule
from commlint.graph import Site, SystemGraph, sites
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import CallEdge, Confidence, Role, Step
from commlint.model.places import Region


@dataclass(frozen=True)
class BlockingCallInAsync(Rule):
    """
    A coroutine blocks the event loop it runs on.

    What it flags:
        A call through a blocking client, or a blocking sleep, that an async function runs on its own thread, itself
        or through ordinary functions it calls.

    Why it matters:
        While the call waits nothing else runs on the loop: every other request of the process stands still, health
        checks included.

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
        blocking = (
            entry
            for entry in graph.with_role(Role.CLIENT, Role.PRODUCER)
            if entry.operation.style == "blocking" and graph.code.coroutine_above(entry.operation.function) is not None
        )
        for site in sites(blocking):
            yield self._call(site, graph)
        sleeps: dict[Region, Step] = {}
        for step in graph.system.steps:
            if step.kind == "sleep" and step.style == "blocking":
                sleeps.setdefault(step.region, step)
        for _, step in sorted(sleeps.items(), key=lambda item: item[0]):
            way = graph.code.coroutine_above(step.function)
            if way is not None:
                name = f"a blocking sleep ({step.library})" if step.library else "a blocking sleep"
                yield self._finding(
                    name, step.function, step.region, way, {step.function: None}, (), Confidence.CERTAIN
                )

    def _call(self, site: Site, graph: SystemGraph) -> Finding:
        entry = site.operations[0].operation
        way = graph.code.coroutine_above(entry.function) or ()
        name = f"{site.titles} through {entry.library}" if entry.library else site.titles
        subjects = dict.fromkeys(site.subjects)
        return self._finding(
            name, entry.function, site.region, way, subjects, site.services, site.confidence, entry.via
        )

    def _finding(
        self,
        name: str,
        function: str,
        region: Region,
        way: tuple[CallEdge, ...],
        subjects: dict[str, None],
        services: tuple[str, ...],
        sure: Confidence,
        via: tuple[Region, ...] = (),
    ) -> Finding:
        coroutine = (way[0].caller if way else function).rpartition("::")[2]
        places = [call.region for call in way] + list(via)
        return self.finding(
            f"{name} blocks the event loop {coroutine} runs on",
            region,
            subjects,
            help="use an async client, or run it in a thread (asyncio.to_thread)",
            confidence=sure,
            related=[Related(place, "on the way from the coroutine") for place in places],
            services=services,
        )
