"""Which services there are, by the files around the code."""

from commlint.model.config import Config, ServiceConfig
from commlint.model.deployments import Build, ServiceDeclaration
from commlint.model.operations import Evidence, Role

from .builders import HERE, Files, names, owners_of, roots


def kinds(files: Files) -> dict[str, str]:
    return {service.name: service.kind for service in files.system().services}


def test_compose_and_kubernetes_of_one_name_are_one_service() -> None:
    """`orders` of compose and `orders-service` of Kubernetes mean the same; compose names it."""
    files = Files()
    files.compose("orders", "orders")
    files.workload("orders-service", "registry/shop/orders:1")

    system = files.system()

    assert names(system) == ["orders"]
    assert "orders-service" in system.services[0].aliases


def test_a_workload_that_runs_an_image_called_like_a_service_is_that_service() -> None:
    """`orders` of Kubernetes runs `acme/shop.orders.api`, which compose builds as `shop.orders.api`."""
    files = Files()
    files.compose("shop.orders.api", "Orders", image="shop/orders.api")
    files.workload("orders", "acme/shop.orders.api:1")

    assert names(files.system()) == ["shop.orders.api"]


def test_a_service_that_others_reach_by_another_name_is_also_deployed_by_it() -> None:
    """Compose starts `cart` with the hostname `carts`, and Kubernetes `carts` from the same folder."""
    files = Files()
    files.compose("cart", "src/cart", aliases=("carts",))
    files.workload("carts", "acme/shop-cart:1")
    files.image("acme/shop-cart", "src/cart")

    (service,) = files.system().services

    assert service.name == "cart"
    assert "carts" in service.aliases


def test_one_program_that_two_formats_deploy_is_one_service() -> None:
    """Compose starts `cartapp` and Kubernetes `shopping-cart-api` from the same folder, whatever they are called."""
    files = Files()
    files.compose("cartapp", "src/cart")
    files.workload("shopping-cart-api", "acme/cart-v6:1")
    files.image("acme/cart-v6", "src/cart")

    assert names(files.system()) == ["cartapp"]


def test_a_program_that_one_format_deploys_twice_is_no_single_service() -> None:
    """What Kubernetes deploys as two is not told which of them compose means."""
    files = Files()
    files.compose("cartapp", "src/cart")
    for name in ("basket-http", "basket-jobs"):
        files.workload(name, "acme/cart-v6:1")
    files.image("acme/cart-v6", "src/cart")

    assert names(files.system()) == ["basket-http", "basket-jobs", "cartapp"]


def test_suffix_does_not_merge_when_ambiguous() -> None:
    """Two names with the same stem in one format stay two services."""
    files = Files()
    files.compose("orders", "orders")
    files.compose("orders-api", "orders_api")
    files.workload("orders-service")

    assert names(files.system()) == ["orders", "orders-api", "orders-service"]


def test_overlays_of_a_workload_merge_by_name() -> None:
    """A workload that several files state is one service with several reasons."""
    files = Files()
    files.workload("orders", path="base/orders.yaml")
    files.workload("orders", path="prod/orders.yaml")

    (service,) = files.system().services

    assert [region.path for region in service.why] == ["base/orders.yaml", "prod/orders.yaml"]


def test_same_name_with_other_code_is_another_service() -> None:
    """Two systems in one tree may both have a `web`; their folders tell them apart."""
    files = Files()
    files.compose("web", "first/web", path="first/compose.yaml")
    files.compose("web", "second/web", path="second/compose.yaml")

    assert roots(files.system()) == {"first-web": ("first/web",), "second-web": ("second/web",)}


def test_kubernetes_service_is_a_name_of_the_workload_it_selects() -> None:
    """The selector decides, whatever the Service is called."""
    files = Files()
    files.workload("orders", selects=(("app", "orders"), ("tier", "back")))
    files.front("shop-orders-internal", {"app": "orders"})

    (service,) = files.system().services

    assert service.name == "orders"
    assert "shop-orders-internal" in service.aliases


def test_variants_behind_one_name_are_one_service() -> None:
    """`reviews-v1` and `reviews-v2` selected by the Service `reviews` are `reviews`."""
    files = Files()
    files.workload("reviews-v1", selects=(("app", "reviews"), ("version", "v1")))
    files.workload("reviews-v2", selects=(("app", "reviews"), ("version", "v2")))
    files.front("reviews", {"app": "reviews"})

    assert names(files.system()) == ["reviews"]


def test_a_version_beside_the_one_that_is_selected_is_the_same_service() -> None:
    """A canary that no Service selects yet; versions that each have a Service stay apart."""
    files = Files()
    files.workload("orders", selects=(("app", "orders"), ("version", "1.0")))
    files.workload("orders-v2", selects=(("app", "orders"), ("version", "2.0")))
    files.front("orders", {"app": "orders", "version": "1.0"})
    files.workload("reviews-v1", selects=(("app", "reviews"), ("version", "v1")))
    files.workload("reviews-v2", selects=(("app", "reviews"), ("version", "v2")))
    files.front("reviews-v1", {"app": "reviews", "version": "v1"})
    files.front("reviews-v2", {"app": "reviews", "version": "v2"})

    assert names(files.system()) == ["orders", "reviews-v1", "reviews-v2"]


def test_a_service_that_selects_everything_merges_nothing() -> None:
    """A selector all pods match is a name of each, not a reason to call them one."""
    files = Files()
    files.workload("orders", selects=(("app", "shop"),))
    files.workload("stock", selects=(("app", "shop"),))
    files.front("everything", {"app": "shop"})

    assert names(files.system()) == ["orders", "stock"]


