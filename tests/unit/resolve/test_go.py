"""Go programs: packages of many files, modules, receivers, interfaces, contexts."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.model.values import ConfigRead, EnvironmentRead, Literal, Parameter, Template, show
from commlint.recognize.recognize import recognize
from commlint.resolve.reading import Imports
from tests.unit.programs import catalogue, number, only, program_of, url

MANIFEST = {"go.mod": "module shop.example/orders\n\ngo 1.22\n"}


def calls(**files: str) -> list[Operation]:
    """The calls of a module; `main="…"` is `main.go` of package main, `clients__stock` is `clients/stock.go`."""
    tree = dict(MANIFEST)
    for name, text in files.items():
        folder, _, _ = name.rpartition("__")
        package = folder.rpartition("__")[2] or "main"
        tree[name.replace("__", "/") + ".go"] = f"package {package}\n{text}\n"
    return [each for each in recognize(program_of(tree)).operations if each.role is Role.CLIENT]


def call(**files: str) -> Operation:
    return only(calls(**files))


def test_files_of_a_folder_share_their_names() -> None:
    """What another file of the package defines needs no import."""
    found = call(
        main='import "net/http"\nfunc main() { http.Get(base + "/stock") }',
        settings='const base = "http://stock:8080"',
    )

    assert url(found) == "http://stock:8080/stock"


def test_an_import_is_a_folder_of_its_module() -> None:
    """The module's path is that of its go.mod file; the package may be called otherwise than its folder."""
    found = call(
        main='import "net/http"\nimport "shop.example/orders/clients"\nfunc main() { http.Get(clients.Base) }',
        clients__settings='const Base = "http://stock:8080"',
    )

    assert url(found) == "http://stock:8080"


def test_methods_stand_in_any_file_of_the_package() -> None:
    """Also when the type, its constructor and its methods are apart."""
    found = call(
        main='func main() { NewClient("http://stock").Get("7") }',
        types="type Client struct { base string }\nfunc NewClient(b string) *Client { return &Client{base: b} }",
        methods='import "net/http"\nfunc (c *Client) Get(id string) { http.Get(c.base + "/stock/" + id) }',
    )

    assert url(found) == "http://stock/stock/{Client.Get.id}"


def test_results_are_followed_by_their_place() -> None:
    """The first result of a function that returns several, past the null of its failures."""
    found = call(
        main="""
        import ("errors"; "net/http"; "os")
        func address() (string, error) {
            if os.Getenv("OFF") != "" { return "", errors.New("off") }
            return "http://stock", nil
        }
        func main() {
            base, err := address()
            http.Get(base)
        }
        """
    )

    assert "http://stock" in url(found)


def test_fields_are_set_where_the_object_is_made() -> None:
    """By assignment, and by a helper that is given the address of the field."""
    found = calls(
        main="""
        import ("net/http"; "os")
        type server struct { stock, price string }
        func main() {
            s := new(server)
            s.stock = "http://stock"
            mustMapEnv(&s.price, "PRICE_URL")
            s.run()
        }
        func mustMapEnv(target *string, key string) {
            v := os.Getenv(key)
            if v == "" { panic("missing") }
            *target = v
        }
        func (s *server) run() {
            http.Get(s.stock)
            http.Get(s.price)
        }
        """
    )

    assert [each.address.url for each in found] == [Literal("http://stock"), EnvironmentRead("PRICE_URL")]


def test_a_function_with_type_arguments_is_the_function() -> None:
    """`fetch[Order](…)` binds what `fetch` is given."""
    found = call(
        main="""
        import "net/http"
        func fetch[T any](url string) (*T, error) { http.Get(url); return nil, nil }
        func main() { fetch[Order]("http://stock/items") }
        """
    )

    assert url(found) == "http://stock/items"


def test_options_are_functions_that_set_fields() -> None:
    """What an option sets is one thing the field may be."""
    found = call(
        main="""
        import ("net/http"; "time")
        type client struct { timeout time.Duration }
        type option func(*client)
        func within(d time.Duration) option { return func(c *client) { c.timeout = d } }
        func newClient(options ...option) *client {
            c := &client{timeout: 5 * time.Second}
            for _, o := range options { o(c) }
            return c
        }
        func main() {
            c := newClient(within(time.Second))
            h := http.Client{Timeout: c.timeout}
            h.Get("http://stock")
        }
        """
    )

    assert found.policies.timeout.state is not State.UNSET


