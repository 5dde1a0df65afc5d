from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from commlint.codec import convert, schema
from commlint.errors import ConfigurationError
from commlint.model.config import Config
from commlint.model.libraries import ROLES, LibraryModel, SiteModel

CONFIG = schema(Config, "configuration", hyphens=True)
LIBRARY = schema(LibraryModel, "library model", choices={(SiteModel, "role"): ROLES})


def accepted(document: dict[str, Any], contents: object) -> bool:
    return not list(jsonschema.Draft202012Validator(document).iter_errors(contents))


@pytest.mark.parametrize("document", [CONFIG, LIBRARY])
def test_is_a_schema(document: dict[str, Any]) -> None:
    """What is written is valid draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(document)


@pytest.mark.parametrize(
    "contents",
    [
        {},
        {"fail-on": "note", "tests": True, "limits": {"files": 3}},
        {"rules": {"CL101": {"level": "error", "options": {"a": [1, "b"], "c": None}}}},
        {"services": {"a": {"roots": ["x"]}}, "hosts": {"X": "a"}},
        {"fail-on": "no"},
        {"nothing": 1},
        {"limits": {"files": "3"}},
        {"limits": {"speed": 3}},
        {"select": "CL101"},
        {"rules": {"CL101": {"level": "worst"}}},
    ],
)
def test_schema_and_conversion_agree(contents: dict[str, Any]) -> None:
    """An editor that knows the schema refuses what the tool refuses, and nothing else."""
    try:
        convert(contents, Config, "commlint.toml")
        converted = True
    except ConfigurationError:
        converted = False

    assert accepted(CONFIG, contents) is converted


def test_choices_and_required_keys_are_in_the_schema() -> None:
    """A site needs names and a role, and the role is one of the known words."""
    site = LIBRARY["$defs"]["SiteModel"]

    assert site["required"] == ["names", "role"]
    assert site["properties"]["role"]["enum"] == list(ROLES)


def test_descriptions_come_from_docstrings() -> None:
    """The part of a docstring that opens with a field's name describes that field."""
    assert CONFIG["properties"]["tests"]["description"] == "analyse test code too."
    assert CONFIG["properties"]["ignore"]["description"].startswith("rule codes, names or code prefixes")
    assert LIBRARY["description"] == "One library."
