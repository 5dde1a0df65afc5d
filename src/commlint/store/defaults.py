"""What discovery leaves out unless told otherwise: nobody's own code, or not code that runs in the system."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

NEVER: Final = frozenset({".git", ".hg", ".svn", ".jj", ".bzr", "CVS", ".commlint_cache"})
"""Folders that hold no source, whatever the configuration says."""

_FOLDERS: Final = frozenset({
    # environments and installed packages
    ".venv", "venv", "site-packages", "node_modules", "bower_components", "jspm_packages", "third_party",
    "third-party", "__pypackages__", ".yarn", ".pnpm-store", ".eggs", "Pods",
    # tools
    ".tox", ".nox", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache",
    ".gradle", ".idea", ".vscode", ".vs", ".terraform", ".serverless", ".aws-sam", ".github", ".gitlab", ".circleci",
    # build output
    "dist", "htmlcov", ".next", ".nuxt", ".output", ".svelte-kit", ".parcel-cache", ".turbo", "__generated__",
    # what is made of interface files
    "kitex_gen",
})  # fmt: skip

# A dot in front says that a tool is at home there, whichever (.semgrep, .devcontainer), unless it says deployment.
_HIDDEN_DEPLOYMENT: Final = re.compile(
    r"\.(?:docker|compose|containers?|deploy(?:ment)?s?|helm|charts?|k8s|kube|kubernetes|infra(?:structure)?|ops)"
)

# Copies and build output, unless a build file says that a service of this name stands there.
_OUTPUT: Final = frozenset({"vendor", "build", "target", "out"})
_BUILD_FILES: Final = frozenset({
    "pyproject.toml", "setup.py", "requirements.txt", "package.json", "pom.xml", "build.gradle", "build.gradle.kts",
    "go.mod", "Dockerfile", "docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml",
})  # fmt: skip

# Folders in a `build` that is written by hand: how images are made and the system is started.
_PACKAGING: Final = frozenset({
    "docker", "package", "ci", "compose", "deploy", "deployments", "k8s", "kubernetes", "helm", "charts",
})  # fmt: skip
_BUILT: Final = frozenset(
    {"classes", "libs", "lib", "tmp", "generated", "reports", "intermediates", "static", "assets"}
)

_DOTNET_OUTPUT: Final = frozenset({"bin", "obj"})
_DOTNET_MARKS: Final = frozenset({"Debug", "Release", "project.assets.json"})

_GENERATED: Final = re.compile(
    r"""
      .+_pb2(?:_grpc)?\.pyi? | .+\.pb(?:\.\w+)?\.go | .+\.(?:connect|twirp)\.go | .+_grpc\.pb\.go
    | .+_pb(?:_service)?\.(?:d\.ts|js|ts) | .+_grpc_(?:web_)?pb\.(?:d\.ts|js)
    | .+\.(?:min|bundle|chunk)\.[cm]?js | .+\.d\.[cm]?ts | .+\.g\.cs | .+\.[Dd]esigner\.cs
    """,
    re.VERBOSE,
)

# What build tools and development servers are told: it runs where the system is built.
_TOOL_FILE: Final = re.compile(
    r"""
      (?:vite|vitest|webpack|rollup|rspack|rsbuild|esbuild|tsup|metro|craco|babel|postcss|tailwind|eslint|jest
        |playwright|cypress|protractor|karma|storybook|commitlint|prettier|vue)
      (?:\.[\w-]+)*\.(?:config|conf)(?:\.[\w-]+)*\.[cm]?[jt]s
    | webpack\.[\w-]+\.[cm]?[jt]s | [Gg](?:ulp|runt)file\.[cm]?[jt]s | setupProxy\.[jt]s | proxy\.conf\.[cm]?js
    """,
    re.VERBOSE,
)

_TEST_FOLDER: Final = re.compile(
    r"""
      tests? | __tests__ | __mocks__ | testdata | e2e | cypress
    | (?:unit|integration|functional|acceptance|system|component|contract|e2e|end-to-end)[-_]?tests?
    | .+\.\w*Tests?(?:\.\w+)* | [a-z][A-Za-z]*[a-z]Tests?
    """,
    re.VERBOSE,
)
_TEST_FILE: Final = re.compile(
    r"""
      tests?\.py | test_.+\.py | .+_test\.py | conftest\.py | .+_test\.go
    | .+\.(?:spec|test|e2e-spec)\.[cm]?[jt]sx? | .+(?:Test|Tests|IT)\.(?:java|kt) | .+Tests?\.cs
    """,
    re.VERBOSE,
)


# What a virtual environment of Python is made of; one that was made in the folder of a program has code beside it.
_ENVIRONMENT: Final = frozenset((
    "pyvenv.cfg", "bin", "Scripts", "lib", "lib64", "Lib", "include", "Include", "share", "etc", "man", "local", "src",
    ".gitignore", "CACHEDIR.TAG", ".lock",
))  # fmt: skip


def is_left_out(folder: str) -> bool:
    """Whether a folder of this name holds installed packages, output or notes of a tool, wherever it stands."""
    return folder in _FOLDERS or folder.endswith(".egg-info")


def is_hidden(folder: str) -> bool:
    """Whether a folder of this name belongs to some tool: what is in it runs beside the system, not as a part of it."""
    return folder.startswith(".") and not is_left_out(folder) and _HIDDEN_DEPLOYMENT.fullmatch(folder) is None


def is_output(folder: str, inside: Set[str]) -> bool:
    """Whether a folder that holds `inside` is an environment, a copy of others' code or build output."""
    return (
        ("pyvenv.cfg" in inside and inside <= _ENVIRONMENT)
        or (folder in _OUTPUT and inside.isdisjoint(_BUILD_FILES) and not _is_packaging(folder, inside))
        or (folder in _DOTNET_OUTPUT and not inside.isdisjoint(_DOTNET_MARKS))
    )


def _is_packaging(folder: str, inside: Set[str]) -> bool:
    return folder == "build" and not inside.isdisjoint(_PACKAGING) and inside.isdisjoint(_BUILT)


def is_generated(name: str) -> bool:
    """Whether a file of this name was written by a program."""
    return _GENERATED.fullmatch(name) is not None


def is_tool_file(name: str) -> bool:
    """Whether a file of this name sets up a tool that builds or checks the code, or serves it to its developers."""
    return _TOOL_FILE.fullmatch(name) is not None


def is_test_folder(folder: str) -> bool:
    """Whether a folder of this name holds tests."""
    return _TEST_FOLDER.fullmatch(folder) is not None


def is_test_file(name: str) -> bool:
    """Whether a file of this name is a test."""
    return _TEST_FILE.fullmatch(name) is not None


def is_environment(name: str) -> bool:
    """Whether a file of that name gives variables to programs, as compose and libraries read them: `.env.prod`."""
    return name == ".env" or name.startswith(".env.") or name.endswith(".env")