def test_members_of_embedded_parts_are_promoted() -> None:
    """They are asked of the part, as it was given."""
    found = call(
        main="""
        import "net/http"
        type base struct { url string }
        func (b *base) get(path string) { http.Get(b.url + path) }
        type stock struct { *base }
        func main() {
            s := &stock{base: &base{url: "http://stock"}}
            s.get("/all")
        }
        """
    )

    assert url(found) == "http://stock/all"


def test_an_interface_is_what_has_its_methods() -> None:
    """The nearest one: each service has its own."""
    tree = {
        **MANIFEST,
        "stock/store.go": """
            package stock
            import "net/http"
            type Store interface { Load(id string) string }
            type remote struct{}
            func (r *remote) Load(id string) string { http.Get("http://stock"); return "" }
            type handler struct { store Store }
            func (h *handler) serve() { h.store.Load("7") }
        """,
        "price/store.go": """
            package price
            import "net/http"
            type far struct{}
            func (f far) Load(id string) string { http.Get("http://price"); return id }
        """,
    }

    assert [(edge.caller, edge.callee) for edge in recognize(program_of(tree)).calls] == [
        ("stock/store.go::handler.serve", "stock/store.go::remote.Load")
    ]


def test_plain_types_under_another_name() -> None:
    """A conversion leaves the value what it is."""
    found = call(
        main='import "net/http"\ntype address string\nfunc main() { http.Get(string(address("http://stock"))) }'
    )

    assert url(found) == "http://stock"


def test_texts_are_formatted() -> None:
    """With whatever letter stands after the percent sign."""
    found = call(
        main="""
        import ("fmt"; "net/http")
        func main() { http.Get(fmt.Sprintf("http://%s:%d/{id}/%05.2f%%", "stock", 80, 1)) }
        """
    )

    assert url(found) == "http://stock:80/{id}/1%"


def test_struct_tags_are_reads_of_the_environment() -> None:
    """With the default beside them."""
    found = call(
        main="""
        import ("net/http"; "github.com/caarlos0/env/v11")
        type config struct { Stock string `env:"STOCK_URL,required" envDefault:"http://stock"` }
        func main() {
            var cfg config
            env.Parse(&cfg)
            http.Get(cfg.Stock)
        }
        """
    )

    assert found.address.url == EnvironmentRead("STOCK_URL", Literal("http://stock"))


BOUND = 'import ("context"; "net/http"; "os"; "time")\n'


def bound(body: str) -> Operation:
    """The call of a program whose functions are `body`; its file imports context, net/http, os and time."""
    return call(main=BOUND + body)


def test_a_context_carries_its_deadline() -> None:
    """Through variables, other contexts and parameters to the call."""
    found = bound(
        """
        func main() {
            ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
            defer cancel()
            load(context.WithValue(ctx, "k", "v"))
        }
        func load(ctx context.Context) {
            req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://stock", nil)
            http.DefaultClient.Do(req)
        }
        """
    )

    assert number(found.policies.timeout.value) == 3
    assert found.address.method == "POST"
    assert url(found) == "http://stock"


def test_a_context_without_a_deadline() -> None:
    """That of a request and the empty one are known to have none."""
    found = bound(
        """
        func serve(w http.ResponseWriter, r *http.Request) {
            req, _ := http.NewRequestWithContext(r.Context(), "GET", "http://stock", nil)
            http.DefaultClient.Do(req)
        }
        func main() { http.HandleFunc("/x", serve) }
        """
    )

    assert found.policies.timeout.state is State.UNSET


def test_a_context_of_unknown_origin() -> None:
    """A parameter that no call binds may carry a deadline or none."""
    found = bound(
        """
        func Load(ctx context.Context) {
            req, _ := http.NewRequestWithContext(ctx, "GET", "http://stock", nil)
            (&http.Client{}).Do(req)
        }
        """
    )

    assert found.policies.timeout.state is State.UNKNOWN


