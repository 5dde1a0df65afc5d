"""Views of a system and questions to it; rules, writers and commands see a system through this."""

from commlint.graph.code import CodeGraph
from commlint.graph.drift import TALKING, Coverage, drift, drift_of, drift_of_all
from commlint.graph.hops import Chain, Cycle, Hop
from commlint.graph.numbers import number, tries
from commlint.graph.sites import Site, sites
from commlint.graph.system import SystemGraph
from commlint.graph.waits import Wait, longest_waits

__all__ = [
    "TALKING",
    "Chain",
    "CodeGraph",
    "Coverage",
    "Cycle",
    "Hop",
    "Site",
    "SystemGraph",
    "Wait",
    "drift",
    "drift_of",
    "drift_of_all",
    "longest_waits",
    "number",
    "sites",
    "tries",
]  # fmt: skip
