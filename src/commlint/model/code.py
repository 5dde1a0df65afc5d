"""What one source file says, before anyone knows what its libraries mean."""

from __future__ import annotations

from dataclasses import dataclass

from commlint.model.places import Extent
from commlint.model.values import Value


@dataclass(frozen=True, slots=True)
class Import:
    """
    One name brought in from elsewhere.

    `import a.b as c` is Import(local="c", module="a.b"); `import a.b` has local "a";
    `from ..a import b as c` is Import(local="c", module="a", name="b", level=2);
    `from a import *` has local "*" and name "*".
    `shared`: it holds for every file at or below the folder of this one. `of_type`: what it brings in whole is a type.
    """

    local: str
    module: str
    name: str | None
    level: int
    function: str
    extent: Extent
    shared: bool = False
    of_type: bool = False


@dataclass(frozen=True, slots=True)
class ParameterFacts:
    """
    One parameter; `form` is positional, keyword, variadic (`*args`) or options (`**kwargs`).

    `decorators` are the annotations or attributes written on it, as on a function.
    """

    name: str
    form: str
    annotation: Value | None
    default: Value | None
    decorators: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """
    One function, method or lambda.

    `name` is qualified inside the file: `f`, `Class.method`, `outer.inner`, `<lambda@12:5>`.
    `owner` is the qualified class name of a method, else "".
    `decorators` are Reference or CallResult; such a call stands at the definition's own scope.
    `is_abstract`: it has no body, as in an interface.
    `type_parameters`: the types that each call of it gives or implies.
    """

    name: str
    owner: str
    parameters: tuple[ParameterFacts, ...]
    decorators: tuple[Value, ...]
    returns: Value | None
    is_async: bool
    is_generator: bool
    extent: Extent
    is_abstract: bool = False
    type_parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """
    A class; `bases` and `decorators` are Values, `keywords` are class keywords such as metaclass.

    `is_abstract`: nobody makes an object of just this type: an interface, a trait, an abstract class.
    `type_parameters`: the types it leaves open, which its bases may name.
    """

    name: str
    bases: tuple[Value, ...]
    decorators: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    extent: Extent
    is_abstract: bool = False
    type_parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """
    A stretch of code that changes how what stands in it runs.

    `kind`: loop (for), while, comprehension, try, except, else, finally, with, branch (if, case).
    `value`: what a loop iterates over, a while or branch tests, a with enters (None for its else
    side), an except catches (Reference or Sequence of them; None catches everything).
    `parent`: index of the enclosing block in `CodeFacts.blocks`, -1 at function level.
    `of`: for except, else and finally the index of their try block, for an else or elif branch
    that of the first branch; else -1.
    """

    kind: str
    value: Value | None
    parent: int
    of: int
    function: str
    extent: Extent


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument; `name` None is positional, `spread` is "", "*" or "**"."""

    name: str | None
    value: Value
    spread: str = ""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """
    One call. `callee` is a Reference, or an Attribute of something that is no plain name.

    `function`: qualified name of the enclosing function, "" at module or class level.
    `owner`: the class whose body the call stands in directly, else "".
    `block`: innermost enclosing block, -1 for none.
    `inside`: index of the call it is an argument of, directly or as an item of a list, -1 for none.
    `used`: its result is assigned, returned, awaited into something, or passed on.
    `blocked`: the thread stands still until what it promises is there (`.Result`, `.Wait()`).
    `types`: the type arguments written at it, as in `services.AddSingleton<Clock>()`.
    `dropped`: it stands alone as a statement, with what is chained to it, and no word waits for what it promises.
    """

    callee: Value
    arguments: tuple[Argument, ...]
    function: str
    owner: str
    block: int
    inside: int
    awaited: bool
    used: bool
    extent: Extent
    blocked: bool = False
    types: tuple[Value, ...] = ()
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    A name is given a value: `x = …`, `self.x = …`, `x: T = …`, `with … as x`, `for x in …`, `x["k"] = …`.

    `target` is a dotted name; a subscript target is `Index`-like text `x[]` with `key` set.
    `owner` is the class whose body it stands in directly (a field), else "".
    `value` None is a bare declaration (`x: T`). `augmented` is the operator of `x += …`, else "".
    `decorators` are the annotations or attributes written on a field, as on a function.
    `within`: the function the assignment stands in, when it sets a name of another one around it; else "".
    """

    target: str
    value: Value | None
    annotation: Value | None
    key: Value | None
    augmented: str
    function: str
    owner: str
    block: int
    extent: Extent
    decorators: tuple[Value, ...] = ()
    within: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """A statement that leaves: `kind` is return, yield, raise, break or continue."""

    kind: str
    value: Value | None
    function: str
    block: int
    extent: Extent


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """
    Everything the later stages know of one source file; tuples are in the order written.

    `module`: the name it is imported by from the root, or the package or namespace it declares.
    """

    language: str
    module: str
    imports: tuple[Import, ...] = ()
    types: tuple[TypeFacts, ...] = ()
    functions: tuple[FunctionFacts, ...] = ()
    blocks: tuple[Block, ...] = ()
    calls: tuple[CallFacts, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    exits: tuple[Exit, ...] = ()