def test_a_client_set_up_later() -> None:
    """The bound may be assigned after the client was made."""
    found = bound(
        """
        func main() {
            c := &http.Client{}
            c.Timeout = 2 * time.Second
            c.Get("http://stock")
        }
        """
    )

    assert number(found.policies.timeout.value) == 2


def test_generated_stubs() -> None:
    """A name that no file of an imported package defines is generated code."""
    tree = {
        **MANIFEST,
        "main.go": """
            package main
            import ("context"; "google.golang.org/grpc"; "time"; pb "shop.example/orders/genproto")
            type server struct { pb.UnimplementedOrdersServer; stock pb.StockClient }
            func (s *server) Place(ctx context.Context, r *pb.Order) (*pb.Reply, error) {
                ctx, cancel := context.WithTimeout(ctx, time.Second)
                defer cancel()
                s.stock.Reserve(ctx, &pb.Item{})
                return nil, nil
            }
            func (s *server) Close() {}
            func main() {
                conn, _ := grpc.NewClient("stock:50051")
                srv := grpc.NewServer()
                pb.RegisterOrdersServer(srv, &server{stock: pb.NewStockClient(conn)})
            }
        """,
    }
    found = recognize(program_of(tree)).operations

    assert {(each.role.value, each.address.rpc, show(each.address.host)) for each in found} == {
        ("server", "Orders/Place", ""),
        ("client", "Stock/Reserve", "stock:50051"),
    }
    (client,) = (each for each in found if each.role is Role.CLIENT)
    assert number(client.policies.timeout.value) == 1


def test_goroutines_do_not_make_anybody_wait() -> None:
    """What they start is another kind of edge."""
    tree = {
        **MANIFEST,
        "main.go": """
            package main
            import "net/http"
            func main() { go load() }
            func load() { http.Get("http://stock") }
        """,
    }
    (edge,) = recognize(program_of(tree)).calls

    assert (edge.caller, edge.callee, edge.kind) == ("main.go::main", "main.go::load", "spawn")


def test_a_main_function_is_a_program() -> None:
    """In package main only."""
    tree = {
        **MANIFEST,
        "cmd/api/main.go": "package main\nfunc main() {}\n",
        "lib/lib.go": "package lib\nfunc main() {}\n",
    }

    assert [module.path for module in recognize(program_of(tree)).modules if module.is_main] == ["cmd/api/main.go"]


def test_files_worth_reading() -> None:
    """A file beside one that communicates, the packages it imports, and the manifest that names them."""
    imports = {
        "go.mod": (),
        "cmd/api/main.go": ("google.golang.org/grpc", "shop.example/orders/internal/settings"),
        "cmd/api/flags.go": ("flag",),
        "internal/settings/settings.go": ("os",),
        "internal/sums/sums.go": ("math",),
    }
    modules = {"go.mod": "shop.example/orders"}

    assert Imports(imports, catalogue(), modules).wanted() == set(imports) - {"internal/sums/sums.go"}


def test_packages_from_before_modules() -> None:
    """Without a go.mod file above, an import is found by what follows the name of its repository."""
    tree = {
        "cmd/api/main.go": """
            package main
            import ("net/http"; "github.com/shop/orders/settings")
            func main() { http.Get(settings.Base) }
        """,
        "settings/settings.go": 'package settings\nconst Base = "http://stock"\n',
    }
    (found,) = [each for each in recognize(program_of(tree)).operations if each.role is Role.CLIENT]

    assert url(found) == "http://stock"


def test_package_beside_a_module_whose_own_manifest_is_missing() -> None:
    """Where a module lies in a folder called like the end of its path, what lies beside it is found by the rest."""
    tree = {
        "orders/go.mod": "module example.com/shop/orders\n",
        "orders/main.go": """
            package main
            import ("net/http"; "example.com/shop/pkg/settings")
            func main() { http.Get(settings.Base) }
        """,
        "pkg/settings/settings.go": 'package settings\nconst Base = "http://stock"\n',
    }
    (found,) = [each for each in recognize(program_of(tree)).operations if each.role is Role.CLIENT]

    assert url(found) == "http://stock"


