"""C# libraries: resilience of HTTP clients, fluent clients, endpoints, messages by their types."""

from __future__ import annotations

import pytest

from commlint.model.operations import Role, State
from commlint.model.values import Literal, show
from commlint.recognize.recognize import recognize
from tests.unit.programs import number, only, program_of, url
from tests.unit.recognize.test_csharp import operations

CLIENT = """
using Polly; using Polly.Extensions.Http; using Microsoft.Extensions.Http.Resilience;
class Stock(HttpClient http) {{ public Task F() => http.GetAsync("items"); }}
static class Setup {{
    static void Add(IServiceCollection services) {{
        services.AddHttpClient<Stock>((provider, c) => c.BaseAddress = new Uri("http://stock")){rest};
    }}
    static IAsyncPolicy<HttpResponseMessage> Patient() =>
        HttpPolicyExtensions.HandleTransientHttpError().WaitAndRetryAsync(3, n => TimeSpan.FromSeconds(n));
}}
"""


@pytest.mark.parametrize(
    ("rest", "timeout", "attempts", "breaker"),
    [
        ("", 100, 1, State.UNSET),
        (".AddPolicyHandler(Patient())", 100, 4, State.UNSET),
        (".AddPolicyHandler(Policy.TimeoutAsync<HttpResponseMessage>(5))", 5, 1, State.UNSET),
        (".AddTransientHttpErrorPolicy(p => p.CircuitBreakerAsync(5, TimeSpan.FromSeconds(9)))", 100, 1, State.SET),
        (".AddStandardResilienceHandler()", 30, 4, State.SET),
        (
            """.AddResilienceHandler("own", b => b.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 5 })
                .AddTimeout(TimeSpan.FromSeconds(3)))""",
            3,
            6,
            State.UNSET,
        ),
    ],
)
def test_handlers_of_a_client(rest: str, timeout: float, attempts: float, breaker: State) -> None:
    """What is added to the client where it is registered holds; an address may be set beside a provider."""
    call = only(operations(Role.CLIENT, A=CLIENT.format(rest=rest)))

    assert url(call) == "http://stock/items"
    assert number(call.policies.timeout.value) == timeout
    assert number(call.policies.retry.attempts.value) == attempts
    assert call.policies.breaker.state is breaker


def test_defaults_of_all_clients() -> None:
    """A project that all others share sets up every client that a container makes."""
    defaults = """
    using Microsoft.Extensions.Http.Resilience;
    public static class Extensions {
        public static void AddServiceDefaults(this IHostApplicationBuilder builder) =>
            builder.Services.ConfigureHttpClientDefaults(http => { http.AddStandardResilienceHandler(); });
    }
    """
    call = only(operations(Role.CLIENT, Defaults__Extensions=defaults, A=CLIENT.format(rest="")))

    assert number(call.policies.timeout.value) == 30


@pytest.mark.parametrize(
    ("written", "method", "address", "timeout"),
    [
        (
            '"http://stock".AppendPathSegment("items").SetQueryParam("a", 1).GetJsonAsync<int>()',
            "GET",
            "http://stock/items",
            100,
        ),
        ('"http://stock/x".WithTimeout(4).PostJsonAsync(new {})', "POST", "http://stock/x", 4),
        ('new FlurlClient("http://pay").Request("all").WithTimeout(3).DeleteAsync()', "DELETE", "http://pay/all", 3),
        ('new RestClient("http://pay").ExecuteAsync(new RestRequest("all", Method.Put))', "PUT", "http://pay/all", 100),
        (
            """new RestClient(new RestClientOptions("http://pay") { Timeout = TimeSpan.FromSeconds(3) })
                .GetAsync<int>(new RestRequest("all"))""",
            "GET",
            "http://pay/all",
            3,
        ),
    ],
)
def test_fluent_clients(written: str, method: str, address: str, timeout: float) -> None:
    """Flurl makes calls of texts, RestSharp of requests."""
    call = only(operations(Role.CLIENT, A=f"using Flurl.Http; using RestSharp; class A {{ Task F() => {written}; }}"))

    assert (call.address.method, url(call), number(call.policies.timeout.value)) == (method, address, timeout)


