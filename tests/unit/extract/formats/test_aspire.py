"""The application host of .NET Aspire: programs, their names, what they stand beside, their environment."""

from commlint.extract.formats.aspire import AspireReader
from commlint.model.declarations import Declarations
from commlint.model.values import Literal

PATH = "src/Shop.AppHost/Program.cs"
HEAD = "var builder = DistributedApplication.CreateBuilder(args);\n"


def read(text: str, path: str = PATH) -> Declarations:
    reader = AspireReader()
    source = (HEAD + text).encode()
    assert reader.claims(path, source)
    return reader.read(path, source)[0]


def test_projects_run_under_the_names_they_are_added_with() -> None:
    """The project stands for the image; infrastructure has its kind; what has none runs nothing."""
    found = read(
        """
        var bus = builder.AddRabbitMQ("eventbus");
        var orders = builder.AddProject<Projects.Orders_API>("orders-api").WithReference(bus).WaitFor(bus);
        // builder.AddProject<Projects.Old>("old");
        builder.AddParameter("secret");
        builder.AddProject<Projects.Web>("web", "https").WithReference(orders);
        """
    )

    assert [(each.name, each.kind, each.image, each.depends_on) for each in found.services] == [
        ("eventbus", "broker", "", ()),
        ("orders-api", "", "Orders_API", ("eventbus",)),
        ("web", "", "Web", ("orders-api",)),
    ]


def test_programs_of_other_languages_have_folders() -> None:
    """Beside the host; none outside of the tree."""
    found = read('builder.AddNpmApp("shop", "../shop-ui"); builder.AddDockerfile("far", "../../../far");')

    assert [(each.name, each.source_root) for each in found.services] == [("shop", "src/shop-ui"), ("far", None)]


def test_the_environment_of_a_program_may_name_another() -> None:
    """An address of an endpoint is that of the program it belongs to, at any later line too."""
    found = read(
        """
        var stock = builder.AddProject<Projects.Stock>("stock");
        var endpoint = stock.GetEndpoint("http");
        var web = builder.AddProject<Projects.Web>("web").WithEnvironment("Stock__Url", endpoint);
        web.WithEnvironment("Mode", "fast").WithEnvironment("Other", nobody);
        """
    )

    assert [(each.scope, each.name, each.value) for each in found.bindings] == [
        ("web", "Stock__Url", Literal("http://stock")),
        ("web", "Mode", Literal("fast")),
    ]


def test_an_ordinary_program_is_no_host() -> None:
    """Only what makes a distributed application is read."""
    assert not AspireReader().claims("src/Web/Program.cs", b"var builder = WebApplication.CreateBuilder(args);")
