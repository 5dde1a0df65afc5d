"""C# programs: clients set up by a container, configuration, routes of controllers, brokers."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import number, only, program_of, url


def operations(role: Role, **files: str) -> list[Operation]:
    """The operations of one role in C# files; `Shop__Api="…"` is `Shop/Api.cs`."""
    tree = program_of({f"{name.replace('__', '/')}.cs": text for name, text in files.items()})
    return [each for each in recognize(tree).operations if each.role is role]


TYPED = """
namespace Shop;
public class StockClient(HttpClient client)
{
    public Task<string> Get(int id) => client.GetStringAsync($"stock/{id}");
}
"""


def test_a_client_waits_a_hundred_seconds_by_default() -> None:
    """What nobody sets is the default of the library."""
    found = only(operations(Role.CLIENT, A='class A { Task F() => new HttpClient().GetAsync("http://stock/x"); }'))

    assert (url(found), found.address.method, found.style) == ("http://stock/x", "GET", "awaitable")
    assert number(found.policies.timeout.value) == 100


def test_members_set_beside_the_constructor_count() -> None:
    """Base address and timeout in braces."""
    text = """
    class A {
        readonly HttpClient c = new() { BaseAddress = new Uri("http://stock/api/"), Timeout = TimeSpan.FromMinutes(1) };
        Task F() => c.PostAsJsonAsync("x", 1);
    }
    """
    found = only(operations(Role.CLIENT, A=text))

    assert (url(found), number(found.policies.timeout.value)) == ("http://stock/api/x", 60)


def test_a_typed_client_is_set_up_where_it_is_registered() -> None:
    """The callback of the registration sets up what the constructor is given."""
    program = """
    var builder = WebApplication.CreateBuilder(args);
    builder.Services.AddHttpClient<StockClient>(c =>
    {
        c.BaseAddress = new Uri(builder.Configuration["Stock:Url"]);
        c.Timeout = TimeSpan.FromSeconds(3);
    });
    """
    found = only(operations(Role.CLIENT, Shop__StockClient=TYPED, Shop__Program="using Shop;" + program))

    assert url(found).startswith("{${Stock:Url}}/stock/")
    assert number(found.policies.timeout.value) == 3


def test_a_typed_client_that_is_not_registered_is_unknown() -> None:
    """Nobody knows how it was made."""
    found = only(operations(Role.CLIENT, Shop__StockClient=TYPED))

    assert found.policies.timeout.state is State.UNKNOWN


def test_named_clients_are_found_by_their_name() -> None:
    """`CreateClient` gives what was registered under the same name."""
    text = """
    class A(IHttpClientFactory factory) {
        Task F() => factory.CreateClient("stock").DeleteAsync("items/1");
    }
    static class Setup {
        static void Add(IServiceCollection services) {
            services.AddHttpClient("stock", c => c.BaseAddress = new Uri("http://stock/"));
            services.AddHttpClient("other", c => c.BaseAddress = new Uri("http://other/"));
        }
    }
    """
    assert url(only(operations(Role.CLIENT, A=text))) == "http://stock/items/1"


def test_a_class_filled_by_the_configuration() -> None:
    """`IOptions<T>` reads the section the class is bound to, with nested classes and defaults."""
    text = """
    class Peers { public string Stock { get; set; } = "http://localhost"; }
    class Settings { public Peers Peers { get; set; } }
    class A(HttpClient client, IOptions<Settings> options) {
        Task F() => client.GetAsync($"{options.Value.Peers.Stock}/x");
    }
    static class Setup {
        static void Add(IServiceCollection services, IConfiguration configuration) {
            services.Configure<Settings>(configuration.GetSection("App"));
        }
    }
    """
    found = only(operations(Role.CLIENT, A="using Microsoft.Extensions.Options;" + text))

    assert url(found) == "{${App:Peers:Stock}}/x"


def test_sections_in_sections_and_connection_strings() -> None:
    """Keys are joined by colons."""
    text = """
    class A(HttpClient client, IConfiguration c) {
        Task F() => client.GetAsync(c.GetSection("A").GetSection("B").GetValue<string>("C"));
        Task G() => client.GetAsync(c.GetConnectionString("Stock"));
        Task H() => client.GetAsync(c["A:B"]);
    }
    """
    assert [url(each) for each in operations(Role.CLIENT, A=text)] == [
        "${A:B:C}",
        "${ConnectionStrings:Stock}",
        "${A:B}",
    ]


def test_extension_methods_are_seen_through() -> None:
    """What stands before the dot is their first parameter."""
    text = """
    static class Extensions {
        public static Task Fetch(this HttpClient client, string path) => client.GetAsync("http://stock/" + path);
    }
    class A(HttpClient client) { Task F() => client.Fetch("x"); }
    """
    assert url(only(operations(Role.CLIENT, A=text))) == "http://stock/x"


