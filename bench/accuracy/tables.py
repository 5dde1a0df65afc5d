"""Results for a person: by system, by language, by reason of a miss, by rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from bench.accuracy.results import Results, ratios
from rich.console import Console
from rich.table import Table

_FIGURES = ("found", "false", "missed", "precision", "recall", "F1")


def show(results: Results, console: Console) -> None:
    """Prints what there is."""
    if results.edges:
        _systems(results, console)
        _languages(results, console)
        _reasons(results, console)
    if results.rules:
        _rules(results, console)


def _table(title: str, first: str, *more: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first, overflow="fold")
    for name in (*_FIGURES, *more):
        table.add_column(name, justify="right")
    return table


def _row(table: Table, name: str, found: int, false: int, missed: int, *more: str) -> None:
    figures = (f"{ratio:.3f}" for ratio in ratios(found, false, missed))
    table.add_row(name, str(found), str(false), str(missed), *figures, *more)


def _systems(results: Results, console: Console) -> None:
    table = _table("edges between services", "system", "unresolved calls")
    totals = [0, 0, 0, 0, 0]
    for name, score in sorted(results.edges.items()):
        counts = (score.found, len(score.false), len(score.misses))
        _row(table, name, *counts, _share(score.unresolved, score.calls))
        totals = [sum(pair) for pair in zip(totals, (*counts, score.unresolved, score.calls), strict=True)]
    table.add_section()
    _row(table, "all", *totals[:3], _share(*totals[3:]))
    console.print(table)


def _languages(results: Results, console: Console) -> None:
    table = _table("by language of the caller", "language")
    _sums(
        table, ((language, counts) for score in results.edges.values() for language, counts in score.languages.items())
    )
    console.print(table)


def _reasons(results: Results, console: Console) -> None:
    table = Table(title="missed edges", title_justify="left")
    table.add_column("why")
    table.add_column("edges", justify="right")
    table.add_column("such as")
    reasons: Counter[str] = Counter()
    example: dict[str, str] = {}
    for name, score in sorted(results.edges.items()):
        for edge, reason in sorted(score.misses.items()):
            reasons[reason] += 1
            example.setdefault(reason, f"{name}: {edge}")
    for reason, count in reasons.most_common():
        table.add_row(reason, str(count), example[reason])
    console.print(table)


def _rules(results: Results, console: Console) -> None:
    table = _table("labelled sites", "rule")
    _sums(
        table,
        ((rule, (s.found, len(s.false), len(s.misses))) for by in results.rules.values() for rule, s in by.items()),
    )
    console.print(table)

    for name, by in sorted(results.rules.items()):
        for rule, score in sorted(by.items()):
            for kind, places in (("false", score.false), ("missed", score.misses)):
                for place in places:
                    console.print(f"{name}: {rule}: {kind}: {place}", markup=False, soft_wrap=True)


def _sums(table: Table, counted: Iterable[tuple[str, Iterable[int]]]) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for name, counts in counted:
        sums[name] = [sum(pair) for pair in zip(sums[name], counts, strict=True)]
    for name, (found, false, missed) in sorted(sums.items()):
        if found or false or missed:
            _row(table, name, found, false, missed)


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "-"
