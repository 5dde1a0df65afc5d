"""What is deployed to test the others, and is no part of the system: told by file, image and command."""

from __future__ import annotations

import posixpath
import re

from commlint.link.commands import words_of
from commlint.link.names import image_name, words
from commlint.model.deployments import ServiceDeclaration

_FILE = re.compile(r"(^|[._-])(tests?|testing|e2e)([._-]|$)", re.IGNORECASE)
_WORDS = frozenset(("test", "tests", "testing", "e2e"))
_DEPLOYING = frozenset(("compose", "kubernetes"))
# Programs that run tests and end, and those that do when their command says so.
_TESTERS = frozenset(("pytest", "jest", "mocha", "newman", "cypress", "playwright", "vitest"))
_TOLD = frozenset(("go", "npm", "yarn", "pnpm", "make", "mvn", "gradle", "dotnet", "cargo"))


def is_test_file(path: str) -> bool:
    """Whether a file that declares something is called after tests."""
    return _FILE.search(posixpath.basename(path)) is not None


def is_tester(declaration: ServiceDeclaration) -> bool:
    """Whether a deployment runs tests, or runs an image that was made for them."""
    if declaration.origin not in _DEPLOYING:
        return False
    build = declaration.build
    named = [*words(image_name(declaration.image))[-1:]]
    if build is not None:
        named += [build.stage.lower(), *words(posixpath.basename(build.dockerfile))]
    return bool(_WORDS.intersection(named)) or _runs_tests(declaration.command)


def _runs_tests(command: tuple[str, ...]) -> bool:
    given = words_of(command)
    told = next((number for number, word in enumerate(given) if word in _TOLD), None)
    if told is not None:
        after = [word for word in given[told + 1 :] if word != "run" and not word.startswith("-")]
        return bool(after) and re.split(r"[:_-]", after[0])[0] == "test"
    return bool(_TESTERS.intersection(given[:1]))
