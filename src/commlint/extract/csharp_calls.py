"""How C#'s calls, and the objects it makes, read."""

from __future__ import annotations

from tree_sitter import Node

from commlint.extract.csharp_types import Types
from commlint.extract.csharp_values import COMMENT, CONDITION, CSHARP, EXPRESSION, NAME, TYPE, field
from commlint.extract.quick import new_argument, new_reference, new_sequence
from commlint.extract.syntax import kind, kinds
from commlint.extract.walker import MISSING
from commlint.model.code import Argument
from commlint.model.values import Attribute, CallResult, Literal, Reference, Sequence, Unknown, Value

_ARGUMENT = kind(CSHARP, "argument")
_ASSIGNMENT = kind(CSHARP, "assignment_expression")
_AWAIT = kind(CSHARP, "await_expression")
_CONDITIONAL = kind(CSHARP, "conditional_access_expression")
_IDENTIFIER = kind(CSHARP, "identifier")
_INITIALIZER = kind(CSHARP, "initializer_expression")
_INVOCATIONS = kinds(CSHARP, "invocation_expression")
_MEMBER = kind(CSHARP, "member_access_expression")
_TARGET_TYPED = kind(CSHARP, "implicit_object_creation_expression")
_ARRAYS = kinds(CSHARP, "array_creation_expression", "implicit_array_creation_expression")
_ARGUMENTS = field("arguments")
_FUNCTION = field("function")
_INITIALIZED = field("initializer")
_RIGHT = field("right")
_LEFT = field("left")

# What is asked of a promise and gives the promise again, or what it promises.
_SAME = frozenset({"ConfigureAwait", "GetAwaiter", "AsTask"})
_WAITS = frozenset({"GetResult", "Wait"})