def test_image_name_ties_a_workload_to_the_folder_of_its_dockerfile() -> None:
    """`registry/x/frontend:2` is made in `src/frontend`, also when nested deeper."""
    files = Files()
    files.workload("frontend", "registry.example/x/frontend:2")
    files.workload("users", "registry.example/x/userservice@sha256:00")
    files.dockerfile("src/frontend")
    files.dockerfile("src/accounts/userservice")

    assert roots(files.system()) == {"frontend": ("src/frontend",), "users": ("src/accounts/userservice",)}


def test_a_project_prefix_in_the_image_does_no_harm() -> None:
    """`shop/rs-cart` is made in `cart`."""
    files = Files()
    files.workload("basket", "shop/rs-cart:1")
    files.dockerfile("cart")

    assert roots(files.system()) == {"basket": ("cart",)}


def test_the_only_image_belongs_to_all_workloads_that_run_it() -> None:
    """One Dockerfile and one image of one's own belong together whatever they are called."""
    files = Files()
    files.workload("web", "acme/platform:1")
    files.workload("worker", "acme/platform:1")
    files.dockerfile("backend")

    assert roots(files.system()) == {"web": ("backend",), "worker": ("backend",)}


def test_each_service_of_a_folder_gets_the_command_of_its_own_dockerfile() -> None:
    """Of several Dockerfiles in one folder the one a compose service is built from counts."""
    files = Files()
    files.compose("web", ".", build=Build(".", "Dockerfile"))
    files.compose("worker", ".", build=Build(".", "worker.Dockerfile"))
    files.dockerfile("", command=("python", "web.py"))
    files._service("dockerfile", "worker", "", "worker.Dockerfile", {"command": ("python", "worker.py")})
    web = files.endpoint("web.py::index", "GET", "/")
    worker = files.receive("kafka", "worker.py::work", channel="jobs")

    found = {site.operation.id: site.service for site in files.system().operations}

    assert found == {web.id: "web", worker.id: "worker"}


def test_dockerfiles_alone_make_services() -> None:
    """Without any deployment file each folder with a Dockerfile is a service."""
    files = Files()
    files.dockerfile("orders")
    files.dockerfile("stock")

    assert names(files.system()) == ["orders", "stock"]


def test_dockerfile_of_no_deployment_without_code_is_no_service() -> None:
    """Where deployments are declared, an image nobody deploys and nothing runs in is left out."""
    files = Files()
    files.compose("orders", "orders")
    files.dockerfile("tools/lint")

    assert names(files.system()) == ["orders"]


def test_a_drawer_of_dockerfiles_points_to_what_it_copies() -> None:
    """The code of `docker/orders/Dockerfile` is the folder it copies from the build context above."""
    files = Files()
    files.dockerfile("docker/orders", copies=("requirements.txt", "services/orders"))
    files.endpoint("services/orders/app.py::index", "GET", "/")

    assert roots(files.system()) == {"orders": ("services/orders",)}


def test_of_several_folders_an_image_copies_the_one_it_is_built_from() -> None:
    """What is copied beside it is shared."""
    files = Files()
    given = {"copies": ("pkg", "services/orders"), "builds": ("app/services/orders/cmd",)}
    files._service("dockerfile", "docker", "docker", "docker/DockerfileOrders", given)
    files.endpoint("services/orders/cmd/main.py::index", "GET", "/")
    files.get("pkg/client.py::fetch", "http://mail/")

    assert roots(files.system()) == {"orders": ("services/orders",)}


def test_a_dockerfile_of_the_whole_tree_means_the_folder_it_copies() -> None:
    """`Dockerfile.search` at the top copies `search`, which has a build file of its own, as its neighbour does."""
    files = Files()
    for name in ("search", "front"):
        files.compose(name, ".", build=Build(".", f"Dockerfile.{name}"))
        files._service("dockerfile", "", "", f"Dockerfile.{name}", {"copies": (f"./{name}/", "requirements.txt")})
        files.build(name, name)
        files.endpoint(f"{name}/app.py::index", "GET", "/")

    assert roots(files.system()) == {"front": ("front",), "search": ("search",)}


def test_of_several_packages_an_image_copies_the_one_its_command_starts_in() -> None:
    """`docker/crawler/Dockerfile` takes the crawler and what it shares, and starts a file of the crawler."""
    files = Files()
    files.compose("crawler", ".", build=Build(".", "docker/crawler/Dockerfile"))
    files.dockerfile(
        "docker/crawler",
        copies=("crawler", "shared", "docker/crawler/settings.py"),
        command=("python", "spiders/run.py"),
    )
    files.build("crawler", "crawler")
    files.build("shared", "shared")
    files.module("docker/crawler/settings.py")
    files.module("shared/log.py")
    files.receive("kafka", "crawler/spiders/run.py::run", channel="jobs")

    assert roots(files.system())["crawler"] == ("crawler",)


def test_a_folder_that_takes_all_of_its_context_is_the_code() -> None:
    """A build file further inside changes nothing where the image takes in the whole folder."""
    files = Files()
    files.compose("shop", ".", build=Build(".", "Dockerfile"))
    files.dockerfile("", copies=("api", "."))
    files.build("api", "api")
    files.endpoint("api/app.py::index", "GET", "/")

    assert roots(files.system())["shop"] == ("",)


