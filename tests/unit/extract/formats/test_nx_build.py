"""`project.json` and `workspace.json` of an Nx workspace."""

from __future__ import annotations

import json

from commlint.extract.extract import extract


def services(path: str, data: object) -> list[tuple[str, str | None]]:
    declarations = extract(path, json.dumps(data).encode()).declarations
    assert declarations is not None
    return [(each.name, each.source_root) for each in declarations.services]


def test_an_application_is_a_service_of_its_folder() -> None:
    """Libraries and tests from end to end are none."""
    application = {"name": "orders", "projectType": "application", "sourceRoot": "apps/orders/src"}

    assert services("apps/orders/project.json", application) == [("orders", "apps/orders")]
    assert services("libs/kit/project.json", {"projectType": "library"}) == []
    assert services("apps/web-e2e/project.json", {"projectType": "application"}) == []


def test_projects_in_one_file_have_their_roots() -> None:
    """`workspace.json` may hold them all; what leads out of the tree is left out."""
    projects = {
        "orders": {"projectType": "application", "root": "apps/orders"},
        "kit": {"projectType": "library", "root": "libs/kit"},
        "elsewhere": {"projectType": "application", "root": "../elsewhere"},
    }

    assert services("workspace.json", {"projects": projects}) == [("orders", "apps/orders")]


def test_what_is_no_project_is_not_read() -> None:
    """A broken file gives a notice, and one of another shape nothing."""
    assert services("apps/a/project.json", {"projectType": "application", "projects": [1]}) == [("a", "apps/a")]
    assert extract("apps/a/project.json", b'{"projectType": ').notices
