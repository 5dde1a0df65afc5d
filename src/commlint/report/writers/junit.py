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
    One failed test case a finding, and one that passed when there is none; notes pass and say what they saw.

    Names hold no line number, so that a build server can follow a finding from run to run.
    """

    name: ClassVar[str] = "junit"

    def render(self, report: Report, options: RenderOptions) -> str:
        failed = [finding for finding in report.findings if finding.level is not Level.NOTE]
        figures = {"tests": str(len(report.findings) or 1), "failures": str(len(failed)), "errors": "0"}
        suites = ET.Element("testsuites", {"name": "commlint", **figures})
        suite = ET.SubElement(suites, "testsuite", {"name": "commlint", **figures})
        for finding in report.findings:
            _case(suite, finding)
        if not report.findings:
            ET.SubElement(suite, "testcase", {"name": "no findings", "classname": "commlint"})
        return to_xml(suites)


def _case(suite: ET.Element, finding: Finding) -> None:
    message = visible(finding.message)
    place = {"name": visible(f"{finding.code} {finding.name}: {message}"), "classname": visible(finding.region.path)}
    case = ET.SubElement(suite, "testcase", place)
    text = "\n".join(_lines(finding))
    if finding.level is Level.NOTE:
        ET.SubElement(case, "system-out").text = text
        return
    failure = ET.SubElement(case, "failure", {"message": message, "type": finding.level.value})
    failure.text = text


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{visible(str(finding.region))}: {finding.level.value}[{visible(finding.code)}] {visible(finding.message)}"
    for number, hop in enumerate(finding.related, start=1):
        yield f"{number}. {visible(str(hop.region))}  {visible(hop.message)}"
    if finding.help:
        yield f"help: {visible(finding.help)}"
