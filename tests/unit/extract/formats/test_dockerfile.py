from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.formats.dockerfile import DockerfileReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import Port, ServiceDeclaration
from commlint.model.places import Extent
from commlint.model.values import Literal, Template, Unknown, Value


def read(text: str, path: str = "src/orders/Dockerfile") -> Declarations:
    declarations, notices = DockerfileReader().read(path, dedent(text).encode())
    assert notices == ()
    return declarations


def service(text: str, path: str = "src/orders/Dockerfile") -> ServiceDeclaration:
    return read(text, path).services[0]


def environment(text: str) -> dict[str, Value]:
    return {binding.name: binding.value for binding in read(text).bindings}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Dockerfile", True),
        ("a/Dockerfile.orders", True),
        ("a/Dockerfile-dev", True),
        ("docker/DockerfileOrders", True),
        ("a/orders.Dockerfile", True),
        ("a/orders.dockerfile", True),
        ("a/psqlDockerfile", True),
        ("Containerfile", True),
        ("Dockerfile.dockerignore", False),
        ("Dockerfile.j2", False),
        ("Dockerfiles.md", False),
        ("docker.yaml", False),
    ],
)
def test_claims(path: str, expected: bool) -> None:
    """A Dockerfile is known by its name."""
    assert DockerfileReader().claims(path, b"FROM a\nCMD run\n") is expected


def test_a_base_that_starts_nothing_is_no_program() -> None:
    """A name that merely ends like that of a Dockerfile says less than what stands in the file."""
    assert not DockerfileReader().claims("runtime-base-dockerfile", b"FROM a\nCOPY props ./\n")
    assert DockerfileReader().claims("Dockerfile", b"FROM a\nCOPY props ./\n")


def test_service_of_a_folder() -> None:
    """The folder is the service, its base image and place those of the last FROM."""
    found = service("# orders\nFROM python:3.12\nCOPY . /app\n")

    assert (found.name, found.origin, found.source_root) == ("orders", "dockerfile", "src/orders")
    assert (found.image, found.kind, found.extent) == ("python:3.12", "", Extent(2, 1, 2, 17))


@pytest.mark.parametrize(
    ("path", "name", "root"),
    [
        ("Dockerfile", "", "."),
        ("orders/src/Dockerfile", "orders", "orders/src"),
        ("orders/docker/Dockerfile.prod", "orders", "orders/docker"),
        ("src/Dockerfile", "src", "src"),
    ],
)
def test_name_of_a_folder_that_says_nothing(path: str, name: str, root: str) -> None:
    """A folder called `src` or `docker` is named by the one around it; the root has no name."""
    found = service("FROM a\n", path)

    assert (found.name, found.source_root) == (name, root)


@pytest.mark.parametrize(
    ("base", "kind"), [("postgres:16", "database"), ("nginx:alpine", ""), ("envoyproxy/envoy:v1", "gateway")]
)
def test_kind_by_base_image(base: str, kind: str) -> None:
    """An image built on a database is one; one built on a web server may be a front end."""
    assert service(f"FROM {base}\n").kind == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('CMD ["python", "-m", "orders"]', ("python", "-m", "orders")),
        ("CMD python -m orders", ("python", "-m", "orders")),
        ('ENTRYPOINT ["run"]\nCMD ["web", "80"]', ("run", "web", "80")),
        ('CMD ["web"]\nENTRYPOINT ["run"]', ("run",)),
        ('ENTRYPOINT run it\nCMD ["ignored"]', ("run", "it")),
        ('CMD ["first"]\nCMD ["second"]', ("second",)),
        ("RUN make", ()),
    ],
)
def test_command(text: str, expected: tuple[str, ...]) -> None:
    """The entry point takes the command as arguments in the exec form only; the last of each counts."""
    assert service(f"FROM a\n{text}\n").command == expected


def test_ports() -> None:
    """EXPOSE gives ports with protocol, range and variable."""
    found = service("FROM a\nARG P=9000\nENV Q 9100\nEXPOSE 80/tcp 8000-8001 $P ${Q} nonsense\n")

    assert found.ports == (Port(80), Port(8000), Port(8001), Port(9000), Port(9100))


def test_environment() -> None:
    """Values are filled in from what was set before; what the base image sets is unknown."""
    found = environment(
        """
        ARG VERSION=1
        FROM a
        ARG VERSION
        ARG OPEN
        ENV HOST=stock PORT="80"
        ENV URL=http://$HOST:${PORT} OLD=${OPEN} V=$VERSION PATH=/app:$PATH
        """
    )

    assert found["URL"] == Literal("http://stock:80")
    assert found["OLD"] == Unknown("build argument OPEN")
    assert found["V"] == Literal("1")
    assert found["PATH"] == Template((Literal("/app:"), Unknown("PATH is not set in this Dockerfile")))