def test_a_command_names_a_module_of_a_package_that_the_image_installs() -> None:
    """An image made in a folder without code that runs `python -m shop.serve.worker` runs the tree's own package."""
    files = Files()
    for name in ("worker", "api"):
        command = ("python", "-m", f"shop.serve.{name}")
        files.compose(name, "docker", build=Build("docker", "docker/Dockerfile"), command=command)
    files.started("docker/Dockerfile")
    files.build("", "shop")
    worker = files.endpoint("shop/serve/worker.py::index", "GET", "/work")
    api = files.endpoint("shop/serve/api.py::index", "GET", "/")
    system = files.system()

    assert roots(system) == {"api": ("",), "worker": ("",)}
    assert (owners_of(system, worker), owners_of(system, api)) == (["worker"], ["api"])


def test_an_outside_image_is_not_the_code_its_name_begins_like() -> None:
    """The broker `kafka` does not run `kafka-monitor`."""
    files = Files()
    files.compose("kafka", image="acme/kafka", kind="broker")
    files.build("kafka-monitor", "kafka-monitor")
    files.endpoint("kafka-monitor/app.py::index", "GET", "/")

    assert roots(files.system()) == {"kafka": (), "kafka-monitor": ("kafka-monitor",)}


def test_a_build_file_alone_names_a_single_service() -> None:
    """A repository with one build file at its root is one service of that name."""
    files = Files()
    files.build("", "stock-keeper")
    files.endpoint("app.py::index", "GET", "/")

    assert roots(files.system()) == {"stock-keeper": ("",)}


def test_build_files_of_imported_code_are_libraries() -> None:
    """What others import and nothing starts is a library, not a service."""
    files = Files()
    files.build("orders", "orders")
    files.build("common", "common")
    files.endpoint("orders/app.py::index", "GET", "/")
    files.module("orders/app.py", "common/clients.py")
    files.module("common/clients.py")

    assert kinds(files) == {"common": "library", "orders": "service"}


def test_kinds_come_from_images_and_names() -> None:
    """Infrastructure keeps its kind, load generators are told by name, a workload without code by `-db`."""
    files = Files()
    files.compose("queue", image="rabbitmq:3", kind="broker")
    files.workload("load-generator", "x/load:1")
    files.workload("accounts-db", "x/accounts-db:1")
    files.workload("cleanup", "x/cleanup:1", kind="job")

    assert kinds(files) == {"accounts-db": "database", "cleanup": "job", "load-generator": "loadgen", "queue": "broker"}


def test_the_configuration_goes_before_all() -> None:
    """A service told by hand takes over the declared one it names and adds roots and aliases."""
    files = Files(config=Config(services={"orders": ServiceConfig(roots=("src/orders",), aliases=("orders-deploy",))}))
    files.workload("orders-deploy", "x/y:1")
    files.dockerfile("src/orders")

    (service,) = files.system().services

    assert (service.name, service.roots, service.aliases) == ("orders", ("src/orders",), ("orders-deploy",))


def test_folders_that_run_become_services_without_any_declaration() -> None:
    """A folder that only holds folders is opened; what they import besides is no service."""
    files = Files()
    files.endpoint("services/orders/app.py::index", "GET", "/")
    files.receive("kafka", "services/mail/main.py::run", channel="mails")
    files.get("shared/http.py::fetch", "http://orders/")
    files.module("services/orders/app.py", "shared/http.py")

    system = files.system()

    assert roots(system) == {"mail": ("services/mail",), "orders": ("services/orders",)}
    assert {service.evidence for service in system.services} == {Evidence.CODED}


def test_an_image_of_compiled_code_is_made_of_its_sources() -> None:
    """`build: orders/target` takes what the build of `orders` puts there."""
    files = Files()
    files.compose("orders-app", "orders/target")
    files.build("orders", "orders")
    files.endpoint("orders/Main.java::Main.index", "GET", "/")

    assert roots(files.system()) == {"orders-app": ("orders",)}


def test_one_dockerfile_may_make_many_images() -> None:
    """Where an argument says which folder is copied, each program is that of the image called like its folder."""
    files = Files()
    files.compose("stock", image="acme/shop-stock:1")
    files.compose("web", image="acme/shop-web:1")
    files.dockerfile("", copies=("$name/target/",))
    for folder in ("shop-stock", "shop-web"):
        files.module(f"{folder}/cmd/server.go", main=True)
        files.endpoint(f"{folder}/cmd/server.go::main", "GET", "/")
    files.build("shop-web/pages", "web")

    assert roots(files.system()) == {"stock": ("shop-stock",), "web": ("shop-web",)}


def test_a_folder_may_say_more_than_the_deployment() -> None:
    """`cart-deployment` runs `cart-cna-microservice`, unless two folders begin with `cart`."""
    files = Files()
    files.workload("cart-deployment")
    files.workload("mail-deployment")
    for folder in ("cart-cna-microservice", "mail-in", "mail-out"):
        files.build(folder, "")

    found = roots(files.system())

    assert found["cart"] == ("cart-cna-microservice",)
    assert found["mail"] == ()


def test_a_deployment_may_join_the_names_of_two_folders() -> None:
    """`accountserver-deployment` runs `account/server`, and no folder called `accountserver`."""
    files = Files()
    for name in ("account", "mail"):
        files.workload(f"{name}server-deployment")
        files.module(f"{name}/server/main.go", main=True)
        files.endpoint(f"{name}/server/main.go::main", "GET", "/")

    assert roots(files.system()) == {
        "accountserver": ("account/server",),
        "mailserver": ("mail/server",),
    }


def test_folders_that_import_each_other_are_one_program() -> None:
    """Packages side by side with a way in each are one service when they need each other."""
    files = Files()
    files.endpoint("shop/api/views.py::index", "GET", "/")
    files.endpoint("shop/admin/views.py::index", "GET", "/admin")
    files.module("shop/api/views.py", "shop/admin/views.py")

    assert roots(files.system()) == {"shop": ("shop",)}


