"""The example systems that were given faults on purpose: the table in each README says which, and their right twins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from commlint.pipeline import Request, Result, run
from commlint.store.config import load_config

FIXTURES = Path(__file__).parents[2] / "fixtures"
ROW = re.compile(r"^\| (?P<code>CL\d+) \| `(?P<fault>[^`]+)` \| `(?P<twin>[^`]+)` \|", re.MULTILINE)


@dataclass(frozen=True)
class Seeded:
    """One system below `fixtures/systems`, with the recording of it below `fixtures/traces` if there is one."""

    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def root(self) -> Path:
        return FIXTURES / "systems" / self.name

    @property
    def traces(self) -> tuple[str, ...]:
        recorded = FIXTURES / "traces" / f"{self.name}.otlp.jsonl"
        return (str(recorded),) if recorded.exists() else ()

    @cached_property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Rule, place of the fault, place of its twin."""
        found = ROW.finditer((self.root / "README.md").read_text("utf-8"))
        return tuple((row["code"], row["fault"], row["twin"]) for row in found)

    @property
    def codes(self) -> set[str]:
        """The rules that have a fault here."""
        return {code for code, _, _ in self.rows}

    def result(self, traced: bool = True) -> Result:
        """A run with the system's own configuration; the same one every time it is asked for."""
        return _run(self.name, self.traces if traced else ())

    def told(self) -> set[tuple[str, str]]:
        """Rule and place of every finding, the recording included."""
        return {(finding.code, str(finding.region)) for finding in self.result().report.findings}


@cache
def _run(name: str, traces: tuple[str, ...]) -> Result:
    root = Seeded(name).root
    return run(Request(root, load_config(root).config, jobs=1, traces=traces))


SHOP, MESH, POLYGLOT = SYSTEMS = tuple(Seeded(name) for name in ("shop", "mesh", "polyglot"))
