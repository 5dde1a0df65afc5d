"""Results as a small file, and what became worse since one was kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bench.accuracy.edges import EdgeScore
from bench.accuracy.findings import RuleScore


@dataclass(frozen=True, slots=True)
class Results:
    """Scores by system; those of rules by rule below it."""

    edges: dict[str, EdgeScore]
    rules: dict[str, dict[str, RuleScore]]

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Results:
        document = json.loads(text)
        rules = {name: {rule: RuleScore(**each) for rule, each in by.items()} for name, by in document["rules"].items()}
        return cls({name: EdgeScore(**each) for name, each in document["edges"].items()}, rules)


def ratios(found: int, false: int, missed: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 1 where there is nothing to be wrong about."""
    precision = found / (found + false) if found + false else 1.0
    recall = found / (found + missed) if found + missed else 1.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def worse(now: Results, before: Results) -> list[str]:
    """One line for each edge and figure that was right before and is not now."""
    return [*_edges(now, before), *_rules(now, before)]


def _edges(now: Results, before: Results) -> Iterator[str]:
    for name, score in sorted(now.edges.items()):
        old = before.edges.get(name)
        if old is None:
            continue
        for edge, reason in sorted(score.misses.items()):
            if edge not in old.misses:
                yield f"{name}: {edge} is missed now: {reason}"
        for edge in sorted(set(score.false) - set(old.false)):
            yield f"{name}: {edge} is made up now"


def _rules(now: Results, before: Results) -> Iterator[str]:
    for name, by in sorted(now.rules.items()):
        for rule, score in sorted(by.items()):
            old = before.rules.get(name, {}).get(rule)
            if old is not None:
                yield from (f"{name}: {rule}: missed now: {site}" for site in score.misses if site not in old.misses)
                yield from (f"{name}: {rule}: false now: {site}" for site in score.false if site not in old.false)