def test_programs_that_share_a_folder_beside_them() -> None:
    """Folders that start and answer are services of their own, whatever library they both import."""
    files = Files()
    files.endpoint("internal/services/orders/app.py::index", "GET", "/")
    files.receive("kafka", "internal/services/mail/main.py::run", channel="mails")
    files.get("internal/pkg/http.py::fetch", "http://orders/")
    files.module("internal/services/orders/app.py", "internal/pkg/http.py", main=True)
    files.module("internal/services/mail/main.py", "internal/pkg/http.py", main=True)

    assert roots(files.system()) == {"mail": ("internal/services/mail",), "orders": ("internal/services/orders",)}


def test_programs_whose_work_stands_in_a_folder_beside_them() -> None:
    """What each of several programs does may lie in packages that only it imports."""
    files = Files()
    files.endpoint("internal/orders.py::index", "GET", "/")
    files.receive("kafka", "internal/mail.py::run", channel="mails")
    files.module("cmd/orders/main.py", "internal/orders.py", main=True)
    files.module("cmd/mail/main.py", "internal/mail.py", main=True)

    system = files.system()

    assert roots(system) == {"mail": ("cmd/mail",), "orders": ("cmd/orders",)}
    assert {site.service for site in system.operations} == {"mail", "orders"}


def test_programs_that_take_from_each_others_folders() -> None:
    """A start module each makes programs, though one imports from the folder of the other; folders tell their names."""
    files = Files()
    files.endpoint("app/orders/cmd/api/handler.py::index", "GET", "/")
    files.endpoint("app/stock/cmd/api/handler.py::index", "GET", "/")
    files.get("app/stock/client/stock.py::fetch", "http://stock/")
    files.module("app/orders/cmd/api/main.py", "app/orders/cmd/api/handler.py", "app/stock/client/stock.py", main=True)
    files.module("app/stock/cmd/api/main.py", "app/stock/cmd/api/handler.py", main=True)

    assert roots(files.system()) == {"orders-api": ("app/orders/cmd/api",), "stock-api": ("app/stock/cmd/api",)}


def test_start_modules_of_one_program_make_no_services() -> None:
    """Where all that answers is reached by each of the start modules, they are ways to start one program."""
    files = Files()
    files.endpoint("shop/lib/views.py::index", "GET", "/")
    files.module("shop/lib/views.py", "shop/tools/seed.py")
    files.module("shop/serve/main.py", "shop/lib/views.py", main=True)
    files.module("shop/tools/seed.py", "shop/lib/views.py", main=True)

    assert roots(files.system()) == {"shop": ("shop",)}


def test_a_program_and_its_packages_are_one_service() -> None:
    """One folder that starts what the folders beside it hold makes no service of itself."""
    files = Files()
    files.endpoint("shop/internal/api.py::index", "GET", "/")
    files.module("shop/cmd/main.py", "shop/internal/api.py", main=True)
    files.module("shop/cmd/seed.py", main=True)

    assert roots(files.system()) == {"shop": ("shop",)}


def test_what_an_image_is_built_from_goes_before_folders_of_its_name() -> None:
    """Services built in one folder own what their build names, though a package elsewhere is called like them."""
    files = Files()
    for name in ("orders", "mail"):
        files.compose(name, ".", build=Build(".", f"{name}.Dockerfile"))
        files._service("dockerfile", name, "", f"{name}.Dockerfile", {"builds": (f"run/{name}/main.go",)})
        files.endpoint(f"run/{name}/main.go::main", "GET", f"/{name}")
        files.module(f"run/{name}/main.go", main=True)
        files.get(f"lib/{name}/client.go::get", f"http://{name}/")

    served = [site for site in files.system().operations if site.operation.role is Role.SERVER]

    assert {(site.operation.region.path, site.service) for site in served} == {
        ("run/orders/main.go", "orders"),
        ("run/mail/main.go", "mail"),
    }


def test_folder_whose_program_another_image_is_built_from_is_no_service_of_its_own() -> None:
    """A second Dockerfile beside a program that a deployment builds by one elsewhere makes no second service."""
    files = Files()
    files.compose("orders", ".", build=Build(".", "docker/Dockerfile"))
    files.dockerfile("docker", builds=("go/src/shop/src/orders",))
    files.dockerfile("src/orders")
    files.module("src/orders/main.py", main=True)
    files.endpoint("src/orders/main.py::create", "POST", "/orders")

    assert [service.name for service in files.system().services] == ["orders"]


def test_dockerfiles_called_like_programs_below_make_no_service_of_their_folder() -> None:
    """Each of `ApiDockerfile` and `JobsDockerfile` is for the program of its name."""
    files = Files()
    for name in ("api", "jobs"):
        declaration = ServiceDeclaration("", "dockerfile", HERE, source_root=".")
        files.services[f"{name.title()}Dockerfile"] = [declaration]
        files.module(f"cmd/{name}/main.py", main=True)
        files.endpoint(f"cmd/{name}/main.py::{name}", "GET", f"/{name}")

    assert [service.name for service in files.system().services] == ["api", "jobs"]


def test_what_is_put_beside_a_compiled_program_is_not_its_code() -> None:
    """Images that take in what was compiled elsewhere, and a folder that all share, are none of that folder."""
    files = Files()
    for name in ("orders", "stock"):
        files.workload(name, f"shop/{name}")
        files.services[f"infra/docker/{name}.Dockerfile"] = [
            ServiceDeclaration("docker", "dockerfile", HERE, source_root="infra/docker", copies=("shared", "build"))
        ]
        files.endpoint(f"services/{name}/main.py::{name}", "GET", f"/{name}")
        files.module(f"services/{name}/main.py", "shared/queue.py", main=True)
    files.send("kafka", "shared/queue.py::send", channel="orders")

    assert [service.name for service in files.system().services] == ["orders", "stock"]


