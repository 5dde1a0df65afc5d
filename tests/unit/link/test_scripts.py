"""What the scripts that a command starts run in turn."""

import pytest

from commlint.link.scripts import expanded
from commlint.model.deployments import ScriptCommand

SCRIPTS = {
    "docker/web/start.sh": (("python", "manage.py", "migrate"), ("gunicorn", "shop.wsgi")),
    "docker/worker/start.sh": (("celery", "-A", "shop", "worker"),),
    "wait.sh": (("sh", "docker/worker/start.sh"),),
    "loop.sh": (("./loop.sh",),),
}
READ = {path: tuple(ScriptCommand(words) for words in commands) for path, commands in SCRIPTS.items()}


@pytest.mark.parametrize(
    ("command", "near", "more"),
    [
        (("sh", "/code/docker/worker/start.sh"), (), SCRIPTS["docker/worker/start.sh"]),
        (("/start.sh",), ("docker/web",), SCRIPTS["docker/web/start.sh"]),
        (("/start.sh",), (), ()),
        (("./wait.sh", "db:5432"), (), (*SCRIPTS["wait.sh"], *SCRIPTS["docker/worker/start.sh"])),
        (("./other.sh",), (), ()),
    ],
)
def test_scripts_are_looked_into(
    command: tuple[str, ...], near: tuple[str, ...], more: tuple[tuple[str, ...], ...]
) -> None:
    """By their path in the image; of several called alike the one near the image, and none where that is open."""
    assert tuple(expanded(command, READ, near)) == (command, *more)


def test_a_script_that_starts_itself_ends() -> None:
    """Nothing is looked into twice."""
    assert tuple(expanded(("sh", "loop.sh"), READ, ())) == (("sh", "loop.sh"), ("./loop.sh",))


def test_a_script_that_does_what_its_argument_says() -> None:
    """Only the branch of the argument counts, with the functions it calls, and what is run in any case."""
    script = (
        ScriptCommand(("python", "manage.py", "check")),
        ScriptCommand(("gunicorn", "shop.wsgi"), "serve"),
        ScriptCommand(("celery", "-A", "shop", "worker"), "work"),
        ScriptCommand(("serve",), "web"),
        ScriptCommand(("work",), "worker"),
    )

    assert tuple(expanded(("/entry.sh", "worker"), {"entry.sh": script}, ())) == (
        ("/entry.sh", "worker"),
        ("python", "manage.py", "check"),
        ("celery", "-A", "shop", "worker"),
        ("work",),
    )
