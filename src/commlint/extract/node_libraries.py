"""What libraries of the Node world say of a program: whether it runs in browsers."""

from __future__ import annotations

from collections.abc import Iterable

# Libraries that draw pages.
PAGES = frozenset({
    "react-dom", "react-scripts", "preact", "vue", "@angular/platform-browser", "svelte", "solid-js", "ember-source",
    "lit", "alpinejs", "jquery", "backbone", "@hotwired/turbo",
})  # fmt: skip
# Libraries and frameworks whose programs run on a machine of the system, though they may draw pages too.
SERVERS = frozenset({
    "express", "fastify", "koa", "hono", "restify", "polka", "@hapi/hapi", "hapi", "@nestjs/core", "sails", "elysia",
    "moleculer", "seneca", "next", "nuxt", "gatsby", "astro", "@sveltejs/kit", "@remix-run/node", "@remix-run/serve",
    "@react-router/node", "@angular/ssr", "@angular/platform-server", "@nguniversal/express-engine", "vike",
    "@tanstack/react-start", "@apollo/server", "apollo-server", "apollo-server-express", "graphql-yoga", "ws",
    "socket.io", "@grpc/grpc-js", "grpc", "amqplib", "kafkajs", "nats", "bullmq", "bull", "pg", "mysql", "mysql2",
    "mongodb", "mongoose", "redis", "ioredis", "@prisma/client", "sequelize", "typeorm", "electron",
})  # fmt: skip


def kind_of(dependencies: Iterable[str]) -> str:
    """What a program with these libraries is: `frontend` when it is made to run in browsers only, "" else."""
    names = set(dependencies)
    return "frontend" if names & PAGES and not names & SERVERS else ""
