"""`package.json` as evidence of a program."""

from __future__ import annotations

import json

import pytest

from commlint.extract.extract import extract


def kind(**data: object) -> str:
    declarations = extract("web/package.json", json.dumps({"name": "web", **data}).encode()).declarations
    assert declarations is not None
    (service,) = declarations.services
    return service.kind


@pytest.mark.parametrize(
    ("dependencies", "expected"),
    [
        ({"react": "18", "react-dom": "18"}, "frontend"),
        ({"vue": "3", "axios": "1"}, "frontend"),
        ({"react-dom": "18", "next": "14"}, ""),
        ({"@angular/platform-browser": "17", "express": "4"}, ""),
        ({"axios": "1"}, ""),
        ({}, ""),
        (["react-dom"], ""),
    ],
)
def test_libraries_tell_whether_a_program_runs_in_browsers(dependencies: object, expected: str) -> None:
    """One that draws pages and serves nothing is a frontend."""
    assert kind(dependencies=dependencies) == expected


def test_libraries_for_development_tell_nothing() -> None:
    """A program that is tested in a browser does not run in one."""
    assert kind(devDependencies={"react-dom": "18"}) == ""
