"""Ruby source files, read lightly."""

from __future__ import annotations

import re
from typing import ClassVar

import tree_sitter_ruby
from tree_sitter import Language, Node

from commlint.extract.combined import member
from commlint.extract.plain import PlainReader, PlainWalk
from commlint.extract.port import Sketch
from commlint.extract.quick import new_argument, new_import, new_index, new_parameter, new_sequence
from commlint.extract.walker import MISSING
from commlint.model.code import Argument
from commlint.model.values import Literal, Mapping, Reference, Value

RUBY = Language(tree_sitter_ruby.language())
_REQUIRE = re.compile(rb"^[ \t]*require(?:_relative)?[ (]+['\"]([^'\"]+)['\"]", re.MULTILINE)
_CONSTANT = re.compile(rb"(?<![\w:@$])[A-Z]\w*")


class RubyWalk(PlainWalk):
    """`Net::HTTP` is `Net.HTTP`, `@client` is `self.client`, a block is the last argument of its call."""

    def variable(self, node: Node) -> Value:
        return Reference(f"self.{self.text_of(node).lstrip('@')}")

    def symbol(self, node: Node) -> Value:
        return Literal(self.text_of(node).strip(":"))

    def scope_resolution(self, node: Node) -> Value:
        scope = self.part(node, "scope")
        name = self.text_of(self.part(node, "name"))
        return Reference(name) if scope is None else member(self.read(scope), name)

    def call(self, node: Node) -> Value:
        name = self.text_of(self.part(node, "method"))
        receiver = self.part(node, "receiver")
        if receiver is None and name in ("require", "require_relative"):
            return self._require(node, name)
        callee: Value = Reference(name or "call")
        if receiver is not None:
            of = self.read(receiver)
            # `Client.new(x)` makes one, whatever else the class answers to.
            makes = name == "new" and receiver.type in ("constant", "scope_resolution")
            callee = of if makes else member(of, name or "call")
        arguments = self.arguments(self.part(node, "arguments"))
        block = self.part(node, "block")
        if block is not None:
            listed = self.parts(self.part(block, "parameters"))
            parameters = self.plain_parameters(each for each in listed if each.type == "identifier")
            arguments.append(new_argument(None, self.later(block, parameters, self.part(block, "body"))))
        return self.called(callee, arguments, node)

    def _require(self, node: Node, how: str) -> Value:
        """All that a required file defines is there for everybody."""
        for argument in self.arguments(self.part(node, "arguments")):
            if isinstance(argument.value, Literal):
                module = str(argument.value.value)
                level = 1 if how == "require_relative" else 0
                self.imports.append(new_import("*", module, "*", level, self.function, self.extent(node)))
        return MISSING

    def argument(self, node: Node) -> Argument:
        if node.type != "pair":
            return new_argument(
                None, self.read(node), {"splat_argument": "*", "hash_splat_argument": "**"}.get(node.type, "")
            )
        return new_argument(self._key(node), self.read(self.part(node, "value")))

    def _key(self, pair: Node) -> str:
        key = self.part(pair, "key")
        value = self.read(key)
        return str(value.value) if isinstance(value, Literal) else self.text_of(key).strip(":")

    def hash(self, node: Node) -> Value:
        entries = []
        for part in self.parts(node):
            if part.type == "pair":
                entries.append((Literal(self._key(part)), self.read(self.part(part, "value"))))
            else:
                self.read(part)
        return Mapping(tuple(entries), open=len(entries) < len(self.parts(node)))

    def array(self, node: Node) -> Value:
        return new_sequence(tuple(self.read_all(node)))

    def element(self, node: Node) -> Value:
        values = self.read_all(node)
        return new_index(values[0], values[1]) if len(values) == 2 else MISSING

    def assignment(self, node: Node) -> Value:
        value = self.read(self.part(node, "right"))
        return self.assign(node, self.part(node, "left"), value)

    def method(self, node: Node) -> Value:
        parameters = []
        for part in self.parts(self.part(node, "parameters")):
            form = {"keyword_parameter": "keyword", "splat_parameter": "variadic", "hash_splat_parameter": "options"}
            written = self.part(part, "value")
            default = self.expression(written) if written is not None else None
            name = self.text_of(self.part(part, "name")) or self.text_of(part)
            parameters.append(new_parameter(name, form.get(part.type, "positional"), None, default))
        self.define(node, self.text_of(self.part(node, "name")), parameters, self.part(node, "body"))
        return MISSING

    def class_(self, node: Node) -> Value:
        base = self.parts(self.part(node, "superclass"))
        bases = [self.read(base[0])] if base else []
        name = self.text_of(self.part(node, "name")).replace("::", ".")
        self.define_type(node, name, bases, self.part(node, "body"))
        return MISSING

    def module(self, node: Node) -> Value:
        """A module only bounds names here; a class inside it is found by its own."""
        body = self.part(node, "body")
        return self.expression(body) if body is not None else MISSING

    def rescued(self, node: Node) -> Value:
        parts = self.parts(node)
        clauses = [part for part in parts if part.type in ("rescue", "ensure", "else")]
        block = self.within(node, "try", None, [part for part in parts if part not in clauses])
        for clause in clauses:
            caught = self.part(clause, "exceptions")
            value = self.expression(caught) if caught is not None else None
            body = [part for part in self.parts(clause) if part != caught]
            self.within(clause, {"rescue": "except", "ensure": "finally"}.get(clause.type, "else"), value, body, block)
        return MISSING

    def body_statement(self, node: Node) -> Value:
        if any(part.type in ("rescue", "ensure") for part in self.parts(node)):
            return self.rescued(node)
        return self.unused(node)

    def for_(self, node: Node) -> Value:
        value = self.part(node, "value")
        over = self.parts(value)[0] if value is not None and value.type == "in" and self.parts(value) else value
        return self.loop(node, self.part(node, "pattern"), over, self.part(node, "body"))


