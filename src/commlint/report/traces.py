"""The statistics of traces for a person."""

from __future__ import annotations

from typing import Any, Final

from commlint.report.escaping import visible

_COUNTS: Final = {
    "errors": "errors",
    "retries": "retries",
    "redeliveries": "redeliveries",
    "max_fanout": "calls by one request at most",
}


def as_text(document: dict[str, Any]) -> str:
    """The document of `commlint traces stats` in words, edges with the most calls first."""
    totals = document["totals"]
    lines = [", ".join(f"{count} {name}" for name, count in totals.items()), ""]
    for edge in sorted(document["edges"], key=lambda each: (-each["calls"], str(each))):
        caller, callee = (f"{edge[side + '_service']} {edge[side + '_op']}".strip() for side in ("caller", "callee"))
        lines.append(f"{caller} -> {callee} ({edge['kind']})")
        figures = [f"{edge['calls']} calls", f"p50 {_time(edge['p50'])}", f"p95 {_time(edge['p95'])}"]
        figures.append(f"p99 {_time(edge['p99'])}")
        for key, name in _COUNTS.items():
            if edge[key] > (key == "max_fanout"):
                figures.append(f"{edge[key]} {name}")
        lines.append(f"  {', '.join(figures)}")
    depths = document["trace_depth_histogram"]
    lines += ["", "hops in a row: " + ", ".join(f"{depth} in {count} traces" for depth, count in depths.items())]
    lines += [f"without parent: {each['service']} {each['op']}, {each['spans']} spans" for each in document["orphans"]]
    return "".join(f"{line}\n" for line in map(visible, lines))


def _time(nanoseconds: int) -> str:
    for unit, length in (("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)):
        if nanoseconds >= length:
            return f"{nanoseconds / length:.3g} {unit}"
    return f"{nanoseconds} ns"