def test_endpoints_that_configure_themselves() -> None:
    """The route of FastEndpoints is told in one method and answered by another."""
    text = """
    using FastEndpoints;
    class Place : Endpoint<Order, Placed> {
        public override void Configure() { Post("/orders"); }
        public override async Task HandleAsync(Order order, CancellationToken stop) => await Task.Delay(1);
    }
    """
    route = only(operations(Role.SERVER, A=text))

    assert (url(route), route.address.method, route.function) == ("/orders", "POST", "A.cs::Place.HandleAsync")


def test_a_class_may_handle_several_messages() -> None:
    """Each time a class derives from the same library type is a consumer, by the method that takes its message."""
    text = """
    using MassTransit;
    record Placed; record Paid;
    class Handler : IConsumer<Placed>, IConsumer<Paid> {
        public Task Consume(ConsumeContext<Placed> context) => null;
        public Task Consume(ConsumeContext<Paid> context) => context.Publish(new Placed());
    }
    """
    found = {(show(each.address.channel), each.function) for each in operations(Role.CONSUMER, A=text)}

    assert found == {("Placed", "A.cs::Handler.Consume"), ("Paid", "A.cs::Handler.Consume#2")}


def test_events_of_a_state_machine() -> None:
    """A saga receives the events it declares, and what it makes of one is told where its states are."""
    text = """
    using MassTransit;
    record Placed; record Charge;
    class OrderSaga : MassTransitStateMachine<State> {
        public OrderSaga() { Initially(When(Placed).Publish(context => new Charge())); }
        public Event<Placed> Placed { get; private set; }
    }
    """

    assert [show(each.address.channel) for each in operations(Role.CONSUMER, A=text)] == ["Placed"]
    assert [show(each.address.channel) for each in operations(Role.PRODUCER, A=text)] == ["Charge"]


def test_a_container_is_asked_for_a_type_of_a_library() -> None:
    """What stands in the angle brackets of a call that nobody describes is what it gives."""
    text = """
    using MassTransit;
    record Placed;
    class Timer(IServiceProvider services) {
        public async Task Tick() { await services.GetRequiredService<IBus>().Publish(new Placed()); }
    }
    """
    assert show(only(operations(Role.PRODUCER, A=text)).address.channel) == "Placed"


def test_a_client_in_a_namespace_is_no_generated_one() -> None:
    """`MailKit.Net.Smtp` is brought in whole, so it is no type that a proto file makes."""
    text = """
    using Acme.Net.Ftp; using Grpc.Core;
    class Files(FtpClient client) { Task F() => client.ReadAsync("a"); }
    """
    assert operations(Role.CLIENT, A=text) == []


def test_a_map_makes_what_it_does_not_hold_yet() -> None:
    """`GetOrAdd` gives the value, or what the function that makes it gives."""
    text = """
    using DotPulsar; using DotPulsar.Abstractions; using System.Collections.Concurrent;
    class Bus {
        private readonly ConcurrentDictionary<string, object> _producers = new();
        private readonly IPulsarClient _client = PulsarClient.Builder().Build();
        public async Task Send(string topic) {
            var producer = _producers.GetOrAdd(topic, _ => _client.NewProducer().Topic($"persistent://{topic}").Create());
            await producer.Send(null);
        }
        public Task Orders() => Send("orders");
    }
    """
    assert show(only(operations(Role.PRODUCER, A=text)).address.channel) == "persistent://orders"


def test_generated_clients_without_a_package() -> None:
    """A proto file that names no namespace makes a class in none."""
    text = """
    using Grpc.Net.ClientFactory;
    using static Catalog;
    class A(CatalogClient client) { Task F() => client.FindAsync(new Request()); }
    """
    assert only(operations(Role.CLIENT, A=text)).address.rpc == "Catalog/Find"


