"""How Python's lambdas, comprehensions, targets and annotations read."""

from __future__ import annotations

from tree_sitter import Node, Parser

from commlint.extract import combined
from commlint.extract.python_calls import Calls
from commlint.extract.python_values import (
    EXTRAS,
    IDENTIFIER,
    PYTHON,
    field,
    first_of,
    parts_of,
)
from commlint.extract.quick import new_element, new_function, new_parameter
from commlint.extract.remembered import Remembered
from commlint.extract.syntax import MAX_EXPRESSION_DEPTH, handlers, is_deep, kind, kinds
from commlint.extract.targets import Keyed, Rest, Target, Unpacked
from commlint.extract.walker import MISSING, Reader
from commlint.model.code import ParameterFacts
from commlint.model.values import Index, Literal, Mapping, Reference, Sequence, Unknown, Value

_CLAUSE = kind(PYTHON, "for_in_clause")
_PAIR = kind(PYTHON, "pair")
_MAPPING_SPREAD = kinds(PYTHON, "dictionary_splat", "dictionary_splat_pattern")
_STAR = kinds(PYTHON, "list_splat", "list_splat_pattern")
_MEMBER = kind(PYTHON, "attribute")
_SUBSCRIPT = kind(PYTHON, "subscript")
_PATTERNS = kinds(PYTHON, "pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list")
_WRAPPED = kinds(PYTHON, "as_pattern_target", "parenthesized_expression")
_WRITTEN_TYPE = kind(PYTHON, "type")
_SIGNATURE = kind(PYTHON, "parameters")
_TYPES = Remembered[Value]()
_SIGNATURES = Remembered[tuple[ParameterFacts, ...]]()
_LONGEST_TYPE = 500
_ALIAS = field("alias")
_BODY = field("body")
_LEFT = field("left")
_NAME = field("name")
_OBJECT = field("object")
_ATTRIBUTE = field("attribute")
_PARAMETERS = field("parameters")
_RIGHT = field("right")
_TYPE = field("type")
_VALUE = field("value")


