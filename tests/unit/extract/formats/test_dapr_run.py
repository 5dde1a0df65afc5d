"""What `dapr run` starts side by side."""

from textwrap import dedent

import pytest

from commlint.extract.formats.dapr_run import DaprRunReader
from commlint.model.deployments import Port
from commlint.model.values import Literal

TEXT = dedent("""
    version: 1
    common:
      env: {LEVEL: info}
    apps:
      - appID: order-processor
        appDirPath: ./processor/
        appPort: 6002
        command: ["python3", "app.py"]
        env: {LEVEL: debug}
      - appDirPath: ./checkout
        command: "python3 app.py"
      - appDirPath: ../../elsewhere
    """).encode()


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("shop/dapr.yaml", TEXT, True),
        ("dapr-dev.yml", TEXT, True),
        ("dapr.yaml", b"kind: Component", False),
        ("compose.yaml", TEXT, False),
    ],
)
def test_claims(path: str, source: bytes, expected: bool) -> None:
    assert DaprRunReader().claims(path, source) is expected


def test_applications() -> None:
    """Each is known by its id, else by its folder; what lies outside of the tree is none."""
    declarations, notices = DaprRunReader().read("shop/dapr.yaml", TEXT)

    assert notices == ()
    assert [(each.name, each.source_root, each.command, each.ports) for each in declarations.services] == [
        ("order-processor", "shop/processor", ("python3", "app.py"), (Port(6002, 6002),)),
        ("checkout", "shop/checkout", ("python3", "app.py"), ()),
    ]
    given = [(each.scope, each.value) for each in declarations.bindings]
    assert given[:2] == [("service:order-processor", Literal("info")), ("service:order-processor", Literal("debug"))]
