"""The operators of infrastructure code, as far as they can be worked out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from commlint.model.values import Choice, Literal, Mapping, Sequence, Unknown, Value
from commlint.provision.pointers import is_open, number_of, truth

Arguments = tuple[Value, ...]


def operate(operator: str, operands: Arguments) -> Value:
    """What an operator gives of operands that are worked out."""
    match operator, operands:
        case "!", (only,):
            known = truth(only)
            return Unknown("condition") if known is None else Literal(not known)
        case "-", (Literal(value=int() | float() as number),):
            return Literal(-number)
        case "&&" | "||", (left, right):
            return _logic(operator, truth(left), truth(right))
        case "==" | "!=", (left, right):
            same = equal(left, right)
            return Unknown("condition") if same is None else Literal(same == (operator == "=="))
        case _, (Literal() as left, Literal() as right):
            return _arithmetic(operator, number_of(left), number_of(right))
        case _:
            return Unknown("computed")


def _logic(operator: str, left: bool | None, right: bool | None) -> Value:
    deciding = operator == "||"
    if deciding in (left, right):
        return Literal(deciding)
    return Unknown("condition") if None in (left, right) else Literal(not deciding)


def _arithmetic(operator: str, left: float | None, right: float | None) -> Value:
    if left is None or right is None:
        return Unknown("computed")
    results: dict[str, Callable[[], Any]] = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right if right else None,
        "%": lambda: left % right if right else None,
        "<": lambda: left < right,
        ">": lambda: left > right,
        "<=": lambda: left <= right,
        ">=": lambda: left >= right,
    }
    result = results[operator]() if operator in results else None
    if isinstance(result, float) and result.is_integer():
        return Literal(int(result))
    return Unknown("computed") if result is None else Literal(result)


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are the same, None when that is not known."""
    if isinstance(left, Literal) and isinstance(right, Literal):
        return _plain(left) == _plain(right)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Literal) and one.value in (None, "") and not is_open(other):
            return False
    if isinstance(left, Mapping | Sequence) and isinstance(right, Mapping | Sequence):
        sizes = [len(each.items if isinstance(each, Sequence) else each.entries) for each in (left, right)]
        if 0 in sizes and not (left.open or right.open):
            return sizes[0] == sizes[1]
    return None


def _plain(value: Literal) -> object:
    content = value.value
    return str(content).lower() if isinstance(content, bool) else str(content) if content is not None else None


def sized(operator: str, value: Value, number: Value) -> Value | None:
    """What a length compared with a number gives where only that it is none is known: a name has some length."""
    asked = {(">", 0): True, (">=", 1): True, ("!=", 0): True, ("==", 0): False, ("<", 1): False, ("<=", 0): False}
    answer = asked.get((operator, number.value)) if isinstance(number, Literal) else None  # type: ignore[arg-type]
    if answer is None or isinstance(value, Literal | Mapping | Sequence) or equal(value, Literal("")) is not False:
        return None
    return Literal(answer)


def choose(condition: Value, yes: Value, no: Value) -> Value:
    """One of two, or both when the condition is not known."""
    known = truth(condition) if not is_open(condition) else None
    if known is not None:
        return yes if known else no
    return yes if yes == no else Choice((yes, no))
