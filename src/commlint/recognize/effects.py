"""What an operation does to the world when it is repeated."""

from __future__ import annotations

import re

from commlint.model.operations import Address, Role
from commlint.model.values import Literal, Template, Value
from commlint.resolve import worth
from commlint.resolve.models import Use, locate
from commlint.resolve.program import Program

_HTTP = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "PUT": "set", "DELETE": "delete"}
_UPSERT = re.compile(
    r"on\s+conflict|on\s+duplicate\s+key|insert\s+(or\s+)?ignore|insert\s+or\s+replace|where\s+not\s+exists"
)
_RELATIVE = re.compile(r"\bset\b.*?\b(\w+)\s*=\s*[\w.\"`]*\b\1\b\s*[-+*|]", re.DOTALL)


def effect(program: Program, use: Use, role: Role, protocol: str, address: Address) -> str:
    """The effect word of a use (see `Operation.effect`)."""
    stated = use.match.site.effect
    if stated.startswith("sql:"):
        entities = locate(program, use, stated.removeprefix("sql:"))
        return of_sql(worth.as_value(program, entities)) if entities else ""
    if stated:
        return stated
    if role is Role.PRODUCER:
        return "send"
    if role is Role.CLIENT and protocol == "http":
        return _HTTP.get(address.method, "call")
    return ""


def of_sql(value: Value) -> str:
    """The effect of an SQL text by its verb; "" when the text is not known."""
    parts = value.parts if isinstance(value, Template) else (value,)
    text = " ".join(str(part.value) for part in parts if isinstance(part, Literal) and isinstance(part.value, str))
    text = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL).strip().lower()
    verb = text.split(None, 1)[0] if text else ""
    match verb:
        case "insert":
            return "upsert" if _UPSERT.search(text) else "insert"
        case "update":
            return "increment" if _RELATIVE.search(text) else "set"
        case "delete" | "truncate" | "drop":
            return "delete"
        case "replace" | "merge":
            return "upsert"
        case "select" | "show" | "explain":
            return "read"
        case "with":
            return next((of_sql(Literal(text[at:])) for at in _verbs(text)), "read")
        case "create" | "alter" | "set" | "begin" | "commit" | "rollback" | "pragma" | "use" | "listen":
            return "set"
        case _:
            return ""


def _verbs(text: str) -> list[int]:
    """Where a writing verb stands in a statement that starts with common table expressions."""
    return [found.start() for found in re.finditer(r"\b(insert|update|delete)\b", text)]