def test_start_of_several_services_is_none_itself() -> None:
    """What only starts the one or the other, as a variable tells, is the way into each of them."""
    files = Files()
    files.compose("orders", "apps/orders")
    files.compose("stock", "apps/stock")
    files.endpoint("apps/orders/handler.py::create", "POST", "/orders")
    files.endpoint("apps/stock/handler.py::take", "POST", "/stock")
    files.endpoint("start/main.py::health", "GET", "/health")
    files.module("start/main.py", "apps/orders/handler.py", "apps/stock/handler.py", main=True)

    assert [service.name for service in files.system().services] == ["orders", "stock"]


def test_code_beside_declared_services_is_not_lost() -> None:
    """A folder with a server that no file declares is a service; a script folder gives a notice instead."""
    files = Files()
    files.compose("orders", "orders")
    files.endpoint("orders/app.py::index", "GET", "/")
    files.endpoint("pricing/app.py::index", "GET", "/")
    files.get("scripts/seed.py::main", "http://orders/")
    files.module("scripts/seed.py", main=True)

    system = files.system()

    assert names(system) == ["orders", "pricing"]
    assert [notice.path for notice in system.notices] == ["scripts/seed.py"]


def test_deployments_for_tests_are_left_out() -> None:
    """A compose file for tests declares no services of the system, unless tests are wanted."""
    files = Files()
    files.compose("orders", "orders")
    files.compose("orders-tests", "orders", path="compose.tests.yaml")

    assert names(files.system()) == ["orders"]
    files.config = Config(tests=True)
    assert names(files.system()) == ["orders", "orders-tests"]


def test_an_image_built_by_one_is_run_by_others() -> None:
    """A worker that runs the image of the web process has its code."""
    files = Files()
    files.compose("web", "app", image="shop:1")
    files.compose("worker", image="shop:1")

    assert roots(files.system()) == {"web": ("app",), "worker": ("app",)}


def test_an_image_both_are_built_on_is_no_bond() -> None:
    """The base image of a Dockerfile says nothing of a service that runs it."""
    files = Files()
    files.compose("web", "app")
    files.dockerfile("app", image="python:3.12")
    files.compose("tool", image="python:3.12")

    assert roots(files.system()) == {"tool": (), "web": ("app",)}


def test_compose_variables_in_builds_are_filled_in() -> None:
    """`${NAME}` comes from the `.env` beside the file, `$PWD` is the root."""
    files = Files()
    files.compose("ad", build=Build(".", "${AD_DOCKERFILE}"))
    files.compose("mail", build=Build("${PWD}/mail", "${PWD}/mail/Dockerfile"))
    files.bind("file:.env", "AD_DOCKERFILE", "./src/ad/Dockerfile", ".env", "dotenv")

    assert roots(files.system()) == {"ad": ("src/ad",), "mail": ("mail",)}


def test_servers_started_side_by_side_are_services() -> None:
    """Several files of one folder, each started for itself and none importing another, are a service each."""
    files = Files()
    files.build("", "cinema")
    for name in ("movies", "bookings"):
        files.endpoint(f"services/{name}.py::index", "GET", "/")
        files.module(f"services/{name}.py", "services/common.py", main=True)
    files.module("services/common.py")

    assert roots(files.system()) == {"bookings": ("services/bookings.py",), "movies": ("services/movies.py",)}


def test_a_compose_file_in_the_folder_of_a_service_repeats_it() -> None:
    """`app` of a file that starts the service alone is the service the outer file declares."""
    files = Files()
    files.compose("users", "users")
    files.compose("gateway", "gateway")
    files.compose("app", "users", path="users/compose.yaml")

    system = files.system()

    assert names(system) == ["gateway", "users"]
    assert "app" in system.services[1].aliases


def test_test_files_beside_services_are_no_service() -> None:
    """A server in `src/test.py` is a test."""
    files = Files()
    files.compose("users", "src/users")
    files.endpoint("src/test.py::index", "GET", "/")

    assert names(files.system()) == ["users"]


def test_override_files_are_read_relative_to_the_first_compose_file() -> None:
    """`docker/dev.yaml` builds from the root when only there is a Dockerfile."""
    files = Files()
    files.compose("orders", "docker", path="docker/dev.yaml", build=Build("docker", "docker/Dockerfile"))
    files.dockerfile("")

    assert roots(files.system()) == {"orders": ("",)}


def test_copying_a_folder_of_a_common_name_is_not_copying_all_services() -> None:
    """`COPY src` of `src/ads/Dockerfile` in a language that is not read does not mean the folder of all services."""
    files = Files()
    files.workload("ads", "x/ads:1")
    files.dockerfile("src/ads", copies=("src", "pom.xml"))
    files.compose("mail", "src/mail")
    files.endpoint("src/mail/app.py::index", "GET", "/")

    assert roots(files.system()) == {"ads": ("src/ads",), "mail": ("src/mail",)}


def test_workload_of_a_release_is_that_of_the_compose_file() -> None:
    """The name of a release stands before the names of what it installs."""
    files = Files()
    files.compose("orders", "orders")
    files.workload("shop-orders", "x/y:1", aliases=("orders",))
    files.workload("shop-stock", "x/z:1", aliases=("stock",))

    assert names(files.system()) == ["orders", "shop-stock"]


