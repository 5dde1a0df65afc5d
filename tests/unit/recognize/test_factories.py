"""Functions that build clients, routers and whole applications: what they are given arrives in what they build."""

from __future__ import annotations

from commlint.model.operations import Operation, Role
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of


def sent(files: dict[str, str]) -> list[tuple[str, object]]:
    """URL and timeout of every call, in order."""
    calls = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]
    return sorted((show(each.address.url), _seconds(each)) for each in calls)  # type: ignore[arg-type]


def _seconds(operation: Operation) -> object:
    timeout = operation.policies.timeout
    return show(timeout.value) if timeout.value is not None else timeout.state


def test_a_client_made_four_factories_down_has_what_the_first_was_given() -> None:
    """Python: settings → application → router → client; the handler calls a method of the client."""
    files = {
        "gw/main.py": """
            import os
            from gw.app import create_app

            class Settings:
                orders_url = os.getenv("ORDERS_URL")
                timeout = 2.0

            def build(settings):
                return create_app(settings)

            app = build(Settings())
            """,
        "gw/app.py": """
            from fastapi import FastAPI, APIRouter
            from gw.client import make_client

            def create_app(cfg):
                app = FastAPI()
                app.include_router(orders_router(cfg), prefix="/o")
                return app

            def orders_router(config):
                router = APIRouter()
                client = make_client(config.orders_url, timeout=config.timeout)

                @router.get("/list")
                def orders():
                    return client.orders()

                return router
            """,
        "gw/client.py": """
            import httpx

            class Client:
                def __init__(self, url, timeout):
                    self.http = httpx.Client(base_url=url, timeout=timeout)

                def orders(self):
                    return self.http.get("/orders").json()

            def make_client(url, timeout):
                return Client(url, timeout)
            """,
    }

    assert sent(files) == [("{$ORDERS_URL}/orders", "2.0")]


def test_two_objects_of_one_factory_are_told_apart_by_who_calls_them() -> None:
    """JavaScript: one factory of clients, called twice in a function that is handed the configuration."""
    files = {
        "gw/client.js": """
            const axios = require('axios');
            class Client {
              constructor(url, opts) { this.http = axios.create({ baseURL: url, timeout: opts.timeout }); }
              list() { return this.http.get('/all'); }
            }
            module.exports = (url, opts) => new Client(url, opts);
            """,
        "gw/routes.js": """
            const makeClient = require('./client');
            module.exports = (app, config) => {
              const orders = makeClient(config.orders, { timeout: 2000 });
              const stock = makeClient(config.stock, { timeout: config.timeout });
              app.get('/a', async (req, res) => res.json(await orders.list()));
              app.get('/b', async (req, res) => res.json(await stock.list()));
            };
            """,
        "gw/index.js": """
            const express = require('express');
            const start = (config) => {
              const app = express();
              require('./routes')(app, config);
              app.listen(config.port);
            };
            start({ orders: 'http://orders:1', stock: 'http://stock:2', timeout: 5000, port: 80 });
            """,
    }

    assert sent(files) == [("http://orders:1/all", "2"), ("http://stock:2/all", "5")]

    calls = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]
    assert len({each.function for each in calls}) == 2


def test_objects_handed_on_by_an_object_keep_what_they_were_made_with() -> None:
    """Python: a service is handed two clients by the function that builds the application."""
    files = {
        "gw/client.py": """
            import requests

            class Client:
                def __init__(self, url, timeout):
                    self.url = url
                    self.timeout = timeout

                def all(self):
                    return requests.get(self.url + "/all", timeout=self.timeout).json()

            def make_client(url, timeout):
                return Client(url, timeout)
            """,
        "gw/main.py": """
            from flask import Flask
            from gw.client import make_client

            class Service:
                def __init__(self, orders, stock):
                    self.orders = orders
                    self.stock = stock

                def both(self):
                    return self.orders.all(), self.stock.all()

            def create_app(cfg):
                app = Flask(__name__)
                service = Service(make_client(cfg["orders"], 2), make_client(cfg["stock"], cfg["timeout"]))

                @app.route("/a")
                def a():
                    return service.both()

                return app

            app = create_app({"orders": "http://orders", "stock": "http://stock", "timeout": 7})
            """,
    }

    assert sent(files) == [("http://orders/all", "2"), ("http://stock/all", "7")]


def test_a_handler_made_for_one_of_two_clients_calls_only_that_one() -> None:
    """Go: the server holds two clients of one type and builds a handler around one of them."""
    files = {
        "gw/go.mod": "module gw\n",
        "gw/main.go": """
            package main

            import (
                "net/http"
                "os"
            )

            type Config struct{ OrdersURL, StockURL string }

            func main() { run(Config{OrdersURL: os.Getenv("ORDERS_URL"), StockURL: "http://stock:1"}) }

            func run(cfg Config) {
                s := NewServer(NewClient(cfg.OrdersURL), NewClient(cfg.StockURL))
                http.ListenAndServe(":80", s.Handler())
            }
            """,
        "gw/server.go": """
            package main

            import "net/http"

            type Client struct{ url string }

            func NewClient(url string) *Client { return &Client{url: url} }

            func (c *Client) Count() { http.Get(c.url + "/count") }

            type Server struct{ orders, stock *Client }

            func NewServer(orders, stock *Client) *Server { return &Server{orders: orders, stock: stock} }

            func (s *Server) Handler() http.Handler {
                mux := http.NewServeMux()
                mux.Handle("GET /one", one(s.orders))
                return mux
            }

            func one(c *Client) http.HandlerFunc {
                return func(w http.ResponseWriter, r *http.Request) { c.Count() }
            }
            """,
    }

    assert [url for url, _ in sent(files)] == ["{$ORDERS_URL}/count"]


