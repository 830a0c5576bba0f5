#!/usr/bin/env python3
"""Records that are too large for an answer: each is set aside, and nothing stops.

usage: poison.py [BUILD] [--libs DIR]

A small compressed record can be large when it is opened, and one that just
fits has no room left for the headers of a dead letter. Neither may keep its
partition from going on.
"""
import hashlib
import json
import os

import parts
import shop
import story
import topics
from confluent_kafka import Producer
from story import check, equal, eventually

BROKER_LIMIT = 1048588
FRAME = 128  # of a batch with one record, and a key


def publish(system, topic, key, value, headers=None, **settings):
    producer = Producer({"bootstrap.servers": system.broker.address, "message.max.bytes": 50000000,
                         "partitioner": "murmur2_random", **settings})
    failures = []
    producer.produce(system.topic(topic), value, key, headers=headers or [],
                     on_delivery=lambda error, _: failures.append(error) if error else None)
    producer.flush(20)
    equal(failures, [], f"{topic}: {len(value)} bytes are published")


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.dead = topics.Reader(system, "deadletter")
    system.outcomes = topics.Reader(system, "outcomes")
    system.pids = {name: each.process.pid for name, each in system.started.items()}


def letter(system, key):
    """The dead letter of a key, by service."""
    return {dict(r.headers)["nurture-service"].decode(): r for r in system.dead.read()
            if r.key and r.key.startswith(key)}


def goes_on(system, name):
    """The partition is not stuck: a good event of the same customer is answered."""
    person = shop.person(name)
    system.shop.publish(shop.event("order.placed", person, order=shop.order(name)))
    eventually(lambda: [o for o in system.outcomes.objects(customer=name) if o["status"] == "sent"],
               f"{name}: the next order is thanked for", 30)
    equal({n: s.process.poll() for n, s in system.started.items()},
          {n: None for n in system.started}, "nobody has ended")


def is_short(record, key, value):
    headers = dict(record.headers)
    equal(record.key, key[:1024], "the key, or its beginning")
    equal(record.value, value[:1024] + value[-1024:], "first and last KiB")
    equal((headers["nurture-value-bytes"], headers["nurture-value-sha256"], headers["nurture-key-bytes"]),
          (str(len(value)).encode(), hashlib.sha256(value).hexdigest().encode(), str(len(key)).encode()),
          "length and hash")
    check(headers["nurture-reason"], "and a reason", headers)


def opened(system):
    """6 MB in a few KB of zstd, and 40 MB in gzip: over the producer's own limit"""
    for codec, size in (("zstd", 6_000_000), ("gzip", 40_000_000)):
        key = f"bomb-{codec}".encode()
        value = b'{"id":"' + b"x" * size + b'"}'
        publish(system, "events", key, value, **{"compression.type": codec})
        found = eventually(lambda: letter(system, key),
                           "set aside", 30) or {}
        for record in found.values():
            is_short(record, key, value)
        goes_on(system, key.decode())


def nearly_full(system):
    """as large as the broker takes, to the byte: no room for the dead letter's headers"""
    key = b"full"
    value = os.urandom(BROKER_LIMIT - FRAME)
    headers = [("note", b"kept"), ("trace", b"t" * 20)]
    publish(system, "events", key, value[:-200], headers, **{"compression.type": "none"})
    found = eventually(lambda: letter(system, key),
                       "set aside", 30) or {}
    for record in found.values():
        is_short(record, key, value[:-200])
        equal(dict(record.headers).get("note"), b"kept", "its own headers are kept")
    goes_on(system, "full")


def long_keys(system):
    """a key of 900 KB, on the customer's own topic and on our inner ones"""
    key = b"k" * 900_000
    for topic, services in (("events", 1), ("requests", 1), ("asks", 1), ("dispatch", 1)):
        before = len(system.dead.read())
        publish(system, topic, key, b"{}" * 60_000, **{"compression.type": "lz4"})
        eventually(lambda: len(system.dead.read()) >= before + services, f"{topic}: set aside", 30)
    goes_on(system, "after-long-keys")


def stray(system):
    """on the wrong partition, too large to be moved: set aside, not tried for ever"""
    producer = Producer({"bootstrap.servers": system.broker.address, "message.max.bytes": 50000000,
                         "compression.type": "zstd"})
    value = json.dumps(shop.event("order.placed", "astray", note="n" * 5_000_000)).encode()
    for partition in range(6):
        producer.produce(system.topic("events"), value, b"astray", partition=partition)
    producer.flush(20)
    eventually(lambda: len([r for r in system.dead.read() if r.key == b"astray"]) >= 6,
               "all of them are set aside", 30)
    goes_on(system, "astray")


def nothing_stopped(system):
    """all of it in one life of every service"""
    equal({n: s.process.pid for n, s in system.started.items()}, system.pids, "no restart")
    for name, service in system.started.items():
        check("level=error" not in service.log_text(), f"{name}: without complaints",
              service.log_text()[-300:])


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [opened, nearly_full, long_keys, stray, nothing_stopped], setup)
