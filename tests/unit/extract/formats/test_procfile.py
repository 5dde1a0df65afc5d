from __future__ import annotations

import pytest

from commlint.extract.formats.procfile import ProcfileReader
from commlint.model.places import Extent


@pytest.mark.parametrize(
    ("path", "expected"), [("Procfile", True), ("a/Procfile.dev", True), ("a/Procfiles", False), ("procfile.md", False)]
)
def test_claims(path: str, expected: bool) -> None:
    """Procfiles are known by their name."""
    assert ProcfileReader().claims(path, b"") is expected


def test_processes() -> None:
    """Every process is evidence with its command, its folder and its line."""
    text = "# what runs\nweb: gunicorn 'app:app' --bind :$PORT\n\nworker: celery -A app worker\n"

    declarations, notices = ProcfileReader().read("orders/Procfile", text.encode())

    assert notices == ()
    assert [(each.name, each.source_root, each.command) for each in declarations.services] == [
        ("web", "orders", ("gunicorn", "app:app", "--bind", ":$PORT")),
        ("worker", "orders", ("celery", "-A", "app", "worker")),
    ]
    assert declarations.services[1].extent == Extent(4, 1, 4, 7)


@pytest.mark.parametrize(
    ("line", "root", "command"),
    [
        ("orders: cd services/orders && python app.py", "services/orders", ("python", "app.py")),
        ("orders: cd ../elsewhere; run", None, ("run",)),
        ("orders: cdrecord x", ".", ("cdrecord", "x")),
        (
            "orders: java -jar shop/orders/build/libs/o.jar",
            "shop/orders",
            ("java", "-jar", "shop/orders/build/libs/o.jar"),
        ),
        ("orders: cd shop && java -jar orders/target/o.jar", "shop/orders", ("java", "-jar", "orders/target/o.jar")),
    ],
)
def test_process_of_another_folder(line: str, root: str | None, command: tuple[str, ...]) -> None:
    """A command that changes the folder first has its code there, one that starts what is built where that is built."""
    service = ProcfileReader().read("Procfile", line.encode())[0].services[0]

    assert (service.source_root, service.command) == (root, command)
