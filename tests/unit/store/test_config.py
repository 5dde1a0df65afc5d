from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from commlint.errors import ConfigurationError
from commlint.model.config import Config, LimitsConfig, RuleConfig, ServiceConfig
from commlint.model.findings import Level
from commlint.model.operations import Confidence
from commlint.store.config import config_schema, load_config

EVERYTHING = """
extends = ["strict"]
select = ["CL4"]
ignore = ["call-in-loop"]
hosts = { LEGACY_URL = "billing" }
models = ["lint/*.yaml"]
exclude = ["legacy/"]
default-excludes = false
tests = true
complete = true
fail-on = "error"
confidence = "possible"

[per-path-ignores]
"scripts/**" = ["CL101"]

[per-service-ignores]
loadgen = ["CL111"]

[rules.call-without-timeout]
level = "warning"
max-seconds = 3
names = ["a", "b"]

[services.orders]
roots = ["src/orders"]
aliases = ["order-api"]
kind = "job"
environment = { PORT = "80" }

[limits]
file-size = 5
files = 6
"""


def test_no_configuration_is_all_defaults(tmp_path: Path) -> None:
    """Without any file the defaults hold, and nothing is said about it."""
    loaded = load_config(tmp_path)

    assert (loaded.config, loaded.path, loaded.notices) == (Config(), None, ())


def test_every_field_is_read(tmp_path: Path) -> None:
    """All that a configuration may hold is taken over; options of a rule stand beside its level."""
    (tmp_path / "commlint.toml").write_text(EVERYTHING)

    loaded = load_config(tmp_path)

    assert loaded.path == "commlint.toml"
    assert loaded.config == Config(
        extends=("strict",),
        select=("CL4",),
        ignore=("call-in-loop",),
        per_path_ignores={"scripts/**": ("CL101",)},
        per_service_ignores={"loadgen": ("CL111",)},
        rules={"call-without-timeout": RuleConfig(Level.WARNING, {"max-seconds": 3, "names": ("a", "b")})},
        services={"orders": ServiceConfig(("src/orders",), ("order-api",), "job", {"PORT": "80"})},
        hosts={"LEGACY_URL": "billing"},
        models=("lint/*.yaml",),
        exclude=("legacy/",),
        default_excludes=False,
        tests=True,
        complete=True,
        fail_on=Level.ERROR,
        confidence=Confidence.POSSIBLE,
        limits=LimitsConfig(5, 6),
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("commlint.toml", "fail-on = 'note'"),
        ("commlint.yaml", "fail-on: note"),
        ("commlint.yml", "fail_on: note"),
        ("pyproject.toml", "[tool.commlint]\nfail-on = 'note'"),
    ],
)
def test_all_places_are_looked_at(tmp_path: Path, name: str, content: str) -> None:
    """Each kind of file is found and read alike."""
    (tmp_path / name).write_text(content)

    loaded = load_config(tmp_path)

    assert (loaded.config.fail_on, loaded.path) == (Level.NOTE, name)


def test_first_of_two_counts_and_the_other_is_noticed(tmp_path: Path) -> None:
    """A second configuration does not change anything, and that is told."""
    (tmp_path / "pyproject.toml").write_text("[tool.commlint]\nfail-on = 'error'")
    (tmp_path / "commlint.toml").write_text("fail-on = 'note'")

    loaded = load_config(tmp_path)

    assert loaded.config.fail_on is Level.NOTE
    assert [str(notice) for notice in loaded.notices] == [
        "pyproject.toml: not used, as commlint.toml is there too; keep one of them"
    ]


@pytest.mark.parametrize("content", ["[project]\nname = 'x'", "[project\nbroken", ""])
def test_pyproject_of_somebody_else_is_none_of_ours(tmp_path: Path, content: str) -> None:
    """A pyproject.toml that does not mention commlint is not even parsed."""
    (tmp_path / "pyproject.toml").write_text(content)

    assert load_config(tmp_path).path is None


def test_named_file_is_read_instead(tmp_path: Path) -> None:
    """`--config` names the one file that counts."""
    (tmp_path / "commlint.toml").write_text("fail-on = 'note'")
    (tmp_path / "other.yaml").write_text("fail-on: error")

    loaded = load_config(tmp_path, tmp_path / "other.yaml")

    assert loaded.config.fail_on is Level.ERROR


def test_empty_yaml_changes_nothing(tmp_path: Path) -> None:
    """A configuration that is all comments is a configuration."""
    (tmp_path / "commlint.yaml").write_text("# nothing yet\n")

    loaded = load_config(tmp_path)

    assert (loaded.config, loaded.path) == (Config(), "commlint.yaml")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("commlint.toml", "selct = []", 'commlint.toml: no key "selct"; did you mean "select"?'),
        (
            "pyproject.toml",
            "[tool.commlint.limits]\nfile-sise = 3",
            'pyproject.toml: [limits] has no key "file-sise"; did you mean "file-size"?',
        ),
        (
            "commlint.yaml",
            "rules: {CL101: {level: bad}}",
            'commlint.yaml: rules.CL101.level is "bad", but must be one of note, warning, error',
        ),
        ("commlint.toml", "a = ", "commlint.toml: cannot be read as TOML: "),
        ("commlint.toml", b"a = '\xff'", "commlint.toml: cannot be read as TOML: "),
        ("commlint.yaml", "a: [1", "commlint.yaml, line 2: cannot be read as YAML: "),
        (
            "commlint.yaml",
            "tests: true\ntests: false",
            'commlint.yaml, line 1: cannot be read as YAML: the key "tests"',
        ),
        ("commlint.yaml", "- a", "commlint.yaml: the file must be a table of names and values, not a list"),
        ("commlint.yaml", "\x00", "commlint.yaml: cannot be read as YAML: "),
        ("pyproject.toml", "tool = 'commlint'\n[tool.commlint]", "pyproject.toml: cannot be read as TOML: "),
    ],
)
def test_errors_name_the_file_and_the_key(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    """Whatever is wrong, the first thing told is where."""
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(ConfigurationError) as caught:
        load_config(tmp_path)

    assert str(caught.value).startswith(message)


def test_named_file_that_is_not_there(tmp_path: Path) -> None:
    """A file somebody named and that cannot be opened is an error with a cure."""
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml: cannot be read \(No such file or directory\); check"):
        load_config(tmp_path, tmp_path / "nowhere.toml")


def test_named_pyproject_without_our_table(tmp_path: Path) -> None:
    """Naming a file means that it has a configuration."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")

    with pytest.raises(ConfigurationError, match=r"has no table \[tool\.commlint\]"):
        load_config(tmp_path, tmp_path / "pyproject.toml")


@pytest.mark.parametrize(
    ("contents", "fits"),
    [
        ({"rules": {"CL101": {"level": "note", "max-seconds": 3, "names": ["a"]}}}, True),
        ({"rules": {"CL101": {"level": "bad"}}}, False),
        ({"rules": {"CL101": {"max-seconds": {"a": 1}}}}, False),
        ({"fail-on": "error", "limits": {"file-size": 2}}, True),
        ({"failon": "error"}, False),
    ],
)
def test_schema_knows_how_people_write_it(contents: object, fits: bool) -> None:
    """The schema has options of a rule beside its level, as the file has them."""
    errors = list(jsonschema.Draft202012Validator(config_schema()).iter_errors(contents))

    assert (not errors) is fits
