"""Which worker takes which task."""

import pytest

from commlint.link.queues import read
from commlint.model.values import Literal, Mapping, Sequence

from .builders import Files, owners_of


@pytest.mark.parametrize(
    ("command", "queues"),
    [
        (("celery", "-A", "shop", "worker", "-Q", "mail,slow"), {"mail", "slow"}),
        (("celery", "-A", "shop", "worker", "--queues=mail", "-l", "info"), {"mail"}),
        (("sh", "-c", "celery -A shop worker -Qmail -c 2"), {"mail"}),
        (("celery", "-A", "shop", "worker", "-l", "info"), set()),
        (("rq", "worker", "--url", "redis://cache", "high", "low"), {"high", "low"}),
        (("python", "manage.py", "rqworker", "high"), {"high"}),
        (("uvicorn", "shop.main:app", "--workers", "2"), set()),
    ],
)
def test_queues_stand_in_the_command(command: tuple[str, ...], queues: set[str]) -> None:
    assert set(read(command)) == queues


def workers() -> Files:
    """A worker for mail, one for reports, and one for the rest."""
    files = Files()
    for name, queues in (("mail", "-Q mail"), ("report", "-Q report,slow"), ("rest", "")):
        files.compose(name, ".", command=("celery", "-A", "shop.tasks", "worker", *queues.split()))
    files.module("shop/tasks.py")
    return files


def test_a_task_goes_to_the_worker_of_its_queue() -> None:
    """What names no queue goes to the worker that names none."""
    files = workers()
    slow = files.receive("celery", "shop/tasks.py::slow", channel="shop.tasks.slow", routing_key="slow")
    plain = files.receive("celery", "shop/tasks.py::plain", channel="shop.tasks.plain")

    system = files.system()

    assert owners_of(system, slow) == ["report"]
    assert owners_of(system, plain) == ["rest"]


def test_routes_say_the_queue() -> None:
    """By the name of the task, by a pattern, as a mapping or as pairs."""
    files = workers()
    names = ("post", "count", "plain")
    post, count, plain = (
        files.receive("celery", f"shop/tasks.py::{name}", channel=f"shop.tasks.{name}") for name in names
    )
    mail = (Literal("shop.tasks.p*t"), Mapping(((Literal("queue"), Literal("mail")),)))
    report = Sequence((Literal("shop.tasks.count"), Literal("report")))
    files.site("routes", "celery", "shop/tasks.py::<module>", channel=Mapping((mail,)))
    files.site("routes", "celery", "shop/tasks.py::<module>", channel=Sequence((report,)))

    system = files.system()

    assert [owners_of(system, each) for each in (post, count, plain)] == [["mail"], ["report"], ["rest"]]


def test_who_sends_may_say_the_queue() -> None:
    """A task that is sent to two queues is run by two workers."""
    files = workers()
    task = files.receive("celery", "shop/tasks.py::post", channel="shop.tasks.post")
    files.send("celery", "shop/tasks.py::post", channel="shop.tasks.post", routing_key="mail")
    files.send("celery", "shop/tasks.py::post", channel="shop.tasks.post", routing_key="slow")

    assert owners_of(files.system(), task) == ["mail", "report"]


def test_a_queue_that_the_environment_names_may_be_any() -> None:
    files = Files()
    files.compose("one", ".", command=("celery", "-A", "shop.tasks", "worker", "-Q", "$QUEUES"))
    files.compose("two", ".", command=("celery", "-A", "shop.tasks", "worker", "-Q", "mail"))
    files.module("shop/tasks.py")
    task = files.receive("celery", "shop/tasks.py::post", channel="shop.tasks.post", routing_key="other")

    assert owners_of(files.system(), task) == ["one"]
