"""What every language's walk over its syntax tree has in common: where we are, and what was found so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from tree_sitter import Node

from commlint.extract.quick import new_assignment, new_block, new_exit
from commlint.extract.remembered import References, Remembered, Word
from commlint.extract.syntax import MAX_EXPRESSION_DEPTH, decoded, is_deep
from commlint.extract.targets import Target, taken_apart
from commlint.model.code import (
    Argument,
    Assignment,
    Block,
    CallFacts,
    CodeFacts,
    Exit,
    FunctionFacts,
    Import,
    TypeFacts,
)
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import CallResult, Sequence, Unknown, Value

MAX_BLOCK_DEPTH = 60
MISSING = Unknown("syntax error")

_RESULTS = tuple(CallResult(index) for index in range(2000))
_new = tuple.__new__

Reader = Callable[[Any, Node], Value | None]


class _OpenCall:
    """A call while it may still learn what stands around it; laid out like `CallFacts`, which it becomes."""

    __slots__ = CallFacts.__slots__

    def __init__(
        self, callee: Value, arguments: tuple[Argument, ...], function: str, owner: str, block: int, extent: Extent
    ) -> None:
        self.callee = callee
        self.arguments = arguments
        self.function = function
        self.owner = owner
        self.block = block
        self.inside = -1
        self.awaited = False
        self.used = True
        self.extent = extent
        self.blocked = False
        self.types: tuple[Value, ...] = ()
        self.dropped = False


_REFERENCES = References()


class _Scope(NamedTuple):
    """A scope that the walk comes back to."""

    function: str
    owner: str
    block: int
    prefix: str
    moved: dict[str, str]
    is_generator: bool


class Walker:
    """
    The facts of one file while its tree is walked, and the place in it where the walk stands.

    `readers` tells for every kind of node how an expression of that kind is read: such a reader adds the
    calls in it and gives its value, None for what is no value (a comment).
    The walk keeps to the order of the source, inner before outer, so that a call has a higher index
    than every call inside it.

    `sound`: the parser found nothing wrong in the file, so that the same words always read the same.
    `source` is UTF-8. `raw` has one character for each of its bytes, so that offsets of nodes cut it directly;
    what is cut from it means something only after `decoded`.
    """

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader], sound: bool = False) -> None:
        self.path = path
        self.sound = sound
        self.readers = readers
        self.raw = source.decode("latin-1")
        self._lines = None if source.isascii() else source.split(b"\n")
        self.function = ""
        self.owner = ""
        self.block = -1
        self.prefix = ""
        self.depth = 0
        self.moved: dict[str, str] = {}
        self.is_generator = False
        self._outer: list[_Scope] = []
        self._parents: list[int] = []
        self._names: dict[str, int] = {}
        self._assigned: set[tuple[str, str]] = set()
        self._indexed = 0
        self.references = _REFERENCES.renewed()
        self.calls: list[_OpenCall] = []
        self.imports: list[Import] = []
        self.types: list[TypeFacts | None] = []
        self.functions: list[FunctionFacts | None] = []
        self.blocks: list[Block | None] = []
        self.assignments: list[Assignment] = []
        self.exits: list[Exit] = []
        self.notices: list[Notice] = []

    def facts(self, language: str, module: str) -> CodeFacts:
        """All that was found, in the order written."""
        calls = cast(list[CallFacts], self.calls)
        for call in calls:
            # Building every call a second time would cost more than reading it.
            call.__class__ = CallFacts
        return CodeFacts(
            language,
            module,
            tuple(self.imports),
            tuple([entry for entry in self.types if entry is not None]),
            tuple([entry for entry in self.functions if entry is not None]),
            tuple([entry for entry in self.blocks if entry is not None]),
            tuple(calls),
            tuple(self.assignments),
            tuple(self.exits),
        )

    def remembered(self, table: Remembered[Word]) -> Remembered[Word]:
        """A table of words to look up and add to; what a file with errors would add is kept apart."""
        return table.renewed() if self.sound else type(table)()

    @property
    def size(self) -> int:
        """How many things with a place of their own were found; the same number before and after means none."""
        return len(self.calls) + len(self.blocks) + len(self.functions) + len(self.assignments) + len(self.exits)

    def expression(self, node: Node | None) -> Value:
        """The value of a whole expression; every way from a statement into an expression leads through here."""
        if node is None:
            return MISSING
        if node.descendant_count > MAX_EXPRESSION_DEPTH and is_deep(node):
            self.notice(node, "nested too deeply to be read; this expression counts as unknown")
            return Unknown("nested too deeply")
        return self.readers[node.kind_id](self, node) or MISSING

    def read(self, node: Node | None) -> Value:
        """The value of a part of an expression."""
        return MISSING if node is None else self.readers[node.kind_id](self, node) or MISSING

    def read_all(self, node: Node) -> list[Value]:
        """The values of the parts of `node`, comments left out."""
        readers = self.readers
        return [value for child in node.named_children if (value := readers[child.kind_id](self, child)) is not None]

    def read_first(self, node: Node) -> Value:
        """The value of the first part of `node`; the calls in all of them count."""
        readers = self.readers
        first = None
        for child in node.named_children:
            value = readers[child.kind_id](self, child)
            first = value if first is None else first
        return first or MISSING

    def otherwise(self, node: Node) -> Value:
        """What has no place in an expression: the calls in it still count."""
        self.read_all(node)
        return MISSING

    def comment(self, node: Node) -> None:
        """What is no value."""
        return

    def extent(self, node: Node) -> Extent:
        """Where `node` stands, in lines and characters."""
        if self._lines is not None:
            return self.span(node, node)
        row, column = node.start_point
        end_row, end_column = node.end_point
        return _new(Extent, (row + 1, column + 1, end_row + 1, end_column + 1))

    def span(self, first: Node, last: Node) -> Extent:
        """From the start of one node to the end of another."""
        row, column = first.start_point
        end_row, end_column = last.end_point
        if self._lines is not None:
            column = len(self._lines[row][:column].decode("utf-8", "replace"))
            end_column = len(self._lines[end_row][:end_column].decode("utf-8", "replace"))
        # The constructor of a named tuple takes twice the time of the tuple itself.
        return _new(Extent, (row + 1, column + 1, end_row + 1, end_column + 1))

    def written(self, node: Node) -> str:
        """The source text of `node`."""
        raw = self.raw[node.start_byte : node.end_byte]
        return raw if self._lines is None else decoded(raw)

    def notice(self, node: Node, message: str) -> None:
        self.notices.append(Notice(self.path, node.start_point[0] + 1, message))

    def add_call(self, callee: Value, arguments: tuple[Argument, ...], node: Node) -> CallResult:
        """Add a call that closes here; calls among its direct arguments learn that they stand inside it."""
        calls = self.calls
        index = len(calls)
        for argument in arguments:
            value = argument.value
            if value.__class__ is CallResult:
                calls[value.call].inside = index
            elif value.__class__ is Sequence:
                for item in value.items:
                    if item.__class__ is CallResult:
                        calls[item.call].inside = index
        calls.append(_OpenCall(callee, arguments, self.function, self.owner, self.block, self.extent(node)))
        return _RESULTS[index] if index < len(_RESULTS) else CallResult(index)

    def add_assignment(
        self,
        target: str,
        value: Value | None,
        extent: Extent,
        *,
        annotation: Value | None = None,
        key: Value | None = None,
        augmented: str = "",
        decorators: tuple[Value, ...] = (),
    ) -> None:
        """Add an assignment in the scope where the name lives; a name that the parser missed is none."""
        if not target:
            return
        function, owner, within = self.function, self.owner, ""
        if self.moved and target in self.moved:
            function, owner = self.moved[target], ""
            within = self.function if function != self.function else ""
        self.assignments.append(
            new_assignment(
                target, value, annotation, key, augmented, function, owner, self.block, extent, decorators, within
            )
        )

    def bind(self, target: Target, value: Value, extent: Extent) -> None:
        """Add the assignments of one `target = value`, taken apart where several names stand on the left."""
        if target.__class__ is str:
            self.add_assignment(target, value, extent)
            return
        for name, key, part in taken_apart(target, value):
            self.add_assignment(name, part, extent, key=key)

    def add_exit(self, kind: str, value: Value | None, node: Node) -> None:
        self.exits.append(new_exit(kind, value, self.function, self.block, self.extent(node)))

    def open_block(self) -> int:
        """Start a block: what follows stands in it until `close_block`."""
        index = len(self.blocks)
        self.blocks.append(None)
        self._parents.append(self.block)
        self.block = index
        return index

    def close_block(self, index: int, kind: str, value: Value | None, extent: Extent, of: int = -1) -> None:
        """End the block that `open_block` gave as `index`; only now is it known in full."""
        self.block = parent = self._parents.pop()
        self.blocks[index] = new_block(kind, value, parent, of, self.function, extent)

    def open_function(self, name: str) -> tuple[int, str, str]:
        """
        Start the body of a function: what follows stands in it until `close_function`.

        Returns:
            Its place among the functions, its qualified name and the class it is a method of.
        """
        index = len(self.functions)
        self.functions.append(None)
        qualified = self._qualified(name)
        owner = self.owner
        self._enter(qualified, "", -1, qualified)
        return index, qualified, owner

    def close_function(self, index: int, facts: FunctionFacts) -> None:
        self.functions[index] = facts
        self._leave()

    def open_type(self, name: str) -> tuple[int, str]:
        """Start the body of a class; gives its place among the types and its qualified name."""
        index = len(self.types)
        self.types.append(None)
        qualified = self._qualified(name)
        self._enter(self.function, qualified, self.block, qualified)
        return index, qualified

    def close_type(self, index: int, facts: TypeFacts) -> None:
        self.types[index] = facts
        self._leave()

    def move_to_module(self, name: str) -> None:
        """From here on the current function means the module's `name`."""
        self.moved[name] = ""

    def move_outward(self, name: str) -> None:
        """From here on the current function means the `name` of the nearest function around that has one."""
        for entry in self.assignments[self._indexed :]:
            self._assigned.add((entry.function, entry.target))
        self._indexed = len(self.assignments)
        around = [scope for scope in reversed(self._outer) if scope.function]
        owners = [scope.function for scope in around if (scope.function, name) in self._assigned]
        if around:
            self.moved[name] = owners[0] if owners else around[0].moved.get(name, around[0].function)

    def _qualified(self, name: str) -> str:
        """`name` under the definition around it, told apart from an earlier definition of the same name."""
        name = name or "<nameless>"
        name = f"{self.prefix}.{name}" if self.prefix else name
        count = self._names[name] = self._names.get(name, 0) + 1
        return name if count == 1 else f"{name}#{count}"

    def _enter(self, function: str, owner: str, block: int, prefix: str) -> None:
        self._outer.append(_Scope(self.function, self.owner, self.block, self.prefix, self.moved, self.is_generator))
        self.moved, self.is_generator = {}, False
        self.function, self.owner, self.block, self.prefix = function, owner, block, prefix

    def _leave(self) -> None:
        outer = self._outer.pop()
        self.function, self.owner, self.block, self.prefix, self.moved, self.is_generator = outer
