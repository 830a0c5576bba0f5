#!/usr/bin/env python3
"""What nurturectl doctor says of a system that is well, and of one that is broken piece by piece.

usage: doctor.py [BUILD] [--libs DIR]

Starts a broker, unless KAFKA_BOOTSTRAP_SERVERS names one.
"""
import json
import os

import parts
import shop
import story
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource
from story import check, equal, eventually


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.at = ",".join(f"127.0.0.1:{s.port}" for s in system.started.values())


def doctor(system, *words):
    """(exit code, {area: [(level, text)]})"""
    code, said = system.ctl("doctor", "--json", "--look", "500ms", *words, check=False)
    found = {}
    for line in said.splitlines():
        finding = json.loads(line)
        found.setdefault(finding["area"], []).append((finding["level"], finding["text"]))
    return code, found


def wrongs(found):
    return sorted(f"{area}: {text}" for area, all_of in found.items()
                  for level, text in all_of if level == "wrong")


def well(system):
    """nothing is wrong with a system that runs"""
    system.shop.publish(shop.event("order.placed", shop.person("ann"), order=shop.order(1)))
    answer = eventually(lambda: doctor(system, "--at", system.at)[0] == 0, "exit code 0", 20,
                        lambda: doctor(system, "--at", system.at))
    if not answer:
        return
    code, found = doctor(system, "--at", system.at)
    equal(wrongs(found), [], "no finding is \"wrong\"")
    equal(sorted(a for a in found if not a.startswith("http")),
          sorted(["policy", "kafka", "topics", "acls", *parts.STATEFUL, "desk", "deadletter",
                  "redis", "clock", "keys"]), "each part was looked at")
    check(any("brokers" in text for _, text in found["clock"]), "the brokers' clock too",
          found["clock"])
    equal(len([a for a in found if a.startswith("http")]), len(system.started),
          "and each instance")
    text = system.ctl("doctor", "--at", system.at)[1]
    check(text.endswith("as it should be\n") and "\n0 wrong, " in text, "the text counts them",
          text)


def aside(system):
    """a record that nobody understands is told with its reason"""
    placed = shop.event("order.placed", "ann", order=shop.order(2))
    system.shop.publish(placed)
    again = dict(placed, order=shop.order(3))
    system.shop.publish(again)
    eventually(lambda: "another body" in str(doctor(system)[1]["deadletter"]),
               "the newest dead letter's reason", 20, lambda: doctor(system)[1]["deadletter"])


def policy(system):
    """another policy than the services' is told, instance by instance"""
    other = f"{system.folder}/other.yaml"
    with open(system.environment["NURTURE_POLICY"]) as old, open(other, "w") as new:
        new.write(old.read() + "\n# another\n")
    before = system.environment["NURTURE_POLICY"]
    system.environment["NURTURE_POLICY"] = other
    code, found = doctor(system, "--at", system.at)
    system.environment["NURTURE_POLICY"] = before
    equal((code, len([w for w in wrongs(found) if "it decides by policy" in w])), (1, 4),
          "the four that decide do so by another one")


def keys(system):
    """an instance that checks links by another key than the one they are signed with is told"""
    other = system.run("ingest", "other", NURTURE_TOKEN_KEY="another key of sixteen bytes or more",
                       NURTURE_BOUNCE_HOOKS="postmark=a-secret-of-this-provider")
    system.ready(other)
    code, found = doctor(system, "--at", f"{system.at},127.0.0.1:{other.port}")
    told = [w for w in wrongs(found) if w.startswith("keys: ")]
    equal((code, len(told)), (1, 1), "it is one finding")
    check(f"127.0.0.1:{other.port} refuses the links" in str(told), "with its address", told)
    system.services.remove(other)
    other.stop()


def elsewhere(system):
    """topics that are not there are told, and the rest of Kafka is looked at all the same"""
    before = dict(system.environment)
    system.environment["NURTURE_TOPIC_PREFIX"] = "nobody."
    code, found = doctor(system)
    system.environment.clear()
    system.environment.update(before)
    equal((code, sorted({"acls", "deadletter", *parts.STATEFUL} - set(found))), (1, []),
          "rights, services and dead letters")


def topic(system):
    """a changelog that would be deleted, and one that is gone"""
    admin = AdminClient({"bootstrap.servers": system.broker.address})
    contacts, tasks = system.topic("contacts"), system.topic("tasks")
    for name, value in (("cleanup.policy", "delete"), ("message.timestamp.type", "CreateTime")):
        entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource("TOPIC", contacts, incremental_configs=[entry])
        for done in admin.incremental_alter_configs([resource]).values():
            done.result()
    admin.delete_topics([tasks])[tasks].result()
    told = [f"topics: {contacts} has cleanup.policy=delete, it must be compact",
            f"topics: {contacts} keeps the producers' times (message.timestamp.type=CreateTime)",
            f"topics: {tasks} does not exist"]
    eventually(lambda: [w for w in wrongs(doctor(system)[1]) if w.startswith("topics")] == told,
               "both, with their names", 20, lambda: wrongs(doctor(system)[1]))


def away(system):
    """a service that is stopped, a Redis that evicts, a Redis and brokers that are away"""
    service = system.started["review-solicitor"]
    system.services.remove(service)
    service.stop()
    system.redis.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    code, found = doctor(system, "--at", f"127.0.0.1:{service.port}")
    told = wrongs(found)
    equal(code, 1, "exit code 1")
    check(any(w.startswith("review-solicitor: no instance runs") for w in told), "who is missing",
          told)
    check(any("maxmemory-policy is allkeys-lru" in w for w in told), "that Redis forgets", told)
    check(any(w.startswith(f"http://127.0.0.1:{service.port}: ") for w in told),
          "an address where nobody answers", told)
    around = dict(system.environment)
    system.environment.update(REDIS_URL="redis://127.0.0.1:1", KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")
    code, found = doctor(system)
    system.environment.update(around)
    equal(sorted(w.split(":")[0] for w in wrongs(found)), ["kafka", "redis"],
          "what is away is told, and the rest is looked at all the same")
    equal(system.ctl("doctor", "--at", "a b", check=False)[0], 100, "an address that is none: 100")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "now.yaml", [well, aside, policy, keys, elsewhere, topic, away], setup=setup)
