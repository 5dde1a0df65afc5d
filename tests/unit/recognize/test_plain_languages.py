"""What is recognized in the languages that are read lightly: routes, remote procedures, calls and where they lead."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import number, only, program_of, url


def operations(role: Role, **files: str) -> list[Operation]:
    """The operations of a role in files; `a_rb="…"` is the file `a.rb`."""
    tree = program_of({name.replace("__", "/").replace("_", "."): text for name, text in files.items()})
    return [each for each in recognize(tree).operations if each.role is role]


def client(**files: str) -> Operation:
    return only(operations(Role.CLIENT, **files))


def routes(**files: str) -> set[str]:
    return {f"{each.address.method} {url(each)}" for each in operations(Role.SERVER, **files)}


def procedures(**files: str) -> set[str]:
    return {each.address.rpc for each in operations(Role.SERVER, **files)}


# -- Ruby ----------------------------------------------------------------------------------------------


def test_ruby_connection_of_an_object() -> None:
    """A client kept in an instance variable has the address and timeout it was made with."""
    found = client(
        a_rb="""
        require "faraday"
        module Shop
          class Stock
            def initialize
              @http = Faraday.new(url: ENV.fetch("STOCK_URL", "http://stock"), request: { timeout: 3 })
            end
            def left(sku)
              @http.get("/stock/#{sku}")
            end
          end
        end
        """
    )

    assert url(found).startswith("{$STOCK_URL}/stock/") or url(found).startswith("$STOCK_URL/stock/")
    assert found.address.method == "GET"
    assert number(found.policies.timeout.value) == 3


def test_ruby_library_default() -> None:
    """Net::HTTP has a bound of a minute, whatever writes its address."""
    found = client(a_rb='require "net/http"\nNet::HTTP.get(URI("http://" + HOST + "/a"))')

    assert number(found.policies.timeout.value) == 60


def test_ruby_routes() -> None:
    """Sinatra's routes stand at the top of a file or in a class."""
    assert routes(
        a_rb='require "sinatra"\npost "/mail" do\n  send\nend',
        b_rb='require "sinatra/base"\nclass App < Sinatra::Base\n  get "/a/:id" do\n    1\n  end\nend',
    ) == {"POST /mail", "GET /a/:id"}


def test_ruby_remote_procedures() -> None:
    """A class below a generated service answers its procedures."""
    assert procedures(
        a_rb='require "grpc"\nclass Impl < Shop::Stock::Service\n  def left(request, _call)\n    1\n  end\nend'
    ) == {"Stock/left"}


# -- PHP -----------------------------------------------------------------------------------------------


def test_php_client_with_a_base() -> None:
    """Guzzle waits for ever unless it is told not to."""
    text = """<?php
    namespace App;
    use GuzzleHttp\\Client;
    class Rates {
        private Client $http;
        public function __construct() { $this->http = new Client(['base_uri' => 'http://rates', %s]); }
        public function rate($id) { return $this->http->get("/rate/{$id}"); }
    }
    """.replace("\\\\", "\\")
    waiting, bounded = client(a_php=text % "'x' => 1"), client(a_php=text % "'timeout' => 2.5")

    assert url(waiting).startswith("http://rates/rate/")
    assert waiting.policies.timeout.state is State.UNSET
    assert number(bounded.policies.timeout.value) == 2.5


def test_php_routes_of_an_application_that_is_handed_over() -> None:
    """The type of a parameter tells what the routes are registered on."""
    assert routes(
        a_php="""<?php
        use Slim\\App;
        return function (App $app) { $app->post('/quote', function ($r) { return 1; }); };
        """
    ) == {"POST /quote"}