class Expressions(Calls):
    """A walk over all of Python's expressions."""

    def __init__(self, path: str, source: bytes, readers: dict[int, Reader], sound: bool = False) -> None:
        super().__init__(path, source, readers, sound)
        self._types = self.remembered(_TYPES)
        self._parameters = self.remembered(_SIGNATURES)

    # functions

    def lambda_(self, node: Node) -> Value:
        parameters = self.parameters(node.child_by_field_id(_PARAMETERS))
        extent = self.extent(node)
        name = f"<lambda@{extent.start_line}:{extent.start_column}>"
        index, qualified, _ = self.open_function(name)
        body = node.child_by_field_id(_BODY)
        value = self.read(body)
        if body is not None:
            self.add_exit("return", value, body)
        facts = new_function(qualified, "", parameters, (), None, False, self.is_generator, extent)
        self.close_function(index, facts)
        return Reference(name)

    def parameters(self, node: Node | None) -> tuple[ParameterFacts, ...]:
        """Parameters as written; defaults and annotations are read where the function is defined."""
        if node is None or node.kind_id != _SIGNATURE:
            return self._written_parameters(node)
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._parameters.get(raw)
        if known is None:
            before = self.size
            known = self._written_parameters(node)
            if self.size == before:
                self._parameters.keep(raw, known)
        return known

    def _written_parameters(self, node: Node | None) -> tuple[ParameterFacts, ...]:
        found: list[ParameterFacts] = []
        form = "positional"
        for child in node.named_children if node is not None else ():
            if child.kind_id == IDENTIFIER:
                found.append(new_parameter(self.written(child), form, None, None))
                continue
            kind = child.type
            if kind == "keyword_separator":
                form = "keyword"
            elif kind not in ("positional_separator", "comment", "line_continuation", "ERROR"):
                found.append(self._parameter(child, form))
                if found[-1].form == "variadic":
                    form = "keyword"
        return tuple(found)

    def _parameter(self, node: Node, form: str) -> ParameterFacts:
        name: Node | None = node
        if node.type in ("default_parameter", "typed_default_parameter"):
            name = node.child_by_field_id(_NAME)
        elif node.type == "typed_parameter":
            name = first_of(node)
        if name is not None and name.kind_id in _STAR:
            form = "variadic"
        elif name is not None and name.kind_id in _MAPPING_SPREAD:
            form = "options"
        text = self.written(name).lstrip("* ") if name is not None else ""
        annotated, default = node.child_by_field_id(_TYPE), node.child_by_field_id(_VALUE)
        annotation = self.annotation(annotated) if annotated is not None else None
        return new_parameter(text, form, annotation, self.expression(default) if default is not None else None)

    # comprehensions

    def comprehension(self, node: Node) -> Value:
        """All stands in the block but what the first `for` goes through."""
        outside = self.block
        block = self.open_block()
        element: Value | tuple[Value, Value] = MISSING
        iterable: Value | None = None
        for child in node.named_children:
            number = child.kind_id
            if number == _CLAUSE:
                target = self.target(child.child_by_field_id(_LEFT))
                self.block = outside if iterable is None else block
                value = self.read(child.child_by_field_id(_RIGHT))
                self.block = block
                iterable = iterable or value
                self.bind(target, new_element(value), self.extent(child))
            elif number == _PAIR:
                element = self.pair(child)
            elif number not in EXTRAS:
                read = self.read(child)
                element = read if iterable is None else element
        self.close_block(block, "comprehension", iterable, self.extent(node))
        if isinstance(element, tuple):
            return Mapping((element,), open=True)
        return Unknown("comprehension") if isinstance(element, Unknown) else Sequence((element,), open=True)

    # targets

    def target(self, node: Node | None) -> Target:
        """The left side of an assignment; the calls in it are added."""
        if node is None:
            return None
        number = node.kind_id
        if number == IDENTIFIER:
            return self.written(node)
        if node.descendant_count > MAX_EXPRESSION_DEPTH and is_deep(node):
            self.notice(node, "nested too deeply to be read; this assignment is left out")
            return None
        if number in _PATTERNS:
            return Unpacked(tuple(self.target(child) for child in parts_of(node)))
        if number in _STAR:
            return Rest(self.target(first_of(node)))
        if number in _WRAPPED:
            return self.target(first_of(node))
        if number == _MEMBER:
            known = self.references.get(self.raw[node.start_byte : node.end_byte])
            if known is not None:
                return known.name
            of = self._container(node.child_by_field_id(_OBJECT))
            member = node.child_by_field_id(_ATTRIBUTE)
            name = self.written(member) if member is not None else ""
            return f"{of}.{name}" if of and name else None
        if number == _SUBSCRIPT:
            of = self._container(node.child_by_field_id(_VALUE))
            keys = [self.read(child) for child in parts_of(node)[1:]]
            key = keys[0] if len(keys) == 1 else Sequence(tuple(keys))
            return Keyed(f"{of}[]", key) if of else None
        self.read(node)
        return None

    def _container(self, node: Node | None) -> str | None:
        """The name of what a member or an entry is set on."""
        target = self.target(node)
        return target.name if isinstance(target, Keyed) else target if isinstance(target, str) else None

    def as_pattern(self, node: Node) -> Value:
        value = self.read(first_of(node))
        alias = node.child_by_field_id(_ALIAS)
        if alias is not None:
            self.bind(self.target(alias), value, self.extent(alias))
        return value

    # annotations

    def annotation(self, node: Node | None) -> Value:
        """A written type: a text in it names a type, and `|` is a choice."""
        if node is None or node.kind_id != _WRITTEN_TYPE:
            return self._annotation(node)
        raw = self.raw[node.start_byte : node.end_byte]
        known = self._types.get(raw)
        if known is None:
            before = self.size
            known = self._annotation(node)
            if self.size == before:
                self._types.keep(raw, known)
        return known

    def _annotation(self, node: Node | None) -> Value:
        if node is None or node.descendant_count > MAX_EXPRESSION_DEPTH:
            return self.expression(node)
        kind = node.type
        if kind in ("type", "parenthesized_expression", "splat_type", "constrained_type"):
            return self.annotation(first_of(node))
        if kind == "string":
            text = self.read(node)
            return self._written_type(text.value) if isinstance(text, Literal) and isinstance(text.value, str) else text
        if kind in ("generic_type", "subscript"):
            return self._generic(node)
        if kind in ("list", "type_parameter"):
            return Sequence(tuple(self._annotations(node)))
        if kind == "union_type" or (kind == "binary_operator" and any(child.type == "|" for child in node.children)):
            return combined.choice(*self._annotations(node))
        return self.read(node)

    def _written_type(self, text: str) -> Value:
        """The type that a text names where a type is expected; the text itself when it names none."""
        source = text.strip().encode("utf-8", "replace")
        root = Parser(PYTHON).parse(source).root_node if len(source) < _LONGEST_TYPE else None
        statement = root.named_child(0) if root is not None and root.named_child_count == 1 else None
        if root is None or root.has_error or statement is None or statement.named_child_count != 1:
            return Literal(text)
        inside = Expressions(self.path, source, self.readers, sound=True)
        found = inside.annotation(statement.named_child(0))
        return found if inside.size == 0 else Literal(text)

    def _annotations(self, node: Node) -> list[Value]:
        return [self.annotation(child) for child in parts_of(node)]

    def _generic(self, node: Node) -> Value:
        """`Optional[…]`; the arguments of Literal, and all but the first of Annotated, are plain values."""
        written = parts_of(node)
        of = self.read(written[0])
        arguments: list[Node] = []
        for child in written[1:]:
            arguments.extend(child.named_children if child.type == "type_parameter" else (child,))
        name = of.name.rpartition(".")[2] if isinstance(of, Reference) else ""
        types = {"Literal": 0, "Annotated": 1}.get(name, len(arguments))
        keys = [
            self.annotation(child)
            if place < types
            else self.read_first(child)
            if child.type == "type"
            else self.read(child)
            for place, child in enumerate(arguments)
            if child.kind_id not in EXTRAS
        ]
        return Index(of, keys[0] if len(keys) == 1 else Sequence(tuple(keys)))


