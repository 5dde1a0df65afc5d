"""
What an expression means once symbols and types are resolved.

A value (`model.values`) is what stands in a file; an entity is what it stands for: a name of a library,
an object and the call that made it, a function or class of the tree, or finished data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from commlint.model.values import Unknown, Value

MODULE = ""
"""The qualified name of code that stands in no function."""


@dataclass(frozen=True, slots=True)
class Frame:
    """
    A function with what is known of the call that runs it.

    `site` None: any caller, so parameters are open. `receiver`: the object a method runs on, if known.
    `outer`: the frame of a function around it whose call is known, as a decorator knows what it was given.
    """

    path: str
    function: str = MODULE
    site: CallSite | None = None
    receiver: Entity | None = None
    outer: Frame | None = None
    hashed: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        # Frames are keys of every remembered answer and hold each other; the hash is worked out once.
        object.__setattr__(self, "hashed", hash((self.path, self.function, self.site, self.receiver, self.outer)))

    def __hash__(self) -> int:
        return self.hashed

    @property
    def depth(self) -> int:
        """The number of calls this frame knows above it."""
        return 0 if self.site is None else 1 + self.site.frame.depth

    @property
    def root(self) -> Frame:
        """The outermost frame: the function whose caller is not known."""
        return self if self.site is None else self.site.frame.root

    def around(self, outer: str) -> Frame:
        """The frame of an enclosing function: the calling one when it calls directly, else that of any caller."""
        known = self.outer
        while known is not None:
            if known.function == outer:
                return known
            known = known.outer
        caller = self.site.frame if self.site is not None else None
        if caller is not None and caller.function == outer and caller.path == self.path:
            return caller
        return Frame(self.path, outer)


@dataclass(frozen=True, slots=True)
class CallSite:
    """One call of the tree, in the frame it runs in; `call` is its index in that file."""

    path: str
    call: int
    frame: Frame
    hashed: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hashed", hash((self.path, self.call, self.frame)))

    def __hash__(self) -> int:
        return self.hashed


class Scope(NamedTuple):
    """
    Where an expression stands: a frame, and the line and block that decide which assignment it sees.

    `line` 0 sees the end of the function. `owner`: the class whose body it stands in directly.
    """

    frame: Frame
    line: int = 0
    block: int = -1
    owner: str = ""

    @property
    def path(self) -> str:
        return self.frame.path


class Entity:
    """Base of all meanings."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Data(Entity):
    """A finished value: text, number, environment read, open parameter, unknown …"""

    value: Value


@dataclass(frozen=True, slots=True)
class Written(Entity):
    """A mapping or sequence written in code, evaluated entry by entry when asked."""

    value: Value
    scope: Scope


@dataclass(frozen=True, slots=True)
class External(Entity):
    """A name outside the tree by its canonical dotted name: `requests.get`, `requests.Session`."""

    name: str


@dataclass(frozen=True, slots=True)
class Made(Entity):
    """
    An object of an external type; `site` is the call that made it, None when only its type is known.

    `arguments`: the classes of the tree among its type arguments.
    """

    type: str
    site: CallSite | None = None
    arguments: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Method(Entity):
    """A member of an external type on a receiver: `requests.Session.get` on that session."""

    name: str
    receiver: Entity


@dataclass(frozen=True, slots=True)
class Module(Entity):
    """A file of the tree as a namespace."""

    path: str


@dataclass(frozen=True, slots=True)
class Type(Entity):
    """A class of the tree."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Object(Entity):
    """An object of a class of the tree; `site` is the call that made it, None when only its type is known."""

    type: Type
    site: CallSite | None = None


@dataclass(frozen=True, slots=True)
class Function(Entity):
    """A function of the tree, bound to a receiver when it is a method of a known object."""

    path: str
    name: str
    receiver: Entity | None = None

    @property
    def id(self) -> str:
        return function_id(self.path, self.name)


@dataclass(frozen=True, slots=True)
class Super(Entity):
    """An object seen as one of the bases of `owner`, the class whose method asks."""

    object: Object
    owner: Type


@dataclass(frozen=True, slots=True)
class Accessor(Entity):
    """A method that nobody wrote and that gives back a field of its object."""

    of: Entity
    field: str


@dataclass(frozen=True, slots=True)
class Many(Entity):
    """What a generator or container yields one by one."""

    of: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Several(Entity):
    """The results of a function that returns several, by their places."""

    of: tuple[tuple[Entity, ...], ...]


Entities = tuple[Entity, ...]


def unknown(why: str) -> Entities:
    """The one answer where nothing is known, with the reason."""
    return (Data(Unknown(why)),)


def is_unknown(entity: Entity) -> bool:
    return isinstance(entity, Data) and isinstance(entity.value, Unknown)


def is_undescribed(entity: Entity) -> bool:
    """Whether nothing is known of it but where it comes from: what some call gives back that no model describes."""
    return is_unknown(entity) or (isinstance(entity, Made) and entity.type.endswith("()"))


def function_id(path: str, name: str) -> str:
    """The id of a function in the graph: `path::qualified.name`."""
    return f"{path}::{name or '<module>'}"