def test_php_attributes_are_routes() -> None:
    """Symfony writes a route above its handler."""
    assert routes(
        a_php="""<?php
        namespace App;
        use Symfony\\Component\\Routing\\Attribute\\Route;
        class Rates {
            #[Route('/rate/{id}', methods: ['GET', 'PUT'])]
            public function rate(int $id) { return 1; }
        }
        """.replace("\\\\", "\\")
    ) == {"GET /rate/{id}", "PUT /rate/{id}"}


def test_php_handle_has_its_address() -> None:
    """What a cURL handle was made with is where it leads; how long it waits is not known."""
    found = client(a_php="<?php\n$ch = curl_init(sprintf('%s/a', getenv('URL')));\ncurl_exec($ch);")

    assert url(found) == "{$URL}/a"
    assert found.policies.timeout.state is State.UNKNOWN


# -- Rust ----------------------------------------------------------------------------------------------


def test_rust_client_through_a_builder() -> None:
    """A builder's bound holds for the client; formats, `?` and `await` are seen through."""
    found = client(
        a_rs="""
        use std::env;
        use std::time::Duration;

        async fn left(sku: String) -> Result<u32, Error> {
            let base = env::var("STOCK_URL").unwrap_or_else(|_| "http://stock".to_string());
            let client = reqwest::Client::builder().timeout(Duration::from_secs(3)).build()?;
            let answer = client.get(format!("{}/stock/{sku}", base)).send().await?;
            Ok(1)
        }
        """
    )

    assert url(found).startswith("{$STOCK_URL}/stock/")
    assert number(found.policies.timeout.value) == 3


def test_rust_client_without_a_bound() -> None:
    """reqwest waits for ever; a bound on the request itself counts."""
    waiting = client(a_rs='fn f() { reqwest::Client::new().get("http://a/b").send(); }')
    bounded = client(a_rs='fn f() { reqwest::Client::new().get("http://a/b").timeout(Duration::from_secs(2)).send(); }')

    assert waiting.policies.timeout.state is State.UNSET
    assert number(bounded.policies.timeout.value) == 2


def test_rust_routes() -> None:
    """Attributes of Actix, and the router of axum."""
    assert routes(
        a_rs='use actix_web::{post, web};\n\n#[post("/ship")]\nasync fn ship(r: web::Json<O>) -> R { go() }\n',
        b_rs='use axum::{routing::get, Router};\nfn list() {}\nfn app() { Router::new().route("/a", get(list)); }',
    ) == {"POST /ship", "GET /a"}


def test_rust_remote_procedures() -> None:
    """A trait of a generated server, implemented by a type of the tree."""
    assert procedures(
        a_rs="""
        use shop::stock_server::{Stock, StockServer};
        struct Svc { url: String }
        impl Svc { fn helper(&self) {} }
        #[tonic::async_trait]
        impl Stock for Svc { async fn left(&self, r: Request<Q>) -> R { go() } }
        """
    ) >= {"Stock/left"}


# -- C++ -----------------------------------------------------------------------------------------------


def test_cpp_remote_procedures() -> None:
    """A class below a generated service answers, a stub kept in a member calls."""
    text = """
    #include <grpcpp/grpcpp.h>
    class Impl final : public shop::Stock::Service {
     public:
      Impl() : stub_(shop::Prices::NewStub(grpc::CreateChannel(std::getenv("PRICES"), creds))) {}
      Status Left(ServerContext* context, const Q* request, R* reply) override {
        return stub_->Price(&ctx, query, &answer);
      }
     private:
      std::unique_ptr<shop::Prices::Stub> stub_;
    };
    """
    found = client(a_cc=text)

    assert procedures(a_cc=text) == {"Stock/Left"}
    assert (found.address.rpc, show(found.address.host)) == ("Prices/Price", "$PRICES")


def test_cpp_call() -> None:
    """An address put together from a text and a variable."""
    found = client(
        a_cpp='#include <cpr/cpr.h>\nvoid f(std::string id) { auto r = cpr::Get(cpr::Url{"http://stock/" + id}); }'
    )

    assert url(found).startswith("http://stock/")