def test_types_in_several_files_are_one() -> None:
    """A field set in one part is seen in the other."""
    found = operations(
        Role.CLIENT,
        A__One='namespace N; partial class A { string url; public A() { url = "http://stock"; } }',
        A__Two="namespace N; partial class A { Task F(HttpClient c) => c.GetAsync(url); }",
    )

    assert url(only(found)) == "http://stock"


def test_global_usings_hold_for_the_folder() -> None:
    """Names of a namespace that another file of the project brings in."""
    found = operations(
        Role.CLIENT,
        Shop__GlobalUsings="global using Shared;",
        Shop__A="namespace Shop; class A { Task F(HttpClient c) => c.GetAsync(Urls.Stock); }",
        Shared__Urls='namespace Shared; static class Urls { public const string Stock = "http://stock"; }',
    )

    assert url(only(found)) == "http://stock"


def test_routes_of_controllers() -> None:
    """Prefix of the class, words in brackets, templates that stand in an attribute of their own."""
    text = """
    using Microsoft.AspNetCore.Mvc;
    [ApiController] [Route("api/[controller]")]
    public class OrdersController : ControllerBase {
        [HttpGet("{id}")] public int Get(int id) => id;
        [HttpPost] [Route("[action]")] public int Cancel() => 1;
    }
    """
    found = operations(Role.SERVER, A=text)

    assert sorted((each.address.method, url(each)) for each in found) == [
        ("GET", "api/Orders/{id}"),
        ("POST", "api/Orders/Cancel"),
    ]


def test_groups_of_minimal_apis() -> None:
    """Routes lie below the groups around them."""
    text = """
    var app = WebApplication.CreateBuilder(args).Build();
    var api = app.MapGroup("/api").MapGroup("/orders");
    api.MapGet("/{id}", (int id) => id);
    """
    assert [(each.address.method, url(each)) for each in operations(Role.SERVER, A=text)] == [
        ("GET", "/api/orders/{id}")
    ]


def test_declared_clients() -> None:
    """The methods of an interface are calls below the address it was made for."""
    text = """
    using Refit;
    interface IStock { [Get("/stock/{id}")] Task<int> Get(int id); }
    class A { Task F() => RestService.For<IStock>("http://stock").Get(1); }
    """
    found = [each for each in operations(Role.CLIENT, A=text) if each.address.url is not None]

    assert {(each.address.method, url(each)) for each in found} == {("GET", "http://stock/stock/{id}")}


def test_generated_grpc_clients() -> None:
    """Of an address, without a deadline unless the call gives one."""
    text = """
    using Grpc.Net.Client;
    class A {
        readonly Stock.StockClient client = new Stock.StockClient(GrpcChannel.ForAddress("http://stock:8080"));
        async Task F() => await client.CheckAsync(new Request());
        async Task G() => await client.CheckAsync(new Request(), deadline: DateTime.UtcNow.AddSeconds(5));
    }
    """
    first, second = operations(Role.CLIENT, A=text)

    assert (show(first.address.host), first.address.rpc) == ("http://stock:8080", "Stock/Check")
    assert first.policies.timeout.state is State.UNSET
    assert number(second.policies.timeout.value) == 5


def test_consumers_run_the_handler_of_their_event() -> None:
    """The function that is added to the event, and the mode of acknowledgement of the call."""
    text = """
    using RabbitMQ.Client; using RabbitMQ.Client.Events;
    class A {
        void Start(IModel channel) {
            var consumer = new EventingBasicConsumer(channel);
            consumer.Received += Handle;
            channel.BasicConsume("orders", true, consumer);
        }
        void Handle(object sender, BasicDeliverEventArgs e) { }
    }
    """
    found = only(operations(Role.CONSUMER, A=text))

    assert (show(found.address.channel), found.function) == ("orders", "A.cs::A.Handle")
    assert found.registered == "A.cs::A.Start"
    assert show(found.policies.acknowledgement.value) == "before"


def test_messages_go_by_their_type() -> None:
    """Also through wrappers that leave the type open, by what their callers give."""
    text = """
    using MassTransit;
    record OrderPlaced(int Id); record OrderPaid(int Id);
    class Bus(IPublishEndpoint endpoint) {
        public Task Send<T>(T message) => endpoint.Publish(message);
        public Task Raise<T>(object message) => endpoint.Publish<T>(message);
    }
    class A(Bus bus) {
        Task F() => bus.Send(new OrderPlaced(1));
        Task G() => bus.Raise<OrderPaid>(new object());
    }
    class Mail : IConsumer<OrderPaid> { public Task Consume(ConsumeContext<OrderPaid> context) => null; }
    """
    sent = operations(Role.PRODUCER, A=text)

    assert sorted(show(each.address.channel) for each in sent) == ["OrderPaid", "OrderPlaced"]
    assert show(only(operations(Role.CONSUMER, A=text)).address.channel) == "OrderPaid"


