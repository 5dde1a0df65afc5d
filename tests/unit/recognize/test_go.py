"""Go libraries: what their generated code, routers and configuration mean."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import number, only, program_of, url

MANIFEST = {"go.mod": "module shop.example/orders\n\ngo 1.22\n"}


def operations(role: Role, **files: str) -> list[Operation]:
    """The operations of one role in a module; `main="…"` is `main.go` of package main, `rpc__a` is `rpc/a.go`."""
    tree = dict(MANIFEST)
    for name, text in files.items():
        package = name.rpartition("__")[0].rpartition("__")[2] or "main"
        tree[name.replace("__", "/") + ".go"] = f"package {package}\n{text}\n"
    return [each for each in recognize(program_of(tree)).operations if each.role is role]


KITEX = """
import (
    "context"
    "time"
    "github.com/cloudwego/kitex/client"
    "shop.example/orders/kitex_gen/stock/stockservice"
)
var stock stockservice.Client
func start() { stock, _ = stockservice.NewClient("stock", OPTIONS) }
func check(ctx context.Context) { stock.Check(context.Background(), nil) }
"""


def test_a_kitex_client_calls_the_service_it_is_made_for() -> None:
    """The package of the generated code is named by the service of the interface file."""
    found = only(operations(Role.CLIENT, main=KITEX.replace(", OPTIONS", "")))

    assert found.address.rpc == "stockservice/Check"
    assert show(found.address.host) == "stock"
    assert found.policies.timeout.state is State.UNSET


def test_a_kitex_option_bounds_all_calls() -> None:
    """What the client is made with holds for its calls."""
    found = only(operations(Role.CLIENT, main=KITEX.replace("OPTIONS", "client.WithRPCTimeout(3*time.Second)")))

    assert number(found.policies.timeout.value) == 3


def test_kitex_options_that_bound_nothing_are_known() -> None:
    """How a client finds its service, and the time to connect, say nothing of how long it waits."""
    options = "client.WithResolver(r), client.WithConnectTimeout(time.Second)"
    found = only(operations(Role.CLIENT, main=KITEX.replace("OPTIONS", options)))

    assert found.policies.timeout.state is State.UNSET
    assert only(operations(Role.CLIENT, main=KITEX.replace("OPTIONS", "other.Option()"))).policies.timeout.state is (
        State.UNKNOWN
    )


def test_a_kitex_server_answers_what_its_handler_has() -> None:
    """Methods of the handler are those of the service."""
    text = """
    import "shop.example/orders/kitex_gen/stock/stockservice"
    type Impl struct{}
    func (i *Impl) Check(ctx context.Context, r *Req) (*Resp, error) { return nil, nil }
    func main() { svr := stockservice.NewServer(new(Impl)); svr.Run() }
    """
    found = only(operations(Role.SERVER, main=text))

    assert found.address.rpc == "stockservice/Check"


def test_routes_of_hertz_lie_below_their_groups() -> None:
    """Groups are routers with a prefix."""
    text = """
    import "github.com/cloudwego/hertz/pkg/app/server"
    func main() {
        h := server.Default(server.WithHostPorts(":8080"))
        g := h.Group("/orders")
        g.GET("/:id", show)
        h.Spin()
    }
    func show(ctx context.Context, c *app.RequestContext) {}
    """
    found = only(operations(Role.SERVER, main=text))

    assert (url(found), found.address.method) == ("/orders/:id", "GET")


def test_messages_of_a_cluster_consumer_are_received() -> None:
    """The topics are those the consumer was made with."""
    text = """
    import cluster "github.com/bsm/sarama-cluster"
    func main() {
        c, _ := cluster.NewConsumer(brokers, "mail", []string{"orders"}, nil)
        for {
            select {
            case m := <-c.Messages():
                c.MarkOffset(m, "")
            }
        }
    }
    """
    found = only(operations(Role.CONSUMER, main=text))

    assert "orders" in show(found.address.channel)
    assert found.policies.acknowledgement.state is State.SET


def test_functions_give_package_variables_their_values() -> None:
    """A function of any file of the package may make what a variable at its top holds."""
    found = only(
        operations(
            Role.CLIENT,
            clients__vars='import pb "shop.example/orders/stockpb"\nvar Stock pb.StockClient',
            clients__init="""
            import (pb "shop.example/orders/stockpb"; "google.golang.org/grpc")
            func Init() { conn, _ := grpc.NewClient("stock:50051"); Stock = pb.NewStockClient(conn) }
            """,
            main="""
            import ("context"; "shop.example/orders/clients")
            func main() { clients.Init(); clients.Stock.Check(context.TODO(), nil) }
            """,
        )
    )

    assert show(found.address.host) == "stock:50051"


def test_a_name_that_a_function_declares_is_its_own() -> None:
    """`:=`, parameters and named results hide the variable of the package."""
    found = operations(
        Role.CLIENT,
        main="""
        import "net/http"
        var base = "http://stock"
        func other() { base := "http://wrong"; base = "http://worse"; _ = base }
        func third(base string) { base = "http://worst"; _ = base }
        func main() { http.Get(base + "/items") }
        """,
    )

    assert url(only(found)) == "http://stock/items"


def test_a_file_of_settings_fills_a_struct() -> None:
    """Fields of the variable whose address is given away are keys, sections of them too."""
    found = only(
        operations(
            Role.CONSUMER,
            main="""
            import ("github.com/zeromicro/go-queue/kq"; "github.com/zeromicro/go-zero/core/conf")
            type Config struct { Orders kq.KqConf }
            type Handler struct{}
            func (h *Handler) Consume(ctx context.Context, k, v string) error { return nil }
            func main() {
                var c Config
                conf.MustLoad("etc/mail.yaml", &c)
                queue := kq.MustNewQueue(c.Orders, &Handler{})
                queue.Start()
            }
            """,
        )
    )

    assert show(found.address.channel) == "${Orders.Topic}"


SUBSCRIBER = {
    "go.mod": "module shop\n",
    "pkg/kafka/consumer.go": """
