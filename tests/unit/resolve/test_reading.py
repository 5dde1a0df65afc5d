"""Which source files are worth parsing, and which belong together."""

from __future__ import annotations

from commlint.model.declarations import FolderImport
from commlint.resolve.reading import Imports
from tests.unit.programs import catalogue

TREE = {
    "app/api.py": ("fastapi", "app.service"),
    "app/service.py": ("app.clients", "app.rules"),
    "app/clients.py": ("requests", "app.settings"),
    "app/settings.py": ("dataclasses",),
    "app/rules.py": (),
    "reports/pdf.py": ("math", "reports.fonts"),
    "reports/fonts.py": (),
}


def test_ways_and_values_are_read() -> None:
    """Files that communicate, those that lead to them, and those that hold their values."""
    assert Imports(TREE, catalogue()).wanted() >= {"app/api.py", "app/service.py", "app/clients.py", "app/settings.py"}


def test_what_cannot_matter_is_not_read() -> None:
    """Files with no way to or from communication are never parsed."""
    assert not Imports(TREE, catalogue()).wanted() & {"reports/pdf.py", "reports/fonts.py"}


def test_generated_stubs_are_a_sign() -> None:
    """Importing a generated stub is a sign of communication, whatever it is called."""
    assert "shop/stock.py" in Imports({"shop/stock.py": ("shop.inventory_pb2_grpc",)}, catalogue()).wanted()


def test_files_that_no_import_ties_together_are_islands() -> None:
    """An island is closed under imports in both directions; the largest comes first."""
    assert Imports(TREE, catalogue()).islands() == (
        frozenset(path for path in TREE if path.startswith("app/")),
        frozenset(path for path in TREE if path.startswith("reports/")),
    )


def test_files_of_one_package_are_on_one_island() -> None:
    """What sees the names of another file without an import belongs to it."""
    files = {"a/Orders.java": (), "b/Billing.java": (), "c/Stock.java": ()}
    packages = {"a/Orders.java": "shop", "b/Billing.java": "shop", "c/Stock.java": "stock"}

    islands = Imports(files, catalogue(), packages).islands()

    assert islands == (frozenset(("a/Orders.java", "b/Billing.java")), frozenset(("c/Stock.java",)))


def test_files_of_one_home_are_on_one_island() -> None:
    """A container may hand one of them what another provides, though neither imports the other."""
    files = {"api/src/main/java/shop/Orders.java": (), "api/src/main/java/shop/config/Clients.java": ()}
    packages = {path: path.removeprefix("api/src/main/java/").rpartition("/")[0].replace("/", ".") for path in files}

    assert Imports(files, catalogue(), packages).islands() == (frozenset(files),)


def test_what_a_build_file_brings_in_is_a_sign_for_all_files_of_its_folder() -> None:
    """A file that names no library itself communicates by what its project brings in; files elsewhere do not."""
    brought = (FolderImport("csharp", "cart", "Dapr.Client", 3),)
    imports = {"cart/Checkout.cs": (), "tools/Seed.cs": ()}
    modules = {"cart/Checkout.cs": "Shop.Cart", "tools/Seed.cs": "Tools.Seed"}

    assert Imports(imports, catalogue(), modules, brought=brought).wanted() == {"cart/Checkout.cs"}