TRACED = """
    package main
    import "github.com/rabbitmq/amqp091-go"
    type Broker struct { channel *amqp091.Channel }
    func traced(exchange, key string, publish func(string, string) error) error { return publish(exchange, key) }
    func (b *Broker) Send(key string) error { return traced("trips", key, b.publish) }
    func (b *Broker) publish(exchange, key string) error {
        return b.channel.Publish(exchange, key, false, false, amqp091.Publishing{})
    }
    func main() {
        conn, _ := amqp091.Dial("amqp://rabbit")
        channel, _ := conn.Channel()
        (&Broker{channel: channel}).Send("trip.created")
    }
"""


def test_function_that_is_handed_over_is_run_where_its_taker_calls_it() -> None:
    """What a wrapper gives to the function it was given is what that is called with."""
    (found,) = recognize(program_of({"main.go": TRACED})).operations

    assert (show(found.address.exchange), show(found.address.routing_key)) == ("trips", "trip.created")


WRAPPED = """
    package main
    import (
        "github.com/ThreeDotsLabs/watermill/message"
        "github.com/ThreeDotsLabs/watermill-nats/v2/pkg/nats"
        "go.uber.org/fx"
        "example.com/tracing"
    )
    func publisher() (message.Publisher, error) {
        made, err := nats.NewPublisher(nats.PublisherConfig{}, nil)
        return tracing.Decorate(made), err
    }
    func listen(router *message.Router, to message.Publisher) {
        router.AddNoPublisherHandler("orders", "orders-created", nil, tracing.Handler(stored(to)))
    }
    func stored(to message.Publisher) func(*message.Message) error {
        return func(msg *message.Message) error { return to.Publish("orders-stored", msg) }
    }
    func main() { fx.New(fx.Provide(publisher), fx.Invoke(listen)).Run() }
"""


def test_what_is_wrapped_in_undescribed_code_is_still_what_it_was() -> None:
    """A handler inside of it is the handler, and an object a container gives has the type that is promised."""
    found = {each.role: each for each in recognize(program_of({"main.go": WRAPPED})).operations}

    assert show(found[Role.CONSUMER].address.channel) == "orders-created"
    assert found[Role.CONSUMER].function.startswith("main.go::stored.<lambda")
    assert show(found[Role.PRODUCER].address.channel) == "orders-stored"


HIDDEN = {
    "go.mod": "module github.com/shop/go-kafka-orders\n",
    "client/client.go": "package client\ntype Client interface { Load() }\n",
    "main.go": """
        package main
        import ("github.com/shop/go-kafka-orders/client"; "github.com/confluentinc/confluent-kafka-go/v2/kafka")
        func run(client client.Client) {
            reader, _ := kafka.NewConsumer(&kafka.ConfigMap{"bootstrap.servers": "kafka"})
            reader.SubscribeTopics([]string{"orders"}, nil)
            reader.ReadMessage(-1)
        }
    """,
}


def test_package_hidden_by_a_parameter_takes_no_name_of_another() -> None:
    """A package that a parameter hides is not called like one whose name stands somewhere in its path."""
    (found,) = recognize(program_of(HIDDEN)).operations

    assert show(found.address.channel) == "[orders]"


CONTAINER = """
    package main
    import ("net/http"; "go.uber.org/dig"; "go.uber.org/fx")
    type Client interface { Load() error }
    type client struct { base string }
    func (c *client) Load() error { _, err := http.Get(c.base + "/items"); return err }
    type Settings struct { Base string }
    func NewSettings() (*Settings, error) { return &Settings{Base: "http://stock"}, nil }
    func NewClient(settings *Settings) Client { return &client{base: settings.Base} }
    func run(c Client) { c.Load() }
"""


def test_what_a_container_is_given_stands_for_what_it_returns() -> None:
    """Functions given to dig or fx get what the others return, whatever order they are given in."""
    dig = """
        func main() {
            container := dig.New()
            for _, each := range []interface{}{NewClient, NewSettings} { container.Provide(each) }
            container.Invoke(run)
        }
    """
    fx = "func main() { fx.New(fx.Provide(NewClient, NewSettings), fx.Invoke(run)).Run() }"
    for start in (dig, fx):
        (found,) = recognize(program_of({"main.go": CONTAINER + start})).operations

        assert url(found) == "http://stock/items"


