#!/usr/bin/env python3
"""A Kafka with TLS, logins and ACLs, and a Redis with TLS and users: exactly what the docs say.

usage: secure.py [BUILD] [--libs DIR]        make test-secure; some minutes

Each service runs with its own rows of `nurturectl topics --acls`, each with
another way to log in; without any one of them it says which one is missing.
The same for each command that Redis' user may give.
"""
import json
import os
import socket
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "e2e"))

import mails  # noqa: E402
import parts  # noqa: E402
import secure_parts as secure  # noqa: E402
import shop  # noqa: E402
import staff  # noqa: E402
import story  # noqa: E402
from confluent_kafka import Producer  # noqa: E402
from story import check, equal, eventually  # noqa: E402

WRITE_KEY = "write-key-of-16-bytes"
# Commands of Redis: what every stateful service needs, what the email-sender needs besides, and
# what makes something weaker when it is missing (docs/kafka-and-redis.md).
BARE = {"+script|load", "+evalsha"}
EVERYBODY = BARE | {"+get", "+mget", "+set", "+incr", "+unlink", "+hset", "+hmget", "+hscan",
                    "+hdel", "+zadd", "+zrem", "+zcard", "+zrange", "+zrangebylex",
                    "+zrevrangebylex"}
SENDER = {"+time", "+hget", "+hgetall", "+expire", "+pexpire", "+rename", "+del"}
OPTIONAL = {"+info", "+select", "+bgrewriteaof"}
CHANGELOGS = ("profiles", "ladders", "contacts", "deliveries", "desk")


def produce(system, topic, key, value, partition=None):
    producer = Producer({"bootstrap.servers": system.broker.address,
                         "partitioner": "murmur2_random"})
    more = {} if partition is None else {"partition": partition}
    producer.produce(system.topic(topic), value, key, **more)
    producer.flush(20)


def stir(system):
    """Makes every service write to every topic that it has."""
    for topic in ("events", "requests", "asks", "dispatch", "tasks"):
        for partition in range(6):
            produce(system, topic, f"bad{partition}", b"\x00no record", partition)
    before, person = system.people, secure.next_person(system)
    events = [shop.event("order.placed", person, order=shop.order(n)) for n in range(2)]
    for partition in range(6):  # at least five of them are on a wrong one
        produce(system, "events", person["id"], shop_bytes(events[0]), partition)
    for mail in mails.read(system.catcher)[-1:]:
        leave(system, mail)
    call_nonsense(system)
    note(system, f"p{before}")
    failed = give_tasks(system, person["id"])
    try:
        system.shop.post([*events, failed, shop.event("order.delivered", person, order=shop.order(0)),
                          shop.event("customer.merged", f"p{before}",
                                     merge={"into": person["id"]})])
    except OSError:
        pass
    return person


def note(system, customer):
    """Somebody of the staff writes a note of a customer whom the console has read of."""
    try:
        agent = staff.by_proxy(system.started["console"].port, "maria@harbour.example")
        for path in staff.found(agent, customer)[:1]:
            agent.post(path, do="note", channel="call", words="called",
                       form=agent.get(path).hidden("form"))
    except OSError:
        pass


def give_tasks(system, customer):
    """One that expires at once and is told, and one whose failure, returned, sets off an event."""
    for task, seconds in (("late", 1), ("failed", 3600)):
        produce(system, "tasks", customer, json.dumps({
            "id": f"{customer}-{task}", "time": shop.now_text(), "request": f"{customer}-{task}",
            "customer": customer, "programme": "basket", "owner": "guest-relations",
            "action": "gift-basket", "due": shop.now_text(),
            "expires": shop.now_text(seconds)}).encode())
    return shop.event("task.failed", customer, task={"id": f"{customer}-failed"})


def call_nonsense(system):
    """A tracking call that ingest takes and cannot understand: its dead letter."""
    try:
        shop.ask(f"{system.started['ingest'].url}/v1/batch", "POST",
                 json.dumps({"batch": [7], "writeKey": WRITE_KEY}).encode(), "application/json",
                 timeout=5)
    except OSError:
        pass


def shop_bytes(event):
    return json.dumps(dict(event, id=f"{event['id']}-{time.time()}")).encode()


