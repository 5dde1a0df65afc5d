"""Modules of one build are parts of the program that alone takes them in."""

from __future__ import annotations

from tests.unit.link.builders import Files, names, owners_of, roots


def jvm(files: Files, folder: str, *needs: str, runs: bool = False) -> None:
    """A module of a build with the modules it needs, by their path in the build."""
    origin = "jvm-program-build" if runs else "jvm-build"
    files._service(origin, folder.rpartition("/")[2], folder, f"{folder}/build.gradle", {"needs": needs})


def two_programs(*needs_of_billing: str) -> Files:
    files = Files()
    jvm(files, "orders/main", ":orders:rest", runs=True)
    jvm(files, "orders/rest", ":orders:domain")
    jvm(files, "orders/domain")
    jvm(files, "billing", *needs_of_billing, runs=True)
    for path in ("orders/main/Main.java", "billing/Main.java"):
        files.module(path, main=True)
    files.endpoint("billing/Main.java::pay", "POST", "/payments")
    return files


def test_what_one_program_takes_in_is_a_part_of_it() -> None:
    """Through as many modules as stand between, whether or not an import leads there."""
    files = two_programs()
    placed = files.endpoint("orders/rest/Orders.java::place", "POST", "/orders")
    stored = files.send("kafka", "orders/domain/Orders.java::store", channel="orders")

    system = files.system()

    assert names(system) == ["billing", "main"]
    assert roots(system)["main"] == ("orders/domain", "orders/main", "orders/rest")
    assert owners_of(system, placed) == owners_of(system, stored) == ["main"]


def test_what_several_take_in_is_no_service() -> None:
    """A module with endpoints that nothing starts is a library of those that need it."""
    files = two_programs(":orders:rest")
    files.endpoint("orders/rest/Orders.java::place", "POST", "/orders")

    found = {service.name: service.kind for service in files.system().services}

    assert {name for name, kind in found.items() if kind == "service"} == {"billing"}


def test_a_program_is_never_a_part_of_another() -> None:
    """What can be started by itself stays a service, whoever needs it too."""
    files = two_programs()
    jvm(files, "checks", ":billing")
    files.endpoint("orders/rest/Orders.java::place", "POST", "/orders")

    assert roots(files.system())["billing"] == ("billing",)
