"""
Suppression comments: `commlint: ignore[CL101] reason`, and `commlint: ignore-file[…] reason` near the top.
"""

from __future__ import annotations

import re

from commlint.errors import nearest
from commlint.extract.comments import Comment
from commlint.model.facts import Ignore, Notice

FILE_LINES = 10

_DIRECTIVE = re.compile(r"(?:^|[#/*;-])\s*commlint:\s*(?P<verb>[\w-]*)\s*(?P<rest>.*)", re.DOTALL)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]*\Z")
_OTHER_TOOL = re.compile(r"\s#\s.*", re.DOTALL)
_VERBS = ("ignore", "ignore-file")


def find(path: str, source: bytes, comments: tuple[Comment, ...]) -> tuple[tuple[Ignore, ...], tuple[Notice, ...]]:
    """
    What the comments of a file suppress, and a notice for each that says it wrongly.

    A comment on lines of its own speaks for the next line of code, any other one for its own line.
    """
    ignores: list[Ignore] = []
    notices: list[Notice] = []
    following = _following(source, comments)
    for comment in comments:
        directive = _DIRECTIVE.search(comment.text.removesuffix("*/").rstrip())
        if directive is None:
            continue
        line = comment.extent.start_line
        codes, reason, problem = _read(directive["verb"], directive["rest"], line)
        if problem:
            notices.append(Notice(path, line, problem))
            continue
        if directive["verb"] == "ignore-file":
            spoken_for = 0
        else:
            spoken_for = following[comment.extent.end_line] if comment.alone else line
        ignores.append(Ignore(codes, reason, spoken_for, comment.extent))
    return tuple(ignores), tuple(notices)


def _read(verb: str, rest: str, line: int) -> tuple[tuple[str, ...], str, str]:
    """The codes and the reason of a suppression, or what is wrong with it and how to mend it."""
    if verb not in _VERBS:
        return (
            (),
            "",
            f'"commlint: {verb}" is no suppression{nearest(verb, _VERBS)}: write "commlint: ignore[CL101] reason"',
        )
    if verb == "ignore-file" and line > FILE_LINES:
        return (), "", f'"commlint: ignore-file" counts only in the first {FILE_LINES} lines: move it up'
    if not rest.startswith("["):
        return (), _reason(rest), ""
    inside, bracket, after = rest[1:].partition("]")
    if not bracket:
        return (), "", f'the bracket of "commlint: {verb}[" is not closed: write "commlint: {verb}[CL101] reason"'
    codes = tuple(code.strip() for code in inside.split(",") if code.strip())
    if not codes:
        cure = f'name a rule, or write "commlint: {verb} reason" to suppress all'
        return (), "", f'"commlint: {verb}[]" names no rule: {cure}'
    wrong = [code for code in codes if not _CODE.match(code)]
    if wrong:
        cure = f'separate rules by commas, as in "commlint: {verb}[CL101, CL102] reason"'
        return (), "", f'"{wrong[0]}" is no code or name of a rule: {cure}'
    return codes, _reason(after), ""


def _reason(text: str) -> str:
    """The reason alone, without what another tool is told in the same comment."""
    return " ".join(_OTHER_TOOL.sub("", f" {text}").strip(" \t\r\n:-–—").split())


def _following(source: bytes, comments: tuple[Comment, ...]) -> list[int]:
    """For every line number the next line that holds more than space and comments, the next line if none does."""
    only_comments = {
        line
        for comment in comments
        if comment.alone
        for line in range(comment.extent.start_line, comment.extent.end_line + 1)
    }
    lines = source.split(b"\n")
    following = [0] * (len(lines) + 2)
    found = 0
    for number in range(len(lines), -1, -1):
        following[number] = found or number + 1
        if number not in only_comments and lines[number - 1].strip():
            found = number
    return following
