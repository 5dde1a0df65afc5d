"""What the configuration of a task queue says: who sends what is due, and which queue takes what."""

import pytest

from commlint.model.operations import Recognition, Role
from commlint.model.values import Literal, Mapping, show

from ..programs import recognized

TASKS = """
from celery import shared_task

@shared_task
def report():
    pass
"""
ENTRY = '{"nightly": {"task": "tasks.report", "schedule": 60}, "hourly": {"task": "tasks.count", "schedule": 6}}'


def due(found: Recognition) -> list[object]:
    sent = [each for each in found.operations if each.role is Role.PRODUCER and each.style == "scheduled"]
    assert all(each.region.start_line > 1 for each in sent)
    channels = [each.address.channel for each in sent]
    return [getattr(item, "value", item) for each in channels for item in getattr(each, "options", (each,))]


@pytest.mark.parametrize(
    "told",
    [
        f"app.conf.beat_schedule = {ENTRY}",
        f"app.conf.update(beat_schedule={ENTRY})",
        f"app.conf.update({{'beat_schedule': {ENTRY}}})",
    ],
)
def test_entries_of_a_schedule_are_sends(told: str) -> None:
    found = recognized(queue=f"from celery import Celery\n\napp = Celery('shop')\n{told}\n", tasks=TASKS)

    assert due(found) == ["tasks.report", "tasks.count"]


def test_a_periodic_task_may_be_added_by_a_call() -> None:
    text = "from celery import Celery\nfrom tasks import report\n\napp = Celery('shop')\n"
    found = recognized(queue=text + "app.add_periodic_task(10.0, report.s())\n", tasks=TASKS)

    assert due(found) == ["tasks.report"]


def test_the_settings_of_django_configure_a_task_queue() -> None:
    """`namespace` stands before the names there; the settings module is told by a variable of the environment."""
    manage = "import os\nfrom django.core.management import execute_from_command_line\n"
    found = recognized(
        manage=manage + "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n",
        shop__celery="""
from celery import Celery

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
""",
        shop__settings=f"""
CELERY_BEAT_SCHEDULE = {ENTRY}
CELERY_TASK_ROUTES = {{"tasks.*": {{"queue": "reports"}}}}
""",
        tasks=TASKS,
    )

    assert due(found) == ["tasks.report", "tasks.count"]
    (routes,) = [each.channel for each in found.channels if each.kind == "routes"]
    assert routes == Mapping(((Literal("tasks.*"), Mapping(((Literal("queue"), Literal("reports")),))),))


def test_a_module_configures_a_task_queue() -> None:
    text = "from celery import Celery\nimport settings\n\napp = Celery('shop')\n"
    found = recognized(
        queue=text + "app.config_from_object(settings)\n", settings=f"beat_schedule = {ENTRY}\n", tasks=TASKS
    )

    assert due(found) == ["tasks.report", "tasks.count"]


def test_what_a_scheduler_of_rq_is_given_is_sent_and_run() -> None:
    found = recognized(
        clock="""
from rq_scheduler import Scheduler
from jobs import report

scheduler = Scheduler("reports")
scheduler.cron("0 0 * * *", func=report, queue_name="nightly")
scheduler.schedule(None, report)
""",
        jobs="import rq\n\ndef report():\n    pass\n",
    )

    sent = [each.address.routing_key for each in found.operations if each.role is Role.PRODUCER]
    assert sent == [Literal("nightly"), Literal("reports")]
    assert {each.function for each in found.operations if each.role is Role.CONSUMER} == {"jobs.py::report"}


def test_only_a_bound_task_is_given_itself() -> None:
    """The first parameter of any other task is what it is sent."""
    found = recognized(
        tasks="""
import requests
from celery import shared_task

@shared_task
def plain(sku):
    requests.get(f"http://stock/{sku}")

@shared_task(bind=True)
def bound(self, sku):
    self.retry()
"""
    )

    (call,) = [each for each in found.operations if each.role is Role.CLIENT]
    assert show(call.address.url) == "http://stock/{plain.sku}"
    assert [each.kind for each in found.steps if each.function.endswith("::bound")] == ["reject"]
