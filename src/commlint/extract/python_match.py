"""How Python's match statement reads: a branch for each case, and the names its patterns capture."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from commlint.extract import combined
from commlint.extract.python_statements import Statements
from commlint.extract.python_values import PYTHON, field, first_of, parts_of
from commlint.extract.syntax import MAX_EXPRESSION_DEPTH, kinds
from commlint.model.values import Compute, Literal, Sequence, Unknown, Value

_ALTERNATIVE = field("alternative")
_BODY = field("body")
_CONSEQUENCE = field("consequence")
_GUARD = field("guard")
_SUBJECT = field("subject")
_PATTERN = kinds(PYTHON, "case_pattern")
_CONSTANTS = kinds(
    PYTHON, "concatenated_string", "false", "float", "integer", "none", "string", "true", "unary_operator"
)


class Matches(Statements):
    """A walk that knows match statements too."""

    def match_statement(self, node: Node) -> None:
        subjects = [self.expression(child) for child in node.children_by_field_id(_SUBJECT)]
        subject = subjects[0] if len(subjects) == 1 else Sequence(tuple(subjects))
        body = node.child_by_field_id(_BODY)
        first = -1
        for case in body.children_by_field_id(_ALTERNATIVE) if body is not None else ():
            block = self.open_block()
            tests = self._tests(case, subject)
            self.body(case.child_by_field_id(_CONSEQUENCE))
            value = tests[0] if len(tests) == 1 else Compute("and", tuple(tests)) if tests else None
            self.close_block(block, "branch", value, self.extent(case), first)
            first = block if first < 0 else first

    def _tests(self, case: Node, subject: Value) -> list[Value]:
        """What a case asks for, nothing when it takes all that is left; captured names are assigned."""
        patterns = [child for child in case.named_children if child.kind_id in _PATTERN]
        pattern = self._compared(patterns[0]) if len(patterns) == 1 else Unknown("pattern")
        tests: list[Value] = [] if pattern is None else [Compute("match", (subject, pattern))]
        for each in patterns:
            for name in _captured(each):
                value = subject if len(patterns) == 1 and _takes_all(name, each) else Unknown("pattern")
                self.add_assignment(self.written(name), value, self.extent(name))
        guard = case.child_by_field_id(_GUARD)
        return [*tests, self.expression(guard)] if guard is not None else tests

    def _compared(self, node: Node) -> Value | None:
        """What a pattern compares with, None when everything fits."""
        kind = node.type
        parts = parts_of(node)
        if node.kind_id in _CONSTANTS:
            return self.read(node)
        if node.descendant_count > MAX_EXPRESSION_DEPTH:
            return Unknown("pattern")
        if kind == "dotted_name":
            return self.references[_name(self.written(node))] if len(parts) > 1 else None
        if kind == "class_pattern" and parts:
            return self.references[_name(self.written(parts[0]))]
        if kind == "union_pattern":
            options = [self._compared(child) for child in parts]
            known = [option for option in options if option is not None]
            return combined.choice(*known) if len(known) == len(options) else None
        if kind == "case_pattern" and not parts:
            return None
        if kind == "case_pattern" and node.child_count == 2 and self.written(node).startswith("-"):
            value = self.read(parts[0])
            number = value.value if isinstance(value, Literal) else None
            return Literal(-number) if isinstance(number, int | float) else Unknown("pattern")
        # A pattern in parentheses looks like a tuple without a comma.
        wrapped = kind in ("case_pattern", "as_pattern") or (kind == "tuple_pattern" and node.child_count == 3)
        return self._compared(parts[0]) if wrapped and parts else Unknown("pattern")


def _name(text: str) -> str:
    return "".join(text.split())


def _takes_all(name: Node, pattern: Node) -> bool:
    """Whether a captured name means all of what the pattern is compared with: `case name`, `case … as name`."""
    if name.end_byte != pattern.end_byte:
        return False
    whole = first_of(pattern)
    return name.start_byte == pattern.start_byte or (whole is not None and whole.type == "as_pattern")


def _captured(pattern: Node) -> Iterator[Node]:
    """The names a pattern gives a value to, in the order written."""
    pending = [pattern]
    while pending:
        node = pending.pop()
        parts = parts_of(node)
        if node.type == "dotted_name":
            if len(parts) == 1:
                yield node
        elif node.type == "identifier":
            yield node
        elif node.type in ("class_pattern", "keyword_pattern"):
            # The first name is that of the class or of its member.
            pending.extend(reversed(parts[1:]))
        elif node.kind_id not in _CONSTANTS:
            pending.extend(reversed(parts))
