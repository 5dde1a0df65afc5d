"""Settings: classes that a library fills from the environment, modules that a library finds by a variable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from commlint.model.code import Assignment
from commlint.model.values import CallResult, ConfigRead, EnvironmentRead, Literal, Mapping, Reference, Unknown, Value
from commlint.resolve import types, worth
from commlint.resolve.entities import (
    CallSite,
    Data,
    Entities,
    Entity,
    Frame,
    Made,
    Object,
    Scope,
    Type,
    Written,
    is_unknown,
)
from commlint.resolve.locators import locate
from commlint.resolve.port import closeness

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_NESTED = 4
_MODULE = "module"
_NAMES = ("validation_alias", "alias", "env")
_DEFAULTS = ("default",)
# `env:"STOCK_URL, default=http://stock"`.
_DEFAULT = re.compile(r"(?:^|,)\s*default=(.*)")


def environment_field(program: Program, entry: Type, field: Assignment, owner: Type) -> Value | None:
    """The environment read a field of a settings class stands for, None when its class is not one."""
    if field.target.startswith("_") or field.target in ("model_config", "Config"):
        return None
    library = program.library(entry.path)
    for base in types.external_bases(program, entry):
        if library.type_fact(base, "settings") == "environment":
            prefix = _prefix(program, entry, library.type_fact(base, "settings_prefix"))
            return _read(program, field, owner, prefix)
    return None


def tagged(program: Program, field: Assignment, owner: Type) -> EnvironmentRead | ConfigRead | None:
    """What a library fills a field with by one of its tags, None when it has no such tag."""
    tags = {
        str(key.value): str(value.value)
        for decorator in field.decorators
        if isinstance(decorator, Mapping)
        for key, value in decorator.entries
        if isinstance(key, Literal) and isinstance(value, Literal)
    }
    for tag, model in program.library(owner.path).tags.items():
        name, _, options = tags.get(tag, "").partition(",")
        if name and name != "-":
            written = (tags[each] for each in model.default.split("|") if each in tags)
            inline = _DEFAULT.search(options)
            text = next(written, inline[1] if inline is not None else None)
            default = Literal(text) if text is not None else None
            if model.kind == "environment":
                return EnvironmentRead(name, default)
            return ConfigRead(name if model.kind == "config" else f"--{name}", default)
    return None


def configured_field(program: Program, owner: Type, name: str) -> Entities:
    """What a field of a class is that the configuration fills: a read of it, or an object that it fills in turn."""
    field = next(iter(program.file(owner.path).fields.get(owner.name, {}).get(name, ())), None)
    prefix = _configured_prefix(program, owner, 0) if field is not None else None
    if field is None or prefix is None:
        return ()
    scope = Scope(Frame(owner.path), field.extent.start_line, field.block, owner.name)
    nested = tuple(each for each in program.annotated(field.annotation, scope) if isinstance(each, Object))
    if nested:
        return nested
    default = program.value(field.value, scope) if field.value is not None else None
    return (Data(ConfigRead(f"{prefix}.{name}".strip("."), None if isinstance(default, Unknown) else default)),)


def _configured_prefix(program: Program, owner: Type, depth: int) -> str | None:
    """Where in the configuration the fields of a class stand: told by a decorator, or by the field that holds it."""
    for use in program.decorators.of(owner):
        if use.match.site.role == "settings":
            told = locate(program, use, use.match.site.prefix)
            value = worth.as_value(program, told) if told else None
            return str(value.value) if isinstance(value, Literal) and value.value is not None else ""
    if depth < MAX_NESTED and "." in owner.name:
        last = owner.name.rpartition(".")[2]
        for holder, fields in program.file(owner.path).fields.items():
            for name, assigned in fields.items():
                if holder != owner.name and assigned[0].annotation == Reference(last):
                    outer = _configured_prefix(program, Type(owner.path, holder), depth + 1)
                    if outer is not None:
                        return f"{outer}.{name}"
    return None


def module_setting(program: Program, holder: str, name: str, path: str) -> Entities:
    """
    What `name` of a library's settings object is worth for the file `path`: a name of the settings module.

    That module is told by an environment variable, which the start scripts of a project set.
    """
    library = program.library(path)
    kind, _, variable = library.type_fact(holder, "settings").partition(":")
    if kind != _MODULE:
        return ()
    told = [(file, number) for file, number in program.callers_by_name.get("setdefault", ()) if file != path]
    sets = [(file, module) for file, number in told if (module := _given(program, file, number, variable))]
    for file, module in sorted(sets, key=lambda each: -closeness(each[0], path)):
        for settings in program.language(file).module_files(module, 0, file, program.modules):
            found = program.lookup_in(settings, name)
            if not is_unknown(found[0]):
                return found
    return ()


def _given(program: Program, path: str, number: int, variable: str) -> str:
    """The text a call gives to an environment variable, "" when it gives none to this one."""
    match program.file(path).code.calls[number].arguments:
        case (key, value, *_) if key.value == Literal(variable) and isinstance(value.value, Literal):
            return str(value.value.value)
        case _:
            return ""


def _read(program: Program, field: Assignment, owner: Type, prefix: str) -> EnvironmentRead:
    name = (prefix + field.target).upper()
    scope = Scope(Frame(owner.path), field.extent.start_line, field.block, owner.name)
    if field.value is None:
        return EnvironmentRead(name)
    if isinstance(field.value, CallResult):
        call = program.file(owner.path).code.calls[field.value.call]
        given = {argument.name: argument.value for argument in call.arguments if argument.name}
        first = next((argument.value for argument in call.arguments if argument.name is None), None)
        for key in _NAMES:
            told = given.get(key)
            if isinstance(told, Literal) and isinstance(told.value, str):
                name = told.value.upper()
        default = next((given[key] for key in _DEFAULTS if key in given), first)
        value = program.value(default, scope) if default is not None else None
    else:
        value = program.value(field.value, scope)
    return EnvironmentRead(name, None if isinstance(value, Unknown) else value)


def _prefix(program: Program, entry: Type, where: str) -> str:
    """The prefix of the variables: `where` names it as `field.key` of the class, alternatives joined by `|`."""
    for alternative in filter(None, where.split("|")):
        holder, _, key = alternative.partition(".")
        for owner in types.lineage(program, entry):
            if isinstance(owner, Type):
                found = _configured(program, owner, holder, key)
                if found is not None:
                    return found
    return ""


def _configured(program: Program, owner: Type, holder: str, key: str) -> str | None:
    index = program.file(owner.path)
    nested = index.fields.get(f"{owner.name}.{holder}", {}).get(key)
    if nested and isinstance(nested[-1].value, Literal):
        return str(nested[-1].value.value)
    assigned = index.fields.get(owner.name, {}).get(holder)
    if not assigned or assigned[-1].value is None:
        return None
    scope = Scope(Frame(owner.path), assigned[-1].extent.start_line, owner=owner.name)
    for entity in program.evaluate(assigned[-1].value, scope):
        value = _entry(program, entity, key)
        if isinstance(value, Literal):
            return str(value.value)
    return None


def _entry(program: Program, entity: Entity, key: str) -> Value | None:
    match entity:
        case Made(site=CallSite() as site):
            for argument in program.call(site).arguments:
                if argument.name == key:
                    return program.value(argument.value, program.site_scope(site))
        case Written(value=Mapping(entries=entries), scope=scope):
            for name, value in entries:
                if name == Literal(key):
                    return program.value(value, scope)
        case Data(value=value):
            return value
        case _:
            pass
    return None
