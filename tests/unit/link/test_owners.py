"""Who runs which code."""

import pytest

from commlint.model.deployments import Build
from commlint.model.operations import Role

from .builders import Files, names, owners_of, pairs


def test_deepest_root_owns_a_file() -> None:
    """A service in a folder of another's keeps its own code."""
    files = Files()
    files.compose("portal", ".")
    files.compose("orders", "services/orders")
    inner = files.endpoint("services/orders/app.py::index", "GET", "/")
    outer = files.endpoint("app.py::index", "GET", "/")

    system = files.system()

    assert owners_of(system, inner) == ["orders"]
    assert owners_of(system, outer) == ["portal"]


def test_one_folder_with_two_commands_is_split_by_imports() -> None:
    """Each of two services in one folder runs what its start module reaches."""
    files = Files()
    files.compose("web", ".", command=("uvicorn", "app.main:app"))
    files.compose("worker", ".", command=("python", "-m", "app.worker"))
    files.module("app/main.py", "app/shared.py")
    files.module("app/worker.py", "app/shared.py")
    server = files.endpoint("app/main.py::index", "GET", "/")
    consumer = files.receive("kafka", "app/worker.py::run", channel="jobs")
    shared = files.get("app/shared.py::fetch", "http://example.com/")

    system = files.system()

    assert owners_of(system, server) == ["web"]
    assert owners_of(system, consumer) == ["worker"]
    assert owners_of(system, shared) == ["web", "worker"]


def test_unreadable_commands_leave_the_code_to_all() -> None:
    """When no command tells a start module, every service of the folder runs all of it."""
    files = Files()
    files.compose("blue", ".", command=("./run.sh",))
    files.compose("green", ".", command=("./run.sh",))
    server = files.endpoint("app.py::index", "GET", "/")

    assert owners_of(files.system(), server) == ["blue", "green"]


def test_a_consumer_that_imports_an_application_does_not_answer_its_requests() -> None:
    """`python consumer.py` takes the models out of the application that `python manage.py run` serves."""
    files = Files()
    files.compose("orders", ".", command=("python", "manage.py", "run"))
    files.compose("orders-queue", ".", command=("python", "consumer.py"))
    files.module("manage.py", "app/__init__.py", main=True)
    files.module("consumer.py", "app/__init__.py")
    server = files.endpoint("app/__init__.py::place", "POST", "/orders")
    sent = files.send("amqp", "app/__init__.py::place", channel="placed")
    received = files.receive("amqp", "consumer.py::handle", channel="products")

    system = files.system()

    assert owners_of(system, server) == ["orders"]
    assert owners_of(system, sent) == ["orders"]
    assert owners_of(system, received) == ["orders-queue"]


def test_commands_of_a_project_are_programs_of_their_own() -> None:
    """`manage.py consume_orders` receives, and neither the web nor the other consumer does."""
    files = Files()
    files.compose("web", ".", command=("python", "manage.py", "runserver"))
    for name in ("orders", "stock"):
        files.compose(f"{name}-consumer", ".", command=("python", "manage.py", f"consume_{name}"))
    files.module("manage.py", main=True)
    server = files.endpoint("shop/views.py::place", "POST", "/orders")
    orders, stock = (
        files.receive("kafka", f"shop/management/commands/consume_{name}.py::Command.handle", channel=name)
        for name in ("orders", "stock")
    )

    system = files.system()

    assert owners_of(system, server) == ["web"]
    assert owners_of(system, orders) == ["orders-consumer"]
    assert owners_of(system, stock) == ["stock-consumer"]