def test_wrappers_of_consumers_that_services_import_are_no_service() -> None:
    """What would receive in a folder that services import from does so only where one of them makes it."""
    files = Files()
    files.compose("orders", "orders")
    files.build("shared", "shared")
    files.endpoint("orders/app.py::index", "GET", "/")
    files.receive("amqp", "shared/rabbit.py::consume")
    files.receive("amqp", "kit/rabbit.py::consume")
    files.module("orders/app.py", "shared/rabbit.py", "kit/base.py")
    files.module("kit/base.py")

    assert kinds(files) == {"orders": "service", "shared": "library"}


def test_a_release_called_like_its_chart_is_called_so() -> None:
    """Nobody named the release of `orders-orders`, so it is `orders`, and its code is in the folder of that name."""
    files = Files()
    files.workload("orders-orders", aliases=("orders",))
    files.dockerfile("apps/orders")

    assert roots(files.system()) == {"orders": ("apps/orders",)}


def test_two_releases_of_one_chart_are_one_service() -> None:
    """A release that was rendered into a file has the labels and the ending of the chart's name."""
    files = Files()
    files.workload("orders-orders", aliases=("orders",), selects=(("app", "orders"),))
    files.workload("shop-dev-orders", path="rendered.yaml", selects=(("app", "orders"),))
    files.workload("shop-dev-orders-migrate", path="rendered.yaml", selects=(("app", "orders"),))

    assert names(files.system()) == ["orders", "shop-dev-orders-migrate"]


def test_the_folder_of_a_service_may_have_its_name_in_another_number() -> None:
    """`comments_services` is the code of `comment_service`."""
    files = Files()
    files.compose("comments_services", image="x/comments_services")
    files.compose("posts_services", image="x/posts_services")
    files.dockerfile("comment_service")
    files.dockerfile("post_service")

    assert roots(files.system()) == {"comments_services": ("comment_service",), "posts_services": ("post_service",)}


def test_the_programs_of_a_monorepo_are_services_and_what_gathers_them_is_none() -> None:
    """Several files with ways in are one program where the build says so; a folder without code is none."""
    files = Files()
    files.build("", "shop")
    files.dockerfile("docker")
    files.application("apps/orders", "nest-cli.json")
    files.application("apps/gone", "nest-cli.json")
    files.endpoint("apps/orders/http.ts::index", "GET", "/")
    files.receive("amqp", "apps/orders/messages.ts::placed")
    files.endpoint("libs/health.ts::health", "GET", "/health")
    files.module("apps/orders/main.ts", "libs/health.ts", main=True)

    assert kinds(files) == {"orders": "service", "shop": "library"}


def test_what_gathers_deployed_programs_is_a_library_though_it_can_be_started() -> None:
    """The package around all programs says how to start one of them, and holds what they share."""
    files = Files()
    files.compose("orders", "apps/orders")
    files.build("", "shop", command=("node", "dist/main"))
    files.application("", "nest-cli.json")
    files.endpoint("apps/orders/http.ts::index", "GET", "/")
    files.endpoint("libs/health.ts::health", "GET", "/health")
    files.get("libs/guard.ts::check", "http://sessions/")
    files.module("apps/orders/main.ts", "libs/health.ts", "libs/guard.ts", main=True)

    assert kinds(files) == {"orders": "service", "shop": "library"}


def test_a_module_that_a_deployed_service_imports_is_a_part_of_it() -> None:
    """A build file alone makes no service of the endpoints that a deployed program takes in."""
    files = Files()
    files.compose("cellar", "cellar/application")
    files.dockerfile("cellar/application")
    files.build("cellar/server", "cellar-server")
    files.build("lone/server", "lone-server")
    files.endpoint("cellar/server/Cellar.kt::load", "GET", "/load")
    files.endpoint("lone/server/Lone.kt::load", "GET", "/load")
    files.module("cellar/application/App.kt", "cellar/server/Cellar.kt")

    system = files.system()

    assert {each.name: each.kind for each in system.services} == {
        "cellar": "service",
        "cellar-server": "library",
        "lone-server": "service",
    }
    assert {each.service for each in system.endpoints} == {"cellar", "lone-server"}


def test_a_folder_that_is_written_with_other_separators() -> None:
    """A build context that is not there means the folder beside it that is called alike."""
    files = Files()
    files.compose("cart", "src/cart-service")
    files.compose("stock", "src/stock-service")
    files.build("src/cartservice", "cart")
    files.build("src/stock-service", "stock")
    files.build("src/stockservice", "old")
    files.endpoint("src/cartservice/app.py::index", "GET", "/")
    files.endpoint("src/stock-service/app.py::index", "GET", "/")

    assert roots(files.system()) == {"cart": ("src/cartservice",), "stock": ("src/stock-service",)}


def test_images_in_folders_without_code_run_what_they_copy() -> None:
    """Several Dockerfiles in folders of their own, all of which copy one package."""
    files = Files()
    for name in ("orders", "stock"):
        files.dockerfile(f"services/{name}", copies=("src", f"services/{name}"))
        files.compose(name, f"services/{name}", build=Build(".", f"services/{name}/Dockerfile"))
    files.module("src/shop/app.py")

    assert roots(files.system()) == {"orders": ("src",), "stock": ("src",)}


def test_what_is_compiled_elsewhere_is_the_code_around() -> None:
    """A script puts the archive beside the Dockerfile, in a folder that bears the name of the service."""
    files = Files()
    files.dockerfile("orders/docker/orders", copies=("*.jar",))
    files.build("orders", "shop-orders")
    files.workload("orders", "acme/orders")
    files.module("orders/src/Orders.java", main=True)

    assert roots(files.system()) == {"orders": ("orders",)}