package kafka
import "github.com/confluentinc/confluent-kafka-go/kafka"
type Consumer struct { consumer *kafka.Consumer }
func New(host string) *Consumer {
    made, _ := kafka.NewConsumer(&kafka.ConfigMap{"bootstrap.servers": host, "group.id": "shop"})
    return &Consumer{consumer: made}
}
func (c *Consumer) Subscribe(topics []string) { c.consumer.SubscribeTopics(topics, nil) }
func (c *Consumer) Next() { c.consumer.ReadMessage(-1) }
""",
    "orders/main.go": """
package main
import "shop/pkg/kafka"
func main() { reader := kafka.New("kafka:9092"); reader.Subscribe([]string{"orders"}); reader.Next() }
""",
    "stock/main.go": """
package main
import "shop/pkg/kafka"
func main() { reader := kafka.New("kafka:9092"); reader.Subscribe([]string{"items", "stock"}); reader.Next() }
""",
}


def test_reader_that_is_told_elsewhere_what_to_read() -> None:
    """Each caller of what subscribes it is a subscription, of the program that calls."""
    operations = recognize(program_of(SUBSCRIBER)).operations

    assert {(show(each.address.channel), each.decided) for each in operations} == {
        ("[orders]", "orders/main.go"),
        ("[items, stock]", "stock/main.go"),
    }


ANONYMOUS = """
package main
import ("net/http"; "os")
type Config struct { Http struct { Stock string } }
var configs = map[string]Config{
    "test": {Http: struct { Stock string }{Stock: "http://localhost:1"}},
    "live": {Http: struct { Stock string }{Stock: "http://stock"}},
}
func of(name string) Config {
    if found, ok := configs[name]; ok { return found }
    return configs["test"]
}
func main() { config := of(os.Getenv("stage")); http.Get(config.Http.Stock + "/items") }
"""


def test_members_of_structs_without_a_name() -> None:
    """What a literal of such a type says of its fields is read, for each of the settings that may be meant."""
    (call,) = recognize(program_of({"main.go": ANONYMOUS})).operations

    assert show(call.address.url) == "{http://localhost:1 | http://stock}/items"
