"""What shell scripts run."""

import pytest

from commlint.extract.formats.shell import SIZE_LIMIT, ShellReader


def commands(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(each.words for each in ShellReader().read("run.sh", text.encode())[0].commands)


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [("a/run.sh", b"", True), ("entrypoint", b"#!/bin/sh\n", True), ("entrypoint", b"\x7fELF", False)],
)
def test_claims(path: str, source: bytes, expected: bool) -> None:
    """A script is known by its name, or by its first line where the name does not tell."""
    assert ShellReader().claims(path, source) is expected


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("exec celery -A shop worker", (("celery", "-A", "shop", "worker"),)),
        (
            "python manage.py migrate && gunicorn shop.wsgi",
            (("python", "manage.py", "migrate"), ("gunicorn", "shop.wsgi")),
        ),
        ("MODE=fast python -m app.main", (("python", "-m", "app.main"),)),
        ("python app.py \\\n  --port 80", (("python", "app.py", "--port", "80"),)),
        ("wait-for 'a && b'; python app.py # start", (("wait-for", "a && b"), ("python", "app.py"))),
        ("# python old.py", ()),
        ("echo starting", ()),
        ("python app.py 2>&1", (("python", "app.py", "2>&1"),)),
    ],
)
def test_simple_commands(line: str, found: tuple[tuple[str, ...], ...]) -> None:
    """A line is parted at its operators and joined where it goes on; what leads up to a command is left out."""
    assert commands(line) == found


def test_both_ways_of_a_condition_count() -> None:
    """Which way is taken, the environment decides."""
    text = 'if [ "$DEBUG" = 1 ]; then\n  python manage.py runserver\nelse\n  uwsgi --ini app.ini\nfi\n'

    assert commands(text) == (("python", "manage.py", "runserver"), ("uwsgi", "--ini", "app.ini"))


def test_variables_of_the_script_are_filled_in() -> None:
    """What the script itself gives a text; what comes from outside stays as written, or is its default."""
    text = 'ARGUMENTS="-A shop worker -Q ${QUEUES:-mail}"\ncelery $ARGUMENTS --name $NAME\n'

    assert commands(text) == (("celery", "-A", "shop", "worker", "-Q", "mail", "--name", "$NAME"),)


def test_hostile_scripts_are_bounded() -> None:
    """Values that grow by themselves stop growing, and what is too long is not read."""
    doubling = "A=xxxxxxxxxx\n" + "A=$A$A\n" * 200 + "run $A\n"

    assert len(commands(doubling)[0][1]) < 5_000
    assert commands("run\n" * SIZE_LIMIT) == ()
    assert commands("'\n\"\\\n$((\n") is not None


def test_functions_and_branches_are_told_apart() -> None:
    """What a script does for one of its arguments, and what a function of it does."""
    text = """
work() {
  exec celery -A shop worker
}
function check {
  python check.py
}
check
case "$1" in
  worker)
    shift
    work
    ;;
  web) gunicorn shop.wsgi ;;
esac
python after.py
"""
    commands = ShellReader().read("entry.sh", text.encode())[0].commands

    assert [(" ".join(each.words), each.label) for each in commands] == [
        ("celery -A shop worker", "work"),
        ("python check.py", "check"),
        ("check", ""),
        ("work", "worker"),
        ("gunicorn shop.wsgi", "web"),
        ("python after.py", ""),
    ]
