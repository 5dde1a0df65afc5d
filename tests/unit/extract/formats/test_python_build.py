from __future__ import annotations

import pytest

from commlint.extract.formats.python_build import PythonBuildReader
from commlint.model.deployments import ServiceDeclaration


def read(path: str, text: str) -> tuple[ServiceDeclaration, ...]:
    declarations, notices = PythonBuildReader().read(path, text.encode())
    assert notices == ()
    return declarations.services


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pyproject.toml", True),
        ("a/setup.cfg", True),
        ("a/Pipfile", True),
        ("a/requirements.txt", True),
        ("a/requirements-dev.txt", True),
        ("a/requirements.in", False),
        ("a/my-requirements.txt", False),
        ("a/other.toml", False),
    ],
)
def test_claims(path: str, expected: bool) -> None:
    """Build files are known by their names."""
    assert PythonBuildReader().claims(path, b"") is expected


def test_project_table() -> None:
    """Name and scripts of `[project]` count, at the line of the name."""
    text = (
        '[build-system]\nrequires = []\n[project]\nname = "shop-orders"\n[project.scripts]\nrun = "orders.app:main"\n'
    )

    found = read("src/orders/pyproject.toml", text)[0]

    assert (found.name, found.origin, found.source_root) == ("shop-orders", "python-build", "src/orders")
    assert found.command == ("orders.app:main",)
    assert found.extent.start_line == 4


def test_poetry() -> None:
    """Name and scripts of Poetry count as well, also in the form of a table."""
    text = (
        '[tool.poetry]\nname = "orders"\n[tool.poetry.scripts]\na = "orders:main"\n'
        'b = {callable = "orders.worker:main", extras = ["w"]}\n'
    )

    found = read("pyproject.toml", text)[0]

    assert (found.name, found.source_root) == ("orders", ".")
    assert found.command == ("orders:main", "orders.worker:main")


def test_tool_settings_are_no_project() -> None:
    """A file that only configures tools is no evidence of a service."""
    assert read("a/pyproject.toml", "[tool.ruff]\nline-length = 100\n") == ()
    assert read("a/setup.cfg", "[flake8]\nmax-line-length = 100\n") == ()


def test_project_without_a_name() -> None:
    """The folder gives the name when the file does not."""
    assert read("a/orders/pyproject.toml", "[project]\nversion = '1'\n")[0].name == "orders"


def test_setup_py() -> None:
    """Name and entry points are found without running the file."""
    text = (
        "from setuptools import setup\nsetup(\n  name='orders',\n  entry_points={'x': ['run = orders.cli:main']},\n)\n"
    )

    found = read("a/setup.py", text)[0]

    assert (found.name, found.command, found.extent.start_line) == ("orders", ("orders.cli:main",), 3)


def test_setup_cfg() -> None:
    """Name and console scripts are read from their sections."""
    text = "[metadata]\nname = orders\n[options.entry_points]\nconsole_scripts =\n  run = orders.cli:main\n  x = a:b\n"

    found = read("a/setup.cfg", text)[0]

    assert (found.name, found.command) == ("orders", ("orders.cli:main", "a:b"))


@pytest.mark.parametrize("path", ["src/orders/requirements.txt", "src/orders/Pipfile"])
def test_lists_of_packages(path: str) -> None:
    """A list of packages says that its folder is a project."""
    found = read(path, "flask==3\n")[0]

    assert (found.name, found.source_root) == ("orders", "src/orders")


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("pyproject.toml", "[project]\nname = \n", 2),
        ("pyproject.toml", "[project]\nname = 'a'\n" + "#" * 300_000, 0),
        ("setup.cfg", "no section\n", 1),
        ("pyproject.toml", "a=" + "[" * 9999, 0),
    ],
)
def test_broken_files(path: str, text: str, line: int) -> None:
    """A file that cannot be parsed is told with its line and declares nothing."""
    declarations, notices = PythonBuildReader().read(path, text.encode())

    assert declarations.services == ()
    assert [notice.line for notice in notices] == [line]
    assert "\n" not in notices[0].message


def test_a_module_called_setup_is_no_build_file() -> None:
    """Only a `setup.py` that takes in a library that builds counts."""
    reader = PythonBuildReader()

    assert reader.claims("a/setup.py", b"from setuptools import setup\nsetup(name='a')\n")
    assert not reader.claims("a/setup.py", b"from flask import g\ndef setup(): ...\n")
