"""What an operation does to the world when it is repeated."""

from __future__ import annotations

import re

from commlint.model.code import Assignment
from commlint.model.operations import Address, Role
from commlint.model.values import Compute, Literal, Mapping, Reference, Template, Value, walk
from commlint.recognize import unique
from commlint.resolve import worth
from commlint.resolve.entities import Data, Entities, Entity, External, Made, Method, Object, Scope, Type
from commlint.resolve.locators import locate
from commlint.resolve.makers import maker
from commlint.resolve.program import Program
from commlint.resolve.use import Use, use_of_call

# Standard and customary method names of remote procedures that change nothing (as in Google's API guide).
_READING = re.compile(r"(Get|List|BatchGet|Find|Search|Query|Read|Fetch|Lookup|Count|Describe|Watch)(?![a-z])")
MAX_BUILDERS = 8
CHANGED = "changed"
"""The site does something only where objects of its library were changed by what they held."""
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
        return next(filter(None, (_of_statement(program, entity) for entity in entities or ())), "")
    if stated.startswith("sets:"):
        return _of_assignments(program, locate(program, use, stated.removeprefix("sets:")))
    if stated.startswith("inserts:"):
        return _of_insert(program, locate(program, use, stated.removeprefix("inserts:")))
    if stated.startswith("stores:"):
        return _of_store(program, locate(program, use, stated.removeprefix("stores:")))
    if stated == "creates":
        return _of_creation(program, use)
    if stated == "save":
        return _of_save(program, use)
    if stated == CHANGED:
        return _of_changes(program, use)
    if protocol == "grpc" and _READING.match(address.rpc.rpartition("/")[2]):
        return "read"
    if stated:
        return stated
    if role is Role.PRODUCER:
        return "send"
    if role is Role.CLIENT and protocol == "http":
        return _HTTP.get(address.method, "call")
    return ""


def _of_statement(program: Program, entity: Entity) -> str:
    """The effect of a statement: of its text, or of the call that the statement object was built from."""
    current: Entity | None = entity
    for _ in range(MAX_BUILDERS):
        if isinstance(current, Data):
            return of_sql(current.value)
        site = maker(program, current)
        if site is None:
            return ""
        current = None
        for called in program.callee(site.path, site.call, site.frame):
            if not isinstance(called, (External, Method)):
                continue
            receiver = called.receiver if isinstance(called, Method) else None
            for match in program.library(site.path).sites(called.name):
                word = match.site.effect
                made = use_of_call(program, site, match, receiver)
                if word.startswith("sql:"):
                    inner = locate(program, made, word.removeprefix("sql:"))
                    return _of_statement(program, inner[0]) if inner else ""
                if word.startswith("sets:"):
                    return _of_assignments(program, locate(program, made, word.removeprefix("sets:")))
                if word:
                    return word
            current = receiver
    return ""


def _of_assignments(program: Program, entities: Entities | None) -> str:
    """`increment` when a value is computed from another, else `set`."""
    for entity in entities or ():
        value = worth.as_value(program, (entity,))
        if isinstance(value, Mapping) and any(isinstance(entry, Compute) for _, entry in value.entries):
            return "increment"
    return "set"


def _of_insert(program: Program, entities: Entities | None) -> str:
    """`upsert` when the database refuses a second one: each object has a value of its own under a unique field."""
    objects = [each for each in entities or () if isinstance(each, Object)]
    return "upsert" if objects and all(unique.is_refused(program, each) for each in objects) else "insert"


def _of_store(program: Program, entities: Entities | None) -> str:
    """`insert` for an object made here whose key the database gives, `upsert` where that has it once, else `set`."""
    made = [each for each in entities or () if isinstance(each, Object) and each.site is not None]
    if not made or len(made) < len(entities or ()) or not all(unique.is_generated(program, each.type) for each in made):
        return "set"
    return "upsert" if all(unique.is_kept_once(program, each.type) for each in made) else "insert"


def _of_creation(program: Program, use: Use) -> str:
    """`upsert` when the class whose objects are kept, `Order` of `Order.objects.create(…)`, has each only once."""
    callee = program.call(use.site).callee if use.site is not None else None
    name = callee.name if isinstance(callee, Reference) else ""
    while use.site is not None and "." in name:
        name = name.rpartition(".")[0]
        for each in program.evaluate(Reference(name), use.scope):
            if isinstance(each, Type):
                return "upsert" if unique.refuses(program, each, use.site) else "insert"
    return "insert"


def _of_save(program: Program, use: Use) -> str:
    """`insert` for an object made here, `increment` when a fetched one was changed by what it held, else `set`."""
    if isinstance(use.receiver, Object) and use.receiver.site is not None:
        return _of_insert(program, (use.receiver,))
    callee = program.call(use.site).callee if use.site is not None else None
    if use.site is None or not isinstance(callee, Reference):
        return "set"
    function = program.call(use.site).function
    saved = callee.name.rpartition(".")[0] + "."
    for change in program.file(use.site.path).code.assignments:
        if change.function == function and change.target.startswith(saved) and _is_relative(change):
            return "increment"
    return "set"


def _of_changes(program: Program, use: Use) -> str:
    """`increment` when the function around changed an object of the same library by what it held, else nothing."""
    path, frame = use.scope.path, use.scope.frame
    library = tuple(f"{name}." for name in use.match.model.imports)
    for change in program.file(path).code.assignments:
        head, dot, _ = change.target.partition(".")
        if change.function != frame.function or not dot or not _is_relative(change):
            continue
        holder = program.evaluate(Reference(head), Scope(frame, change.extent.start_line, change.block))
        if any(isinstance(each, Made) and each.type.startswith(library) for each in holder):
            return "increment"
    return ""


def _is_relative(change: Assignment) -> bool:
    """`x.n += 1` and `x.n = x.n + 1`."""
    value = change.value
    return bool(change.augmented) or (isinstance(value, Compute) and Reference(change.target) in walk(value))


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