def test_a_section_that_a_program_hands_to_shared_code() -> None:
    """What fills a class of settings is told by the caller of the function that registers it."""
    shared = """
    using Microsoft.Extensions.Options;
    public class BusSettings { public string Topic { get; set; } }
    public class Bus(IOptions<BusSettings> settings, Confluent.Kafka.IProducer producer) {
        public Task Send() => producer.ProduceAsync(settings.Value.Topic, null);
    }
    public static class Registration {
        public static void AddBus(this IServiceCollection services, IConfiguration section) {
            services.Configure<BusSettings>(section);
        }
    }
    """
    program = """
    var builder = WebApplication.CreateBuilder(args);
    builder.Services.AddBus(builder.Configuration.GetSection("Kafka"));
    """
    found = only(operations(Role.PRODUCER, Shared__Bus=shared, Orders__Program=program))

    assert show(found.address.channel) == "${Kafka:Topic}"


def test_interfaces_of_restease_are_clients() -> None:
    """What is said of an interface when it is registered, or where an object of it is made, holds for its calls."""
    text = """
    using RestEase; using RestEase.HttpClientFactory;
    public interface IStock { [Get("stock")] Task<string> All(); }
    public interface IMail { [Post("mail")] Task Send(); }
    public static class Setup {
        public static void Add(IServiceCollection services) => services.AddRestEaseClient<IStock>("http://stock:5005");
    }
    class Order(IStock stock) {
        Task Look() => stock.All();
        Task Tell() => RestClient.For<IMail>("http://mail:5006").Send();
    }
    """
    found = {(each.address.method, url(each)) for each in operations(Role.CLIENT, A=text)}

    assert found == {("GET", "http://stock:5005/stock"), ("POST", "http://mail:5006/mail")}


def test_what_stands_on_a_parameter_starts_the_function() -> None:
    """Functions of Azure are told by an attribute of what they are given; what they give back is sent."""
    source = """
    using Microsoft.Azure.Functions.Worker;
    class Orders {
        [Function("Place")]
        [ServiceBusOutput("placed", Connection = "Bus")]
        public string Place([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request) => "";
        [Function("Order")]
        public string Order([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orders/{id}")] object r) => "";
        [Function("Bill")]
        public void Bill([ServiceBusTrigger("placed", "billing")] string order) { }
    }
    """
    servers, (consumer,), (producer,) = (
        operations(role, A=source) for role in (Role.SERVER, Role.CONSUMER, Role.PRODUCER)
    )

    assert {(each.address.method, url(each)) for each in servers} == {("POST", "Place"), ("GET", "orders/{id}")}
    assert (show(consumer.address.channel), show(consumer.address.group)) == ("placed", "billing")
    assert show(producer.address.channel) == "placed"


def test_messages_go_through_a_bus_of_the_program_that_takes_several() -> None:
    """What a parameter of many collects is sent one by one, whichever overload hands it on."""
    bus = """
    using Convey.MessageBrokers; using System.Linq;
    public record SignedUp(int Id) : IEvent;
    public interface IOwnBus { Task PublishAsync(params IEvent[] events); }
    public class OwnBus(IBusPublisher publisher) : IOwnBus {
        public Task PublishAsync(params IEvent[] events) => PublishAsync(events?.AsEnumerable());
        private async Task PublishAsync(IEnumerable<IEvent> events) {
            foreach (var each in events) { await publisher.PublishAsync(each); }
        }
    }
    public class SignUp(IOwnBus bus) { public Task Run() => bus.PublishAsync(new SignedUp(1)); }
    """
    sent = operations(Role.PRODUCER, A=bus)

    assert {show(each.address.channel) for each in sent} >= {"SignedUp"}


