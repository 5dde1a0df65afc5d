"""From the trace files a person names to observations, whatever those files hold."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from commlint.model.observations import Observations, TraceSource
from commlint.store import traces
from commlint.store.observations import holds_observations, read_observations


def trace_sources(named: Sequence[str], root: Path) -> tuple[TraceSource, ...]:
    """
    What paths, patterns and URLs name, as `store.traces` says; of a server no more is asked than counts.

    Raises:
        UsageError: a path or pattern names nothing, or a URL what cannot be read here.
    """
    from commlint.observe.conventions import WANTED

    return traces.trace_sources(named, root, WANTED)


def observed(sources: Sequence[TraceSource], processes: int = 0, exact: bool = False, spark: str = "") -> Observations:
    """
    What recorded traces and observations of earlier runs say together.

    Args:
        spark: the master of the cluster that reads the traces, "" for this machine.

    Raises:
        CommlintError: a file of observations cannot be used, or the cluster cannot.
    """
    from commlint.observe.observe import merge, observe

    kept = [source for source in sources if holds_observations(source)]
    found = [read_observations(source) for source in kept]
    raw = [source for source in sources if source not in kept]
    if spark and raw:
        from commlint.observe.spark import observe_on_spark

        found.append(observe_on_spark(spark, raw, exact))
    elif raw or not found:
        with tempfile.TemporaryDirectory(prefix="commlint-") as folder:
            found.append(observe(raw, Path(folder), processes, exact))
    return reduce(merge, found)
