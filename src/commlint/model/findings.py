"""What a run tells: findings, and the report that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from commlint.model.notices import Notice
from commlint.model.operations import Confidence
from commlint.model.places import Region


class Level(StrEnum):
    """How bad, as in SARIF."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return ("note", "warning", "error").index(self.value)


@dataclass(frozen=True, slots=True)
class Related:
    """One further place of a finding, such as a hop of a chain, with what happens there."""

    region: Region
    message: str


@dataclass(frozen=True, slots=True)
class Fix:
    """
    One edit that mends a finding.

    `kind`: add-argument: the call at `region` gets `name` (`kw:NAME`, `arg:N/NAME` or `before:NAME`, see `Remedy`) with
    the text `value`; set-argument: the same, in place of what is given; replace-call: `value` is called in place of
    what is called there; wrap-call: `value` is called with what is called there and its arguments; add-scope: the
    statements `value` before the one of the call (`scope:N/NAME`); set-entry: the entry `name`, a path, of the mapping
    at `region` is `value`; add-block: the block at `region` gets `value`, and `needs` beside it (see `fix/blocks.py`).
    `needs`: what must be imported for it. `safe`: what the program does stays the same but for the fault.
    """

    kind: str
    region: Region
    name: str
    value: str
    needs: str = ""
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One fault, where first, where also, how bad, how sure, and what to do.

    `subjects`: ids of the operations, edges, channels or services it is about.
    `fingerprint`: rule + subjects + ordinal; holds no line number. Empty until triage.
    `services`: all services that run the site, sorted; `service` is the first of them.
    After triage `region` is one line: of a longer site the first, and its end column is its start column.
    `line_hash`: what that line is known by to code scanning; filled in for formats that carry it.
    """

    code: str
    name: str
    level: Level
    confidence: Confidence
    message: str
    region: Region
    subjects: tuple[str, ...]
    help: str
    related: tuple[Related, ...] = ()
    service: str = ""
    fingerprint: str = ""
    services: tuple[str, ...] = ()
    fix: Fix | None = None
    line_hash: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of one run."""

    files: int = 0
    services: int = 0
    endpoints: int = 0
    channels: int = 0
    edges: int = 0
    unresolved: int = 0
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class BaselineSummary:
    """
    What a baseline made of the findings of a run.

    `known`: entries that findings matched, which are not shown. `gone`: entries that nothing matches any more.
    `new`: findings no entry speaks of. `expired`: findings shown again, as the time their entry gave them is over.
    """

    known: int = 0
    gone: int = 0
    new: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class DriftSummary:
    """
    How far what was read and what traces saw are the same: edges that both know, and that one of them alone knows.

    `watched`: those in code only whose caller traces did see at work. `orphans`: share of spans without their parents.
    """

    confirmed: int = 0
    code_only: int = 0
    trace_only: int = 0
    watched: int = 0
    orphans: float = 0.0


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a report says of a rule that was on: enough to render SARIF without the rule itself."""

    code: str
    name: str
    level: Level
    summary: str
    page: str


@dataclass(frozen=True, slots=True)
class Report:
    """
    The one result document; writers are pure functions of it.

    `sources`: the lines of code frames, (path, line number, text), sorted.
    `baseline`: None where there is none. `drift`: None where no traces were given.
    """

    version: str
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()
    rules: tuple[RuleInfo, ...] = ()
    summary: Summary = Summary()
    sources: tuple[tuple[str, int, str], ...] = ()
    baseline: BaselineSummary | None = None
    drift: DriftSummary | None = None