CONVEY = """
using Convey.CQRS.Events; using Convey.MessageBrokers; using Convey.MessageBrokers.RabbitMQ;
public record SignedUp(int Id) : IEvent;
public class Welcome : IEventHandler<SignedUp> { public Task HandleAsync(SignedUp e, CancellationToken t) => null; }
public class Audit : IEventHandler<LoggedIn> { public Task HandleAsync(LoggedIn e, CancellationToken t) => null; }
public static class Setup {
    public static void Use(IApplicationBuilder app) => app.UseOwn<Audit>().UseRabbitMq().SubscribeEvent<SignedUp>();
}
"""


def test_handlers_of_what_is_subscribed_to() -> None:
    """A call that names the type of a message means the classes that handle it; other handlers receive nothing."""
    consumer = only(operations(Role.CONSUMER, A=CONVEY))

    assert consumer.function.endswith("Welcome.HandleAsync")
    assert show(consumer.address.channel) == "SignedUp"
    assert consumer.policies.acknowledgement.value == Literal("after")


def test_what_remembers_handled_messages_hands_none_on_twice() -> None:
    """An outbox that all handlers run through keeps what they have handled."""
    guarded = """
    using Convey.MessageBrokers.Outbox;
    public class Once<T>(IMessageOutbox outbox, IEventHandler<T> handler) : IEventHandler<T> {
        public Task HandleAsync(T e, CancellationToken t) => outbox.HandleAsync("id", () => handler.HandleAsync(e, t));
    }
    """
    consumer = only(operations(Role.CONSUMER, A=CONVEY, B=guarded))

    assert consumer.policies.acknowledgement.value == Literal("once")


@pytest.mark.parametrize(
    ("call", "method"),
    [
        ('dapr.InvokeMethodAsync<Item, Item>("stock", "items", new Item())', "POST"),
        ('dapr.InvokeMethodAsync<Item>(HttpMethod.Get, "stock", "items")', "GET"),
        ('dapr.InvokeMethodAsync(dapr.CreateInvokeMethodRequest(HttpMethod.Get, "stock", "items"))', "GET"),
        ('dapr.InvokeMethodWithResponseAsync(dapr.CreateInvokeMethodRequest("stock", "items"))', "POST"),
    ],
)
def test_services_that_a_sidecar_of_dapr_invokes(call: str, method: str) -> None:
    """By application and method, with a verb before them or a request made of them."""
    found = only(operations(Role.CLIENT, A=f"using Dapr.Client; class S(DaprClient dapr) {{ void F() {{ {call}; }} }}"))

    assert (show(found.address.host), url(found), found.address.method) == ("stock", "items", method)


def test_events_of_entities() -> None:
    """Events of ABP go by their types, whether sent or left with an entity."""
    source = """
    using Volo.Abp.EventBus.Distributed; using Volo.Abp.Domain.Entities.Auditing;
    class Order : FullAuditedAggregateRoot<Guid> { void Pay() { AddDistributedEvent(new Paid()); } }
    class Orders(IDistributedEventBus bus) { Task F() => bus.PublishAsync(new Placed()); }
    class Stock : IDistributedEventHandler<Placed> { public async Task HandleEventAsync(Placed e) { } }
    class Placed {} class Paid {}
    """
    sent = operations(Role.PRODUCER, A=source)

    assert sorted(show(each.address.channel) for each in sent) == ["Paid", "Placed"]
    assert show(only(operations(Role.CONSUMER, A=source)).address.channel) == "Placed"


def test_a_generated_client_is_set_up_in_a_file_with_other_namespaces() -> None:
    """Which of several namespaces a generated type lies in is not told; its own name is the same in both files."""
    setup = """
    using Other.Things; using Shop.Grpc;
    static class Setup { static void Add(IServiceCollection services) {
        services.AddGrpcClient<Stock.StockClient>(o => o.Address = new Uri("http://stock")); } }
    """
    use = "using Shop.Grpc; using More; class S(Stock.StockClient c) { Task F() => c.TakeAsync(new Item()); }"

    assert show(only(operations(Role.CLIENT, A=setup, B=use)).address.host) == "http://stock"