def test_a_consumer_is_run_by_who_starts_its_file() -> None:
    """`python -m shop.consumers` receives, though a command of the web's project could run the same function."""
    files = Files()
    files.compose("web", ".", command=("python", "manage.py", "runserver"))
    files.compose("consumer", ".", command=("python", "-m", "shop.consumers"))
    files.module("manage.py", main=True)
    files.module("shop/consumers.py", main=True)
    files.module("shop/management/commands/consume.py", "shop/consumers.py")
    files.call("shop/management/commands/consume.py::Command.handle", "shop/consumers.py::start")
    files.receive("kafka", "shop/management/commands/consume.py::other", channel="other")
    received = files.receive("kafka", "shop/consumers.py::start", channel="orders")

    assert owners_of(files.system(), received) == ["consumer"]


def test_tasks_run_in_the_worker_only() -> None:
    """The web process imports the tasks to send them, the worker consumes them."""
    files = Files()
    files.compose("web", ".", command=("uvicorn", "app.main:app"))
    files.compose("worker", ".", command=("celery", "-A", "app.tasks", "worker"))
    files.module("app/main.py", "app/tasks.py")
    files.module("app/tasks.py", "app/main.py")
    task = files.receive("celery", "app/tasks.py::charge", channel="app.tasks.charge")
    server = files.endpoint("app/main.py::index", "GET", "/")

    system = files.system()

    assert owners_of(system, task) == ["worker"]
    assert owners_of(system, server) == ["web"]


def test_a_worker_runs_tasks_that_only_the_web_imports() -> None:
    """`-A shop.queue` starts a file that names its tasks as text; the web imports them to send them."""
    files = Files()
    files.compose("web", ".", command=("uvicorn", "shop.main:app"))
    files.compose("worker", ".", command=("celery", "-A", "shop.queue", "worker"))
    files.compose("monitor", ".", command=("celery", "-A", "shop.queue", "flower"))
    files.module("shop/queue.py")
    files.module("shop/tasks.py", "shop/queue.py")
    files.module("shop/main.py", "shop/tasks.py")
    task = files.receive("celery", "shop/tasks.py::charge", channel="shop.tasks.charge")
    server = files.endpoint("shop/main.py::index", "GET", "/")

    system = files.system()

    assert owners_of(system, task) == ["worker"]
    assert owners_of(system, server) == ["web"]
    assert {each.name: each.kind for each in system.services}["monitor"] == "observability"


def test_what_is_due_is_sent_by_the_clock() -> None:
    """`celery beat` does, or a worker with `--beat`; without either the workers stand for it."""
    for clock, sender in (("beat", "clock"), ("worker --beat", "clock"), ("worker", "clock worker")):
        files = Files()
        files.compose("web", ".", command=("uvicorn", "shop.main:app"))
        files.compose("worker", ".", command=("celery", "-A", "shop.queue", "worker"))
        files.compose("clock", ".", command=("celery", "-A", "shop.queue", *clock.split()))
        files.module("shop/queue.py")
        files.module("shop/main.py", "shop/queue.py")
        due = files.send("celery", "shop/queue.py::<module>", channel="shop.tasks.report", style="scheduled")

        assert owners_of(files.system(), due) == sender.split()


def test_scripts_beside_the_code_are_no_part_of_the_service() -> None:
    """What people start by hand is not run by the service, unless it imports it or is started with it."""
    files = Files()
    files.compose("orders", "orders", command=("python", "scripts/serve.py"))
    files.module("orders/scripts/serve.py", "orders/app.py", "orders/scripts/shared.py", main=True)
    files.module("orders/scripts/shared.py", main=True)
    files.module("orders/scripts/bench.py", main=True)
    files.module("orders/examples.py", main=True)
    started, shared, bench, example = [
        files.get(f"orders/{path}::run", "http://example.com/")
        for path in ("scripts/serve.py", "scripts/shared.py", "scripts/bench.py", "examples.py")
    ]
    files.endpoint("orders/app.py::index", "GET", "/")

    system = files.system()

    assert [owners_of(system, each) for each in (started, shared, bench, example)] == [["orders"], ["orders"], [], []]
    assert [service.name for service in system.services] == ["orders"]