def test_a_class_that_leaves_its_message_open_names_none() -> None:
    """A base class of consumers."""
    text = (
        "using MassTransit; abstract class Base<T> : IConsumer<T> { public Task Consume(ConsumeContext<T> c) => null; }"
    )

    assert [show(each.address.channel) for each in operations(Role.CONSUMER, A=text)] in ([], ["?"])


def test_what_a_call_gives_may_be_told_by_its_type_argument() -> None:
    """A mapper gives an object of the type it is asked for; other results are no channels."""
    text = """
    using MassTransit;
    record OrderPlaced(int Id);
    class A(IPublishEndpoint endpoint) {
        Task F(Order order) => endpoint.Publish(order.Adapt<OrderPlaced>());
        Task G(string text) => endpoint.Publish(JsonSerializer.Deserialize(text));
    }
    """
    assert sorted(show(each.address.channel) for each in operations(Role.PRODUCER, A=text)) == ["?", "OrderPlaced"]


def test_an_event_bus_sends_by_the_name_of_the_class_it_is_given() -> None:
    """Every caller of the bus sends its own event; what a variable may hold counts, not what it is declared as."""
    text = """
    using Dapr.Client;
    record Event; record Placed : Event; record Paid : Event;
    class Bus(DaprClient dapr) {
        public Task PublishAsync(Event e) {
            var topic = e.GetType().Name;
            return dapr.PublishEventAsync("bus", topic, e);
        }
    }
    class A(Bus bus) {
        Task F() => bus.PublishAsync(new Placed());
        Task G(bool paid) {
            Event e;
            if (paid) { e = new Paid(); } else { e = new Placed(); }
            return bus.PublishAsync(e);
        }
        Task H(DaprClient dapr) => dapr.PublishEventAsync("bus", typeof(Paid).Name);
    }
    """
    found = {show(each.address.channel) for each in operations(Role.PRODUCER, A=text)}

    assert found == {"Placed", "Paid", "Placed | Paid"}


def test_an_address_may_leave_its_type_to_where_it_stands() -> None:
    """`new(…)` assigned to a base address is one."""
    text = """
    using System.Net.Http;
    class CatalogService(HttpClient http) { public Task F() => http.GetAsync("items"); }
    static class Setup {
        static void Add(IServiceCollection services) =>
            services.AddHttpClient<CatalogService>(o => o.BaseAddress = new("https+http://catalog-api"));
    }
    """
    assert show(only(operations(Role.CLIENT, A=text)).address.url) == "https+http://catalog-api/items"


def test_a_base_class_may_pass_its_message_on() -> None:
    """What a class gives to an open type of its base reaches the library type, over any number of classes."""
    text = """
    using MassTransit;
    record Placed; record Paid;
    abstract class BaseConsumer<TEvent> : IConsumer<TEvent> where TEvent : class {
        public abstract Task ConsumeMessage(ConsumeContext<TEvent> context);
        public Task Consume(ConsumeContext<TEvent> context) => ConsumeMessage(context);
    }
    abstract class Second<TKey, TMessage> : BaseConsumer<TMessage> {}
    class A : BaseConsumer<Placed> { public override Task ConsumeMessage(ConsumeContext<Placed> c) => null; }
    class B : Second<string, Paid> { public override Task ConsumeMessage(ConsumeContext<Paid> c) => null; }
    """
    found = {show(each.address.channel) for each in operations(Role.CONSUMER, A=text)}

    assert found - {"?"} == {"Placed", "Paid"}


def test_generated_clients_may_be_named_without_the_type_around_them() -> None:
    """`using static` brings them in."""
    text = """
    using Grpc.Net.ClientFactory;
    using static Contracts.Protos.CardService;
    class A(CardServiceClient client) { Task F() => client.HandleAsync(new Request()); }
    static class Setup {
        static void Add(IServiceCollection services) =>
            services.AddGrpcClient<CardServiceClient>(o => { o.Address = new Uri("http://cards"); });
    }
    """
    call = only(operations(Role.CLIENT, A=text))

    assert (show(call.address.host), call.address.rpc) == ("http://cards", "CardService/Handle")


def test_calls_through_dapr_go_to_the_application() -> None:
    """The sidecar's address says nothing of it."""
    text = """
    using Dapr.Client;
    class Vehicles(HttpClient http) { public Task F() => http.GetAsync("vehicles"); }
    static class Setup {
        static void Add(IServiceCollection services) => services.AddSingleton<Vehicles>(
            _ => new Vehicles(DaprClient.CreateInvokeHttpClient("vehicleservice", "http://localhost:3500")));
    }
    """
    assert show(only(operations(Role.CLIENT, A=text)).address.host) == "vehicleservice"
