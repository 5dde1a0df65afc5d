"""
The literate cases: files of a small system in Markdown, then what the rule under test says of them.

A case is a `##` section of `cases/RULE-NAME.md`. A line that is only a path in backquotes names the fenced block
below it; the block `findings` is what commlint tells, every confidence included. A case without one stays silent.
A file `traces.jsonl` is given as traces.
`make accept` writes down what is told now; look at the difference before you keep it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from commlint.check.rule import Rule, all_rules
from commlint.model.findings import Finding
from commlint.model.operations import Confidence
from commlint.pipeline import Request, check
from commlint.store.config import load_config

CASES = Path(__file__).parent / "cases"
TRACES = "traces.jsonl"
ACCEPT = bool(os.environ.get("COMMLINT_ACCEPT"))
FILE = re.compile(r"^`(?P<path>[^`\n]+)`:\n(?P<fence>`{3,})[^\n]*\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
FINDINGS = re.compile(r"^```findings\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Case:
    """One section: its title, its files, and what must be told of them."""

    rule: str
    title: str
    text: str

    @property
    def files(self) -> dict[str, str]:
        return {found["path"]: found["text"] for found in FILE.finditer(self.text)}

    @property
    def expected(self) -> str:
        found = FINDINGS.search(self.text)
        return found["text"] if found else ""

    def with_findings(self, told: str) -> str:
        """The text of the section with `told` as what must be told."""
        bare = FINDINGS.sub("", self.text).rstrip("\n")
        return f"{bare}\n```findings\n{told}```\n" if told else f"{bare}\n"


def sections(path: Path) -> tuple[str, list[Case]]:
    """What stands above the first case of a file, and its cases."""
    head, *rest = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return head, [Case(path.stem, text.partition("\n")[0].strip(), text) for text in rest]


ALL = [case for path in sorted(CASES.glob("*.md")) for case in sections(path)[1]]


def told(case: Case, folder: Path) -> str:
    """What commlint tells of the files of a case with only one rule on."""
    for path, text in case.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    written = load_config(folder).config
    config = replace(written, extends=(), select=(case.rule, *written.select), confidence=Confidence.POSSIBLE)
    traces = (str(folder / TRACES),) if TRACES in case.files else ()
    report = check(Request(folder, config, jobs=1, traces=traces))
    return "".join(shown(finding) for finding in report.findings)


def shown(finding: Finding) -> str:
    """A finding as the cases write it: what is wrong, then every place, the primary one first."""
    sure = "" if finding.confidence is not Confidence.POSSIBLE else " (possible)"
    lines = [f"{finding.level}[{finding.code}] {finding.name}{sure}: {finding.message}"]
    if finding.region not in [entry.region for entry in finding.related]:
        lines.append(f"  {finding.region}")
    lines += [f"  {entry.region}  {entry.message}" for entry in finding.related]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule}: {case.title}")
def test_case(case: Case, tmp_path: Path) -> None:
    """What is told is what the case says."""
    found = told(case, tmp_path)

    if ACCEPT and found != case.expected:
        accept(case, found)
    else:
        assert found == case.expected


def accept(case: Case, found: str) -> None:
    """Write down what is told now."""
    path = CASES / f"{case.rule}.md"
    text = path.read_text(encoding="utf-8")
    end = "\n" if text.find(f"## {case.text}") + len(case.text) + 3 < len(text) else ""
    path.write_text(text.replace(case.text, case.with_findings(found) + end), encoding="utf-8")


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_has_a_case_that_is_told_and_one_that_is_silent(rule: type[Rule]) -> None:
    """A rule that cannot be seen to fire, or to stay silent, is not tested."""
    cases = [case for case in ALL if case.rule == rule.name]

    assert any(case.expected for case in cases)
    assert any(not case.expected for case in cases)


def test_every_case_file_is_named_after_a_rule_and_every_case_has_files() -> None:
    """A case nothing reads is a mistake."""
    assert {case.rule for case in ALL} <= {rule.name for rule in all_rules()}
    assert all(case.files for case in ALL)
    assert len({(case.rule, case.title) for case in ALL}) == len(ALL)
