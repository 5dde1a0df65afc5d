from __future__ import annotations

import json

import pytest

from commlint.extract.formats.nest_build import NestBuildReader
from commlint.model.places import Extent

_PROJECTS = """{
  "projects": {
    "orders": {"type": "application", "root": "apps/orders", "sourceRoot": "apps/orders/src"},
    "shared": {"type": "library", "root": "libs/shared"},
    "billing": {"type": "application", "sourceRoot": "apps/billing/src"}
  }
}
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("shop/nest-cli.json", '{"projects": {}}', True),
        ("nest-cli.json", '{"sourceRoot": "src"}', False),
        ("package.json", '{"projects": {}}', False),
    ],
)
def test_claims(path: str, text: str, expected: bool) -> None:
    """Only the file of a monorepo tells programs; that of a single program has no projects."""
    assert NestBuildReader().claims(path, text.encode()) is expected


def test_applications_are_services() -> None:
    """Each application is evidence of a service in its folder, at its line; libraries are none."""
    declarations, notices = NestBuildReader().read("shop/nest-cli.json", _PROJECTS.encode())

    assert notices == ()
    assert [(each.name, each.origin, each.source_root, each.extent) for each in declarations.services] == [
        ("billing", "nest-application", "shop/apps/billing", Extent(5, 1, 5, 1)),
        ("orders", "nest-application", "shop/apps/orders", Extent(3, 1, 3, 1)),
    ]


@pytest.mark.parametrize("root", ["", ".", "../elsewhere", 7])
def test_roots_outside(root: object) -> None:
    """An application of the whole tree, or of a folder outside of it, says nothing new."""
    text = json.dumps({"projects": {"orders": {"type": "application", "root": root}}})

    declarations, _ = NestBuildReader().read("nest-cli.json", text.encode())

    assert declarations.services == ()


def test_broken() -> None:
    """Broken JSON is a notice with its line."""
    declarations, notices = NestBuildReader().read("nest-cli.json", b'{"projects": {\n"orders": \n')

    assert declarations.services == ()
    assert [(notice.line, "mend its JSON" in notice.message) for notice in notices] == [(3, True)]
