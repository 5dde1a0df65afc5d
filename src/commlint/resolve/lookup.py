"""What a name means in a scope: parameters, locals, closures, module names, imports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from commlint.model.code import Assignment, FunctionFacts, Import, ParameterFacts
from commlint.model.values import (
    Attribute,
    CallResult,
    Choice,
    Index,
    Literal,
    Mapping,
    Parameter,
    Reference,
    Sequence,
    Template,
    Value,
)
from commlint.resolve import blocks, calls, exports, own_object, scattered, typed, types
from commlint.resolve.entities import (
    MODULE,
    CallSite,
    Data,
    Entities,
    Entity,
    External,
    Frame,
    Function,
    Made,
    Many,
    Module,
    Object,
    Scope,
    Type,
    Written,
    is_unknown,
    unknown,
)
from commlint.resolve.index import FileIndex, plain_name

if TYPE_CHECKING:
    from commlint.resolve.program import Program

MAX_STARS = 60


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
        or _in_module(program, index, wanted, scope if not function else Scope(Frame(scope.path)))
        or _in_packages(program, wanted, scope.path)
        or own_object.inherited(program, wanted, scope)
        or _qualified(program, wanted, scope.path)
        or _known_outside(program, index, wanted)
    )
    if found:
        return found
    if "." in wanted:
        return unknown(f"{wanted} is not assigned here")
    outside = program.language(scope.path).undefined(scope.path, wanted, program.modules)
    if outside:
        return (External(program.library(scope.path).canonical(outside)),)
    return (External(program.library(scope.path).canonical(f"builtins.{wanted}")),)


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
    return assigned_value(program, before[-1], scope.frame) if before else ()


def _in_function(program: Program, index: FileIndex, wanted: str, scope: Scope) -> Entities:
    function = scope.frame.function
    visible, complete = _visible(index, index.assignments.get((function, wanted), []), scope)
    given = [entry for entry in visible if entry.value is not None]
    found: list[Entity] = [each for entry in given for each in _assignment(program, entry, wanted, scope)]
    if not found or any(is_unknown(each) for each in found):
        # What a declaration without a value promises says more than what nobody knows.
        bare = (entry for entry in visible if entry.value is None)
        found.extend(each for entry in bare for each in _assignment(program, entry, wanted, scope))
    if not complete:
        facts = index.functions.get(function)
        for parameter in facts.parameters if facts else ():
            if parameter.name == wanted:
                found.extend(parameter_value(program, index, scope.frame, parameter))
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
    visible, _ = _visible(index, index.assignments.get((MODULE, wanted), []), scope)
    given = [entry for entry in visible if entry.value is not None]
    found: list[Entity] = []
    for entry in given:
        found.extend(_assignment(program, entry, wanted, Scope(Frame(index.path), entry.extent.start_line)))
    found.extend(_given_elsewhere(program, index, wanted))
    if not found or any(is_unknown(each) for each in found):
        bare = (entry for entry in visible if entry.value is None)
        found.extend(each for entry in bare for each in _assignment(program, entry, wanted, Scope(Frame(index.path))))
    null = Data(Literal(None))
    if found and any(entity != null for entity in found):
        return tuple(entity for entity in found if entity != null)
    if wanted in index.functions:
        return (Function(index.path, wanted),)
    if wanted in index.types:
        return (Type(index.path, wanted),)
    named = index.imports.get((MODULE, wanted)) or program.shared_aliases(index.path, wanted)
    imported = _imported(program, index, wanted, named)
    if imported or found:
        # What is null until somebody outside sets it is what its annotation promises.
        promised = (
            each for entry in visible for each in annotated(program, entry.annotation, Scope(Frame(index.path)))
        )
        return imported or tuple(promised) or tuple(found)
    return _dotted_import(program, index, wanted) or _starred(program, index, wanted)


def _given_elsewhere(program: Program, index: FileIndex, wanted: str) -> list[Entity]:
    """What functions in other files of a package give a variable that is declared in this one."""
    rules = program.language(index.path)
    if not rules.scattered or (MODULE, wanted) not in index.assignments:
        return []
    found: list[Entity] = []
    for path in program.modules.declaring(program.packages[index.path]):
        for entry in program.file(path).assignments.get((MODULE, wanted), ()) if path != index.path else ():
            if entry.within:
                found.extend(assigned_value(program, entry, Frame(path, entry.within)))
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
    if "." in wanted:
        return ()
    rules = program.language(index.path)
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
    for module in (*stars, *program.language(index.path).default_imports):
        known = library.canonical(f"{module}.{wanted}" if module else wanted)
        if library.knows(known) or (module in stars and library.sites(known)):
            # What a file generates from a contract is told by the pattern of its name.
            return (External(known),)
    return ()


# -- assignments ---------------------------------------------------------------------------------------


def _visible(index: FileIndex, assigned: list[Assignment], scope: Scope) -> tuple[list[Assignment], bool]:
    """
    The assignments a place may see, latest first, and whether they cover every way to it.

    A place sees back to the nearest assignment that stands in a block around it.
    """
    if not assigned:
        return [], False
    around = {number for number, _ in index.blocks(scope.block)}
    before = [entry for entry in assigned if not scope.line or entry.extent.start_line < scope.line]
    seen: list[Assignment] = []
    for entry in reversed(before or assigned):
        if _excluded(index, entry.block, scope.block):
            continue
        seen.append(entry)
        if entry.within:
            # Nobody knows whether that function has run.
            continue
        if entry.block == -1 or entry.block in around or _only_with(index, entry.block, around):
            return seen, bool(before)
    return seen, False


def _only_with(index: FileIndex, block: int, around: set[int]) -> bool:
    """Whether a block is entered whenever the place is reached: with blocks, and the body of a try."""
    for number, entry in index.blocks(block):
        if number in around:
            return True
        if entry.kind not in ("with", "try"):
            return False
    return True


def _excluded(index: FileIndex, block: int, place: int) -> bool:
    """Whether an assignment stands in another branch of the same choice as the place."""
    mine = {entry.of if entry.of >= 0 else number: number for number, entry in index.blocks(place)}
    for number, entry in index.blocks(block):
        if entry.kind != "branch":
            continue
        group = entry.of if entry.of >= 0 else number
        if group in mine and mine[group] != number:
            return True
    return False


def _assignment(program: Program, entry: Assignment, wanted: str, scope: Scope) -> Entities:
    frame = scope.frame if entry.function == scope.frame.function else Frame(scope.path, entry.function)
    if entry.augmented:
        earlier = program.lookup(wanted, Scope(frame, entry.extent.start_line, entry.block))
        value = entry.value if entry.value is not None else Literal("")
        here = Scope(frame, entry.extent.start_line, entry.block)
        parts = (program.value(Reference(wanted), here), program.value(value, here))
        joined = Template(parts) if entry.augmented == "+" else None
        return program.evaluate(joined, here) if joined else earlier
    return assigned_value(program, entry, frame)


def assigned_value(program: Program, entry: Assignment, frame: Frame) -> Entities:
    """What one assignment gives its target; a bare declaration gives an object of its type."""
    if entry.within:
        frame = frame if frame.function == entry.within else Frame(frame.path, entry.within)
    scope = Scope(frame, entry.extent.start_line, entry.block, entry.owner)
    if entry.value is None:
        given = _annotations(program, entry.decorators, scope)
        asked = given or _made_by(program, entry.decorators, scope, annotated(program, entry.annotation, scope))
        return program.container.given(asked, scope.path, entry.target, entry.decorators) if entry.owner else asked
    found = program.evaluate(entry.value, scope)
    if entry.annotation is not None and all(is_unknown(entity) for entity in found):
        return annotated(program, entry.annotation, scope) or found
    return found


# -- parameters ----------------------------------------------------------------------------------------


def parameter_value(program: Program, index: FileIndex, frame: Frame, parameter: ParameterFacts) -> Entities:
    """
    What a parameter is bound to in a frame.

    With the call known: its argument, else the default. With any caller: the receiver, the objects its
    annotation tells, the default, and always the open parameter itself, so that callers are asked.
    """
    facts = index.functions[frame.function]
    rules = program.language(index.path)
    if rules.extending and parameter.name == rules.receiver(facts):
        if frame.receiver is not None and not isinstance(frame.receiver, Type):
            return (frame.receiver,)
    elif facts.owner and parameter.name == rules.receiver(facts):
        return (frame.receiver or _own_object(program, scattered.home(program, index.path, facts.owner), facts),)
    scope = Scope(Frame(index.path, frame.function.rpartition(".")[0] if not facts.owner else MODULE))
    if frame.site is not None:
        bound = calls.bound_argument(program, frame, facts, parameter)
        if bound and all(is_unknown(each) for each in bound):
            return annotated(program, parameter.annotation, scope) or bound
        if bound:
            return bound
        if parameter.default is not None:
            return program.evaluate(parameter.default, scope)
    annotations = _annotations(program, parameter.decorators, scope)
    if annotations:
        return annotations
    handed = _handed_over(program, index, facts, parameter)
    if handed is not None:
        return (handed,)
    block = blocks.handed(program, index, frame, facts, parameter)
    if block:
        return block
    asked = _made_by(program, parameter.decorators, scope, annotated(program, parameter.annotation, scope))
    if facts.owner and frame.site is None:
        asked = program.container.given(asked, index.path, parameter.name, parameter.decorators)
        asked = program.provided.given(asked, index.path, facts.owner)
        if any(isinstance(each, Object) for each in asked) and _made_by_container(program, index, facts):
            return asked
    found: list[Entity] = list(asked)
    if parameter.default is not None:
        given = program.evaluate(parameter.default, scope)
        if any(isinstance(each, (Made, Object)) for each in given):
            return given
        found.extend(given)
    if parameter.form == "variadic" and frame.site is None:
        found.append(Written(Sequence((), open=True), scope))
    elif parameter.form == "options" and frame.site is None:
        found.append(Written(Mapping((), open=True), scope))
    if found and _only_contained(program, index, facts, frame):
        return tuple(found)
    found.append(Data(Parameter(f"{frame.function}.{parameter.name}")))
    return tuple(found)


def _only_contained(program: Program, index: FileIndex, facts: FunctionFacts, frame: Frame) -> bool:
    """Whether it is the constructor of a class whose objects only a container makes: no caller can tell more."""
    rules = program.language(index.path)
    if not rules.extending or frame.site is not None or plain_name(facts.name) != rules.constructor:
        return False
    return not program.makers(Type(index.path, facts.owner))


def _own_object(program: Program, owner: Type, facts: FunctionFacts) -> Entity:
    """The object a method runs on when its caller is not known: the only one of its class that is ever made."""
    if any(isinstance(each, Reference) and each.name == "classmethod" for each in facts.decorators):
        return owner
    made = program.makers(owner)
    return made[0] if len(made) == 1 else Object(owner)


def _made_by_container(program: Program, index: FileIndex, facts: FunctionFacts) -> bool:
    """Whether no code makes the object whose constructor this is, in a language where containers make objects."""
    rules = program.language(index.path)
    if not rules.home(index.path, index.code.module) or plain_name(facts.name) != rules.constructor:
        return False
    return not program.callers(Function(index.path, facts.name))


def _handed_over(program: Program, index: FileIndex, facts: FunctionFacts, parameter: ParameterFacts) -> Made | None:
    """The library object a framework hands to a handler at this position."""
    told = program.handler_parameters(index.path, facts.name)
    if not told:
        return None
    own = program.language(index.path).receiver(facts)
    names = [entry.name for entry in facts.parameters if entry.name != own]
    position = names.index(parameter.name)
    if told[0] == "*":
        told, position = told[1:], position - (len(names) - len(told[1:]))
    if not 0 <= position < len(told) or not told[position]:
        return None
    return Made(told[position], program.handed_result(index.path, facts.name))


def _annotations(program: Program, decorators: tuple[Value, ...], scope: Scope) -> Entities:
    """The value that an annotation puts into a field or parameter: `@Value("${stock.url}") String url`."""
    given = (each for decorator in decorators for each in program.evaluate(decorator, scope))
    return tuple(each for each in given if isinstance(each, Data) and not is_unknown(each))


def _made_by(program: Program, decorators: tuple[Value, ...], scope: Scope, objects: Entities) -> Entities:
    """Library objects, made by the annotation in the role of a factory that stands beside: `@Channel("a") Emitter`."""
    for decorator in decorators:
        if not isinstance(decorator, CallResult):
            continue
        site = CallSite(scope.path, decorator.call, scope.frame)
        callees = program.evaluate(program.call(site).callee, scope)
        names = (each.name for each in callees if isinstance(each, External))
        if any(match.is_maker for name in names for match in program.library(scope.path).sites(name)):
            return tuple(replace(each, site=site) if isinstance(each, Made) else each for each in objects)
    return objects


def annotated(program: Program, annotation: Value | None, scope: Scope) -> Entities:
    """Objects of the types an annotation names; nothing for plain data types and what is not known."""
    if annotation is None:
        return ()
    found: list[Entity] = []
    for option in types.annotation_options(annotation):
        alias = type_alias(program, option, scope)
        if alias is not None:
            found.extend(annotated(program, *alias))
        elif isinstance(option, (Reference, Attribute)):
            for entity in program.evaluate(option, scope):
                if isinstance(entity, External) and _is_type(program, entity.name, scope.path):
                    found.append(Made(entity.name))
                elif isinstance(entity, Type):
                    found.append(Object(entity))
        elif isinstance(option, Index):
            found.extend(_subscripted(program, option, scope))
        elif isinstance(option, (Sequence, Mapping)) and option.open:
            # A list or map type, written with the type of its elements.
            of = option.items[0] if isinstance(option, Sequence) else option.entries[0][1]
            each = annotated(program, of, scope)
            found.extend((Many(each),) if each else ())
    return tuple(found)


def _is_type(program: Program, name: str, path: str) -> bool:
    """Whether a name outside the tree may be a type that matters: one that is brought in, or a generated one."""
    return not name.startswith("builtins.") or program.library(path).is_generated(name)


def type_alias(program: Program, option: Value, scope: Scope) -> tuple[Value, Scope] | None:
    """What a name stands for that was given to a type written out: `Inventory = Annotated[Client, Depends(f)]`."""
    if not isinstance(option, Reference) or "." in option.name:
        return None
    path, name = scope.path, option.name
    for _ in range(MAX_STARS):
        index = program.file(path)
        assigned = index.assignments.get((MODULE, name), [])
        if assigned:
            value, line = assigned[-1].value, assigned[-1].extent.start_line
            return (value, Scope(Frame(path), line)) if isinstance(value, (Index, Choice)) else None
        imports = index.imports.get((MODULE, name), [])
        file, member = program.imported(path, imports[0]) if imports else (None, "")
        if file is None or not member or file == path:
            return None
        path, name = file, member
    return None


def _subscripted(program: Program, option: Index, scope: Scope) -> Entities:
    """`Annotated[T, Depends(f)]` is what the marker gives, else a T; other subscripts are of the outer type."""
    of = program.evaluate(option.of, scope)
    if isinstance(option.key, Sequence) and any(
        isinstance(entity, External) and entity.name.endswith("Annotated") for entity in of
    ):
        for marker in option.key.items[1:]:
            given = program.evaluate(marker, scope)
            if any(isinstance(entity, (Made, Object, Data)) and not is_unknown(entity) for entity in given):
                return tuple(e for e in given if not is_unknown(e)) + annotated(program, option.key.items[0], scope)
        return annotated(program, option.key.items[0], scope)
    kinds = tuple(
        each for written in typed.written_arguments(option) for each in program.evaluate(typed.bare(written), scope)
        if isinstance(each, Type)
    )  # fmt: skip
    outside = [each for each in of if isinstance(each, External) and "." in each.name]
    own = [Object(each) for each in of if isinstance(each, Type)]
    return (*(Made(entity.name, None, kinds) for entity in outside), *own)