def test_the_context_of_any_request() -> None:
    """A method that takes a request has its context, whoever calls it."""
    found = bound(
        """
        func Serve(w http.ResponseWriter, r *http.Request) {
            req, _ := http.NewRequestWithContext(r.Context(), "GET", "http://stock", nil)
            (&http.Client{}).Do(req)
        }
        """
    )

    assert found.policies.timeout.state is State.UNSET


def test_what_bounds_every_request() -> None:
    """A middleware that gives the requests of a program a deadline bounds the calls made in their context."""
    tree = {
        "go.mod": "module shop\n",
        "main.go": """
            package main
            import ("net/http"; "time"; "github.com/go-chi/chi/v5"; "github.com/go-chi/chi/v5/middleware")
            func serve(w http.ResponseWriter, r *http.Request) {
                req, _ := http.NewRequestWithContext(r.Context(), "GET", "http://stock", nil)
                (&http.Client{}).Do(req)
            }
            func main() {
                router := chi.NewRouter()
                router.Use(middleware.Timeout(20 * time.Second))
                router.Get("/", serve)
            }
        """,
    }

    (found,) = [each for each in recognize(program_of(tree)).operations if each.role is Role.CLIENT]

    assert found.policies.timeout.value == Literal(20.0)


def test_a_context_of_gin_has_no_deadline() -> None:
    """It may be given where a context is asked for, and bounds nothing."""
    tree = {
        "go.mod": "module shop\n",
        "main.go": """
            package main
            import ("net/http"; "github.com/gin-gonic/gin")
            func serve(c *gin.Context) {
                req, _ := http.NewRequestWithContext(c, "GET", "http://stock", nil)
                (&http.Client{}).Do(req)
            }
            func main() {
                router := gin.Default()
                router.GET("/", serve)
            }
        """,
    }

    (found,) = [each for each in recognize(program_of(tree)).operations if each.role is Role.CLIENT]

    assert found.policies.timeout.state is State.UNSET


def test_a_variable_of_the_environment_or_else_another_text() -> None:
    """A function that falls back on its argument reads the variable with a default."""
    found = bound(
        """
        func env(name, other string) string {
            if value := os.Getenv(name); value != "" {
                return value
            }
            return other
        }
        func Load(path string) { http.Get(env("STOCK_URL", "http://localhost:81") + path) }
        """
    )

    assert found.address.url == Template(
        (EnvironmentRead("STOCK_URL", Literal("http://localhost:81")), Parameter("Load.path"))
    )


BOUNDED = """
    func Bounded(limit time.Duration) grpc.UnaryClientInterceptor {
        return func(ctx context.Context, m string, a, b any, c *grpc.ClientConn, call grpc.UnaryInvoker) error {
            ctx, cancel := context.WithTimeout(ctx, limit)
            defer cancel()
            return call(ctx, m, a, b, c)
        }
    }
"""
DIALS = """
    func Logged(ctx context.Context, m string, a, b any, c *grpc.ClientConn, call grpc.UnaryInvoker) error {
        return call(ctx, m, a, b, c)
    }
    func Load() {
        conn, _ := grpc.NewClient("stock:1", grpc.WithInsecure(), OPTION)
        pb.NewStockClient(conn).Reserve(context.Background(), &pb.Request{})
    }
"""


def dialled(interceptor: str, more: str = "") -> Operation:
    """A call through a connection that is dialled with an interceptor."""
    start = 'import ("context"; "time"; "google.golang.org/grpc"; "shop/pb")\n'
    return call(main=start + DIALS.replace("OPTION", f"grpc.WithUnaryInterceptor({interceptor})") + more)


def test_an_interceptor_that_gives_calls_a_deadline() -> None:
    """All calls of the connection are bounded by it, whatever their context."""
    found = dialled("Bounded(3 * time.Second)", BOUNDED)

    assert found.policies.timeout.state is not State.UNSET


def test_an_interceptor_that_gives_none() -> None:
    """One that hands its context on bounds nothing."""
    assert dialled("Logged").policies.timeout.state is State.UNSET


def test_a_flag_is_asked_for_by_its_name() -> None:
    """What the command of a deployment gives goes before the default."""
    found = bound(
        """
        var stock = flag.String("stock", "http://localhost:81", "the stock")
        func Load() { http.Get(*stock) }
        """
    )

    assert found.address.url == ConfigRead("--stock", Literal("http://localhost:81"))


