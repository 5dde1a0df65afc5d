"""Rust source files, read lightly."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar

import tree_sitter_rust
from tree_sitter import Language, Node, Parser

from commlint.extract import combined
from commlint.extract.combined import member
from commlint.extract.plain import PlainReader, PlainWalk
from commlint.extract.port import Sketch
from commlint.extract.quick import new_argument, new_import, new_parameter, new_sequence
from commlint.extract.walker import MISSING
from commlint.model.code import CodeFacts, ParameterFacts, TypeFacts
from commlint.model.values import CallResult, Literal, Reference, Value

RUST = Language(tree_sitter_rust.language())
_PATH = re.compile(rb"\b([a-z_]\w*)::(\w+)")
_HOLE = re.compile(r"\{(\w*)(?::[^}]*)?\}")
_VISIBLE = re.compile(r"[^\n]")
_ROOTS = ("crate", "self", "super")
_POINTERS = ("Arc", "Box", "Rc", "Option", "Result", "Data", "State", "Json")
COMMENTS = ("line_comment", "block_comment")


class RustWalk(PlainWalk):
    """`?`, `.await` and `&` are seen through; a method belongs to the type its `impl` names."""

    # names and values

    def scoped(self, node: Node) -> Value:
        parts = [part for part in self.text_of(node).split("::") if part and not part.startswith("<")]
        while len(parts) > 1 and parts[0] in _ROOTS:
            parts = parts[1:]
        return Reference(".".join(part.partition("<")[0] for part in parts)) if parts else MISSING

    def field(self, node: Node) -> Value:
        return member(self.read(self.part(node, "value")), self.text_of(self.part(node, "field")))

    def through_value(self, node: Node) -> Value:
        return self.read(self.part(node, "value")) if self.part(node, "value") is not None else self.read_first(node)

    def await_(self, node: Node) -> Value:
        value = self.read_first(node)
        if isinstance(value, CallResult):
            self.calls[value.call].awaited = True
        return value

    def generic(self, node: Node) -> Value:
        """A type, or a function with its type arguments: what smart pointers hold is what counts."""
        of = self.read(self.part(node, "type", "function"))
        inner = self.parts(self.part(node, "type_arguments"))
        if isinstance(of, Reference) and of.name.rpartition(".")[2] in _POINTERS and inner:
            return self.read(inner[-1])
        return of

    # calls

    def call(self, node: Node) -> Value:
        callee = self.read(self.part(node, "function"))
        return self.called(callee, self.arguments(self.part(node, "arguments")), node)

    def macro(self, node: Node) -> Value:
        """`format!("{}/x", base)` is a text, `vec![a]` a list; what other macros hold is not looked into."""
        name = self.text_of(self.part(node, "macro"))
        tree = next((part for part in self.parts(node) if part.type == "token_tree"), None)
        if tree is None or name not in ("format", "vec"):
            return MISSING
        items = [self.read(part) for part in self._written_in(tree)]
        if name == "format" and items and isinstance(items[0], Literal):
            return _formatted(str(items[0].value), items[1:])
        return new_sequence(tuple(items))

    def _written_in(self, tree: Node) -> list[Node]:
        """The expressions in the brackets of a macro, which the grammar leaves as loose words: read again in place."""
        before = _VISIBLE.sub(" ", self.raw[: tree.start_byte])
        inner = self.raw[tree.start_byte + 1 : tree.end_byte - 1]
        again = Parser(RUST).parse(f"{before}({inner});".encode("latin-1")).root_node
        statement = again.named_child(0)
        group = statement.named_child(0) if statement is not None else None
        return self.parts(group) if group is not None and not again.has_error else []

    def made(self, node: Node) -> Value:
        """`Svc { client, url: u }` makes one with those fields."""
        given = []
        for part in self.parts(self.part(node, "body")):
            if part.type == "field_initializer":
                given.append(
                    new_argument(self.text_of(self.part(part, "field", "name")), self.read(self.part(part, "value")))
                )
            elif part.type == "shorthand_field_initializer":
                name = self.text_of(part)
                given.append(new_argument(name, Reference(name)))
        return self.called(self.read(self.part(node, "name")), given, node)

    def closure(self, node: Node) -> Value:
        listed = self.parts(self.part(node, "parameters"))
        parameters = self.plain_parameters(part for part in listed if part.type == "identifier")
        return self.later(node, parameters, self.part(node, "body"))

    # definitions

    def use(self, node: Node) -> Value:
        self._used(self.part(node, "argument"), ())
        return MISSING

    def _used(self, node: Node | None, start: tuple[str, ...]) -> None:
        """One path of a use declaration, which may branch into a list."""
        if node is None:
            return
        if node.type in ("scoped_use_list", "use_list"):
            path = self.part(node, "path")
            inner = (*start, *self._segments(path)) if path is not None else start
            for part in self.parts(self.part(node, "list") if node.type == "scoped_use_list" else node):
                self._used(part, inner)
            return
        alias = self.part(node, "alias")
        written = self.part(node, "path") if node.type == "use_as_clause" else node
        full = (*start, *self._segments(written))
        if node.type == "use_wildcard":
            full = (*start, *(each for part in self.parts(node) for each in self._segments(part)), "*")
        while full and full[0] in _ROOTS:
            full = full[1:]
        if full and full[-1] == "self":
            full = full[:-1]
        if full:
            local = "*" if full[-1] == "*" else self.text_of(alias) or full[-1]
            module, name = ".".join(full[:-1]), full[-1]
            self.imports.append(new_import(local, module, name, 0, self.function, self.extent(node)))

    def _segments(self, node: Node | None) -> tuple[str, ...]:
        return tuple(part for part in self.text_of(node).split("::") if part)

    def struct(self, node: Node) -> Value:
        self.define_type(
            node, self.text_of(self.part(node, "name")), (), self.part(node, "body"), self._attributes(node)
        )
        return MISSING

    def struct_field(self, node: Node) -> Value:
        name = self.text_of(self.part(node, "name"))
        self.add_assignment(name, None, self.extent(node), annotation=self.read(self.part(node, "type")))
        return MISSING

    def implementation(self, node: Node) -> Value:
        """Methods stand under the name of their type; a trait is a base of it, told where the trait is implemented."""
        of, trait = self.read(self.part(node, "type")), self.part(node, "trait")
        name = of.name.rpartition(".")[2] if isinstance(of, Reference) else ""
        bases = [self.read(trait)] if trait is not None else []
        # All blocks of a type are parts of the one type.
        self._names.pop(f"{self.prefix}.{name}" if self.prefix else name, None)
        self.define_type(node, name, bases, self.part(node, "body"))
        return MISSING

    def facts(self, language: str, module: str) -> CodeFacts:
        """A type and the blocks that implement it count as one, with the traits of them all as its bases."""
        found = super().facts(language, module)
        merged: dict[str, TypeFacts] = {}
        for each in found.types:
            known = merged.get(each.name)
            merged[each.name] = each if known is None else replace(known, bases=(*known.bases, *each.bases))
        return replace(found, types=tuple(merged.values()))

    def function_item(self, node: Node) -> Value:
        parameters: list[ParameterFacts] = []
        for part in self.parts(self.part(node, "parameters")):
            if part.type == "parameter":
                annotation = self.read(self.part(part, "type"))
                parameters.append(
                    new_parameter(self.text_of(self.part(part, "pattern")), "positional", annotation, None)
                )
        returned = self.part(node, "return_type")
        returns = self.read(returned) if returned is not None else None
        is_async = any(child.type == "function_modifiers" and "async" in self.written(child) for child in node.children)
        name = self.text_of(self.part(node, "name"))
        self.define(node, name, parameters, self.part(node, "body"), self._attributes(node), returns, is_async)
        return MISSING

    def _attributes(self, node: Node) -> list[Value]:
        """The attributes that stand before an item."""
        found: list[Value] = []
        before = node.prev_named_sibling
        while before is not None and before.type in ("attribute_item", *COMMENTS):
            for attribute in self.parts(before) if before.type == "attribute_item" else ():
                parts = self.parts(attribute)
                tree = self.part(attribute, "arguments")
                callee = self.scoped(parts[0]) if parts else MISSING
                given = [new_argument(None, self.read(part)) for part in self.parts(tree)] if tree is not None else None
                found.insert(0, self.called(callee, given, attribute) if given is not None else callee)
            before = before.prev_named_sibling
        return found

    def attribute(self, node: Node) -> Value:
        """Read together with the item it stands before."""
        return MISSING

    # statements

    def let(self, node: Node) -> Value:
        written = self.part(node, "value")
        annotation = self.part(node, "type")
        declared = self.read(annotation) if annotation is not None else None
        pattern = self.part(node, "pattern", "name")
        if written is None:
            return MISSING
        value = self.expression(written)
        if pattern is not None and pattern.type == "identifier":
            self.add_assignment(self.text_of(pattern), value, self.extent(node), annotation=declared)
        else:
            for part in self.parts(pattern):
                if part.type == "identifier":
                    self.add_assignment(self.text_of(part), value, self.extent(node))
        return MISSING

    def assignment(self, node: Node) -> Value:
        return self.assign(node, self.part(node, "left"), self.read(self.part(node, "right")))

    def for_(self, node: Node) -> Value:
        return self.loop(node, self.part(node, "pattern"), self.part(node, "value"), self.part(node, "body"))

    def matched(self, node: Node) -> Value:
        """`match` and `if`: the ways are branches; the value is one of what they are worth."""
        self.branches(node)
        return MISSING


def _formatted(template: str, items: list[Value]) -> Value:
    """What `format!` fills in: by position, or by the name of a variable."""
    parts: list[Value] = []
    end = position = 0
    for hole in _HOLE.finditer(template):
        parts.append(Literal(template[end : hole.start()]))
        end = hole.end()
        if hole[1] and not hole[1].isdigit():
            parts.append(Reference(hole[1]))
        else:
            place = int(hole[1]) if hole[1] else position
            position += not hole[1]
            parts.append(items[place] if place < len(items) else MISSING)
    parts.append(Literal(template[end:]))
    return combined.joined(parts)


class RustReader(PlainReader):
    """Reads Rust files; paths tell what a file uses, as a crate needs no import."""

    name: ClassVar[str] = "rust"
    suffixes: ClassVar[tuple[str, ...]] = (".rs",)
    comment: ClassVar[str] = "//"
    grammar: ClassVar[str] = ".".join(map(str, RUST.semantic_version or ()))
    tree: ClassVar[Language] = RUST
    walk: ClassVar[type[PlainWalk]] = RustWalk
    comment_kinds: ClassVar[tuple[str, ...]] = COMMENTS
    table = {  # noqa: RUF012  (told once, never changed)
        "assignment_expression": RustWalk.assignment,
        "attribute_item": RustWalk.attribute,
        "await_expression": RustWalk.await_,
        "binary_expression": RustWalk.binary,
        "boolean_literal": RustWalk.name,
        "call_expression": RustWalk.call,
        "closure_expression": RustWalk.closure,
        "const_item": RustWalk.let,
        "expression_statement": RustWalk.unused,
        "field_declaration": RustWalk.struct_field,
        "field_expression": RustWalk.field,
        "float_literal": RustWalk.number,
        "for_expression": RustWalk.for_,
        "function_item": RustWalk.function_item,
        "generic_function": RustWalk.generic,
        "generic_type": RustWalk.generic,
        "identifier": RustWalk.name,
        "if_expression": RustWalk.matched,
        "impl_item": RustWalk.implementation,
        "integer_literal": RustWalk.number,
        "let_declaration": RustWalk.let,
        "loop_expression": RustWalk.endless,
        "macro_invocation": RustWalk.macro,
        "match_expression": RustWalk.matched,
        "parenthesized_expression": RustWalk.through,
        "raw_string_literal": RustWalk.string,
        "reference_expression": RustWalk.through_value,
        "reference_type": RustWalk.through,
        "return_expression": RustWalk.leave,
        "scoped_identifier": RustWalk.scoped,
        "scoped_type_identifier": RustWalk.scoped,
        "self": RustWalk.name,
        "static_item": RustWalk.let,
        "string_literal": RustWalk.string,
        "struct_expression": RustWalk.made,
        "struct_item": RustWalk.struct,
        "trait_item": RustWalk.struct,
        "try_expression": RustWalk.through,
        "type_identifier": RustWalk.name,
        "use_declaration": RustWalk.use,
        "while_expression": RustWalk.endless,
    }

    def sketch(self, path: str, source: bytes) -> Sketch:
        found = {b".".join(pair) for pair in _PATH.findall(source)}
        return Sketch(tuple(sorted(each.decode("utf-8", "replace") for each in found)))
