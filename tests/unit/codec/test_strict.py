from __future__ import annotations

import pytest

from commlint.codec import convert
from commlint.errors import ConfigurationError
from commlint.model.config import Config, LimitsConfig, RuleConfig, ServiceConfig
from commlint.model.findings import Level
from commlint.model.libraries import ROLES, AddressModel, LibraryModel, Option, SiteModel


def test_plain_data_becomes_the_model() -> None:
    """Tables, lists, words and numbers become records, tuples, enums and scalars."""
    data = {
        "fail-on": "error",
        "services": {"orders": {"roots": ["src/orders"], "environment": {"PORT": "80"}}},
        "limits": {"file_size": 5},
        "rules": {"CL101": {"level": "note", "options": {"methods": ["GET", 2, 1.5, True]}}},
    }

    config = convert(data, Config, "commlint.toml")

    assert config == Config(
        fail_on=Level.ERROR,
        services={"orders": ServiceConfig(roots=("src/orders",), environment={"PORT": "80"})},
        limits=LimitsConfig(file_size=5),
        rules={"CL101": RuleConfig(Level.NOTE, {"methods": ("GET", 2, 1.5, True)})},
    )


def test_nested_model_is_read() -> None:
    """Lists of records with defaults, optional records and unions are read to the bottom."""
    data = {
        "library": "requests",
        "language": "python",
        "sites": [
            {
                "names": ["requests.get"],
                "role": "client",
                "address": {"url": "arg:0"},
                "policies": {"timeout": {"at": "kw:timeout", "default": 2.5}},
            }
        ],
    }

    model = convert(data, LibraryModel, "requests.yaml")

    site = SiteModel(
        ("requests.get",), "client", address=AddressModel(url="arg:0"), policies={"timeout": Option("kw:timeout", 2.5)}
    )
    assert model == LibraryModel("requests", "python", sites=(site,))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"servces": {}}, 'c.toml: no key "servces"; did you mean "services"?'),
        ({"fail-one": "note"}, 'c.toml: no key "fail-one"; did you mean "fail-on"?'),
        ({"limits": {"filesize": 1}}, 'c.toml: [limits] has no key "filesize"; did you mean "file_size"?'),
        (
            {"services": {"a": {"root": []}}},
            'c.toml: [services.a] has no key "root"; did you mean "roots"?',
        ),
        (
            {"fail-on": "eror"},
            'c.toml: fail-on is "eror", but must be one of note, warning, error; did you mean "error"?',
        ),
        ({"limits": {"files": "2"}}, "c.toml: limits.files must be a whole number, not text ('2')"),
        ({"limits": {"files": True}}, "c.toml: limits.files must be a whole number, not true or false (True)"),
        ({"hosts": {"a": 1}}, "c.toml: hosts.a must be text, not a whole number (1); put it in quotes"),
        ({"hosts": {1: "a"}}, "c.toml: [hosts] has the key 1, which is no text; put it in quotes"),
        ({"select": "CL101"}, "c.toml: select must be a list, not text ('CL101')"),
        ({"select": ["CL101", 3]}, "c.toml: select[1] must be text, not a whole number (3); put it in quotes"),
        ({"services": []}, "c.toml: services must be a table of names and values, not a list"),
        ([], "c.toml: the file must be a table of names and values, not a list"),
        (None, "c.toml: the file must be a table of names and values, not null"),
    ],
)
def test_error_says_where_what_and_the_cure(data: object, message: str) -> None:
    """Each mistake is named with its file, its path and, where one is near, the right word."""
    with pytest.raises(ConfigurationError) as caught:
        convert(data, Config, "c.toml")

    assert str(caught.value) == message


def test_key_in_both_spellings_is_an_error() -> None:
    """A key given with a hyphen and with an underscore is not silently taken from one of them."""
    with pytest.raises(ConfigurationError, match='the key "fail_on" twice'):
        convert({"fail-on": "note", "fail_on": "error"}, Config, "c.toml")


def test_missing_key_is_named() -> None:
    """A record without a field that has no default says which, and where."""
    with pytest.raises(ConfigurationError, match=r'm\.yaml: \[sites\[1\]\] has no key "role", which is needed'):
        convert(
            {
                "library": "x",
                "language": "python",
                "sites": [{"names": [], "role": "client"}, {"names": []}],
            },
            LibraryModel,
            "m.yaml",
        )


def test_choices_limit_text_fields() -> None:
    """A text field with known words refuses another word, and offers the nearest."""
    data = {"library": "x", "language": "python", "sites": [{"names": [], "role": "clint"}]}

    with pytest.raises(ConfigurationError, match=r'sites\[0\]\.role is "clint".*did you mean "client"\?'):
        convert(data, LibraryModel, "m.yaml", {(SiteModel, "role"): ROLES})


def test_whole_number_is_a_number() -> None:
    """Where a number with a fraction may stand, a whole one may stand too, and keeps its kind in a union."""
    option = convert({"default": 5}, Option, "m.yaml")

    assert option.default == 5
    assert isinstance(option.default, int)