class RubyReader(PlainReader):
    """Reads Ruby files; constants tell what a file uses, as nothing has to be required where it is used."""

    name: ClassVar[str] = "ruby"
    suffixes: ClassVar[tuple[str, ...]] = (".rb",)
    comment: ClassVar[str] = "#"
    grammar: ClassVar[str] = ".".join(map(str, RUBY.semantic_version or ()))
    tree: ClassVar[Language] = RUBY
    walk: ClassVar[type[PlainWalk]] = RubyWalk
    table = {  # noqa: RUF012  (told once, never changed)
        "array": RubyWalk.array,
        "assignment": RubyWalk.assignment,
        "begin": RubyWalk.rescued,
        "binary": RubyWalk.binary,
        "block_body": RubyWalk.body_statement,
        "body_statement": RubyWalk.body_statement,
        "call": RubyWalk.call,
        "class": RubyWalk.class_,
        "constant": RubyWalk.name,
        "element_reference": RubyWalk.element,
        "exceptions": RubyWalk.through,
        "false": RubyWalk.false,
        "float": RubyWalk.number,
        "for": RubyWalk.for_,
        "hash": RubyWalk.hash,
        "hash_key_symbol": RubyWalk.symbol,
        "identifier": RubyWalk.name,
        "if": RubyWalk.branches,
        "if_modifier": RubyWalk.branches,
        "instance_variable": RubyWalk.variable,
        "integer": RubyWalk.number,
        "interpolation": RubyWalk.through,
        "method": RubyWalk.method,
        "module": RubyWalk.module,
        "nil": RubyWalk.null,
        "operator_assignment": RubyWalk.assignment,
        "parenthesized_statements": RubyWalk.through,
        "return": RubyWalk.leave,
        "scope_resolution": RubyWalk.scope_resolution,
        "self": RubyWalk.name,
        "simple_symbol": RubyWalk.symbol,
        "singleton_method": RubyWalk.method,
        "string": RubyWalk.string,
        "true": RubyWalk.true,
        "unless": RubyWalk.branches,
        "until": RubyWalk.endless,
        "while": RubyWalk.endless,
    }

    def sketch(self, path: str, source: bytes) -> Sketch:
        found = {*_REQUIRE.findall(source), *_CONSTANT.findall(source)}
        return Sketch(tuple(sorted(each.decode("utf-8", "replace") for each in found)))