def test_schedulers_run_no_tasks() -> None:
    """`celery beat` sends the tasks that are due; `celery worker` runs them."""
    files = Files()
    files.compose("beat", ".", command=("celery", "-A", "app.tasks", "beat"))
    files.compose("worker", ".", command=("celery", "-A", "app.tasks", "worker"))
    task = files.receive("celery", "app/tasks.py::charge", channel="app.tasks.charge")

    assert owners_of(files.system(), task) == ["worker"]


def test_shared_code_belongs_to_those_who_call_it() -> None:
    """A client in a library belongs to the service that calls it, not to all that import the file."""
    files = Files()
    for name in ("orders", "billing"):
        files.compose(name, name)
        files.module(f"{name}/app.py", "common/clients.py")
    files.endpoint("orders/app.py::index", "GET", "/")
    stock = files.get("common/clients.py::stock", "http://stock/")
    files.call("orders/app.py::index", "common/clients.py::stock")

    assert owners_of(files.system(), stock) == ["orders"]


def test_shared_code_nobody_is_seen_to_call_belongs_to_all_importers() -> None:
    """Where calls were not followed the import has to do."""
    files = Files()
    for name in ("orders", "billing"):
        files.compose(name, name)
        files.module(f"{name}/app.py", "common/clients.py")
    stock = files.get("common/clients.py::stock", "http://stock/")

    assert owners_of(files.system(), stock) == ["billing", "orders"]


def test_routes_in_shared_code_are_served_by_every_importer() -> None:
    """A health route of a library is an endpoint of each service that takes it in."""
    files = Files()
    for name in ("orders", "billing"):
        files.compose(name, name)
        files.module(f"{name}/app.py", "common/health.py")
    health = files.endpoint("common/health.py::health", "GET", "/health")

    assert owners_of(files.system(), health) == ["billing", "orders"]


def test_importing_from_another_service_lends_only_what_is_called() -> None:
    """The other service's endpoints and its further calls stay its own."""
    files = Files()
    files.compose("orders", "orders")
    files.compose("stock", "stock")
    files.module("orders/app.py", "stock/client.py")
    files.endpoint("orders/app.py::index", "GET", "/")
    server = files.endpoint("stock/client.py::serve", "GET", "/stock")
    called = files.get("stock/client.py::get_stock", "http://stock/stock")
    other = files.get("stock/client.py::audit", "http://audit.example.com/")
    files.call("orders/app.py::index", "stock/client.py::get_stock")

    system = files.system()

    assert owners_of(system, server) == ["stock"]
    assert owners_of(system, called) == ["orders", "stock"]
    assert owners_of(system, other) == ["stock"]
    assert ("orders", "endpoint:stock:GET /stock") in pairs(system)


def test_files_an_image_copies_are_run_by_its_service() -> None:
    """What two Dockerfiles take in from beside belongs to both services."""
    files = Files()
    for name in ("agent", "mcp"):
        files.compose(name, f"src/{name}", build=Build(".", f"src/{name}/Dockerfile"))
        files.dockerfile(f"src/{name}", copies=(f"src/{name}/run.py", "src/shared/tools.py"))
        files.endpoint(f"src/{name}/run.py::index", "GET", "/")
    shared = files.get("src/shared/tools.py::fetch", "http://shop/")

    assert owners_of(files.system(), shared) == ["agent", "mcp"]


def test_files_an_image_copies_are_no_part_of_a_program_that_has_its_parts_by_imports() -> None:
    """Both images hold the whole library; only one program takes in the file that calls."""
    files = Files()
    for name in ("agent", "mcp"):
        files.compose(name, f"apps/{name}", build=Build(".", f"apps/{name}/Dockerfile"))
        files.dockerfile(f"apps/{name}", copies=(f"apps/{name}", "libs"))
        files.endpoint(f"apps/{name}/run.ts::index", "GET", "/")
    files.module("libs/tools.ts", by_import=True)
    files.module("apps/agent/run.ts", "libs/tools.ts", by_import=True)
    files.module("apps/mcp/run.ts", by_import=True)
    shared = files.get("libs/tools.ts::fetch", "http://shop/")

    assert owners_of(files.system(), shared) == ["agent"]


