"""Constructors of frozen records that cost no more than those of plain ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from commlint.model.code import Argument, Assignment, Block, Exit, FunctionFacts, Import, ParameterFacts
from commlint.model.values import Attribute, Compute, Element, Index, Literal, Reference, Sequence, Template

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def quick(record: type[Record]) -> type[Record]:
    """
    A function that is called like the frozen, slotted dataclass `record` and gives the same objects.

    A frozen dataclass sets every field through `object.__setattr__`, which takes most of the time of reading
    a file. Here the fields are set on a twin without that guard, which then becomes the record.
    """
    twin = _twin(record)
    parameters = ", ".join(_parameter(entry) for entry in fields(record))
    assigned = "; ".join(f"made.{entry.name} = {entry.name}" for entry in fields(record))
    source = f"def make({parameters}):\n made = twin(); {assigned}; made.__class__ = record; return made"
    defaults = {f"default_{entry.name}": entry.default for entry in fields(record)}
    names: dict[str, Any] = {"twin": twin, "record": record, **defaults}
    exec(source, names)  # only the names of our own fields go into the source
    make: Callable[..., Any] = names["make"]
    return make  # type: ignore[return-value]


def _twin(record: type[Record]) -> type[object]:
    """A class with the same slots on the same base, so that Python lets its objects change class."""
    return type(record.__name__, record.__bases__, {"__slots__": record.__slots__})  # type: ignore[attr-defined]


def _parameter(entry: Field[Any]) -> str:
    return entry.name if entry.default is MISSING else f"{entry.name}=default_{entry.name}"


# What a file holds by the hundred.
new_argument = quick(Argument)
new_assignment = quick(Assignment)
new_attribute = quick(Attribute)
new_block = quick(Block)
new_compute = quick(Compute)
new_element = quick(Element)
new_exit = quick(Exit)
new_function = quick(FunctionFacts)
new_import = quick(Import)
new_index = quick(Index)
new_literal = quick(Literal)
new_parameter = quick(ParameterFacts)
new_reference = quick(Reference)
new_sequence = quick(Sequence)
new_template = quick(Template)
