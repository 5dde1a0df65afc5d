"""What the commands of a deployment start."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from commlint.link.names import folder, parent

# Programs that run the consumers of a task queue and nothing that answers requests.
WORKERS = frozenset(("celery", "dramatiq", "rq", "arq", "huey_consumer", "huey_consumer.py", "rqworker"))
# Words of commands of such programs that send the tasks that are due, and run none.
SCHEDULERS = frozenset(("beat", "scheduler", "rqscheduler"))
# The same where they come beside the work: `celery worker --beat`.
CLOCKS = SCHEDULERS | {"-B", "--beat"}
# Those of them that run tasks by one of these commands only, and do other things by others: `celery inspect`.
COMMANDED = frozenset(("celery", "rq"))
COMMANDS = frozenset(("worker", "multi"))
# What only looks on: `celery flower`.
MONITORS = frozenset(("flower", "rqinfo", "rq-dashboard"))
# Programs that answer requests, wherever in the code the tasks of a queue stand.
SERVERS = frozenset((
    "uvicorn", "gunicorn", "hypercorn", "daphne", "flask", "fastapi", "waitress-serve", "granian", "uwsgi", "runserver",
))  # fmt: skip
# Those of them that are put beside another, for the connections that stay open.
OPEN_SERVERS = frozenset(("daphne",))
# Programs that run the one named after them.
SHELLS = frozenset(("sh", "bash", "/bin/sh", "/bin/bash", "exec", "env", "tini", "dumb-init"))
# A word that names a file of code, and no module or object in one.
_SOURCE = re.compile(r"\w\.(?:py|[cm]?[jt]sx?|rb|php|go)$")
MODULE_OPTIONS = frozenset(("-m", "-A", "--app", "-a", "--module"))
# Words of commands that prepare something and end, and of those that keep running.
ONCE = frozenset(("alembic", "migrate", "upgrade", "makemigrations", "collectstatic", "loaddata", "pytest"))
GOING_ON = frozenset(("runserver", "run", "worker", "start", "serve", "node", "java"))
# What the scripts of a package are called that end, and what runs them: `npm run migrations:run`.
PREPARING = frozenset(("migrate", "migration", "migrations", "seed", "seeds", "seeder"))
RUNNERS = frozenset(("npm", "yarn", "pnpm", "bun"))


def start_modules(command: Sequence[str], files: Collection[str]) -> tuple[str, ...]:
    """The files a command starts: `python -m app.worker`, `uvicorn app.main:app`, `celery -A proj worker`."""
    before = ""
    for word, after in pairwise((*words_of(command), "")):
        option, given, inside = word.partition("=")
        named = option if given and word.startswith("-") else before
        text = inside if given and word.startswith("-") else word
        # A word alone may be a program or its command (`worker`); only after such an option it is a module.
        candidates = _candidates(text) if named in MODULE_OPTIONS or any(mark in text for mark in ".:") else ()
        for candidate in (*_managed(text, after), *candidates):
            ending = "/" + candidate
            fitting = [path for path in files if path.endswith(ending) or path == candidate]
            if fitting:
                return (min(fitting, key=lambda path: (len(path), path)),)
        before = word
    return ()


def named_module(command: Sequence[str], files: Collection[str]) -> str:
    """The one file that a command names as a module in full, with the packages around it; "" for none and for many."""
    for option, word in pairwise(words_of(command)):
        if option in MODULE_OPTIONS and "." in word:
            endings = [f"/{candidate}" for candidate in _candidates(word)]
            fitting = [path for path in files if f"/{path}".endswith(tuple(endings))]
            return fitting[0] if len(fitting) == 1 else ""
    return ""


def built_from(targets: Iterable[str], mains: Iterable[str]) -> set[str]:
    """Of the files that can be started, those in the folders a program is built from."""
    known = sorted(mains)
    found: set[str] = set()
    for target in targets:
        parts = (parent(target) if target.endswith(".go") else target).split("/")
        for start in range(len(parts)):
            ending = "/".join(parts[start:])
            fitting = {path for path in known if f"/{parent(path)}".endswith(f"/{ending}")}
            if fitting and ending:
                found |= fitting
                break
    return found


def called(command: Sequence[str], mains: Iterable[str]) -> set[str]:
    """Of the files that can be started, those whose folder is called like the program that a command runs."""
    program = next((folder(word) for word in words_of(command) if word not in SHELLS and not word.startswith("-")), "")
    return {path for path in mains if program and folder(parent(path)) == program}


def words_of(command: Sequence[str]) -> list[str]:
    """The words of a command, those inside a shell text too."""
    found: list[str] = []
    for part in command:
        try:
            found.extend(shlex.split(part) if " " in part else [part])
        except ValueError:
            found.extend(part.split())
    return found


def _managed(word: str, after: str) -> Sequence[str]:
    """The file of a command of one's own that a project of Django is told to run: `manage.py consume`."""
    return [f"management/commands/{after}.py"] if folder(word) in ("manage.py", "django-admin") and after else []


def _candidates(word: str) -> Sequence[str]:
    """The files a word of a command may mean, the likeliest first."""
    text = word.removeprefix("./").removeprefix("/")
    if _SOURCE.search(text):
        # The image may hold the code under another folder: /usr/src/app/worker.py.
        parts = text.split("/")
        return ["/".join(parts[start:]) for start in range(len(parts))]
    module = text.split(":", 1)[0]
    if not module or not module.replace(".", "").replace("_", "").isalnum() or module[0].isdigit():
        return []
    path = module.replace(".", "/")
    return [f"{path}.py", f"{path}/__main__.py", f"{path}/celery.py", f"{path}/__init__.py"]


def lasting(commands: Iterable[Sequence[str]]) -> tuple[Sequence[str], ...]:
    """Commands without what they prepare and wait for: of `migrate && serve` the last part, and none that ends."""
    given = [words_of(command) for command in commands]
    ends = [max((number for number, word in enumerate(words) if word == "&&"), default=-1) for words in given]
    parts = [words[end + 1 :] for words, end in zip(given, ends, strict=True)]
    return tuple(part for part in parts if not is_one_off((part,)))


def programs_of(commands: Iterable[Sequence[str]]) -> frozenset[str]:
    """The words of commands by which programs are known."""
    return frozenset(folder(word) for command in commands for word in words_of(command))


def runs_tasks(programs: Collection[str]) -> bool:
    """Whether words of commands start what runs the tasks of a queue, and nothing that only looks on or asks it."""
    started = WORKERS.intersection(programs)
    return bool(started - COMMANDED) or (bool(started) and not COMMANDS.isdisjoint(programs))


def is_one_off(commands: Iterable[Sequence[str]]) -> bool:
    """Whether commands prepare something and end: migrations, fixtures, tests."""
    given = tuple(commands)
    words = programs_of(given)
    scripts = any(word.endswith(".py") and word != "manage.py" for word in words) or any(map(_runs_module, given))
    prepared = bool(words & RUNNERS) and any(map(_prepares, words))
    going_on = GOING_ON - {"run"} if prepared else GOING_ON
    ends = bool(words & ONCE) or prepared
    return ends and not scripts and not words & (going_on | WORKERS | (SERVERS - {"flask"}))


def _prepares(word: str) -> bool:
    """Whether a script of a package is called like something that ends, and not like what goes on."""
    parts = set(word.split(":"))
    return bool(parts & PREPARING) and not parts & (GOING_ON - {"run"})


def _runs_module(command: Sequence[str]) -> bool:
    """Whether a command runs a module by its name, and none that only prepares something."""
    words = words_of(command)
    return any(option == "-m" and module not in ONCE for option, module in pairwise(words))
