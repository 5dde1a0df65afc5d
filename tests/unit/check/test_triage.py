"""What is shown of what the rules say."""

from dataclasses import replace

import pytest

from commlint.check.check import Checked, run_rules
from commlint.check.triage import Triaged, triage
from commlint.errors import ConfigurationError
from commlint.model.config import Config
from commlint.model.facts import FactSet, FileFacts, Ignore
from commlint.model.operations import Confidence, Policies
from commlint.model.places import Extent

from .builders import UNSET, Builder

ENDLESS = Policies(timeout=UNSET)
SELECT = ("CL101", "CL901")
SELECTED = Config(select=SELECT)
NO_FACTS = FactSet()


def ignore(line: int, *codes: str) -> Ignore:
    return Ignore(codes, "", line, Extent(line or 1, 30, line or 1, 60))


def facts(path: str, *ignores: Ignore) -> FactSet:
    return FactSet((FileFacts(path, "0", ignores=ignores),))


def run(builder: Builder, facts: FactSet = NO_FACTS, config: Config = SELECTED) -> Triaged:
    return triage(run_rules(builder.system(), config), facts, config)


def endless(*lines: int) -> Builder:
    builder = Builder()
    for line in lines:
        builder.call("orders", line, policies=ENDLESS)
    return builder


def codes(triaged: Triaged) -> list[str]:
    return [finding.code for finding in triaged.findings]


@pytest.mark.parametrize("code", ["CL101", "call-without-timeout", "CL1"])
def test_ignore_on_the_line_silences_the_rule_it_names(code: str) -> None:
    """A code, a name and the beginning of a code all count."""
    triaged = run(endless(7), facts("orders/app.py", ignore(7, code)))

    assert triaged.suppressed == 1
    assert "CL101" not in codes(triaged)


def test_ignore_without_codes_silences_every_rule() -> None:
    """A bare ignore speaks for all rules on its line."""
    triaged = run(endless(7), facts("orders/app.py", ignore(7)))

    assert triaged == Triaged((), 1)


def test_ignore_for_the_file_silences_every_line() -> None:
    """Line 0 is the whole file."""
    triaged = run(endless(7, 9), facts("orders/app.py", ignore(0, "CL101")))

    assert triaged == Triaged((), 2)


def test_ignore_of_another_line_is_unused() -> None:
    """What matches nothing becomes a finding at the comment."""
    triaged = run(endless(7), facts("orders/app.py", ignore(8, "CL101")))

    assert [(finding.code, str(finding.region)) for finding in triaged.findings] == [
        ("CL101", "orders/app.py:7"),
        ("CL901", "orders/app.py:8"),
    ]


def test_each_unused_code_of_an_ignore_is_told() -> None:
    """Of two codes only the one that matches nothing is reported."""
    triaged = run(endless(7), facts("orders/app.py", ignore(7, "CL101", "CL999")))

    assert [finding.message for finding in triaged.findings] == ["ignore[CL999] names no rule"]


def test_ignore_may_speak_for_itself() -> None:
    """An ignore that names the rule for unused ignores keeps it silent."""
    triaged = run(endless(), facts("orders/app.py", ignore(7, "CL101", "CL901")))

    assert triaged.findings == ()


def test_unknown_code_in_an_ignore_is_told() -> None:
    """An ignore that names no rule says so."""
    triaged = run(endless(), facts("orders/app.py", ignore(7, "CL999")))

    assert [finding.message for finding in triaged.findings] == ["ignore[CL999] names no rule"]


def test_ignore_of_a_rule_that_did_not_run_is_left_alone() -> None:
    """Nobody knows what a rule that is off would have said."""
    config = Config(select=("CL901",))

    triaged = run(endless(7), facts("orders/app.py", ignore(7, "CL101")), config)

    assert triaged == Triaged()


def test_bare_ignore_does_not_silence_its_own_finding() -> None:
    """An unused bare ignore is still reported."""
    triaged = run(endless(), facts("orders/app.py", ignore(7)))

    assert [finding.message for finding in triaged.findings] == ["ignore silences nothing"]


def test_paths_and_services_are_ignored_by_configuration() -> None:
    """Patterns work as in .gitignore; a service is ignored by name."""
    by_path = Config(select=SELECT, per_path_ignores={"orders/": ("CL101",)})
    by_service = Config(select=SELECT, per_service_ignores={"orders": ("call-without-timeout",)})

    assert run(endless(7), config=by_path) == Triaged((), 1)
    assert run(endless(7), config=by_service) == Triaged((), 1)


def test_site_of_two_services_stays_when_one_is_ignored() -> None:
    """Shared code is silenced only when every service that runs it is."""
    builder = Builder()
    for service in ("orders", "billing"):
        builder.call(service, 7, policies=ENDLESS, path="shared/client.py", id="shared/client.py::f#0")
    config = Config(select=SELECT, per_service_ignores={"orders": ("CL101",)})

    assert codes(run(builder, config=config)) == ["CL101"]


def test_unknown_rule_in_path_ignores_is_an_error() -> None:
    """The error says where it stands."""
    config = Config(select=SELECT, per_path_ignores={"a": ("CL404",)})

    with pytest.raises(ConfigurationError, match="per-path-ignores: a: there is no rule"):
        run(endless(), config=config)


def test_possible_findings_are_shown_on_request() -> None:
    """Confidence `possible` is off by default."""
    builder = Builder()
    builder.call("orders", 7, policies=ENDLESS, confidence=Confidence.POSSIBLE)

    assert codes(run(builder)) == []
    assert codes(run(builder, config=Config(select=SELECT, confidence=Confidence.POSSIBLE))) == ["CL101"]


def test_ignore_of_a_finding_that_is_not_shown_is_used() -> None:
    """Hiding unsure findings makes no ignore unused and counts no suppression."""
    builder = Builder()
    builder.call("orders", 7, policies=ENDLESS, confidence=Confidence.POSSIBLE)

    assert run(builder, facts("orders/app.py", ignore(7, "CL101"))) == Triaged()


def test_fingerprints_do_not_move_with_lines() -> None:
    """The same operation on another line keeps its fingerprint; others have their own."""
    before = run(endless(7, 9)).findings
    after = run(endless(17, 19)).findings

    assert [finding.fingerprint for finding in before] == [finding.fingerprint for finding in after]
    assert len({finding.fingerprint for finding in before}) == 2


def test_regions_are_cut_to_one_line() -> None:
    """A site over several lines is shown by its first; an ignore on its last line still counts."""
    checked = run_rules(endless(7).system(), Config(select=SELECT))
    (finding,) = checked.findings
    long = replace(finding, region=replace(finding.region, end_line=9))
    checked = Checked((long,), checked.rules)

    (shown,) = triage(checked, FactSet(), Config(select=SELECT)).findings
    silenced = triage(checked, facts("orders/app.py", ignore(9, "CL101")), Config(select=SELECT))

    assert (shown.region.start_line, shown.region.end_line) == (7, 7)
    assert silenced == Triaged((), 1)