def test_settings_that_a_class_inherits() -> None:
    """What fills an object fills the properties of its bases; base and path that are settings are kept apart."""
    source = """
    using RestSharp; using Microsoft.Extensions.Options;
    public abstract class Base { public string Url { get; set; } }
    public class Files : Base { public string Path { get; set; } }
    public static class Setup { public static void Add(IServiceCollection s, IConfiguration c) =>
        s.Configure<Files>(c.GetSection("Files")); }
    public class Client(IOptions<Files> options) {
        public Task F() => new RestClient(options.Value.Url).ExecuteAsync(new RestRequest(options.Value.Path));
    }
    """

    assert url(only(operations(Role.CLIENT, A=source))) == "{${Files:Url}}/{${Files:Path}}"


def test_clients_that_a_generic_helper_registers() -> None:
    """Which client it is about, and its address, each caller of the helper tells."""
    source = """
    public static class Extensions {
        public static IHttpClientBuilder AddRef<TClient>(this IServiceCollection services, string address)
            where TClient : class => services.AddHttpClient<TClient>(c => c.BaseAddress = new(address));
        public static IHttpClientBuilder AddRef<TClient>(this IServiceCollection services, string address, string check)
            where TClient : class {
            var uri = new Uri(address);
            return services.AddHttpClient<TClient>(c => c.BaseAddress = uri);
        }
    }
    public class Stock(HttpClient client) { public Task F() => client.GetAsync("items"); }
    public class Basket(HttpClient client) { public Task G() => client.GetAsync("baskets"); }
    public static class Setup { static void Add(IServiceCollection services) {
        services.AddRef<Stock>("http://stock", check: "health");
        services.AddRef<Basket>("http://basket");
    } }
    """

    assert {url(each) for each in operations(Role.CLIENT, A=source)} == {"http://stock/items", "http://basket/baskets"}


def test_words_for_types_of_the_language_are_no_names_of_libraries() -> None:
    """`string.Empty` is the default exchange, whatever namespaces a file takes in."""
    source = """
    using RabbitMQ.Client; using Microsoft.Extensions.Options;
    class P { Task F(IChannel c) => c.BasicPublishAsync(exchange: string.Empty, routingKey: "orders", body: null); }
    """
    sent = only(operations(Role.PRODUCER, A=source))

    assert (show(sent.address.exchange), show(sent.address.routing_key)) == ("", "orders")


def test_the_bus_of_an_activator() -> None:
    """Rebus without a container sends by the bus of what holds its handlers."""
    source = """
    using Rebus.Activation; using Rebus.Config;
    class Placed {}
    class P { static void Main() { using (var activator = new BuiltinHandlerActivator()) {
        Configure.With(activator).Start(); activator.Bus.Publish(new Placed()).Wait(); } } }
    """

    assert show(only(operations(Role.PRODUCER, A=source)).address.channel) == "Placed"


def test_sagas_of_nservicebus_receive_what_starts_them() -> None:
    """Each message that starts a saga is received by the method that takes it."""
    source = """
    using NServiceBus;
    class Placed {} class Paid {}
    class Shipping : Saga<State>, IAmStartedByMessages<Placed>, IAmStartedByMessages<Paid> {
        public async Task Handle(Placed message, IMessageHandlerContext context) { }
        public async Task Handle(Paid message, IMessageHandlerContext context) { }
    }
    """

    assert {show(each.address.channel) for each in operations(Role.CONSUMER, A=source)} == {"Placed", "Paid"}


def test_entity_framework_before_core_has_the_same_names() -> None:
    """What is added to a set of its contexts is inserted."""
    source = """
    using System.Data.Entity;
    class Order {}
    class Context : DbContext { public DbSet<Order> Orders { get; set; } }
    class S { async Task F() { using (var db = new Context()) { db.Orders.Add(new Order()); } } }
    """

    assert only(operations(Role.CLIENT, A=source)).effect == "insert"