def test_a_job_runs_only_what_its_command_starts() -> None:
    """A migration job with the image of a service serves none of its routes and makes none of its calls."""
    files = Files()
    files.compose("users", "users")
    files.workload("migrate", "x/users:1", kind="job", command=("alembic", "upgrade", "head"))
    files.dockerfile("users")
    server = files.endpoint("users/app.py::index", "GET", "/")

    assert owners_of(files.system(), server) == ["users"]


def test_scripts_of_images_tell_who_runs_what() -> None:
    """A container that starts a script of the tree runs what the script runs."""
    files = Files()
    files.compose("web", ".", command=("sh", "/code/docker/web.sh"))
    files.compose("worker", ".", command=("sh", "/code/docker/worker.sh"))
    files.scripts["docker/web.sh"] = (("python", "manage.py", "migrate"), ("gunicorn", "shop.wsgi"))
    files.scripts["docker/worker.sh"] = (("celery", "-A", "shop", "worker"),)
    files.module("shop/wsgi.py")
    files.module("shop/celery.py")
    task = files.receive("celery", "orders/tasks.py::charge", channel="orders.tasks.charge")
    server = files.endpoint("orders/views.py::index", "GET", "/")

    system = files.system()

    assert owners_of(system, task) == ["worker"]
    assert owners_of(system, server) == ["web"]


def test_a_program_of_its_own_runs_only_what_it_imports() -> None:
    """Of what a framework finds by names in settings, a plain program beside it runs nothing."""
    files = Files()
    files.compose("web", ".", command=("python", "manage.py", "runserver"))
    files.compose("poller", ".", command=("python", "-m", "jobs.poller"))
    files.module("manage.py", main=True)
    files.module("jobs/poller.py", "jobs/client.py", main=True)
    view = files.get("orders/views.py::index", "http://example.com/")
    polled = files.get("jobs/client.py::fetch", "http://example.com/")

    system = files.system()

    assert owners_of(system, view) == ["web"]
    assert owners_of(system, polled) == ["poller"]


def test_an_exit_of_a_task_is_run_by_the_worker_and_not_by_who_sends_the_task() -> None:
    """The file of a task is imported to send it; what the task does, only the worker does."""
    files = Files()
    files.compose("poller", ".", command=("python", "-m", "jobs.poller"))
    files.compose("worker", ".", command=("celery", "-A", "shop.tasks", "worker"))
    files.module("jobs/poller.py", "shop/tasks.py", main=True)
    files.module("shop/tasks.py", "shop/mail.py")
    files.send("celery", "jobs/poller.py::run", channel="shop.tasks.notify")
    files.receive("celery", "shop/tasks.py::notify", channel="shop.tasks.notify")
    files.call("shop/tasks.py::notify", "shop/mail.py::deliver")
    mail = files.get("shop/mail.py::deliver", "http://mail.example.com/")

    assert owners_of(files.system(), mail) == ["worker"]


def test_an_image_of_another_language_runs_none_of_the_code() -> None:
    """An image of node beside one of python in the folder of the whole tree."""
    files = Files()
    for name, runs in (("api", ("python",)), ("site", ("javascript",))):
        files.dockerfile(f"docker/{name}", runs=runs)
        files.compose(name, ".", build=Build(".", f"docker/{name}/Dockerfile"))
    server = files.endpoint("app.py::index", "GET", "/")

    assert owners_of(files.system(), server) == ["api"]


