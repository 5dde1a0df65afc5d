"""Values put together by operators that every language has: texts joined, one of several chosen."""

from __future__ import annotations

from collections.abc import Iterable

from commlint.extract.quick import new_attribute, new_literal, new_reference, new_template
from commlint.extract.walker import MISSING
from commlint.model.values import Choice, Compute, Index, Literal, Reference, Template, Value


def joined(parts: Iterable[Value]) -> Value:
    """The parts as one text: a Literal when all of it is known, else a Template without nested ones."""
    flat: list[Value] = []
    known: list[str] = []
    for part in parts:
        for inner in part.parts if isinstance(part, Template) else (part,):
            text = _plain(inner)
            if text is not None:
                known.append(text)
                continue
            flat.extend(_literals(known))
            known.clear()
            flat.append(inner)
    if not flat:
        return new_literal("".join(known))
    return new_template((*flat, *_literals(known)))


def _literals(texts: list[str]) -> tuple[Literal, ...]:
    """Texts in a row as one literal, none when they are empty."""
    text = "".join(texts)
    return (new_literal(text),) if text else ()


def _plain(value: Value) -> str | None:
    if isinstance(value, Literal) and isinstance(value.value, str | int) and not isinstance(value.value, bool):
        return str(value.value)
    return None


def member(of: Value, name: str) -> Value:
    """The member `name` of a value: one dotted name where that says it."""
    if not name:
        return MISSING
    if isinstance(of, Reference) and of.name and of.name[0] != "<":
        return new_reference(f"{of.name}.{name}")
    return new_attribute(of, name)


def outer_type(of: Value) -> Value:
    """A written type without its type arguments."""
    while isinstance(of, Index):
        of = of.of
    return of


def choice(*values: Value) -> Choice:
    """One of `values`, without choices inside the choice."""
    options: list[Value] = []
    for value in values:
        options.extend(value.options if isinstance(value, Choice) else (value,))
    return Choice(tuple(options))


def plus(left: Value, right: Value) -> Value:
    """`left + right`: one text when either is one, since then both are."""
    parts = (*_summands(left), *_summands(right))
    return joined(parts) if _is_text(left) or _is_text(right) else Compute("+", parts)


def _summands(value: Value) -> tuple[Value, ...]:
    return (
        value.operands if isinstance(value, Compute) and value.operator == "+" and len(value.operands) > 1 else (value,)
    )


def _is_text(value: Value) -> bool:
    return isinstance(value, Template) or (isinstance(value, Literal) and isinstance(value.value, str))
