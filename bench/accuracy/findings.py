"""Findings against labelled sites, and sheets to label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.accuracy.systems import Document

_SLACK = 2
# What label files call the rules.
_RULES = {
    "CL101": "timeout", "CL201": "idempotency", "CL202": "dlq", "CL203": "ack", "CL204": "requeue",
    "CL303": "blocking-async", "CL302": "sync-in-consumer", "CL107": "retry", "CL108": "retry",
    "CL106": "circuit-breaker", "CL401": "correlation", "CL304": "request-reply", "CL105": "cycle",
    "CL104": "deep-chain",
}  # fmt: skip


@dataclass(slots=True)
class RuleScore:
    """Sites of one rule: how many faults were found, places that are none and were told, faults that were not."""

    found: int = 0
    false: list[str] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)


def score_findings(labels: Document, findings: Iterable[Document]) -> dict[str, RuleScore]:
    """
    By rule, as the labels call it; a site counts once, sites of unknown verdict not at all.

    A finding within the scope that no site explains is false: the scope is labelled to the last site.
    What is only `possible` is off by default, and does not count.
    """
    scores = {rule: RuleScore() for rule in labels["rules"]}
    hit: set[int] = set()
    stray: set[tuple[str, str, int]] = set()
    for finding in findings:
        rule = _RULES.get(finding["code"], finding["code"])
        if rule not in scores or finding["confidence"] == "possible" or not _inside(finding["path"], labels["scope"]):
            continue
        site = _nearest(labels["sites"], rule, finding)
        if site is None:
            stray.add((rule, finding["path"], finding["line"]))
        else:
            hit.add(site)
    for rule, path, line in sorted(stray):
        scores[rule].false.append(f"{path}:{line}: not labelled")
    for number, site in enumerate(labels["sites"]):
        score = scores.get(site["rule"])
        if score is None or "long-default" in site.get("tags", ()):
            continue
        told = f"{site['path']}:{site['line']}: {site.get('why', '')}"
        if site["verdict"] == "violation" and number in hit:
            score.found += 1
        elif site["verdict"] == "violation":
            score.misses.append(told)
        elif site["verdict"] == "ok" and number in hit:
            score.false.append(told)
    return scores


def sheet(findings: Iterable[Document], rules: Sequence[str]) -> Document:
    """Findings as a label file whose verdicts are still empty."""
    chosen = [each for each in findings if not rules or each["code"] in rules]
    return {
        "rules": sorted({_RULES.get(each["code"], each["code"]) for each in chosen}),
        "scope": sorted({each["path"] for each in chosen}),
        "sites": [_site(each) for each in chosen],
    }


def _site(finding: Document) -> dict[str, Any]:
    return {
        "path": finding["path"],
        "line": finding["line"],
        "end_line": finding["end_line"],
        "rule": _RULES.get(finding["code"], finding["code"]),
        "verdict": "",
        "why": "",
        "told": finding["message"],
    }


def _inside(path: str, scope: Iterable[str]) -> bool:
    return any(path == place.rstrip("/") or path.startswith(f"{place.rstrip('/')}/") for place in scope)


def _nearest(sites: Sequence[Document], rule: str, finding: Document) -> int | None:
    """The number of the site a finding is about: of those it overlaps, or nearly, the nearest."""
    best: tuple[int, int, int] | None = None
    for number, site in enumerate(sites):
        for place in (site, *site.get("alt", ())):
            if site["rule"] != rule or place["path"] != finding["path"]:
                continue
            first, last = place["line"], place.get("end_line", place["line"])
            gap = max(finding["line"] - last, first - (finding.get("end_line") or finding["line"]), 0)
            candidate = (gap, abs(finding["line"] - first), number)
            if gap <= _SLACK and (best is None or candidate < best):
                best = candidate
    return best[2] if best is not None else None