def test_a_static_factory_hands_its_arguments_to_the_constructor() -> None:
    """Java and C#: `Client.create(url, seconds)` in the function that builds the application."""
    java = {
        "gw/src/main/java/a/Client.java": """
            package a;
            import java.net.URI;
            import java.net.http.*;
            import java.time.Duration;
            public class Client {
              private final String url;
              private final Duration timeout;
              private final HttpClient http = HttpClient.newHttpClient();
              public Client(String url, Duration timeout) { this.url = url; this.timeout = timeout; }
              public static Client create(String url, int seconds) {
                return new Client(url, Duration.ofSeconds(seconds));
              }
              public String list() throws Exception {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/list")).timeout(timeout).build();
                return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
              }
            }
            """,
        "gw/src/main/java/a/Main.java": """
            package a;
            public class Main {
              public static void main(String[] args) throws Exception { start(System.getenv("ORDERS_URL"), 3); }
              static void start(String url, int timeout) throws Exception { report(Client.create(url, timeout)); }
              static void report(Client client) throws Exception { client.list(); }
            }
            """,
    }
    csharp = {
        "gw/Client.cs": """
            using System.Net.Http;
            namespace Gw;
            public class Client {
              private readonly HttpClient http;
              private readonly string url;
              public Client(string url, TimeSpan timeout) {
                this.url = url;
                this.http = new HttpClient { Timeout = timeout };
              }
              public Task<string> List() => http.GetStringAsync(url + "/list");
              public static Client Create(string url, int seconds) => new Client(url, TimeSpan.FromSeconds(seconds));
            }
            """,
        "gw/Program.cs": """
            using Gw;
            var app = AppFactory.Build(args, Environment.GetEnvironmentVariable("ORDERS_URL"), 4);
            app.Run();
            """,
        "gw/AppFactory.cs": """
            namespace Gw;
            public static class AppFactory {
              public static WebApplication Build(string[] args, string url, int timeout) {
                var app = WebApplication.CreateBuilder(args).Build();
                var client = Client.Create(url, timeout);
                app.MapGet("/x", async () => await client.List());
                return app;
              }
            }
            """,
    }

    assert sent(java) == [("{$ORDERS_URL}/list", "3")]
    assert sent(csharp) == [("{$ORDERS_URL}/list", "4")]


def answered(files: dict[str, str]) -> list[str]:
    """Method and path of every route, in order."""
    found = [each for each in recognize(program_of(files)).operations if each.role is Role.SERVER]
    return sorted(f"{each.address.method} {show(each.address.url)}" for each in found)  # type: ignore[arg-type]


def test_routes_are_registered_under_what_each_caller_gives() -> None:
    """JavaScript and C#: the path or its prefix is a parameter of the function that registers the routes."""
    javascript = {
        "gw/index.js": """
            const express = require('express');
            const app = express();

            function crud(router, path) {
              router.get(path, (req, res) => res.json([]));
              router.delete(`${path}/:id`, (req, res) => res.end());
            }

            crud(app, '/orders');

            function version(prefix) {
              const router = express.Router();
              crud(router, '/bills');
              app.use(prefix, router);
            }

            version('/v2');

            ['/health', '/ready'].forEach((path) => {
              app.get(path, (req, res) => res.end());
            });
            """
    }
    csharp = {
        "gw/Program.cs": """
            var app = WebApplication.CreateBuilder(args).Build();
            Routes.Map(app, "/v1");
            app.Run();
            """,
        "gw/Routes.cs": """
            public static class Routes {
              public static void Map(WebApplication app, string prefix) {
                app.MapGet(prefix + "/orders", () => "[]");
              }
            }
            """,
    }

    assert answered(javascript) == [
        "DELETE /orders/:id",
        "DELETE /v2/bills/:id",
        "GET /health",
        "GET /orders",
        "GET /ready",
        "GET /v2/bills",
    ]
    assert answered(csharp) == ["GET /v1/orders"]


def test_objects_that_make_objects_of_their_own_class_end() -> None:
    """A class whose methods make another one of it, and two classes that make each other."""
    files = {
        "gw/app.js": """
            const axios = require('axios');

            class Request {
              constructor(url) { this.url = url; }
              at(path) { return new Request(`${this.url}/${path}`); }
              twin() { return new Mirror(this.url); }
              send() { return axios.get(this.url); }
            }

            class Mirror {
              constructor(url) { this.url = url; }
              back() { return new Request(this.url).at('x'); }
            }

            function build(config) { return new Mirror(config.url).back(); }
            exports.handler = (config) => build(config).send();
            """
    }

    assert len(sent(files)) >= 1
