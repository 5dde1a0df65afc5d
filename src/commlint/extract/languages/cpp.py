"""C++ source files, read lightly."""

from __future__ import annotations

import re
from typing import ClassVar

import tree_sitter_cpp
from tree_sitter import Language, Node

from commlint.extract.combined import member
from commlint.extract.plain import PlainReader, PlainWalk
from commlint.extract.port import Sketch
from commlint.extract.quick import new_function, new_parameter, new_sequence
from commlint.extract.walker import MISSING
from commlint.model.code import ParameterFacts
from commlint.model.values import Reference, Value

CPP = Language(tree_sitter_cpp.language())
_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"]+)[>\"]", re.MULTILINE)
CONSTRUCTOR = "<init>"
_POINTERS = ("unique_ptr", "shared_ptr", "weak_ptr", "optional", "vector")


class CppWalk(PlainWalk):
    """`a::b`, `a.b` and `a->b` alike; pointers are seen through, and what smart pointers hold is what counts."""

    # names

    def qualified(self, node: Node) -> Value:
        named = self.part(node, "name")
        inner = self.read(named)
        if not isinstance(inner, Reference) or (named is not None and named.type == "template_type"):
            return inner
        start = self.text_of(self.part(node, "scope")).replace("::", ".")
        return Reference(f"{start}.{inner.name}".strip("."))

    def template(self, node: Node) -> Value:
        name = self.text_of(self.part(node, "name"))
        inner = self.parts(self.part(node, "arguments"))
        if name in _POINTERS and inner:
            return self.read(inner[0])
        return Reference(name) if name else MISSING

    def field(self, node: Node) -> Value:
        of = self.read(self.part(node, "argument"))
        return member(of, self.text_of(self.part(node, "field")))

    # calls

    def call(self, node: Node) -> Value:
        callee = self.read(self.part(node, "function"))
        return self.called(callee, self.arguments(self.part(node, "arguments")), node)

    def made(self, node: Node) -> Value:
        """`new T(…)`, and `T{…}`."""
        callee = self.read(self.part(node, "type"))
        return self.called(callee, self.arguments(self.part(node, "arguments", "value")), node)

    def listed(self, node: Node) -> Value:
        return new_sequence(tuple(self.read_all(node)))

    def lambda_(self, node: Node) -> Value:
        declarator = self.part(node, "declarator")
        listed = self.part(declarator, "parameters") if declarator is not None else None
        return self.later(node, self._parameters(listed), self.part(node, "body"))

    # definitions

    def class_(self, node: Node) -> Value:
        body = self.part(node, "body")
        if body is None:
            return self.read(self.part(node, "name"))
        bases = [
            self.read(base)
            for clause in self.parts(node)
            if clause.type == "base_class_clause"
            for base in self.parts(clause)
            if base.type in ("qualified_identifier", "type_identifier", "template_type")
        ]
        self.define_type(node, self.text_of(self.part(node, "name")), bases, body)
        return MISSING

    def declaration(self, node: Node) -> Value:
        """A variable or field: a plain one is an object of its type, one with arguments is made with them."""
        annotation = self.read(self.part(node, "type"))
        for declarator in node.children_by_field_name("declarator"):
            name = _named(declarator)
            if name is None or declarator.type == "function_declarator":
                continue
            written = self.part(declarator, "value") or self.part(node, "default_value")
            value: Value | None = None
            if written is not None and written.type in ("argument_list", "initializer_list"):
                value = self.called(annotation, self.arguments(written), node)
            elif written is not None:
                value = self.expression(written)
            known = None if annotation == Reference("auto") else annotation
            self.add_assignment(self.text_of(name), value, self.extent(node), annotation=known)
        return MISSING

    def function_definition(self, node: Node) -> Value:
        declarator = self.part(node, "declarator")
        while declarator is not None and declarator.type != "function_declarator":
            declarator = self.part(declarator, "declarator")
        if declarator is None:
            return self.otherwise(node)
        name = self.text_of(self.part(declarator, "declarator")).replace("::", ".")
        parameters = self._parameters(self.part(declarator, "parameters"))
        made = [part for part in self.parts(node) if part.type == "field_initializer_list"]
        own = name.rpartition(".")[2] or name
        own = CONSTRUCTOR if own == self.owner.rpartition(".")[2] else own
        index, qualified, owner = self.open_function(own)
        for part in made:
            self._initialized(part)
        body = self.part(node, "body")
        if body is not None:
            self.expression(body)
        facts = new_function(qualified, owner, tuple(parameters), (), None, False, False, self.extent(node))
        self.close_function(index, facts)
        return MISSING

    def _initialized(self, node: Node) -> None:
        """Members that a constructor gives their values before its body."""
        for part in self.parts(node):
            inner = self.parts(part)
            if len(inner) == 2:
                given = self.arguments(inner[1])
                self.add_assignment(
                    f"this.{self.text_of(inner[0])}", given[0].value if given else None, self.extent(part)
                )

    def _parameters(self, node: Node | None) -> list[ParameterFacts]:
        found = []
        for part in self.parts(node):
            declarator = self.part(part, "declarator")
            name = _named(declarator) if declarator is not None else None
            annotation = self.read(self.part(part, "type"))
            found.append(new_parameter(self.text_of(name), "positional", annotation, None))
        return found

    # statements

    def assignment(self, node: Node) -> Value:
        return self.assign(node, self.part(node, "left"), self.read(self.part(node, "right")))

    def for_range(self, node: Node) -> Value:
        declarator = self.part(node, "declarator")
        name = _named(declarator) if declarator is not None else None
        return self.loop(node, name, self.part(node, "right"), self.part(node, "body"))

    def tried(self, node: Node) -> Value:
        block = self.within(node, "try", None, [self.part(node, "body")])
        for clause in self.parts(node):
            if clause.type == "catch_clause":
                self.within(clause, "except", None, [self.part(clause, "body")], block)
        return MISSING


