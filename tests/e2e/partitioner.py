#!/usr/bin/env python3
"""On the event clock a producer with another partitioner is told loudly.

usage: partitioner.py [BUILD] [--libs DIR]

A stock client whose partitioner is Kafka's own goes through, and `nurturectl wait` says that all is
decided.  One with librdkafka's default puts customers on other partitions: the records are moved, but
what came before what is lost.  The segmenter says so in its log and its metrics, and `wait` fails with
a sentence instead of an outcome that looks right.
"""
import json
import subprocess

import parts
import shop
import story
from confluent_kafka import Producer
from story import check, equal

START = "2026-03-02T12:%02d:00Z"


def setup(system):
    system.started = system.run_all(*parts.STATEFUL)


def publish(system, name, minute, **settings):
    failures = []
    producer = Producer({"bootstrap.servers": system.broker.address, **settings})
    for n in range(20):
        person = shop.person(f"{name}-{n}")
        event = shop.event("order.placed", person, order=shop.order(f"{name}-{n}"))
        event["time"] = START % minute
        producer.produce(system.topic("events"), json.dumps(event).encode(), person["id"],
                         on_delivery=lambda error, _: error and failures.append(error))
    equal((producer.flush(20), failures), (0, []), "Kafka took all of them")
    system.ctl("advance", "--to", START % (minute + 1))


def wait(system, minute):
    done = subprocess.run([f"{system.build}/bin/nurturectl", "wait", "--to", START % minute,
                           "--timeout", "60s"], env=system.environment, capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def told(system):
    return system.started["segmenter"].log_text().count("event=wrong_partition")


def same_partitioner(system):
    """murmur2 of the key, as Kafka's own clients: nothing is said, and wait ends well"""
    publish(system, "java", 0, partitioner="murmur2_random")
    code, said = wait(system, 1)
    check(code == 0 and "all services have come to" in said, "wait ends well", f"{code} {said}")
    equal(told(system), 0, "nothing in the log")


def another_partitioner(system):
    """crc32 of the key: loud in log, metrics and wait"""
    publish(system, "stock", 10)
    code, said = wait(system, 11)
    check(code == 111 and "on another partition than their customer's" in said and
          "partitioner=murmur2_random" in said, "wait fails with a sentence", f"{code} {said}")
    check(1 <= told(system) <= 6, "the log says so, once for each partition", told(system))
    text = shop.ask(system.started["segmenter"].url + "/metrics")[1]
    count = [line for line in text.splitlines() if line.startswith("nurture_wrong_partition_total")]
    check(count and float(count[0].split()[-1]) > 5, "and so does a metric", count)


def after_a_restart(system):
    """who comes later hears of it, too"""
    system.started["segmenter"].stop()
    system.ready(system.run("segmenter"))
    code, said = wait(system, 11)
    check(code == 111 and "on another partition" in said, "wait still fails", f"{code} {said}")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [same_partitioner, another_partitioner, after_a_restart], setup,
               clock="event")