def test_dockerfiles_below_the_sources_take_what_the_build_made() -> None:
    """As Quarkus puts them; the folder with the build file holds the code."""
    files = Files()
    files.build("orders", "orders")
    files.dockerfile("orders/src/main/docker", copies=("target/lib/*", "target/*-runner.jar"))
    files.endpoint("orders/src/main/java/Orders.java::Orders.list", "GET", "/orders")

    assert roots(files.system()) == {"orders": ("orders",)}


def test_compose_files_beside_each_other_tell_of_versions() -> None:
    """A service that each of them builds of another folder is one; elsewhere in the tree it is another one."""
    files = Files()
    files.compose("orders", "orders-v1", path="compose.yaml")
    files.compose("orders", "orders-v2", path="compose-v2.yaml")
    files.compose("orders", "demo/orders", path="demo/compose.yaml")

    assert sorted(roots(files.system()).values()) == [("demo/orders",), ("orders-v1", "orders-v2")]


def test_an_argument_of_the_build_names_the_folder() -> None:
    """Of two folders of one name, the one that the Dockerfile copies by it is meant."""
    files = Files()
    files.dockerfile("", copies=("$SERVICE/",))
    for name in ("orders", "stock"):
        build = Build(".", "Dockerfile", arguments=(("SERVICE", f"server/{name}"),))
        files.compose(f"{name}-service", ".", build=build)
        files.module(f"server/{name}/app.js", main=True)
    files.module("pages/orders/list.js")

    assert roots(files.system()) == {"orders-service": ("server/orders",), "stock-service": ("server/stock",)}


def test_kinds_of_objects_are_no_part_of_a_name() -> None:
    """`orders-deployment` is called `orders`, and still known by both."""
    files = Files()
    files.workload("orders-deployment", "acme/orders")

    (service,) = files.system().services

    assert service.name == "orders"
    assert "orders-deployment" in service.aliases


def test_the_tag_of_an_image_names_the_folder() -> None:
    """Where all images lie in one repository, their tags tell them apart."""
    files = Files()
    for name in ("orders", "stock"):
        files.build(f"src/shop-{name}", f"shop-{name}")
        files.module(f"src/shop-{name}/app.py", main=True)
    files.workload("orders", "acme/shop:shop-orders-latest")
    files.workload("goods", "acme/shop:shop-stock")

    assert roots(files.system()) == {"goods": ("src/shop-stock",), "orders": ("src/shop-orders",)}


def test_image_of_a_deployment_is_built_from_a_folder() -> None:
    """A file that builds images names the folder, whatever the deployment is called."""
    files = Files()
    files.workload("shop", "registry.example/acme/orders:3")
    files.workload("web", "acme/web")
    files.image("acme/orders", "src/purchases")
    files.image("acme/web", "src/pages")

    assert {service.name: service.roots for service in files.system().services} == {
        "shop": ("src/purchases",),
        "web": ("src/pages",),
    }


def test_code_that_starts_is_that_of_the_deployment_of_its_name() -> None:
    """A deployment of a stock name of image whose code lies in no folder of that name with a Dockerfile."""
    files = Files()
    files.workload("orders", "registry.example/shop/orders")
    files.endpoint("cmd/orders/main.py::index", "GET", "/")
    files.module("cmd/orders/main.py", main=True)
    files.endpoint("cmd/mail/main.py::index", "GET", "/mail")
    files.module("cmd/mail/main.py", main=True)

    assert roots(files.system()) == {"orders": ("cmd/orders",), "mail": ("cmd/mail",)}


def test_the_same_image_goes_before_a_folder_of_its_name() -> None:
    """A worker runs the image that another is built into, whatever other folder is called like it."""
    files = Files()
    files.compose("web", "src", image="example/shop:1")
    files.compose("worker", image="example/shop:2")
    files.build("pages", "shop")
    files.module("src/app.py")

    assert roots(files.system()) == {"web": ("src",), "worker": ("src",)}


def test_a_whole_context_copied_from_a_drawer() -> None:
    """The code is in the folder around a Dockerfile that copies all of it."""
    files = Files()
    files.dockerfile("docker", copies=(".", "pages"))
    files.endpoint("shop/app.py::index", "GET", "/")
    files.module("pages/index.js")

    assert list(roots(files.system()).values()) == [("",)]


def test_a_deployment_beside_the_image_whose_name_it_has_a_word_of() -> None:
    """`bot_analyzer` in the folder `bot` with a Dockerfile is built there."""
    files = Files()
    files.compose("bot_analyzer", image="example/shop_bot_analyzer", path="tools/bot/compose.yml")
    files.dockerfile("tools/bot")
    files.endpoint("tools/bot/app.py::run", "POST", "/run")

    assert roots(files.system()) == {"bot_analyzer": ("tools/bot",)}


def test_a_repeated_service_is_the_one_that_is_started_alike() -> None:
    """Of several services of one folder, a compose file inside it means the one with the same command."""
    files = Files()
    files.compose("orders", "orders")
    files.compose("orders_worker", "orders", command=("node", "worker.js"))
    files.compose("order", "orders", path="orders/compose.yaml")

    assert names(files.system()) == ["orders", "orders_worker"]


def test_a_service_that_several_files_call_alike_goes_by_the_name_it_has_alone() -> None:
    """A compose file in each folder says `server`; Kubernetes says which is which."""
    files = Files()
    for name in ("users", "orders"):
        files.compose("server", name, path=f"{name}/compose.yaml", image=f"{name}_server")
        files.workload(f"{name}-backend", f"{name}_server:latest", path=f"{name}/deployment.yaml")

    system = files.system()

    assert roots(system) == {"orders-backend": ("orders",), "users-backend": ("users",)}
    assert all("server" in service.aliases for service in system.services)


