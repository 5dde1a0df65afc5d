"""What a name means in a scope: parameters, locals, closures, module names, imports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commlint.model.code import Import
from commlint.model.values import Literal
from commlint.resolve import (
    annotated,
    assignments,
    blocks,
    exports,
    own_object,
    parameters,
    typed,
)
from commlint.resolve.entities import (
    MODULE,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Module,
    Scope,
    Type,
    is_unknown,
    unknown,
)
from commlint.resolve.index import FileIndex

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_STARS = 60
_NULL = Data(Literal(None))


def name(program: Program, wanted: str, scope: Scope) -> Entities:
    """What `wanted` (a simple name, or a dotted one that is assigned or imported as such) means in `scope`."""
    index = program.file(scope.path)
    if scope.owner:
        found = _field(program, index, wanted, scope)
        if found:
            return found
        if f"{scope.owner}.{wanted}" in index.functions:
            return (Function(index.path, f"{scope.owner}.{wanted}"),)
    function = scope.frame.function
    if function:
        found = _in_function(program, index, wanted, scope)
        if found:
            return found
        for outer in index.enclosing(function):
            found = _in_function(program, index, wanted, Scope(scope.frame.around(outer)))
            if found:
                return found
    found = (
        blocks.named(program, wanted, scope)
        or own_object.named(program, wanted, scope)
        or (_of_file(program, index, wanted) if function else _of_module(program, index, wanted, scope))
        or own_object.inherited(program, wanted, scope)
        or (_of_world(program, index, wanted) if _may_be_a_path(program, wanted, scope) else ())
    )
    if found:
        return found
    if "." in wanted:
        return unknown(f"{wanted} is not assigned here")
    outside = program.language(scope.path).undefined(scope.path, wanted, program.modules)
    if outside:
        return (External(program.library(scope.path).canonical(outside)),)
    return (External(program.library(scope.path).canonical(f"builtins.{wanted}")),)


def _may_be_a_path(program: Program, wanted: str, scope: Scope) -> bool:
    """Whether a name may lead through packages: what it starts with is no variable of the code around it."""
    head, dot, _ = wanted.partition(".")
    # A property is often called like its type, and then both may be meant.
    if not dot or head[:1].isupper() or not scope.frame.function:
        return True
    index = program.file(scope.path)
    method = index.owner_of(scope.frame.function)
    is_field = method is not None and head in index.fields.get(method.type, ())
    is_variable = is_field or index.is_local(scope.frame.function, head)
    return not is_variable and head != program.language(scope.path).own_object


def _of_file(program: Program, index: FileIndex, wanted: str) -> Entities:
    """What a name means in all functions of a file that bind it to nothing else."""
    key = ("file", index.path, wanted)
    known = program.names.get(key)
    if known is None:
        known = program.names[key] = _of_module(program, index, wanted, Scope(Frame(index.path)))
    return known


def _of_module(program: Program, index: FileIndex, wanted: str, scope: Scope) -> Entities:
    return _in_module(program, index, wanted, scope) or _in_packages(program, wanted, index.path)


def _of_world(program: Program, index: FileIndex, wanted: str) -> Entities:
    """What a name means that nothing around it binds."""
    key = ("world", index.path, wanted)
    known = program.names.get(key)
    if known is None:
        own = wanted in program.language(index.path).own_types
        found = () if own else _qualified(program, wanted, index.path) or _known_outside(program, index, wanted)
        known = program.names[key] = found
    return known


def module_member(program: Program, path: str, wanted: str) -> Entities:
    """A name as another file sees it in the module `path`."""
    index = program.file(path)
    found = exports.named(program, path, wanted) or _in_module(program, index, wanted, Scope(Frame(path)))
    if found:
        return found
    if wanted and wanted == program.language(path).default_export:
        return (Module(path),)
    if "." in wanted:
        return _inside(program, path, wanted)
    neighbour = program.modules.defining(program.packages[path], wanted, path)
    if neighbour is not None and neighbour != path:
        return program.lookup_in(neighbour, wanted)
    submodules = program.language(path).module_files(wanted, 1, path, program.modules)
    if submodules and path.endswith("__init__.py"):
        return (Module(submodules[0]),)
    outside = program.language(path).undefined(path, wanted, program.modules)
    if outside:
        return (External(program.library(path).canonical(outside)),)
    return unknown(f"{path} has no name {wanted}")


def _inside(program: Program, path: str, wanted: str) -> Entities:
    """A member of something in a module, as `import static` brings it in."""
    head, *rest = wanted.split(".")
    found = program.lookup_in(path, head)
    for name in rest:
        found = tuple(each for entity in found for each in program.member(entity, name, path))
    return found


def _field(program: Program, index: FileIndex, wanted: str, scope: Scope) -> Entities:
    assigned = index.fields.get(scope.owner, {}).get(wanted, [])
    before = [entry for entry in assigned if entry.extent.start_line < scope.line or not scope.line]
    return assignments.assigned_value(program, before[-1], scope.frame) if before else ()


def _in_function(program: Program, index: FileIndex, wanted: str, scope: Scope) -> Entities:
    function = scope.frame.function
    visible, complete = assignments.visible(index, index.assignments.get((function, wanted), []), scope)
    facts = index.functions.get(function)
    named = [each for each in facts.parameters if each.name == wanted] if facts else []
    if named and not complete:
        # What a parameter is given on this very line it does not have yet: `ctx = WithValue(ctx, …)`.
        visible = [entry for entry in visible if entry.extent.start_line != scope.line]
    given = [entry for entry in visible if entry.value is not None]
    found: list[Entity] = [each for entry in given for each in assignments.given_by(program, entry, wanted, scope)]
    if not found or any(is_unknown(each) for each in found):
        # What a declaration without a value promises says more than what nobody knows.
        bare = (entry for entry in visible if entry.value is None)
        found.extend(each for entry in bare for each in assignments.given_by(program, entry, wanted, scope))
    if not complete:
        for parameter in named:
            found.extend(parameters.parameter_value(program, index, scope.frame, parameter))
        if facts is not None and wanted in facts.type_parameters:
            found.extend(typed.given_to(program, scope.frame, facts, wanted))
    if found:
        return tuple(found)
    nested = f"{function}.{wanted}"
    if nested in index.functions:
        return (Function(index.path, nested),)
    if nested in index.types:
        return (Type(index.path, nested),)
    return _imported(program, index, wanted, index.imports.get((function, wanted), []))


def _in_module(program: Program, index: FileIndex, wanted: str, scope: Scope) -> Entities:
    visible, _ = assignments.visible(index, index.assignments.get((MODULE, wanted), []), scope)
    given = [entry for entry in visible if entry.value is not None]
    found: list[Entity] = []
    for entry in given:
        found.extend(assignments.given_by(program, entry, wanted, Scope(Frame(index.path), entry.extent.start_line)))
    found.extend(_given_elsewhere(program, index, wanted))
    if not found or any(is_unknown(each) for each in found):
        bare = (entry for entry in visible if entry.value is None)
        found.extend(
            each for entry in bare for each in assignments.given_by(program, entry, wanted, Scope(Frame(index.path)))
        )
    if found and any(entity != _NULL for entity in found):
        return tuple(entity for entity in found if entity != _NULL)
    if wanted in index.functions:
        return (Function(index.path, wanted),)
    if wanted in index.types:
        return (Type(index.path, wanted),)
    named = index.imports.get((MODULE, wanted)) or program.shared_aliases(index.path, wanted)
    imported = _imported(program, index, wanted, named)
    if imported or found:
        # What is null until somebody outside sets it is what its annotation promises.
        promised = (
            each for entry in visible for each in annotated.objects(program, entry.annotation, Scope(Frame(index.path)))
        )
        return imported or tuple(promised) or tuple(found)
    return _dotted_import(program, index, wanted) or _starred(program, index, wanted)


def _given_elsewhere(program: Program, index: FileIndex, wanted: str) -> list[Entity]:
    """What functions in other files, of this package and of others, give a variable that is declared in this one."""
    rules = program.language(index.path)
    if not rules.scattered or (MODULE, wanted) not in index.assignments:
        return []
    found: list[Entity] = []
    for path in program.modules.declaring(program.packages[index.path]):
        for entry in program.file(path).assignments.get((MODULE, wanted), ()) if path != index.path else ():
            if entry.within:
                found.extend(assignments.assigned_value(program, entry, Frame(path, entry.within)))
    for path, entry in program.given_elsewhere.get((program.packages[index.path], wanted), ()):
        found.extend(assignments.assigned_value(program, entry, Frame(path, entry.function)))
    return found


def _imported(program: Program, index: FileIndex, wanted: str, imports: list[Import]) -> Entities:
    """What import statements bring in; of several (try/except ImportError) those found in the tree win."""
    outside: list[Entity] = []
    for entry in imports:
        path, rest = program.imported(index.path, entry)
        if path is None:
            outside.append(External(program.library(index.path).canonical(rest)))
        elif path != index.path or rest != wanted:
            if entry.name is None or not rest:
                return exports.whole(program, path)
            found = program.lookup_in(path, rest)
            if not is_unknown(found[0]):
                return found
    return tuple(outside)


def _dotted_import(program: Program, index: FileIndex, wanted: str) -> Entities:
    """`a.b.c` where `import a.b.c` names a file of the tree."""
    if "." not in wanted:
        return ()
    head = wanted.split(".", 1)[0]
    for entry in index.imports.get((MODULE, head), []):
        if entry.name is None and entry.module == wanted:
            files = program.language(index.path).module_files(wanted, 0, index.path, program.modules)
            if files:
                return (Module(files[0]),)
    return ()


def _starred(program: Program, index: FileIndex, wanted: str) -> Entities:
    rules = program.language(index.path)
    if "." in wanted or wanted in rules.own_types:
        return ()
    for entry in program.stars(index.path)[:MAX_STARS]:
        file = program.modules.defining(entry.module, wanted, index.path)
        if file is not None and file != index.path:
            return program.lookup_in(file, wanted)
        if program.modules.declaring(entry.module):
            continue
        for path in rules.module_files(entry.module, entry.level, index.path, program.modules):
            if path != index.path:
                found = program.lookup_in(path, wanted)
                if not is_unknown(found[0]):
                    return found
        file, member = program.imported(index.path, replace(entry, local=wanted, name=wanted))
        found = program.lookup_in(file, member) if file is not None and "." in member else unknown("not there")
        if not is_unknown(found[0]):
            return found
    return ()


def _in_packages(program: Program, wanted: str, path: str) -> Entities:
    """A name that another file brings into a package this file sees without an import."""
    for package in program.language(path).visible(program.packages[path]):
        file = program.modules.defining(package, wanted, path)
        if file is not None and file != path:
            return program.lookup_in(file, wanted)
    return ()


def _qualified(program: Program, wanted: str, path: str) -> Entities:
    """A name written with its package: in full, or from a package around that of the file on."""
    package, _, last = wanted.rpartition(".")
    own = program.packages[path]
    if not package or not own:
        return ()
    for each in (package, *(f"{around}.{package}" for around in program.language(path).visible(own))):
        file = program.modules.defining(each, last, path)
        if file is not None:
            return program.lookup_in(file, last)
    library = program.library(path)
    known = library.canonical(wanted)
    return (External(known),) if library.knows(known) else ()


def _known_outside(program: Program, index: FileIndex, wanted: str) -> Entities:
    """A name of a library whose names are all brought in, as far as its models know the name."""
    library = program.library(index.path)
    stars = [entry.module for entry in program.stars(index.path) if entry.level == 0]
    inside, dot, last = wanted.rpartition(".")
    for module in (*stars, *program.language(index.path).default_imports):
        if not library.may_hold(f"{module}.{inside}" if module and dot else module or inside, last):
            continue
        known = library.canonical(f"{module}.{wanted}" if module else wanted)
        if library.knows(known) or (module in stars and library.sites(known)):
            # What a file generates from a contract is told by the pattern of its name.
            return (External(known),)
    return _generated_outside(program, index, wanted, stars)


def _generated_outside(program: Program, index: FileIndex, wanted: str, packages: list[str]) -> Entities:
    """A type that is generated into a package taken in whole, of several the one other files import it from."""
    library = program.library(index.path)
    full = (f"{package}.{wanted}" for package in packages if not program.modules.declaring(package))
    generated = [name for name in full if "." not in wanted and library.is_generated(name)]
    named = [name for name in generated if name in program.imported_names] or generated
    return (External(library.canonical(named[0])),) if named else ()
