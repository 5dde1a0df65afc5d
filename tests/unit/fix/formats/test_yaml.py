"""Entries of mappings and resources of templates in YAML."""

from __future__ import annotations

import pytest

from commlint.fix.formats.yaml import YamlFixer
from commlint.model.findings import Fix
from commlint.model.places import Region

INSIDE = "RedrivePolicy:\n  target: !GetAtt {label}Dead.Arn"
BESIDE = (
    "{label}Dead:\n  Type: AWS::SQS::Queue\n  {copy:Condition}\n  Properties:\n"
    "    QueueName: {renamed:QueueName:-dead:.fifo:FifoQueue}\n    {copy:FifoQueue}\n    Keeps: 9"
)


def with_entry(source: str, line: int, column: int, name: str = "timeout", value: str = "5s") -> str:
    fix = Fix("set-entry", Region("vs.yaml", line, column, line, column), name, value)
    return YamlFixer().apply(source, (fix,))


def given(source: str, line: int, column: int) -> str:
    fix = Fix("add-block", Region("t.yaml", line, column, line + 1, 1), "block", INSIDE, BESIDE)
    return YamlFixer().apply(source, (fix,))


@pytest.mark.parametrize(
    ("source", "line", "column", "expected"),
    [
        ("http:\n- route: a # x\n", 2, 3, "http:\n- timeout: 5s\n  route: a # x\n"),
        ("http:\n- route: a\n  timeout: '3s'\n", 2, 3, "http:\n- route: a\n  timeout: 5s\n"),
        ("http: [{route: a}]\n", 1, 8, "http: [{timeout: 5s, route: a}]\n"),
        ("a: 1\r\nhttp:\r\n- route: a\r\n", 3, 3, "a: 1\r\nhttp:\r\n- timeout: 5s\r\n  route: a\r\n"),
        ("a: 1\n---\nhttp:\n- route: a\n", 4, 3, "a: 1\n---\nhttp:\n- timeout: 5s\n  route: a\n"),
    ],
)
def test_an_entry_is_set_where_it_stands_or_put_first(source: str, line: int, column: int, expected: str) -> None:
    """Every other byte stays."""
    assert with_entry(source, line, column) == expected
    assert with_entry(expected, line, column) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("- a: 1\n", "- timeouts:\n    request: 5s\n  a: 1\n"),
        ("- timeouts: {backend: 1s}\n", "- timeouts: {request: 5s, backend: 1s}\n"),
        ("- {a: 1}\n", "- {timeouts: {request: 5s}, a: 1}\n"),
    ],
)
def test_an_entry_further_down(source: str, expected: str) -> None:
    """What leads to it is made where it is missing."""
    assert with_entry(source, 1, 3, "timeouts/request") == expected


@pytest.mark.parametrize(
    "source",
    ["http:\n- route: a\n{{- if .Values.x }}\n", "a: [\n", "http:\n- timeout: |\n    3s\n", "http:\n- timeout: [1]\n"],
)
def test_text_that_cannot_be_told_stays(source: str) -> None:
    """Templates, broken files and values of another shape."""
    assert with_entry(source, 2, 3) == source


def test_a_resource_is_given_a_property_and_one_beside_it() -> None:
    """Indented as the file is, before the comments of what follows."""
    before = (
        "Resources:\n    Jobs:\n        Type: AWS::SQS::Queue\n        Properties:\n"
        '            QueueName: !Sub "${X}-jobs" # name\n\n    # next\n    Other:\n        Type: A\n'
    )

    assert given(before, 2, 5) == (
        "Resources:\n    Jobs:\n        Type: AWS::SQS::Queue\n        Properties:\n"
        '            QueueName: !Sub "${X}-jobs" # name\n'
        "            RedrivePolicy:\n                target: !GetAtt JobsDead.Arn\n"
        "\n    JobsDead:\n        Type: AWS::SQS::Queue\n        Properties:\n"
        '            QueueName: !Sub "${X}-jobs-dead"\n            Keeps: 9\n'
        "\n    # next\n    Other:\n        Type: A\n"
    )


@pytest.mark.parametrize(
    ("body", "inside", "beside"),
    [
        ("Type: AWS::SQS::Queue", "Properties:\n      RedrivePolicy:", "Properties:\n      Keeps: 9"),
        (
            "Type: AWS::SQS::Queue\n    Condition: IsProd\n    Properties:\n      QueueName: pay.fifo\n"
            "      FifoQueue: true",
            "FifoQueue: true\n      RedrivePolicy:",
            "Condition: IsProd\n    Properties:\n      QueueName: pay-dead.fifo\n      FifoQueue: true\n      Keeps: 9",
        ),
        (
            "Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Join ['-', [a, b]]",
            "QueueName: !Join ['-', [a, b]]\n      RedrivePolicy:",
            "Properties:\n      Keeps: 9",
        ),
    ],
)
def test_names_and_conditions_are_those_of_the_resource(body: str, inside: str, beside: str) -> None:
    """A computed name is left to the platform."""
    after = given(f"Resources:\n  Jobs:\n    {body}", 2, 3)

    assert inside in after
    assert after.endswith(f"JobsDead:\n    Type: AWS::SQS::Queue\n    {beside}")
    assert given(after, 2, 3) == after


@pytest.mark.parametrize(
    "body",
    [
        "Properties: {QueueName: a}",
        "Properties:\n      QueueName: !Ref Name\n      FifoQueue: true",
        "Properties:\n      RedrivePolicy: !Ref Policy",
    ],
)
def test_what_has_it_or_cannot_be_written_stays(body: str) -> None:
    """Properties on one line, a name whose end is not known, and a policy that is there."""
    source = f"Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    {body}\n"

    assert given(source, 2, 3) == source