def test_a_method_called_like_the_type_it_gives() -> None:
    """`Get<BusVars>()` in a method `BusVars` means the type."""
    source = """
    public class BusVars { public string Url { get; set; } }
    public interface IVars { BusVars BusVars(); }
    public class Vars(IConfiguration c) : IVars { public BusVars BusVars() => c.GetSection("Bus").Get<BusVars>(); }
    public class Client(HttpClient http, IVars vars) { public Task F() => http.GetAsync(vars.BusVars().Url + "/x"); }
    """

    assert url(only(operations(Role.CLIENT, A=source))) == "{${Bus:Url}}/x"


BUS = """
    using System; using System.Collections.Generic; using RabbitMQ.Client;
    public record Event { }
    public record Placed : Event { }
    public record Paid : Event { }
    public class Subscriptions { public Dictionary<string, Type> Kinds { get; } = []; }
    public class Bus(IChannel channel, Subscriptions subscriptions) {
        public void Publish(Event message) => channel.BasicPublish("shop", message.GetType().Name, null, null);
        public void Start() {
            foreach (var (name, _) in subscriptions.Kinds) { channel.QueueBind("orders", "shop", name); }
        }
    }
    public static class Setup {
        public static void Add<T>(this Subscriptions subscriptions) { subscriptions.Kinds[typeof(T).Name] = typeof(T); }
    }
"""


def test_keys_that_others_put_into_a_mapping_bind_one_by_one() -> None:
    """Each caller of what fills the mapping binds its own key."""
    caller = "class Startup { void Run(Subscriptions subscriptions) { subscriptions.Add<Placed>(); } }"
    found = recognize(program_of({"Bus.cs": BUS, "Startup.cs": caller})).channels

    assert [(show(each.routing_key), each.decided) for each in found if each.kind == "binding"] == [
        ("Placed", "Startup.cs")
    ]


def test_a_message_of_a_base_is_of_the_classes_that_are_made() -> None:
    """What comes out of a store is told by what is put in: nobody makes an object of the base itself."""
    sender = "class Outbox(Bus bus) { void Send(Event stored) => bus.Publish(stored); }"
    maker = "class Orders { void Place(List<Event> log) => log.Add(new Placed()); }"
    recognition = recognize(program_of({"Bus.cs": BUS, "Outbox.cs": sender, "Orders.cs": maker}))

    sent = [each for each in recognition.operations if each.role is Role.PRODUCER]

    assert [(show(each.address.routing_key), each.decided) for each in sent] == [("Placed", "Orders.cs")]


def test_what_is_done_with_an_answer_asks_nothing_again() -> None:
    """The list that a query gave is no query, and one that is only being put together waits for nothing."""
    source = """
    using Microsoft.EntityFrameworkCore; using MongoDB.Driver;
    class Order {}
    class Context : DbContext { public DbSet<Order> Orders { get; set; } }
    class S(Context db, IMongoCollection<Order> orders) {
        async Task F() => (await db.Orders.AsNoTracking().Where(o => o.Id == 1).ToListAsync()).FirstOrDefault();
        async Task G() => await orders.Find(o => o.Id == 1).FirstOrDefaultAsync();
    }
    """

    assert sorted((each.protocol, each.style) for each in operations(Role.CLIENT, A=source)) == [
        ("mongodb", "deferred"),
        ("sql", "awaitable"),
    ]


def test_the_kind_of_an_address_is_no_part_of_it() -> None:
    """`new Uri(text, UriKind.Absolute)` is the text."""
    source = """
    class S(IHttpClientFactory clients, IConfiguration settings) {
        Task F() {
            var http = clients.CreateClient();
            http.BaseAddress = new Uri(settings["Shop"], UriKind.Absolute);
            return http.GetAsync("items");
        }
    }
    """

    assert url(only(operations(Role.CLIENT, A=source))) == "{${Shop}}/items"