def test_programs_that_a_launcher_beside_them_starts() -> None:
    """A start file that hands over to that of one program, and a library that shows what it can, are none of them."""
    files = Files()
    files.module("main.py", "services/manager/main.py", main=True)
    files.module("common/board.py", main=True)
    for name in ("manager", "gps", "logger"):
        files.module(f"services/{name}/main.py", f"services/{name}/service.py", main=True)
        files.module(f"services/{name}/service.py", "common/board.py")
        files.receive("nats", f"services/{name}/service.py::run", channel=name)

    assert names(files.system()) == ["gps", "logger", "manager"]


def test_each_deployment_runs_the_dockerfile_its_image_is_built_from() -> None:
    """Two images of one folder, said by a file that builds them, start different programs of it."""
    files = Files()
    files.workload("users", "users")
    files.workload("users-worker", "users-worker")
    files.image("users", "users", "users/docker/web.dockerfile")
    files.image("users-worker", "users", "users/docker/worker.dockerfile")
    files.started("users/docker/web.dockerfile", "uvicorn", "app.main:app")
    files.started("users/docker/worker.dockerfile", "python", "-m", "app.worker")
    files.module("users/app/main.py")
    files.module("users/app/worker.py")
    page = files.endpoint("users/app/main.py::page", "GET", "/")
    jobs = files.receive("kafka", "users/app/worker.py::run", channel="jobs")

    system = files.system()

    assert [owners_of(system, each) for each in (page, jobs)] == [["users"], ["users-worker"]]


def test_pages_in_the_folder_of_a_program_do_not_make_it_a_frontend() -> None:
    """Only what is built of nothing but pages is one."""
    files = Files()
    files.compose("web", "web")
    files.build("web", "web", kind="frontend")
    files.compose("orders", "orders")
    files.build("orders", "orders")
    files.build("orders/client", "client", kind="frontend")

    kinds = {service.name: service.kind for service in files.system().services}

    assert kinds == {"web": "frontend", "orders": "service"}


def test_a_folder_with_a_build_file_is_that_of_its_image() -> None:
    """Its Dockerfile takes in the whole context, and its code may be in a language that is not read."""
    files = Files()
    files.compose("web", "src/web", build=Build("src/web", "src/web/Dockerfile"))
    files.dockerfile("src/web", copies=("package.json", "."))
    files.build("src/web", "web")
    files.compose("orders", "src/orders")
    files.endpoint("src/orders/app.py::index", "GET", "/")

    roots = {service.name: service.roots for service in files.system().services}

    assert roots == {"web": ("src/web",), "orders": ("src/orders",)}


def test_several_dockerfiles_in_one_folder_are_told_by_what_they_are_called() -> None:
    """`Dockerfile-orders` makes the image of the deployment `orders_service`, and no other one does."""
    files = Files()
    for name in ("orders", "payments"):
        files.compose(f"{name}_service", image=f"{name}_service:v1")
        files.started(f"Dockerfile-{name}", "python", f"{name}.py")
        files.module(f"{name}.py")
    placed = files.endpoint("orders.py::place", "POST", "/orders")
    paid = files.receive("kafka", "payments.py::run", channel="orders")

    system = files.system()

    assert names(system) == ["orders_service", "payments_service"]
    assert [owners_of(system, each) for each in (placed, paid)] == [["orders_service"], ["payments_service"]]


def test_arguments_of_builds_tell_programs_of_one_dockerfile_apart() -> None:
    """Two folders are called like a service; what its build is given says which of them is copied."""
    files = Files()
    files.dockerfile("", copies=("./apps/${NAME}/", "shared"))
    for name in ("orders", "stock"):
        files.compose(f"{name}-service", ".", build=Build(".", "Dockerfile", arguments=(("NAME", name),)))
        files.endpoint(f"apps/{name}/http.ts::index", "GET", "/")
    files.module("pages/orders/page.ts")

    assert roots(files.system()) == {"orders-service": ("apps/orders",), "stock-service": ("apps/stock",)}


def test_images_of_one_name_are_told_by_what_their_tags_say() -> None:
    """`shop:orders` and `shop:mail` are made of other code; folders are called so behind what all begin with."""
    files = Files()
    for name in ("orders", "mail", "stock"):
        files.workload(f"shop-{name}", f"x/shop:{name}_1.2")
        files.dockerfile(f"acme-shop-{name}")
        files.endpoint(f"acme-shop-{name}/app.py::index", "GET", "/")
    files.workload("shop-worker", "x/shop:worker_1.2")

    found = roots(files.system())

    assert found["shop-orders"] == ("acme-shop-orders",)
    assert found["shop-worker"] == ()


def test_images_of_what_was_built_elsewhere_are_of_the_folder_called_like_them() -> None:
    """A folder with nothing but a Dockerfile and what a build left there; without any code, the name tells the kind."""
    files = Files()
    for name in ("shop-orders", "shop-mysql"):
        files.compose(name, f"docker/{name}", build=Build(f"docker/{name}", f"docker/{name}/Dockerfile"))
        files.dockerfile(f"docker/{name}")
    files.build("shop-orders", "orders")
    files.endpoint("shop-orders/app.py::index", "GET", "/")

    system = files.system()

    assert roots(system)["shop-orders"] == ("shop-orders",)
    assert {service.name: service.kind for service in system.services} == {
        "shop-orders": "service",
        "shop-mysql": "database",
    }