def test_a_server_kept_for_open_connections_runs_what_these_ask() -> None:
    """Beside another server with the same code it answers no plain requests, nor does it start what nobody calls."""
    files = Files()
    files.compose("web", ".", command=("gunicorn", "shop.wsgi"))
    files.compose("live", ".", command=("daphne", "shop.asgi:application"))
    page = files.endpoint("shop/views.py::page", "GET", "/")
    loose = files.get("shop/plugins.py::run", "http://example.com/")
    socket = files.operation(Role.SERVER, "websocket", "shop/sockets.py::connect")
    pushed = files.get("shop/push.py::push", "http://example.com/")
    files.call("shop/sockets.py::connect", "shop/push.py::push")

    system = files.system()

    assert [owners_of(system, each) for each in (page, loose)] == [["web"], ["web"]]
    assert [owners_of(system, each) for each in (socket, pushed)] == [["live"], ["live"]]


def test_the_only_server_answers_everything() -> None:
    """What is meant for open connections serves pages where nothing else does."""
    files = Files()
    files.compose("live", ".", command=("daphne", "shop.asgi:application"))
    files.compose("worker", ".", command=("celery", "-A", "shop", "worker"))
    page = files.endpoint("shop/views.py::page", "GET", "/")

    assert owners_of(files.system(), page) == ["live"]


def test_what_scripts_alone_import_is_run_by_hand_too() -> None:
    """A file beside a script, named as no part of the service, comes with the script."""
    files = Files()
    files.compose("web", "shop", command=("gunicorn", "shop.wsgi"))
    files.module("shop/app.py", main=True)
    files.module("shop/scripts/report.py", "shop/scripts/client.py", main=True)
    files.module("shop/scripts/client.py")
    page = files.endpoint("shop/app.py::page", "GET", "/")
    fetched = files.get("shop/scripts/client.py::fetch", "http://example.com/")

    system = files.system()

    assert owners_of(system, page) == ["web"]
    assert owners_of(system, fetched) == []


def test_arguments_of_the_build_tell_programs_of_one_dockerfile_apart() -> None:
    """Each service runs what the folder leads to that its deployment names."""
    files = Files()
    for name in ("orders", "stock"):
        build = Build(".", "docker/Dockerfile", arguments=(("service", name),))
        files.compose(name, ".", build=build)
        files.module(f"{name}/cmd/main.go", f"{name}/api.go", main=True)
    files.dockerfile("docker", builds=("${service}/cmd",), copies=(".",))
    orders = files.endpoint("orders/api.go::index", "GET", "/orders")
    stock = files.endpoint("stock/api.go::index", "GET", "/stock")

    system = files.system()

    assert owners_of(system, orders) == ["orders"]
    assert owners_of(system, stock) == ["stock"]


def test_a_program_that_is_started_beside_its_code() -> None:
    """A main function in a folder of its own starts what the other folders do, also when they only call."""
    files = Files()
    files.build("orders", "orders")
    files.module("orders/cmd/main.go", "orders/internal/client.go", main=True)
    call = files.get("orders/internal/client.go::fetch", "http://example.com/")

    assert owners_of(files.system(), call) == ["orders"]


def test_a_script_need_not_say_that_it_can_be_started() -> None:
    """What a file among scripts does outside of functions, people start."""
    files = Files()
    files.compose("web", ".", command=("python", "web.py"))
    files.compose("worker", ".", command=("python", "worker.py"))
    files.module("web.py", main=True)
    files.module("worker.py", main=True)
    files.module("dev_scripts/fill.py")
    files.endpoint("web.py::page", "GET", "/")
    files.receive("kafka", "worker.py::run", channel="jobs")
    filled = files.get("dev_scripts/fill.py::<module>", "http://localhost:8000/")

    assert owners_of(files.system(), filled) == []


@pytest.mark.parametrize(("folder", "found"), [("common", ["orders"]), ("mailer", ["mailer", "orders"])])
def test_a_folder_that_is_called_after_sharing_runs_nothing(folder: str, found: list[str]) -> None:
    """A receive loop in `common` that nothing starts is for services to run; elsewhere it is a worker."""
    files = Files()
    files.compose("orders", "orders")
    files.receive("amqp", f"{folder}/queue.py::work")

    assert names(files.system()) == found