HANDLER = """
    import ("context"; "google.golang.org/grpc"; "shop/pb")
    type server struct{ stock pb.StockClient }
    func (s *server) Place(ctx context.Context, in *pb.Order) (*pb.Done, error) {
        s.stock.Reserve(ctx, &pb.Request{})
        return nil, nil
    }
    func main() {
        conn, _ := grpc.NewClient("stock:1", grpc.WithInsecure())
        srv := grpc.NewServer(OPTION)
        pb.RegisterOrdersServer(srv, &server{stock: pb.NewStockClient(conn)})
    }
"""


def test_the_context_of_a_procedure_is_as_bounded_as_its_caller() -> None:
    """Whoever calls may have a deadline, and it travels; the service itself gives none."""
    found = call(main=HANDLER.replace("OPTION", "")).policies.timeout

    assert (found.state, found.carried) == (State.UNSET, True)


def test_an_interceptor_of_the_server_that_gives_a_deadline() -> None:
    """What it hands on bounds what every procedure does."""
    limited = """
        func Limited(ctx context.Context, in any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
            ctx, cancel := context.WithTimeout(ctx, time.Second)
            defer cancel()
            return handle(ctx, in)
        }
    """
    text = HANDLER.replace("OPTION", "grpc.UnaryInterceptor(Limited)").replace('"context";', '"context"; "time";')

    assert call(main=text + limited).policies.timeout.state is not State.UNSET


def test_a_variable_that_another_package_sets() -> None:
    """Clients that are set up when the program starts are kept in variables of a package for it."""
    found = call(
        main='import "shop.example/orders/setup"\nfunc main() { setup.Init(); Load() }',
        load='import "shop.example/orders/held"\nfunc Load() { held.Client.Get("http://stock") }',
        held__held='import "net/http"\nvar Client *http.Client',
        setup__setup="""
        import ("net/http"; "time"; "shop.example/orders/held")
        func Init() {
            c := &http.Client{Timeout: 3 * time.Second}
            held.Client = c
        }
        """,
    )

    assert number(found.policies.timeout.value) == 3


def test_handlers_behind_handlers_of_unknown_number() -> None:
    """The last argument is known when it is appended to what is not."""
    text = """
        package main
        import ("context"; "github.com/cloudwego/hertz/pkg/app"; "github.com/cloudwego/hertz/pkg/app/server")
        func before() []app.HandlerFunc { return nil }
        func Login(ctx context.Context, c *app.RequestContext) {}
        func main() {
            h := server.Default()
            h.POST("/login", append(before(), Login)...)
        }
    """
    (found,) = recognize(program_of({**MANIFEST, "main.go": text})).operations

    assert found.function == "main.go::Login"


def test_options_that_a_suite_of_the_tree_gives() -> None:
    """They are what its method returns."""
    text = """
        import ("context"; "time"; "github.com/cloudwego/kitex/client"; "shop/kitex_gen/stock/stockservice")
        type suite struct{}
        func (s suite) Options() []client.Option { return []client.Option{OPTION} }
        func Load() {
            c, _ := stockservice.NewClient("stock", client.WithSuite(suite{}))
            c.Reserve(context.Background(), nil)
        }
    """
    bounded = call(main=text.replace("OPTION", "client.WithRPCTimeout(2 * time.Second)"))
    endless = call(main=text.replace("OPTION", "client.WithMuxConnection(1)"))

    assert number(bounded.policies.timeout.value) == 2
    assert endless.policies.timeout.state is State.UNSET


def test_a_struct_that_a_configuration_fills() -> None:
    """By the names of its tags, below the sections that the structs around it stand for."""
    found = calls(
        main="""
        import ("net/http"; "github.com/spf13/viper")
        type Stock struct {
            Address string `mapstructure:"svc_addr"`
            Other string
        }
        type Config struct { Stock Stock `mapstructure:"stock"` }
        func Load() (c Config, err error) {
            err = viper.Unmarshal(&c)
            return
        }
        func main() {
            c, _ := Load()
            http.Get(c.Stock.Address)
            http.Get(c.Stock.Other)
        }
        """
    )

    assert [each.address.url for each in found] == [ConfigRead("stock.svc_addr"), ConfigRead("stock.Other")]


