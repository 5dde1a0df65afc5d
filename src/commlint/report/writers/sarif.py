"""Findings as SARIF 2.1.0, within what GitHub code scanning takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from commlint.model.facts import Notice
from commlint.model.findings import Finding, Level, Related, Report, RuleInfo
from commlint.model.places import Region
from commlint.report.escaping import to_json, visible
from commlint.report.port import RenderOptions, Writer

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_RESULTS = 25_000
_RELATED = 1_000
_FLOW_LOCATIONS = 10_000
_SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}

Json = dict[str, Any]


class SarifWriter(Writer):
    """
    One run with rules, results and notifications.

    Beyond GitHub's limits the least bad results and the last places are left out, and a notification says so.
    """

    name: ClassVar[str] = "sarif"
    carries_line_hashes: ClassVar[bool] = True

    def render(self, report: Report, options: RenderOptions) -> str:
        findings = report.findings
        if len(findings) > _RESULTS:
            worst = sorted(range(len(findings)), key=lambda index: (-findings[index].level.rank, index))
            findings = tuple(findings[index] for index in sorted(worst[:_RESULTS]))
        return to_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report, findings)]})


def _run(report: Report, findings: Sequence[Finding]) -> Json:
    rules = _rules(report)
    index = {rule.code: number for number, rule in enumerate(rules)}
    notices = [*report.notices, *_cuts(report, len(findings))]
    return {
        "tool": {
            "driver": {
                "name": "commlint",
                "version": report.version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [
            {"executionSuccessful": True, "toolExecutionNotifications": [_notification(notice) for notice in notices]}
        ],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The analysed root."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index[finding.code]) for finding in findings],
    }


def _rules(report: Report) -> list[RuleInfo]:
    """The rules of the run, and of findings whose rule the report does not carry what the finding says of it."""
    rules = {rule.code: rule for rule in report.rules}
    for finding in report.findings:
        rules.setdefault(finding.code, RuleInfo(finding.code, finding.name, finding.level, finding.name, ""))
    return [rules[code] for code in sorted(rules)]


def _cuts(report: Report, kept: int) -> Iterable[Notice]:
    if kept < len(report.findings):
        yield Notice("", 0, f"{len(report.findings) - kept} findings left out: code scanning takes {_RESULTS}")
    long = sum(1 for finding in report.findings if len(finding.related) > _RELATED)
    if long:
        yield Notice("", 0, f"further places left out of {long} findings: code scanning takes {_RELATED}")


def _rule(rule: RuleInfo) -> Json:
    page = rule.page or rule.summary or rule.name
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": visible(rule.summary or rule.name)},
        "fullDescription": {"text": visible(rule.summary or rule.name)},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rule.level.value},
        "properties": {"tags": ["architecture", "communication"], "problem.severity": _SEVERITY[rule.level]},
    }


def _result(finding: Finding, rule_index: int) -> Json:
    message = _plain(finding.message)
    if finding.help:
        message = f"{message}\n{_plain(finding.help)}"
    services = finding.services or ((finding.service,) if finding.service else ())
    result: Json = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": finding.level.value,
        "message": {"text": message},
        "locations": [{"physicalLocation": _physical(finding.region)}],
        "properties": {
            "confidence": finding.confidence.value,
            "services": list(services),
            "subjects": list(finding.subjects),
        },
    }
    fingerprints = {"commlint/v1": finding.fingerprint, "primaryLocationLineHash": finding.line_hash}
    if any(fingerprints.values()):
        result["partialFingerprints"] = {name: value for name, value in fingerprints.items() if value}
    if finding.related:
        related = finding.related[:_RELATED]
        result["relatedLocations"] = [_location(hop, number) for number, hop in enumerate(related, start=1)]
    if len(finding.related) > 1:
        result["codeFlows"] = [_code_flow(finding.related[:_FLOW_LOCATIONS])]
    return result


def _code_flow(hops: Sequence[Related]) -> Json:
    locations = [
        {"location": _location(hop), "nestingLevel": 0, "executionOrder": order}
        for order, hop in enumerate(hops, start=1)
    ]
    return {"threadFlows": [{"locations": locations}]}


def _location(place: Related, id: int | None = None) -> Json:
    identity: Json = {} if id is None else {"id": id}
    return {
        **identity,
        "physicalLocation": _physical(place.region),
        "message": {"text": _plain(place.message)},
    }


def _physical(region: Region) -> Json:
    return {"artifactLocation": _artifact(region.path), "region": _region(region)}


def _artifact(path: str) -> Json:
    """
    A relative reference: everything but unreserved characters and slashes is percent-encoded, so that neither
    a colon in the first segment reads as a scheme nor a hash as a fragment.
    """
    try:
        uri = quote(path, safe="/", errors="surrogateescape")
    except UnicodeEncodeError:
        uri = quote(path, safe="/", errors="replace")
    return {"uri": uri or ".", "uriBaseId": _ROOT}


def _region(region: Region) -> Mapping[str, int]:
    """One line: code scanning shows a longer one as its first line anyhow."""
    start = {"startLine": max(region.start_line, 1), "startColumn": max(region.start_column, 1)}
    if region.end_line == region.start_line and region.end_column > region.start_column:
        return {**start, "endLine": start["startLine"], "endColumn": region.end_column}
    return start


def _notification(notice: Notice) -> Json:
    notification: Json = {"level": "note", "message": {"text": _plain(notice.message)}}
    if notice.path:
        physical: Json = {"artifactLocation": _artifact(notice.path)}
        if notice.line:
            physical["region"] = {"startLine": notice.line}
        notification["locations"] = [{"physicalLocation": physical}]
    return notification


def _plain(text: str) -> str:
    """Viewers make a link of `[text](target)` even in plain text; names of a tree must not become one."""
    return visible(text).replace("](", "] (")
