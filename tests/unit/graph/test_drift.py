"""What was read against what traces saw."""

from __future__ import annotations

from commlint.graph import Coverage, drift, drift_of
from commlint.model.findings import DriftSummary
from commlint.model.operations import Confidence, Evidence
from commlint.model.system import Edge, Flow, System, Watched

CODED, SEEN = Evidence.CODED, Evidence.OBSERVED


def edge(source: str, target: str, *evidence: Evidence, kind: str = "sync", site: str = "") -> Edge:
    name = f"{source}-{target}-{site}"
    return Edge(name, kind, "http", site, f"service:{target}", source, target, None, Confidence.CERTAIN, evidence)


def test_edges_are_known_from_both_or_from_one_alone() -> None:
    """A declaration is as good as code."""
    assert drift_of(edge("a", "b", CODED, SEEN)) == "confirmed"
    assert drift_of(edge("a", "b", Evidence.DECLARED)) == "code-only"
    assert drift_of(edge("a", "b", SEEN)) == "trace-only"


def test_sums_tell_how_well_traces_looked() -> None:
    """Edges between the same two are one, and what a service leans on does not count."""
    system = System(
        edges=(
            edge("a", "b", CODED, SEEN, site="1"),
            edge("a", "b", CODED, site="2"),
            edge("a", "c", CODED, site="3"),
            edge("a", "d", CODED, site="4"),
            edge("a", "e", SEEN),
            edge("a", "database", CODED, kind="connect"),
        ),
        flows=(Flow("a", "entry", "3", ()), Flow("a", "never", "4", ())),
        traced=True,
        watched=Watched(entered=(("entry", 7),), orphans=0.25),
    )

    assert drift(system) == DriftSummary(confirmed=1, code_only=2, trace_only=1, watched=1, orphans=0.25)
    assert [Coverage(system).of(each) for each in system.edges] == [0, 0, 7, 0, 0, 0]


def test_nothing_is_said_without_traces() -> None:
    """Nobody looked."""
    assert drift(System(edges=(edge("a", "b", CODED),))) is None
