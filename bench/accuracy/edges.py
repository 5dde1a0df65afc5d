"""Edges between services against truth: found, made up, missed, and why missed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import PurePath

from bench.accuracy.names import Names
from bench.accuracy.systems import Document

_SERVICES = frozenset({"service", "gateway", "frontend", "auth"})
_LANGUAGES = {
    ".py": "Python", ".js": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript", ".jsx": "JavaScript",
    ".ts": "TypeScript", ".tsx": "TypeScript", ".go": "Go", ".java": "Java", ".kt": "Kotlin", ".cs": "C#",
    ".php": "PHP", ".rb": "Ruby", ".rs": "Rust", ".cc": "C++", ".cpp": "C++",
}  # fmt: skip

_NO_CODE = "no code"
"""Gateways, pages and proxies whose edges stand in files around the code."""

Pair = tuple[str, str]


@dataclass(slots=True)
class EdgeScore:
    """
    Counts of one system, by the language of the caller too; `misses`: each missed edge with why.

    `calls`, `unresolved`: outbound calls of all services, and those whose target is not known.
    """

    found: int = 0
    false: list[str] = field(default_factory=list)
    misses: dict[str, str] = field(default_factory=dict)
    languages: dict[str, list[int]] = field(default_factory=dict)
    calls: int = 0
    unresolved: int = 0


def score_edges(truth: Document, graph: Document) -> EdgeScore:
    """Directed pairs of services; what the truth calls optional, or of another kind, is neither right nor wrong."""
    names = Names(truth["services"])
    meant = {each["name"]: names.meant([each["name"], *each.get("aliases", ())]) for each in graph["services"]}
    kinds = {service["name"]: service["kind"] for service in truth["services"]}
    optional = {service["name"] for service in truth["services"] if service.get("optional")}
    wanted, open_ = _wanted(truth, optional)
    predicted = {(each["source"], each["target"]) for each in graph["edges"] if each["source"] != each["target"]}
    services = {each["name"] for each in graph["services"] if each["kind"] in _SERVICES}
    pairs: dict[Pair, Pair] = {}
    for source, target in sorted(predicted):
        if source in services and target in services:
            pairs.setdefault((meant.get(source) or f"?{source}", meant.get(target) or f"?{target}"), (source, target))
    score = EdgeScore()
    languages = _languages(graph, meant)
    for pair in wanted:
        counts = score.languages.setdefault(languages.get(pair[0], _NO_CODE), [0, 0, 0])
        if pair in pairs:
            score.found += 1
            counts[0] += 1
        else:
            score.misses[" → ".join(pair)] = _reason(pair, pairs, meant, graph)
            counts[2] += 1
    for pair in pairs:
        ends = [kinds.get(end, "service") for end in pair]
        doubtful = pair in open_ or not optional.isdisjoint(pair) or pair[0] == pair[1]
        if pair not in wanted and not doubtful and _SERVICES.issuperset(ends):
            score.false.append(" → ".join(pair))
            score.languages.setdefault(languages.get(pair[0], _NO_CODE), [0, 0, 0])[1] += 1
    outbound = [each for each in graph["operations"] if each["role"] in ("client", "producer")]
    score.calls, score.unresolved = len(outbound), len(graph["unresolved"])
    return score


def _wanted(truth: Document, optional: set[str]) -> tuple[list[Pair], set[Pair]]:
    """The pairs that must be found, and those about which nothing is said."""
    wanted: dict[Pair, None] = {}
    open_: set[Pair] = set()
    for edge in truth["edges"]:
        pair = (edge["from"], edge["to"])
        doubtful = edge.get("optional") or not optional.isdisjoint(pair) or not edge.get("static", True)
        if edge.get("category", "business") == "business" and not doubtful and pair[0] != pair[1]:
            wanted[pair] = None
        else:
            open_.add(pair)
    return list(wanted), open_


def _languages(graph: Document, meant: dict[str, str | None]) -> dict[str, str]:
    """The language most operations of a service are written in."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in graph["operations"]:
        language = _LANGUAGES.get(PurePath(each["file"]).suffix)
        if language:
            counts[meant.get(each["service"]) or each["service"]][language] += 1
    return {
        service: sorted(found.items(), key=lambda item: (-item[1], item[0]))[0][0] for service, found in counts.items()
    }


def _reason(pair: Pair, pairs: dict[Pair, Pair], meant: dict[str, str | None], graph: Document) -> str:
    """Why an edge was missed, as far as what was told shows."""
    source, target = pair
    here = {name for name, known in meant.items() if known == source}
    there = {name for name, known in meant.items() if known == target}
    if not here or not there:
        return "caller not found" if not here else "callee not found"
    if (target, source) in pairs:
        return "found the other way round"
    ledger = sorted({_kind(each["reason"]) for each in graph["unresolved"] if each["service"] in here})
    if ledger:
        return f"unresolved: {', '.join(ledger)}"
    if any(known == source for known, _ in pairs):
        return "the caller calls others only"
    seen = {each["role"] for each in graph["operations"] if each["service"] in here}
    return "nothing seen that the caller sends" if seen.isdisjoint({"client", "producer"}) else "leads elsewhere"


def _kind(reason: str) -> str:
    """A reason without the names of one site."""
    return re.split(r" `| of |,", reason, maxsplit=1)[0]
