"""Small programs for the tests of resolve and recognize: source text in, program out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from textwrap import dedent

from commlint.extract.extract import extract
from commlint.model.facts import FactSet
from commlint.model.libraries import Catalogue, LibraryModel
from commlint.model.operations import Operation, Recognition, Role
from commlint.model.values import Literal, Value, show
from commlint.recognize.recognize import recognize
from commlint.resolve.program import Program
from commlint.store.catalogue import parse_catalogue
from commlint.store.modelfiles import model_files


@cache
def catalogue() -> Catalogue:
    """The shipped library models."""
    return parse_catalogue(model_files(Path()))


def program(**files: str) -> Program:
    """A program of Python files; `orders__app="…"` is `orders/app.py`, `orders____init__` its `__init__.py`."""
    return program_of({_path(name): text for name, text in files.items()})


def program_of(files: Mapping[str, str], *models: LibraryModel) -> Program:
    """A program of files in any language by their paths, with further library models beside the shipped ones."""
    facts = [extract(path, dedent(text).encode()) for path, text in files.items()]
    return Program(FactSet.of(facts), replace(catalogue(), models=(*catalogue().models, *models)))


def _path(name: str) -> str:
    package, dunder, _ = name.partition("____init__")
    return package.replace("__", "/") + ("/__init__.py" if dunder else ".py")


def recognized(**files: str) -> Recognition:
    """What is recognized in Python files; `orders__app="…"` is the file `orders/app.py`."""
    return recognize(program(**files))


def clients(**files: str) -> list[Operation]:
    return [each for each in recognized(**files).operations if each.role is Role.CLIENT]


def only(operations: list[Operation]) -> Operation:
    assert len(operations) == 1, [f"{each.region} {show(each.address.url)}" for each in operations]
    return operations[0]


def url(operation: Operation) -> str:
    return show(operation.address.url)


def number(value: Value | None) -> object:
    """The plain content of a literal."""
    assert isinstance(value, Literal), value
    return value.value