class Calls(Types):
    """A walk that knows calls and their arguments too."""

    def member(self, of: Value, name: Node | None) -> Value:
        if isinstance(of, CallResult) and name is not None and self.written(name) == "Result":
            self.calls[of.call].blocked = True
            return of
        return super().member(of, name)

    def invocation_expression(self, node: Node) -> Value:
        parts = node.children
        if len(parts) != 2:
            # A comment stands between, or a part is missing.
            parts = [part for part in parts if part.kind_id != COMMENT][:2]
        function, arguments = parts[0], parts[1] if len(parts) == 2 else None
        if function.kind_id == _IDENTIFIER and self.written(function) == "nameof":
            return self._name_of(arguments)
        callee = self.readers[function.kind_id](self, function) or MISSING
        promise = self._promise(callee)
        if promise is not None:
            self.arguments(arguments)
            if _begins_with_await(function) and isinstance(promise, CallResult):
                self.calls[promise.call].awaited = True
            return promise
        types = self.type_arguments(_named(function)) if function.kind_id != _IDENTIFIER else ()
        result = self.add_call(callee, self.arguments(arguments), node)
        if types:
            self.calls[result.call].types = types
        if function.kind_id != _IDENTIFIER and _begins_with_await(function):
            self.calls[result.call].awaited = True
        return result

    def _name_of(self, arguments: Node | None) -> Value:
        named = arguments.named_child(0) if arguments is not None else None
        return Literal(self.written(named).rpartition(".")[2].partition("<")[0]) if named is not None else MISSING

    def _promise(self, callee: Value) -> Value | None:
        """The promise that a call of one of its own members is about; None when it is another call."""
        match callee:
            case Attribute(of=CallResult() as of, name=name) if name in _SAME or name in _WAITS:
                self.calls[of.call].blocked |= name in _WAITS
                return of
            case Attribute(of=of, name="ConfigureAwait"):
                return of
            case Reference(name=name) if name.endswith(".ConfigureAwait"):
                return new_reference(name.removesuffix(".ConfigureAwait"))
            case _:
                return None

    def arguments(self, node: Node | None) -> tuple[Argument, ...]:
        """The arguments of a call, by position and by name."""
        found: list[Argument] = []
        for child in node.named_children if node is not None else ():
            if child.kind_id != _ARGUMENT:
                self.read(child)
                continue
            parts = child.children
            value = self.readers[parts[-1].kind_id](self, parts[-1]) or MISSING
            name = child.child_by_field_id(NAME) if len(parts) > 1 else None
            found.append(new_argument(self.written(name) if name is not None else None, value))
        return tuple(found)

    # objects

    def object_creation_expression(self, node: Node) -> Value:
        named = node.child_by_field_id(TYPE)
        if named is None:
            return self.otherwise(node)
        return self._made(node, self.read(named), self.type_arguments(_last_name(named)))

    def implicit_object_creation_expression(self, node: Node) -> Value:
        """`new(…)`: of which type stands elsewhere."""
        return self._made(node, Unknown("the type of what is made stands elsewhere"), ())

    def of_type(self, node: Node | None, wanted: Value | None) -> Value:
        """The value of an expression where an object of a type is wanted, which `new(…)` leaves out."""
        if node is None or node.kind_id != _TARGET_TYPED or wanted is None:
            return self.expression(node)
        of = wanted.of if hasattr(wanted, "of") else wanted
        key = getattr(wanted, "key", None)
        types = key.items if isinstance(key, Sequence) else (key,) if key is not None else ()
        return self._made(node, of, types)

    def _made(self, node: Node, callee: Value, types: tuple[Value, ...]) -> Value:
        """A call of a type; what braces after it set are keyword arguments, or the entries of a collection."""
        written = node.child_by_field_id(_ARGUMENTS)
        inside = node.child_by_field_id(_INITIALIZED)
        for child in node.named_children:
            if written is None and child.type == "argument_list":
                written = child
            if child.kind_id == _INITIALIZER:
                inside = child
        given = self.arguments(written)
        if inside is not None and not _sets_members(inside) and inside.named_child_count:
            return self.read(inside)
        if inside is not None:
            given = (*given, *self._members(inside))
        result = self.add_call(callee, given, node)
        self.calls[result.call].types = types
        return result

    def _members(self, node: Node) -> tuple[Argument, ...]:
        """The members that `{ Name = value }` sets."""
        found: list[Argument] = []
        for child in node.named_children:
            name = child.child_by_field_id(_LEFT)
            if child.kind_id == _ASSIGNMENT and name is not None:
                value = self.read(child.child_by_field_id(_RIGHT))
                found.append(new_argument(self.written(name), value))
            elif child.kind_id != COMMENT:
                self.read(child)
        return tuple(found)

    def array_creation(self, node: Node) -> Value:
        for child in node.named_children:
            if child.kind_id == _INITIALIZER:
                return self.read(child)
        self.read_all(node)
        return new_sequence((), True)


def _named(function: Node) -> Node | None:
    """The last name of what is called, type arguments included."""
    if function.kind_id == _MEMBER:
        return function.child_by_field_id(NAME)
    if function.kind_id == _CONDITIONAL:
        binding = function.named_child(function.named_child_count - 1)
        return binding.child_by_field_id(NAME) if binding is not None else None
    return function


def _last_name(named: Node) -> Node | None:
    """The last part of a written type."""
    return named.child_by_field_id(NAME) if named.type in ("qualified_name", "alias_qualified_name") else named


def _begins_with_await(function: Node | None) -> bool:
    """Whether the parser put an `await` that means the whole chain at its start, as it does before `?.`."""
    while function is not None:
        if function.kind_id == _AWAIT:
            return True
        if function.kind_id == _CONDITIONAL:
            function = function.child_by_field_id(CONDITION)
        elif function.kind_id == _MEMBER:
            function = function.child_by_field_id(EXPRESSION)
        elif function.kind_id in _INVOCATIONS:
            function = function.child_by_field_id(_FUNCTION)
        else:
            return False
    return False


def _sets_members(node: Node) -> bool:
    """Whether braces set members by name, and not the entries of a collection."""
    for child in node.named_children:
        if child.kind_id == _ASSIGNMENT:
            left = child.child_by_field_id(_LEFT)
            return left is not None and left.kind_id == _IDENTIFIER
    return False