def test_binding_has_its_file_for_a_scope() -> None:
    """What an image sets stands in the scope of its Dockerfile, at the line."""
    found = read("FROM a\nENV A=1\n").bindings[0]

    assert (found.scope, found.origin, found.extent.start_line) == ("dockerfile:src/orders/Dockerfile", "dockerfile", 2)


def test_only_the_last_stage_counts() -> None:
    """Ports, variables and command of a build stage are not in the image."""
    found = read(
        """
        FROM golang AS build
        ENV A=1
        EXPOSE 1
        CMD ["test"]
        FROM scratch
        EXPOSE 2
        """
    )

    assert found.services[0].ports == (Port(2),)
    assert found.services[0].command == ()
    assert found.bindings == ()


def test_stage_that_starts_from_another() -> None:
    """What an earlier stage set is in a stage that starts from it, and the base is the outer image."""
    found = service('FROM python:3 AS base\nENV A=80\nEXPOSE $A\nCMD ["web"]\nFROM base\nEXPOSE 81\n')

    assert (found.image, found.command) == ("python:3", ("web",))
    assert found.ports == (Port(80), Port(81))


def test_copies() -> None:
    """Paths of the build context in the image, also by way of stages it copies from, but not of others."""
    found = service(
        """
        FROM node AS assets
        COPY web/ shared/styles ./
        FROM python AS tests
        COPY tests/ .
        FROM python
        COPY --from=assets /dist /static
        COPY --from=nginx:latest /etc/nginx /etc/nginx
        COPY --chown=app libs/common /libs
        COPY ["src/orders", "src/a b", "/app/"]
        ADD https://example.com/tool.tar.gz /opt/
        COPY <<EOF /etc/hello
        hello
        EOF
        """
    )

    assert found.copies == ("libs/common", "shared/styles", "src/a b", "src/orders", "web/")


def test_file_without_from() -> None:
    """Nothing is declared, and the reason is told."""
    declarations, notices = DockerfileReader().read("Dockerfile", b"RUN make\n")

    assert declarations.services == ()
    assert [notice.message for notice in notices] == ["no FROM instruction; a Dockerfile starts with one"]


def test_stages_in_a_circle_are_survived() -> None:
    """A stage that starts from itself or from a later one is taken for an image of that name."""
    found = service("FROM b AS a\nFROM a AS b\n")

    assert found.image == "b"


@pytest.mark.parametrize("text", ["FROM a AS a\n" * 200, "FROM a\n" + "ENV A=$A$A\n" * 20_000])
def test_file_beyond_all_measure_is_not_read(text: str) -> None:
    """Hundreds of stages, or a file no person wrote, give a notice."""
    declarations, notices = DockerfileReader().read("Dockerfile", text.encode())

    assert declarations.services == ()
    assert len(notices) == 1


@settings(deadline=None)
@given(st.text(alphabet="FROMENVCOPYA a=$\\\n\"'[]<<-{}0#", max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever the file holds, there is an answer."""
    declarations, _ = DockerfileReader().read("Dockerfile", f"FROM a\n{text}".encode())

    assert declarations.format == "dockerfile"


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("RUN CGO_ENABLED=0 go build -ldflags '-s -w' -o /app ./cmd/orders", ("cmd/orders",)),
        ("RUN go mod download && go build -o app cmd/orders/main.go", ("cmd/orders/main.go",)),
        ("WORKDIR /src/cmd/orders\nRUN go build -o /app .", ("src/cmd/orders",)),
        ("WORKDIR /src/orders\nRUN go build -o /app ./cmd", ("src/orders/cmd",)),
        ("ARG service\nRUN go build -o app ./$service/cmd", ("${service}/cmd",)),
        ("WORKDIR cmd/orders\nRUN go build -o /app", ("cmd/orders",)),
        ("RUN cd cmd/orders && go build -o /app", ("cmd/orders",)),
        ("RUN go install ./...", ()),
        ("RUN go build -o /app", ()),
    ],
)
def test_what_the_program_is_built_from(build: str, expected: tuple[str, ...]) -> None:
    """The folder or file that the compiler is given, in the stage whose program is taken over."""
    text = f"FROM golang AS build\nCOPY . .\n{build}\nFROM scratch\nCOPY --from=build /app /app\n"

    assert service(text).builds == expected