EXPRESSIONS: dict[int, Reader] = handlers(
    PYTHON,
    {
        "argument_list": Expressions.sequence,
        "as_pattern": Expressions.as_pattern,
        "attribute": Expressions.attribute,
        "await": Expressions.await_,
        "binary_operator": Expressions.binary_operator,
        "boolean_operator": Expressions.boolean_operator,
        "call": Expressions.call,
        "comment": Expressions.comment,
        "comparison_operator": Expressions.comparison_operator,
        "concatenated_string": Expressions.concatenated_string,
        "conditional_expression": Expressions.conditional_expression,
        "dictionary": Expressions.dictionary,
        "dictionary_comprehension": Expressions.comprehension,
        "dictionary_splat": Expressions.read_first,
        "ellipsis": Expressions.ellipsis,
        "expression_list": Expressions.sequence,
        "false": Expressions.false,
        "float": Expressions.number,
        "generator_expression": Expressions.comprehension,
        "identifier": Expressions.identifier,
        "if_clause": Expressions.read_first,
        "integer": Expressions.number,
        "lambda": Expressions.lambda_,
        "line_continuation": Expressions.comment,
        "list": Expressions.sequence,
        "list_comprehension": Expressions.comprehension,
        "list_splat": Expressions.read_first,
        "named_expression": Expressions.named_expression,
        "none": Expressions.none,
        "not_operator": Expressions.not_operator,
        "parenthesized_expression": Expressions.read_first,
        "set": Expressions.sequence,
        "set_comprehension": Expressions.comprehension,
        "slice": Expressions.slice,
        "string": Expressions.string,
        "subscript": Expressions.subscript,
        "true": Expressions.true,
        "tuple": Expressions.sequence,
        "type": Expressions.read_first,
        "unary_operator": Expressions.unary_operator,
        "yield": Expressions.yield_,
    },
    Expressions.otherwise,
)
