"""Findings as a JUnit test report, which nearly every build server shows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import ClassVar

from commlint.model.findings import Finding, Level, Report
from commlint.report.escaping import visible
from commlint.report.port import RenderOptions, Writer
from commlint.report.xml import to_xml


class JunitWriter(Writer):
    """
    One failed test case a finding, and one that passed when there is none; notes pass, and are told below all cases.

    Names hold no line number, so that a build server can follow a finding from run to run. What the schemas of Ant
    and Jenkins ask for is there, so the time and host of a run are too, and always the same.
    """

    name: ClassVar[str] = "junit"

    def render(self, report: Report, options: RenderOptions) -> str:
        failed = [finding for finding in report.findings if finding.level is not Level.NOTE]
        figures = {"tests": str(len(report.findings) or 1), "failures": str(len(failed)), "errors": "0"}
        suites = ET.Element("testsuites")
        suite = ET.SubElement(suites, "testsuite", {**_SUITE, **figures})
        ET.SubElement(suite, "properties")
        for finding in report.findings:
            _case(suite, finding)
        if not report.findings:
            ET.SubElement(suite, "testcase", {"name": "no findings", "classname": "commlint", "time": "0"})
        notes = [line for finding in report.findings if finding.level is Level.NOTE for line in _lines(finding)]
        ET.SubElement(suite, "system-out").text = "\n".join(notes)
        ET.SubElement(suite, "system-err")
        return to_xml(suites)


_SUITE = {
    "name": "commlint", "package": "commlint", "id": "0", "hostname": "localhost", "time": "0",
    "timestamp": "1970-01-01T00:00:00",
}  # fmt: skip


def _case(suite: ET.Element, finding: Finding) -> None:
    message = visible(finding.message)
    named = {"name": visible(f"{finding.code} {finding.name}: {message}"), "classname": visible(finding.region.path)}
    case = ET.SubElement(suite, "testcase", {**named, "time": "0"})
    if finding.level is not Level.NOTE:
        failure = ET.SubElement(case, "failure", {"message": message, "type": finding.level.value})
        failure.text = "\n".join(_lines(finding))


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{visible(str(finding.region))}: {finding.level.value}[{visible(finding.code)}] {visible(finding.message)}"
    for number, hop in enumerate(finding.related, start=1):
        yield f"{number}. {visible(str(hop.region))}  {visible(hop.message)}"
    if finding.help:
        yield f"help: {visible(finding.help)}"
