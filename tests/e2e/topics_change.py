#!/usr/bin/env python3
"""Topics that change under the services: partitions are added, a topic is made anew.

usage: topics_change.py [BUILD] [--libs DIR]

Nobody goes on as if nothing had happened, nobody crashes, and nothing that was
acknowledged is lost: what is said is what has to be done.
"""
import collections
import os
import subprocess
import time

import parts
import shop
import story
import topics
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
)
from story import check, equal, eventually


def admin(system):
    return AdminClient({"bootstrap.servers": system.broker.address})


def grow(system, count, *names):
    client = admin(system)
    done = client.create_partitions([NewPartitions(system.topic(n), count) for n in names])
    for future in done.values():
        future.result(20)


def make_anew(system, name, partitions=6, **config):
    client = admin(system)
    for future in client.delete_topics([system.topic(name)]).values():
        future.result(20)

    def made():
        try:
            for future in client.create_topics([NewTopic(system.topic(name), partitions, 1,
                                                         config=config)]).values():
                future.result(20)
            return True
        except Exception:  # noqa: BLE001 - still being deleted
            return False
    eventually(made, f"{name} is made anew", 20)


def start(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")


def order_of(system, *names):
    system.shop.publish(*[shop.event("order.placed", shop.person(name), order=shop.order(name))
                          for name in names])


def thanked(system, *names, seconds=30):
    def missing():
        ended = {o["customer"] for o in system.outcomes.objects() if o["status"] == "sent"}
        return set(names) - ended
    return eventually(lambda: not missing(), f"{len(names)} are thanked", seconds, missing)


def ended(system, name, code, *words, seconds=30):
    """A service of the running ones ends by itself, with this exit code and these words."""
    service = system.started[name]
    eventually(lambda: service.process.poll() is not None, f"{name} stops", seconds)
    equal(service.process.poll(), code, f"{name}: exit {code}")
    text = service.log_text()
    check(all(w in text for w in words), f"{name} says {words}", text[-700:])


def refused(system, name, code, *words, seconds=60, **extra):
    """A start that ends by itself."""
    done = subprocess.run([f"{system.build}/bin/{name}"], text=True, capture_output=True,
                          timeout=seconds, env=dict(system.environment, NURTURE_INSTANCE="a",
                                                    NURTURE_LISTEN="127.0.0.1:0", **extra),
                          check=False)
    said = done.stdout + done.stderr
    check(done.returncode == code and all(w in said for w in words),
          f"{name} does not start: exit {code}, {words}", f"{done.returncode}: {said[-700:]}")


def end_rest(system):
    for service in system.services:
        if service.process.poll() is None:
            service.stop()
    system.services.clear()


def more_partitions(system):
    """partitions are added while all are running"""
    start(system)
    names = [f"a{n}" for n in range(30)]
    order_of(system, *names)
    thanked(system, *names)
    grow(system, 12, "events")
    for name in ("segmenter", "review-solicitor"):
        ended(system, name, 100, "events has 12 partitions", "6", "nurturectl repartition")
    ingest = system.started["ingest"]

    def told():
        return "nurture_ingest_partitions_were_added 1" in shop.ask(ingest.url + "/metrics")[1]
    eventually(told, "ingest counts it", 15)
    eventually(lambda: "partitions_added" in ingest.log_text() and
               "12 partitions" in ingest.log_text(), "and says why", 5,
               lambda: ingest.log_text()[-700:])
    equal(shop.ask(ingest.url + "/readyz")[0], 200, "it stays ready: it can do its work")
    # It still takes what comes, where the customer's other records are.
    late = [f"late{n}" for n in range(30)]
    order_of(system, *late)
    events = topics.Reader(system, "events")
    events.read(1)
    where = {r.partition for r in events.records if r.key.startswith(b"late")}
    equal((len([r for r in events.records if r.key.startswith(b"late")]), where <= set(range(6))),
          (30, True), "all are on the partitions that there were")
    events.close()
    for name in ("segmenter", "review-solicitor"):
        refused(system, name, 100, "partitions")
    end_rest(system)
    # All of them grow: there is nothing that differs, but what was remembered.
    grow(system, 12, *[n for n in TOPICS if n != "events"])
    time.sleep(1)
    for name in parts.STATEFUL:
        refused(system, name, 100, "has 12 partitions", "by 6", "nurturectl repartition")


def made_anew(system):
    """an input is made anew while the service is away, and while it is running"""
    fresh(system, "b.")
    start(system)
    names = [f"b{n}" for n in range(40)]
    order_of(system, *names)
    thanked(system, *names)
    system.started["segmenter"].stop()
    make_anew(system, "events")
    time.sleep(1)
    refused(system, "segmenter", 100, "events", "made anew", "nurturectl accept")
    solicitor = system.started["review-solicitor"]
    eventually(lambda: solicitor.process.poll() is not None or
               "made anew" in solicitor.log_text(), "who was running has ended", 60)
    check(solicitor.process.poll() in (100, 111), "with a reason", solicitor.log_text()[-500:])
    refused(system, "review-solicitor", 100, "made anew")
    end_rest(system)
    # It grows beyond what was read of the old one: the offsets are there again.
    ingest = system.run_all("ingest")["ingest"]
    system.shop = shop.Shop(ingest)
    grown = [f"grown{n}" for n in range(150)]
    order_of(system, *grown)
    refused(system, "segmenter", 100, "events", "made anew", "nurturectl accept")
    eventually(lambda: system.ctl("accept", "--service", "segmenter", check=False)[0] == 1,
               "without --yes nothing is changed", 20)
    for name in ("segmenter", "review-solicitor"):
        code, text = system.ctl("accept", "--service", name, "--yes", check=False)
        check(code == 0 and "from its beginning" in text, f"accepted for the {name}", f"{code} {text}")
    ingest.stop()
    start(system)
    thanked(system, *grown)


def output_made_anew(system):
    """what nobody of ours reads is made anew under who writes it"""
    end_rest(system)
    fresh(system, "e.")
    start(system)
    order_of(system, *[f"e{n}" for n in range(30)])
    thanked(system, *[f"e{n}" for n in range(30)])
    time.sleep(4) # as often as they look
    make_anew(system, "outcomes")
    # Who writes nothing looks all the same.
    for name in ("email-sender", "scheduler"):
        ended(system, name, 111, "outcomes", "made anew", "is gone")
    system.started.update(system.run_all("email-sender", "scheduler"))
    reopen_outcomes(system)
    names = [f"f{n}" for n in range(30)]
    order_of(system, *names)
    thanked(system, *names)
    make_anew(system, "outcomes")
    # At once, before anybody has looked: the next record is where there was one.
    names = [f"g{n}" for n in range(30)]
    order_of(system, *names)
    ended(system, "email-sender", 111, "outcomes", "made anew", "is gone", seconds=5)
    reopen_outcomes(system)
    system.started.update(system.run_all("email-sender"))
    thanked(system, *names)
    done = collections.Counter(o["customer"] for o in system.outcomes.objects(status="sent"))
    equal(set(done.values()), {1}, "what was not committed is decided again: each once")


def reopen_outcomes(system):
    system.outcomes.close()
    system.outcomes = topics.Reader(system, "outcomes")


def state_made_anew(system):
    """a changelog is made anew under its service"""
    end_rest(system)
    fresh(system, "f.")
    start(system)
    order_of(system, *[f"g{n}" for n in range(60)])
    thanked(system, *[f"g{n}" for n in range(60)])
    make_anew(system, "contacts", **{"cleanup.policy": "compact"})
    order_of(system, *[f"h{n}" for n in range(6)])
    ended(system, "scheduler", 100, "contacts", "made anew", "nurturectl accept")
    refused(system, "scheduler", 100, "contacts", "it was emptied", "nurturectl accept")


def narrow(system, name, max_bytes):
    """A topic takes no larger records than this."""
    entry = ConfigEntry("max.message.bytes", str(max_bytes),
                        incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, system.topic(name),
                              incremental_configs=[entry])
    client = admin(system) # kept until it has answered
    for future in client.incremental_alter_configs([resource]).values():
        future.result(20)


def skip_large(system, partition):
    """A record that nurture.events takes and nurture.deadletter does not is shortened."""
    narrow(system, "deadletter", 140_000)
    said = []
    producer = Producer({"bootstrap.servers": system.broker.address})
    producer.produce(system.topic("events"), os.urandom(200_000), b"large", partition=partition,
                     on_delivery=lambda failure, record: said.append(record.offset()))
    producer.flush(20)
    for name in ("segmenter", "review-solicitor"):
        code, text = system.ctl("skip", "--service", name, "--yes", "events", str(partition),
                                str(said[0]), check=False)
        check(code == 0 and "dead letters" in text, f"a large record: {name}", f"{code} {text}")


def commits(system):
    """How much stands in the brokers' own topic of what groups have committed."""
    reader = Consumer({"bootstrap.servers": system.broker.address, "group.id": "looks-on"})
    ends = [reader.get_watermark_offsets(TopicPartition("__consumer_offsets", p), 20)[1]
            for p in range(4)]
    reader.close()
    return ends


def nothing_to_accept(system):
    """accept where nothing has changed writes nothing"""
    end_rest(system)
    fresh(system, "g.")
    code, text = system.ctl("accept", "--service", "segmenter", "--yes", check=False)
    check(code == 0 and "nothing to accept" in text, "nobody has read yet", f"{code} {text}")
    start(system)
    names = [f"n{n}" for n in range(20)]
    order_of(system, *names)
    thanked(system, *names)
    end_rest(system)
    for name in parts.STATEFUL:
        before = commits(system)
        for yes in ([], ["--yes"]):
            code, text = system.ctl("accept", "--service", name, *yes, check=False)
            check(code == 0 and "nothing to accept" in text and "beginning" not in text,
                  f"{name}: nothing to accept", f"{code} {text}")
        equal(commits(system), before, "and nothing is committed")


def skipped(system):
    """one record is passed over by hand, where the service is and further on"""
    end_rest(system)
    fresh(system, "d.")
    ingest = system.run_all("ingest")["ingest"]
    system.shop = shop.Shop(ingest)
    names = [f"skip{n}" for n in range(12)]
    order_of(system, *names)
    ingest.stop()
    events = topics.Reader(system, "events")
    events.read(1)
    by_partition = {}
    for record in events.records:
        by_partition.setdefault(record.partition, []).append(record)
    events.close()
    many = max(by_partition.values(), key=len)
    gone = [many[0], many[-1]]
    code, text = system.ctl("skip", "events", str(many[0].partition), "0", "--yes", check=False)
    equal(code, 100, "two read it: say which")
    for record in gone:
        where = ("events", str(record.partition), str(record.offset))
        code, text = system.ctl("skip", "--service", "segmenter", *where, check=False)
        check(code == 1 and "--yes" in text, "without --yes nothing is changed", f"{code} {text}")
        code, text = system.ctl("skip", "--service", "segmenter", "--yes", *where, check=False)
        check(code == 0 and "dead letters" in text, f"offset {record.offset} is skipped", f"{code} {text}")
    skip_large(system, many[0].partition)
    start(system)
    lost = {r.key.decode() for r in gone}
    thanked(system, *(set(names) - lost))
    equal({o["customer"] for o in system.outcomes.objects()} & lost, set(), "and nobody else is")
    letters = topics.Reader(system, "deadletter")
    letters.read(1)
    equal({(r.key.decode(), dict(r.headers)["nurture-reason"]) for r in letters.records},
          {(name, b"skipped by hand") for name in lost | {"large"}},
          "they are with the dead letters")
    equal({(len(r.value), dict(r.headers)["nurture-value-bytes"]) for r in letters.records
           if r.key == b"large"}, {(2048, b"200000")}, "the large one with its ends")
    code, text = system.ctl("skip", "--service", "segmenter", "--yes", "events", "0", "99", check=False)
    equal(code, 111, "refused while it is running")
    letters.close()


def emptied(system):
    """a changelog is made anew while the service is away, Redis there or not"""
    end_rest(system)
    fresh(system, "c.")
    start(system)
    names = [f"c{n}" for n in range(20)]
    order_of(system, *names)
    thanked(system, *names)
    end_rest(system)
    make_anew(system, "contacts", **{"cleanup.policy": "compact"})
    time.sleep(1)
    began = time.time()
    refused(system, "scheduler", 100, "contacts", "it was emptied", "nurturectl accept")
    system.redis.flush()
    refused(system, "scheduler", 100, "contacts", "it was emptied", "nurturectl accept")
    check(time.time() - began < 40, "without waiting for what does not come")


TOPICS = ["events", "requests", "asks", "dispatch", "tasks", "outcomes", "answers", "deadletter",
          "profile-handovers", "ladder-handovers", "contact-handovers",
          "profiles", "ladders", "contacts", "deliveries", "feedback"]


def fresh(system, prefix):
    """Topics of their own for the next part."""
    system.environment["NURTURE_TOPIC_PREFIX"] += prefix
    system.ctl("topics", "--partitions", "6")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [more_partitions, made_anew, nothing_to_accept, skipped, emptied,
                                   output_made_anew, state_made_anew], own_broker=True)
