"""JUnit reports."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.model.findings import Finding, Level, Report
from commlint.model.places import Region
from commlint.report.escaping import visible
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report

ANYTHING = st.text(st.characters(codec=None))


def test_a_finding_is_a_test_case_that_failed() -> None:
    """The counts add up, and the failure tells place, hops and help."""
    suites = ET.fromstring(render(report(finding(), chain()), "junit"))

    (suite,) = suites
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    first, second = suites.iter("testcase")
    assert first.get("classname") == "gateway/app.py"
    failure = first.find("failure")
    assert failure is not None
    assert failure.get("message") == "POST /orders waits for ever"
    assert "gateway/app.py:12" in (failure.text or "")
    assert "help: give it a timeout" in (failure.text or "")
    assert "2. orders/app.py:22" in "".join(second.itertext())


def test_names_hold_no_line_numbers() -> None:
    """A moved line is the same test case."""
    moved = finding(region=Region("gateway/app.py", 99))

    names = [
        case.attrib
        for fault in (finding(), moved)
        for case in ET.fromstring(render(report(fault), "junit")).iter("testcase")
    ]
    assert names[0] == names[1]


def test_a_note_does_not_fail() -> None:
    """It passes, and says what it saw."""
    suites = ET.fromstring(render(report(finding(level=Level.NOTE)), "junit"))

    assert suites[0].get("failures") == "0"
    assert suites.find(".//failure") is None
    assert "waits for ever" in suites.findtext("testsuite/system-out", "")


def test_a_clean_run_has_a_case_that_passed() -> None:
    """Build servers take a report without any test case for a broken one."""
    suites = ET.fromstring(render(report(), "junit"))

    assert suites[0].get("tests") == "1"
    assert [case.get("name") for case in suites.iter("testcase")] == ["no findings"]


@settings(deadline=None)
@given(ANYTHING, ANYTHING)
def test_whatever_a_tree_holds_the_document_is_well_formed(path: str, message: str) -> None:
    """Control characters, markup and lone surrogates included."""
    document = render(Report("1", (finding(message=message, region=Region(path)),)), "junit")

    (case,) = ET.fromstring(document.encode()).iter("testcase")
    assert case.get("classname") == visible(path)


@pytest.mark.parametrize("findings", [(), (finding(),), (finding(level=Level.NOTE), chain())])
def test_what_the_schema_of_ant_asks_for(findings: tuple[Finding, ...]) -> None:
    """Attributes and parts of a suite are all there and in their order; the root has none."""
    suites = ET.fromstring(render(report(*findings), "junit"))

    assert not suites.attrib
    (suite,) = suites
    assert set(suite.attrib) >= {
        "name",
        "package",
        "id",
        "hostname",
        "timestamp",
        "time",
        "tests",
        "failures",
        "errors",
    }
    cases = ["testcase"] * int(suite.attrib["tests"])
    assert [part.tag for part in suite] == ["properties", *cases, "system-out", "system-err"]
    for case in suite.iter("testcase"):
        assert set(case.attrib) == {"name", "classname", "time"}
        assert {part.tag for part in case} <= {"failure"}