def _named(node: Node) -> Node | None:
    """The name inside a declarator, behind pointers, references and initial values."""
    current: Node | None = node
    while current is not None and current.type not in ("identifier", "field_identifier", "qualified_identifier"):
        following = current.child_by_field_name("declarator")
        current = following or (current.named_child(0) if current.type == "reference_declarator" else None)
    return current


class CppReader(PlainReader):
    """Reads C++ files; what is included tells what a file uses."""

    name: ClassVar[str] = "cpp"
    suffixes: ClassVar[tuple[str, ...]] = (".cc", ".cpp", ".cxx", ".hpp", ".hh")
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, CPP.semantic_version or ()))
    tree: ClassVar[Language] = CPP
    walk: ClassVar[type[PlainWalk]] = CppWalk
    table = {  # noqa: RUF012  (told once, never changed)
        "assignment_expression": CppWalk.assignment,
        "binary_expression": CppWalk.binary,
        "call_expression": CppWalk.call,
        "class_specifier": CppWalk.class_,
        "compound_literal_expression": CppWalk.made,
        "concatenated_string": CppWalk.listed,
        "condition_clause": CppWalk.through,
        "declaration": CppWalk.declaration,
        "expression_statement": CppWalk.unused,
        "false": CppWalk.false,
        "field_declaration": CppWalk.declaration,
        "field_expression": CppWalk.field,
        "field_identifier": CppWalk.name,
        "for_range_loop": CppWalk.for_range,
        "for_statement": CppWalk.endless,
        "function_definition": CppWalk.function_definition,
        "identifier": CppWalk.name,
        "if_statement": CppWalk.branches,
        "initializer_list": CppWalk.listed,
        "lambda_expression": CppWalk.lambda_,
        "namespace_identifier": CppWalk.name,
        "new_expression": CppWalk.made,
        "null": CppWalk.null,
        "number_literal": CppWalk.number,
        "parenthesized_expression": CppWalk.through,
        "placeholder_type_specifier": CppWalk.name,
        "pointer_expression": CppWalk.through,
        "qualified_identifier": CppWalk.qualified,
        "return_statement": CppWalk.leave,
        "string_literal": CppWalk.string,
        "struct_specifier": CppWalk.class_,
        "template_type": CppWalk.template,
        "this": CppWalk.name,
        "throw_statement": CppWalk.throw,
        "true": CppWalk.true,
        "try_statement": CppWalk.tried,
        "type_descriptor": CppWalk.through,
        "type_identifier": CppWalk.name,
        "while_statement": CppWalk.endless,
    }

    def sketch(self, path: str, source: bytes) -> Sketch:
        found = {each.decode("utf-8", "replace") for each in _INCLUDE.findall(source)}
        return Sketch(tuple(sorted(name.replace("/", ".") for name in found)))
