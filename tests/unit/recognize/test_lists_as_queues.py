"""Lists of Redis that services hand work over with, in every language that pushes to them and pops from them."""

from __future__ import annotations

import pytest

from commlint.model.operations import Role
from commlint.model.values import Literal, show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of

PYTHON = """
import redis
def vote(): redis.Redis("queue").rpush("votes", "a")
def work(): store(redis.Redis("queue").lpop("votes"))
def store(vote): ...
"""
JAVASCRIPT = """
const { createClient } = require("redis");
const client = createClient();
async function vote() { await client.rPush("votes", "a"); }
async function work() { store(await client.lPop("votes")); }
"""
GO = """
package main
import "github.com/redis/go-redis/v9"
var client = redis.NewClient(&redis.Options{Addr: "queue:6379"})
func vote(ctx context.Context) { client.RPush(ctx, "votes", "a") }
func work(ctx context.Context) { store(client.BLPop(ctx, 0, "votes").Val()) }
"""
CSHARP = """
using StackExchange.Redis;
class Votes(IConnectionMultiplexer connection) {
    Task Vote() => connection.GetDatabase().ListRightPushAsync("votes", "a");
    void Work() { var vote = connection.GetDatabase().ListLeftPop("votes"); Store(vote); }
}
"""
JEDIS = """
import redis.clients.jedis.Jedis;
class Votes {
    private final Jedis jedis = new Jedis("queue");
    void vote() { jedis.rpush("votes", "a"); }
    void work() { store(jedis.blpop(0, "votes")); }
}
"""
SPRING = """
import org.springframework.data.redis.core.StringRedisTemplate;
class Votes {
    private final StringRedisTemplate template;
    Votes(StringRedisTemplate template) { this.template = template; }
    void vote() { template.opsForList().rightPush("votes", "a"); }
    void work() { store(template.opsForList().leftPop("votes")); }
}
"""


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("votes.py", PYTHON),
        ("votes.js", JAVASCRIPT),
        ("votes.go", GO),
        ("Votes.cs", CSHARP),
        ("Votes.java", JEDIS),
        ("SpringVotes.java", SPRING),
    ],
)
def test_what_is_pushed_is_popped(file: str, text: str) -> None:
    """Both name the same list, and who pops loses the message if it fails after that."""
    operations = {each.role: each for each in recognize(program_of({file: text})).operations}

    assert show(operations[Role.PRODUCER].address.channel) == "votes"
    assert show(operations[Role.CONSUMER].address.channel) == "votes"
    assert operations[Role.CONSUMER].policies.acknowledgement.value == Literal("before")


STREAMS = """
package main
import "github.com/redis/go-redis/v9"
var client = redis.NewClient(&redis.Options{Addr: "queue:6379"})
func work(ctx context.Context) {
    votes := "votes"
    store(client.XRead(ctx, &redis.XReadArgs{Streams: []string{votes, "polls", "$", "$"}}).Val())
    store(client.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "workers", Streams: []string{votes, ">"}}).Val())
}
"""


def test_places_in_streams_are_no_streams() -> None:
    """Names come first, then as many ids from which they are read."""
    channels = [show(each.address.channel) for each in recognize(program_of({"votes.go": STREAMS})).operations]

    assert channels == ["[votes, polls]", "[votes]"]