def test_a_struct_that_the_environment_fills() -> None:
    """By tags that name variables and defaults, in whatever file format the rest of it stands."""
    found = calls(
        main="""
        import ("net/http"; "github.com/ilyakaznacheev/cleanenv")
        type HTTP struct {
            Address string `yaml:"addr" env:"HTTP_ADDR" env-default:"http://a"`
            Price string `env:"PRICE_URL, default=http://p"`
        }
        type Config struct { HTTP HTTP `yaml:"http"` }
        func main() {
            var c Config
            cleanenv.ReadEnv(&c)
            http.Get(c.HTTP.Address)
            http.Get(c.HTTP.Price)
        }
        """
    )

    assert [each.address.url for each in found] == [
        EnvironmentRead("HTTP_ADDR", Literal("http://a")),
        EnvironmentRead("PRICE_URL", Literal("http://p")),
    ]


def test_what_a_struct_is_before_the_configuration_fills_it() -> None:
    """What its literal says holds where no file says otherwise."""
    found = call(
        main="""
        import ("net/http"; "gopkg.in/yaml.v3")
        type Config struct { Stock string `yaml:"stock"` }
        func main() {
            c := &Config{Stock: "http://stock"}
            yaml.Unmarshal(nil, c)
            http.Get(c.Stock)
        }
        """
    )

    assert found.address.url == ConfigRead("stock", Literal("http://stock"))


def test_a_queue_stands_for_its_name() -> None:
    """As routing key too."""
    text = """
        package main
        import "github.com/streadway/amqp"
        func Send() {
            conn, _ := amqp.Dial("amqp://broker")
            ch, _ := conn.Channel()
            queue, _ := ch.QueueDeclare("stock", false, false, false, false, nil)
            ch.Publish("", queue.Name, false, false, amqp.Publishing{})
        }
    """
    (found,) = recognize(program_of({**MANIFEST, "main.go": text})).operations

    assert found.address.routing_key == Literal("stock")


def test_a_variable_that_is_called_like_the_package_it_comes_from() -> None:
    """`stock, err := stock.New()` names a variable after the package, which is still meant on its right."""
    found = call(
        main="""
        import ("net/http"; "shop.example/orders/stock")
        func main() {
            stock := stock.Address("http://stock")
            http.Get(stock)
        }
        """,
        stock__address="func Address(of string) string { return of }",
    )

    assert found.address.url == Literal("http://stock")


def test_a_struct_that_is_declared_and_then_filled() -> None:
    """Also where the field is one of a struct that it embeds."""
    found = calls(
        main="""
        import "net/http"
        type urls struct { Stock string }
        type Config struct {
            Price string
            urls
        }
        func Read(price, stock string) Config {
            var c Config
            c.Price = price
            c.Stock = stock
            return c
        }
        func main() {
            c := Read("http://price", "http://stock")
            http.Get(c.Price)
            http.Get(c.Stock)
        }
        """
    )

    assert [each.address.url for each in found] == [Literal("http://price"), Literal("http://stock")]


def test_structs_without_a_name() -> None:
    """That of a variable, and that of a field, are filled by their tags like any other."""
    found = calls(
        main="""
        import ("net/http"; "github.com/jessevdk/go-flags"; "github.com/spf13/viper")
        type Config struct {
            Stock struct {
                Address string `mapstructure:"addr"`
            } `mapstructure:"stock"`
        }
        func main() {
            var opts struct {
                Price string `long:"price" default:"http://price"`
            }
            flags.Parse(&opts)
            http.Get(opts.Price)
            var c Config
            viper.Unmarshal(&c)
            http.Get(c.Stock.Address)
        }
        """
    )

    assert [each.address.url for each in found] == [
        ConfigRead("--price", Literal("http://price")),
        ConfigRead("stock.addr"),
    ]


def test_generated_code_of_another_repository() -> None:
    """A repository that is called after its protos holds what is generated of them."""
    found = call(
        main="""
        import ("context"; "google.golang.org/grpc"; "github.com/shop/services-proto/golang/stock")
        func main() {
            conn, _ := grpc.NewClient("stock:1")
            stock.NewStockClient(conn).Reserve(context.Background(), nil)
        }
        """
    )

    assert found.address.rpc == "Stock/Reserve"