def leave(system, mail):
    """Somebody presses the button of the unsubscribe page: the review-solicitor writes an event."""
    link = mail.parsed["List-Unsubscribe"].strip("<>")
    path = urllib.parse.urlparse(link).path
    try:
        shop.ask(system.started["review-solicitor"].url + path, "POST",
                 b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded", timeout=5)
    except OSError:
        pass


def without_one(system, acl):
    """The service says which right is missing; with it again it is well."""
    service = system.started[acl.program]
    # First, since librdkafka before 2.6.1 can hang when a partition is taken away (#4724).
    service.stop()
    system.rights.take(acl)
    if acl.operation == "Read" and acl.name.endswith(CHANGELOGS):
        system.redis.flush()  # only then is it read
    begun = len(service.log_text())
    service.start()

    def said():
        text = service.log_text()[begun:]
        return f"missing ACL: {acl}" in text.replace(f"{acl.name}a", acl.name)
    until, told = time.time() + 60, False
    while not told and time.time() < until:
        stir(system)
        for _ in range(20):
            told = said()
            if told:
                break
            system.watch()
            time.sleep(0.1)
    check(told, f"{acl.program}: missing ACL: {acl}", service.log_text()[begun:][-500:])
    system.rights.give(acl)
    if service.process.poll() is not None:
        service.start()
    eventually(lambda: shop.ask(f"{service.url}/readyz")[0] == 200 or system.watch(),
               f"{acl.program}: is well again with it", 60)


class Endpoint(threading.Thread):
    """One address that leads to one of several servers, as the endpoint of a managed Redis does."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target, self.open = port, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            self.open += [client, server]
            for ends in ((client, server), (server, client)):
                threading.Thread(target=self.pass_on, args=ends, daemon=True).start()

    @staticmethod
    def pass_on(source, to):
        try:
            while piece := source.recv(65536):
                to.sendall(piece)
        except OSError:
            pass
        for end in (source, to):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def lead_to(self, port):
        self.target = port
        for end in self.open:
            end.close()
        self.open = []


def fail_over(system):
    """Redis moves to a replica that refuses writes at first: all go out, each once"""
    os.makedirs(f"{system.folder}/second")
    second = parts.Redis(f"{system.folder}/second")
    first = system.redis.plain
    second.cli("REPLICAOF", "127.0.0.1", str(first))
    endpoint = Endpoint(first)
    for service in system.started.values():
        service.stop()
        for name in ("USERNAME", "PASSWORD", "TLS_CA", "TLS_CERT", "TLS_KEY"):
            service.environment.pop(f"REDIS_{name}", None)
        service.environment["REDIS_URL"] = f"redis://127.0.0.1:{endpoint.port}"
        service.start()
    for service in system.started.values():
        system.ready(service)
    before = len(mails.index(system.catcher))
    for n in range(60):
        secure.publish(system, shop.event("order.placed", secure.next_person(system),
                                          order=shop.order(f"f{n}")))
        if n == 20:
            endpoint.lead_to(second.port)
        if n == 50:
            second.cli("REPLICAOF", "NO", "ONE")
        system.watch()
        time.sleep(0.1)

    def all_sent():
        system.watch()
        return len(mails.index(system.catcher)) >= before + 60
    eventually(all_sent, "sixty mails", 120)
    time.sleep(3)
    to = [mail["to"] for mail in mails.index(system.catcher)[before:]]
    check(len(to) == len(set(to)) == 60, "each once", f"{len(to)} mails to {len(set(to))}")
    exits = {name: dict(service.exits) for name, service in system.started.items()}
    check(all(set(codes) <= {111} for codes in exits.values()), f"exits: {exits}")
    print(f"        the services ended so often: {exits}")
    for service in system.started.values():
        service.stop()
        for name in ("URL", "USERNAME", "PASSWORD", "TLS_CA", "TLS_CERT", "TLS_KEY"):
            service.environment[f"REDIS_{name}"] = system.environment[f"REDIS_{name}"]
        service.start()
    for service in system.started.values():
        system.ready(service)
    second.stop()


def matrix(system, program):
    # Nothing fails without the groups that have no member, but the broker would log it.
    for acl in [each for each in system.rights.all if each.program == program
                and not each.name.endswith(("restore", ".console"))]:
        without_one(system, acl)


def without_redis_right(system, right):
    """Whoever needs it names it at its start, and starts with it again."""
    system.redis.cli("ACL", "SETUSER", "nurture", right.replace("+", "-", 1))
    for name in parts.STATEFUL:
        service = system.started[name]
        service.stop()
        begun = len(service.log_text())
        service.start()
        needs = right in EVERYBODY or name == "email-sender"
        word = "NOPERM" if right in BARE else f"lacks {right} "

        def said(service=service, begun=begun, word=word):
            return word in service.log_text()[begun:] and service.process.poll() is not None
        if needs:
            eventually(said, f"{name}: {word}", 30, lambda: service.log_text()[begun:])
            check(service.process.poll() == 111, f"{name}: exit 111", service.process.poll())
        else:
            system.ready(service)
    system.redis.cli("ACL", "SETUSER", "nurture", right)
    for name in parts.STATEFUL:
        service = system.started[name]
        if service.process.poll() is not None:
            service.start()
        system.ready(service)


def redis_rights(system):
    """Redis: without any one of the rights of the docs whoever needs it says so, and nobody needs others"""
    rights = secure.redis_rights_of_docs()
    equal(sorted(rights), sorted(EVERYBODY | SENDER | OPTIONAL), "the docs list what is tried here")
    for right in rights:
        if right not in OPTIONAL:
            without_redis_right(system, right)


def setup(system):
    """With tracking calls: one that nobody understands is a dead letter of ingest's."""
    system.environment.update(NURTURE_TRACKING_KEYS=f"web={WRITE_KEY}")
    secure.setup(system)


def main():
    table = [secure.all_of_it, redis_rights, fail_over]
    for name in secure.SERVICES:
        def part(system, name=name):
            matrix(system, name)
        part.__doc__ = f"{name} without any one of its rights"
        table.append(part)
    parts.Broker = secure.SecureBroker
    story.tell(__doc__, "now.yaml", table, setup, own_broker=True)


if __name__ == "__main__":
    main()
