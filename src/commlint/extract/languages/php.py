"""PHP source files, read lightly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import tree_sitter_php
from tree_sitter import Language, Node

from commlint.extract import combined
from commlint.extract.combined import member
from commlint.extract.plain import PlainReader, PlainWalk
from commlint.extract.port import Sketch
from commlint.extract.quick import new_argument, new_import, new_index, new_parameter, new_sequence
from commlint.extract.walker import MISSING
from commlint.model.code import Argument, ParameterFacts
from commlint.model.values import Mapping, Reference, Value

PHP = Language(tree_sitter_php.language_php())
CONSTRUCTOR = "__construct"
_USE = re.compile(rb"^[ \t]*use\s+\\?(\w+(?:\\\w+)*)(?:\\\{([^}]*)\})?", re.MULTILINE)
_NAMESPACE = re.compile(rb"^[ \t]*namespace\s+([\w\\]+)", re.MULTILINE)
_FULL = re.compile(rb"\\([A-Z]\w*(?:\\\w+)+)")
_PLAIN = re.compile(rb"\b(curl(?=_)|Http(?=::)|Route(?=::))")


class PhpWalk(PlainWalk):
    """`$client->get()` is `client.get`, `A\\B` is `A.B`, an array with keys is a mapping."""

    # names

    def variable(self, node: Node) -> Value:
        return Reference(self.text_of(node).lstrip("$"))

    def access(self, node: Node) -> Value:
        """`$a->b`, `A::$b` and `A::B`."""
        parts = self.parts(node)
        of = self.read(self.part(node, "object", "scope") or (parts[0] if parts else None))
        return member(of, self.text_of(self.part(node, "name") or (parts[-1] if parts else None)).lstrip("$"))

    def own(self, node: Node) -> Value:
        """`self` and `static` are the class of the object."""
        word = self.text_of(node)
        return Reference("super" if word == "parent" else "this")

    def subscript(self, node: Node) -> Value:
        values = self.read_all(node)
        return new_index(values[0], values[1]) if len(values) == 2 else MISSING

    def operated(self, operator: str, left: Value, right: Value) -> Value:
        """Texts are joined by a dot."""
        return combined.joined((left, right)) if operator == "." else super().operated(operator, left, right)

    def conditional(self, node: Node) -> Value:
        """`a ? b : c`, and `a ?: c`."""
        condition = self.read(self.part(node, "condition"))
        body = self.part(node, "body")
        return combined.choice(
            self.read(body) if body is not None else condition, self.read(self.part(node, "alternative"))
        )

    def array(self, node: Node) -> Value:
        entries: list[tuple[Value, Value]] = []
        items: list[Value] = []
        whole = True
        for part in self.parts(node):
            values = self.read_all(part)
            if len(values) == 2:
                entries.append((values[0], values[1]))
            elif values and part.type == "array_element_initializer" and part.children[0].type != "...":
                items.append(values[0])
            else:
                whole = False
        return Mapping(tuple(entries), open=not whole) if entries else new_sequence(tuple(items))

    # calls

    def call(self, node: Node) -> Value:
        """A call of a function, or of a method of an object or class."""
        function = self.part(node, "function")
        if function is not None:
            callee = self.read(function)
        else:
            callee = member(self.read(self.part(node, "object", "scope")), self.text_of(self.part(node, "name")))
        return self.called(callee, self.arguments(self.part(node, "arguments")), node)

    def made(self, node: Node) -> Value:
        parts = self.parts(node)
        listed = next((part for part in parts if part.type == "arguments"), None)
        callee = self.read(parts[0]) if parts and parts[0] != listed else MISSING
        return self.called(callee, self.arguments(listed), node)

    def argument(self, node: Node) -> Argument:
        name = self.part(node, "name")
        parts = [part for part in self.parts(node) if part != name]
        spread = "*" if any(child.type in ("...", "variadic_unpacking") for child in node.children) else ""
        value = self.read(parts[-1]) if parts else MISSING
        return new_argument(self.text_of(name) if name is not None else None, value, spread)

    def lambda_(self, node: Node) -> Value:
        return self.later(node, self._parameters(self.part(node, "parameters")), self.part(node, "body"))

    # definitions

    def namespace(self, node: Node) -> Value:
        self.package = self.text_of(self.part(node, "name")).replace("\\", ".")
        body = self.part(node, "body")
        return self.expression(body) if body is not None else MISSING

    def use(self, node: Node) -> Value:
        """`use A\\B as C`, and `use A\\{B, C}`."""
        group = self.part(node, "body")
        start = next((self.text_of(part) for part in self.parts(node) if part.type == "namespace_name"), "")
        for clause in self.parts(group if group is not None else node):
            if clause.type != "namespace_use_clause":
                continue
            alias = self.part(clause, "alias")
            written = "".join(self.text_of(part) for part in self.parts(clause) if part != alias)
            full = f"{start}\\{written}".strip("\\").replace("\\", ".")
            module, _, name = full.rpartition(".")
            local = self.text_of(alias) or name
            self.imports.append(new_import(local, module, name, 0, self.function, self.extent(clause)))
        return MISSING

    def class_(self, node: Node) -> Value:
        bases = [
            self.read(base)
            for clause in self.parts(node)
            if clause.type in ("base_clause", "class_interface_clause")
            for base in self.parts(clause)
        ]
        name = self.text_of(self.part(node, "name"))
        self.define_type(node, name, bases, self.part(node, "body"), self._attributes(node))
        return MISSING

    def field(self, node: Node) -> Value:
        """A property or constant of a class, or a constant of the file."""
        for part in self.parts(node):
            if part.type in ("property_element", "const_element"):
                inner = self.parts(part)
                name = self.text_of(self.part(part, "name") or (inner[0] if inner else None)).lstrip("$")
                written = self.part(part, "default_value") or (inner[1] if len(inner) > 1 else None)
                value = self.expression(written) if written is not None else None
                self.add_assignment(name, value, self.extent(node), annotation=self._typed(node))
        return MISSING

    def method(self, node: Node) -> Value:
        parameters = self._parameters(self.part(node, "parameters"))
        name = self.text_of(self.part(node, "name"))
        if name == CONSTRUCTOR:
            self._promoted(node)
        returned = self.part(node, "return_type")
        returns = self.read(returned) if returned is not None else None
        self.define(node, name, parameters, self.part(node, "body"), self._attributes(node), returns)
        return MISSING

    def _promoted(self, node: Node) -> None:
        """Parameters of a constructor that are fields as well."""
        for part in self.parts(self.part(node, "parameters")):
            if part.type == "property_promotion_parameter":
                name = self.text_of(self.part(part, "name")).lstrip("$")
                self.add_assignment(name, None, self.extent(part), annotation=self._typed(part))

    def _parameters(self, node: Node | None) -> Sequence[ParameterFacts]:
        found = []
        for part in self.parts(node):
            name = self.part(part, "name")
            if name is None:
                continue
            written = self.part(part, "default_value")
            default = self.expression(written) if written is not None else None
            form = "variadic" if part.type == "variadic_parameter" else "positional"
            found.append(new_parameter(self.text_of(name).lstrip("$"), form, self._typed(part), default))
        return found

    def _typed(self, node: Node) -> Value | None:
        written = self.part(node, "type")
        return self.read(written) if written is not None else None

    def _attributes(self, node: Node) -> list[Value]:
        found: list[Value] = []
        for group in self.parts(self.part(node, "attributes")):
            for attribute in self.parts(group):
                parts = self.parts(attribute)
                listed = self.part(attribute, "parameters")
                callee = self.read(parts[0]) if parts else MISSING
                found.append(self.called(callee, self.arguments(listed), attribute) if listed is not None else callee)
        return found

    # statements

    def assignment(self, node: Node) -> Value:
        value = self.read(self.part(node, "right"))
        return self.assign(node, self.part(node, "left"), value)

    def foreach(self, node: Node) -> Value:
        body = self.part(node, "body")
        parts = [part for part in self.parts(node) if part != body]
        names = parts[-1] if len(parts) > 1 and parts[-1].type == "variable_name" else None
        return self.loop(node, names, parts[0] if parts else None, body)

    def tried(self, node: Node) -> Value:
        block = self.within(node, "try", None, [self.part(node, "body")])
        for clause in self.parts(node):
            if clause.type in ("catch_clause", "finally_clause"):
                caught = self.part(clause, "type")
                value = self.expression(caught) if caught is not None else None
                kind = "except" if clause.type == "catch_clause" else "finally"
                self.within(clause, kind, value, [self.part(clause, "body")], block)
        return MISSING


class PhpReader(PlainReader):
    """Reads PHP files, code between text included."""

    name: ClassVar[str] = "php"
    suffixes: ClassVar[tuple[str, ...]] = (".php",)
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, PHP.semantic_version or ()))
    tree: ClassVar[Language] = PHP
    walk: ClassVar[type[PlainWalk]] = PhpWalk
    table = {  # noqa: RUF012  (told once, never changed)
        "anonymous_function": PhpWalk.lambda_,
        "array_creation_expression": PhpWalk.array,
        "arrow_function": PhpWalk.lambda_,
        "assignment_expression": PhpWalk.assignment,
        "binary_expression": PhpWalk.binary,
        "boolean": PhpWalk.name,
        "class_constant_access_expression": PhpWalk.access,
        "class_declaration": PhpWalk.class_,
        "conditional_expression": PhpWalk.conditional,
        "const_declaration": PhpWalk.field,
        "encapsed_string": PhpWalk.string,
        "expression_statement": PhpWalk.unused,
        "float": PhpWalk.number,
        "foreach_statement": PhpWalk.foreach,
        "function_call_expression": PhpWalk.call,
        "function_definition": PhpWalk.method,
        "heredoc": PhpWalk.through,
        "heredoc_body": PhpWalk.string,
        "if_statement": PhpWalk.branches,
        "integer": PhpWalk.number,
        "interface_declaration": PhpWalk.class_,
        "member_access_expression": PhpWalk.access,
        "member_call_expression": PhpWalk.call,
        "method_declaration": PhpWalk.method,
        "name": PhpWalk.name,
        "named_type": PhpWalk.name,
        "namespace_definition": PhpWalk.namespace,
        "namespace_use_declaration": PhpWalk.use,
        "null": PhpWalk.null,
        "nullsafe_member_access_expression": PhpWalk.access,
        "nullsafe_member_call_expression": PhpWalk.call,
        "object_creation_expression": PhpWalk.made,
        "optional_type": PhpWalk.through,
        "parenthesized_expression": PhpWalk.through,
        "property_declaration": PhpWalk.field,
        "qualified_name": PhpWalk.name,
        "relative_scope": PhpWalk.own,
        "return_statement": PhpWalk.leave,
        "scoped_call_expression": PhpWalk.call,
        "scoped_property_access_expression": PhpWalk.access,
        "string": PhpWalk.string,
        "subscript_expression": PhpWalk.subscript,
        "throw_expression": PhpWalk.throw,
        "try_statement": PhpWalk.tried,
        "variable_name": PhpWalk.variable,
        "while_statement": PhpWalk.endless,
    }

    def sketch(self, path: str, source: bytes) -> Sketch:
        found = {name for name, group in _USE.findall(source) if not group}
        for start, group in _USE.findall(source):
            found.update(start + b"\\" + part.split(b" as ")[0].strip() for part in group.split(b",") if group)
        found.update(_FULL.findall(source))
        found.update(_PLAIN.findall(source))
        namespace = _NAMESPACE.search(source)
        return Sketch(
            tuple(sorted(each.decode("utf-8", "replace").strip("\\").replace("\\", ".") for each in found)),
            namespace[1].decode("utf-8", "replace").replace("\\", ".") if namespace else "",
        )
