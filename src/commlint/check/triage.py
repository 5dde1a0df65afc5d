"""From everything the rules say to what is shown: ignores, confidence, fingerprints."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pathspec import GitIgnoreSpec

from commlint.check.check import Checked, codes_of, match_codes, order
from commlint.check.rule import IgnoreUse
from commlint.model.config import Config
from commlint.model.facts import FactSet, Ignore
from commlint.model.findings import Finding
from commlint.model.places import Region


@dataclass(frozen=True)
class Triaged:
    """What is shown, sorted, and how many findings an ignore has silenced."""

    findings: tuple[Finding, ...] = ()
    suppressed: int = 0


def triage(checked: Checked, facts: FactSet, config: Config) -> Triaged:
    """
    Give findings their fingerprints and take away what is ignored or not sure enough.

    Raises:
        ConfigurationError: an ignore of the configuration names a rule that does not exist.
    """
    ignores = _Ignores(facts)
    by_path = _path_ignores(config.per_path_ignores)
    by_service = {
        service: frozenset(code for token in tokens for code in codes_of(token, f"per-service-ignores: {service}"))
        for service, tokens in config.per_service_ignores.items()
    }

    def silenced(finding: Finding, bare: bool = True) -> bool:
        inline = ignores.silence(finding, bare)
        in_path = any(finding.code in codes and spec.match_file(finding.region.path) for spec, codes in by_path)
        services = finding.services
        in_service = bool(services) and all(finding.code in by_service.get(name, ()) for name in services)
        return inline or in_path or in_service

    kept: list[Finding] = []
    suppressed = 0
    for finding in _with_fingerprints(checked.findings):
        hidden = silenced(finding)
        if finding.confidence.rank < config.confidence.rank:
            continue
        suppressed += hidden
        if not hidden:
            kept.append(finding)
    on = frozenset(active.rule.code for active in checked.rules)
    uses = tuple(ignores.uses(on))
    reviews = [active.at_level(finding) for active in checked.rules for finding in active.rule.review(uses)]
    for finding in _with_fingerprints(sorted(reviews, key=order)):
        # A bare ignore that silences nothing must not silence the finding that says so.
        if silenced(finding, bare=False):
            suppressed += 1
        elif finding.confidence.rank >= config.confidence.rank:
            kept.append(finding)
    return Triaged(tuple(sorted((_one_line(finding) for finding in kept), key=order)), suppressed)


def _path_ignores(given: Mapping[str, Iterable[str]]) -> list[tuple[GitIgnoreSpec, frozenset[str]]]:
    return [
        (
            GitIgnoreSpec.from_lines([pattern]),
            frozenset(code for token in tokens for code in codes_of(token, f"per-path-ignores: {pattern}")),
        )
        for pattern, tokens in given.items()
    ]


def _with_fingerprints(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings with the same rule and subjects are told apart by their order, so lines may move freely."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        key = (finding.code, *finding.subjects)
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        yield replace(finding, fingerprint=hashlib.sha256(text.encode()).hexdigest()[:32])


def _one_line(finding: Finding) -> Finding:
    region = finding.region
    if region.end_line == region.start_line:
        return finding
    line, column = region.start_line, region.start_column
    return replace(finding, region=Region(region.path, line, column, line, column))


@dataclass
class _Ignores:
    """The inline ignores of all files, and which of their codes have silenced something."""

    facts: FactSet
    _by_path: dict[str, tuple[Ignore, ...]] = field(init=False)
    _used: set[tuple[str, Ignore, str]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._by_path = {file.path: file.ignores for file in self.facts if file.ignores}

    def silence(self, finding: Finding, bare: bool) -> bool:
        """Whether an ignore speaks for this finding, `bare` ones too; remembers it as used."""
        region = finding.region
        found = False
        for ignore in self._by_path.get(region.path, ()):
            if ignore.line and not (
                region.start_line <= max(ignore.line, ignore.until) and ignore.line <= region.end_line
            ):
                continue
            for code in ignore.codes or ("",):
                if bare if not code else finding.code in match_codes(code):
                    self._used.add((region.path, ignore, code))
                    found = True
        return found

    def uses(self, on: frozenset[str]) -> Iterator[IgnoreUse]:
        """Every code of every ignore, in the order of the files; `on` are the codes that ran."""
        for path, ignores in self._by_path.items():
            for ignore in ignores:
                for code in ignore.codes or ("",):
                    meant = match_codes(code) if code else on
                    yield IgnoreUse(
                        path=path,
                        line=ignore.extent.start_line,
                        column=ignore.extent.start_column,
                        code=code,
                        reason=ignore.reason,
                        matched=(path, ignore, code) in self._used,
                        decided=meant <= on,
                        known=bool(meant) or not code,
                    )
