"""The configuration of a run; every field has a sane default, so commlint works with none."""

from __future__ import annotations

from dataclasses import dataclass, field

from commlint.model.findings import Level
from commlint.model.operations import Confidence
from commlint.model.values import Scalar


@dataclass(frozen=True, slots=True)
class RuleConfig:
    """Settings of one rule: its level, and its options by name."""

    level: Level | None = None
    options: dict[str, Scalar | tuple[Scalar, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RulePack:
    """A named choice of rules: being listed turns a rule on; keys are codes or names."""

    name: str
    description: str = ""
    rules: dict[str, RuleConfig] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """A service told by hand: where its code is and what else it is called."""

    roots: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    kind: str = "service"
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LimitsConfig:
    """Bounds of discovery: bytes of one file, number of files."""

    file_size: int = 2_000_000
    files: int = 200_000


@dataclass(frozen=True, slots=True)
class Config:
    """
    `extends`: rule packs (`recommended`, `strict` …). `select` and `ignore`: rule codes, names or code prefixes,
    added to and taken from what the packs turn on. `exclude`: gitignore patterns on top of the defaults;
    `default_excludes`: vendored, build output, generated and test code, and what sets up tools, stay out.
    `tests`: analyse test code too.
    `hosts`: host or environment variable → service, binds what cannot be resolved.
    `complete`: the system is declared complete (nobody outside sends or receives).
    `confidence`: findings less sure than this are not shown.
    `baseline`: file of known findings, relative to the root; none are known where it is not there.
    """

    extends: tuple[str, ...] = ("recommended",)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_path_ignores: dict[str, tuple[str, ...]] = field(default_factory=dict)
    per_service_ignores: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: dict[str, RuleConfig] = field(default_factory=dict)
    services: dict[str, ServiceConfig] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    default_excludes: bool = True
    tests: bool = False
    complete: bool = False
    fail_on: Level = Level.WARNING
    limits: LimitsConfig = LimitsConfig()
    confidence: Confidence = Confidence.LIKELY
    baseline: str = "commlint-baseline.yaml"
