"""What commands start."""

import pytest

from commlint.link.commands import built_from, called, is_one_off, lasting, start_modules


@pytest.mark.parametrize(
    ("command", "start"),
    [
        (("python", "-m", "app.worker"), "svc/app/worker.py"),
        (("uvicorn", "app.main:app", "--host", "0.0.0.0"), "svc/app/main.py"),
        (("gunicorn", "-w", "4", "wsgi:app"), "svc/wsgi.py"),
        (("celery", "-A", "proj", "worker"), "svc/proj/celery.py"),
        (("celery", "--app=proj.tasks", "worker"), "svc/proj/tasks.py"),
        (("celery", "worker", "-A", "proj"), "svc/proj/celery.py"),
        (("python", "/usr/src/app/worker.py"), "svc/app/worker.py"),
        (("sh", "-c", "exec python ./app/worker.py --fast"), "svc/app/worker.py"),
        (("python", "manage.py", "consume"), "svc/app/management/commands/consume.py"),
        (("python", "manage.py", "runserver"), "svc/manage.py"),
    ],
)
def test_commands_tell_their_start_module(command: tuple[str, ...], start: str) -> None:
    """Module, script, application object and shell forms all lead to the file that is started."""
    files = ["svc/app/main.py", "svc/app/worker.py", "svc/proj/celery.py", "svc/proj/tasks.py", "svc/wsgi.py"]
    files += ["svc/manage.py", "svc/app/management/commands/consume.py"]

    assert start_modules(command, files) == (start,)


@pytest.mark.parametrize(
    ("command", "ends"),
    [
        (("alembic", "upgrade", "head"), True),
        (("flask", "db", "upgrade"), True),
        (("python", "manage.py", "migrate"), True),
        (("sh", "-c", "alembic upgrade head && uvicorn app:app"), False),
        (("sh", "-c", "python manage.py migrate && python manage.py runserver"), False),
        (("npm", "run", "migrations:run"), True),
        (("yarn", "db:seed"), True),
        (("npm", "run", "start:migrations"), False),
        (("npm", "run", "start:dev", "orders"), False),
        (("flask", "run"), False),
        (("python", "app.py"), False),
    ],
)
def test_preparing_commands_end(command: tuple[str, ...], ends: bool) -> None:
    """A migration ends; what starts a server or worker afterwards does not."""
    assert is_one_off([command]) is ends


MAINS = ("cmd/orders/main.go", "cmd/stock/main.go", "tools/cmd/orders/main.go")


def test_what_a_program_is_built_from() -> None:
    """The folders with that ending, or the folder of that file."""
    assert built_from(("cmd/stock",), MAINS) == {"cmd/stock/main.go"}
    assert built_from(("app/cmd/stock",), MAINS) == {"cmd/stock/main.go"}
    assert built_from(("tools/cmd/orders/main.go",), MAINS) == {"tools/cmd/orders/main.go"}
    assert built_from(("cmd/billing",), MAINS) == set()


def test_programs_are_called_like_their_folders() -> None:
    """Shells and paths around the name do not matter."""
    assert called(("/bin/stock", "--port", "80"), MAINS) == {"cmd/stock/main.go"}
    assert called(("sh", "-c", "exec stock"), MAINS) == {"cmd/stock/main.go"}
    assert called(("billing",), MAINS) == set()


def test_files_of_any_language_are_started() -> None:
    """`node src/worker.js` starts that file, wherever the image holds it."""
    assert start_modules(("node", "/app/src/worker.js"), ["jobs/src/worker.js", "jobs/src/app.js"]) == (
        "jobs/src/worker.js",
    )
    assert start_modules(("go", "run", "./cmd/shop/main.go"), ["cmd/shop/main.go", "cmd/all/main.go"]) == (
        "cmd/shop/main.go",
    )
    assert not is_one_off([("python", "-m", "shop.migrate_worker"), ("pip", "upgrade")])


def test_what_a_command_prepares_does_not_last() -> None:
    """Of commands in a row the last one goes on; one that ends alone is none that lasts."""
    waiting = ("sh", "-c", "python manage.py wait_for_db && python consumer.py")

    assert lasting([waiting, ("python", "manage.py", "migrate")]) == (["python", "consumer.py"],)
