#!/usr/bin/env python3
"""A copy of Kafka's files, and a system that goes on from it with an empty Redis.

usage: backup.py [BUILD] [--libs DIR]
"""
import shutil

import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.before = [order(f"a{n}") for n in range(20)]
    system.after = [order(f"b{n}") for n in range(5)]


def order(name):
    return shop.event("order.placed", shop.person(name), order=shop.order(name))


def publish(system, events):
    shop.Shop(system.started["ingest"]).publish(*events)


def sent(system):
    return len(mails.index(system.catcher))


def stop(system):
    for service in system.started.values():
        equal(service.stop(), 0, f"{service.name}: stops by itself")
    system.broker.stop()


def start(system):
    system.broker.start()
    for service in system.started.values():
        service.start()
    for service in system.started.values():
        system.ready(service, 90)


def copied(system):
    """twenty orders have their mails; all is stopped, and Kafka's files are copied"""
    publish(system, system.before)
    eventually(lambda: sent(system) == 20, "twenty mails", 60)
    eventually(lambda: [o["status"] for o in topics.Reader(system, "outcomes").objects()].count(
        "sent") == 20, "which are told as sent", 30)
    stop(system)
    shutil.copytree(f"{system.folder}/kafka", f"{system.folder}/copy")
    start(system)


def lost(system):
    """five more come; then Kafka and Redis are lost, and the copy is put in Kafka's place"""
    publish(system, system.after)
    eventually(lambda: sent(system) == 25, "five more mails", 60)
    stop(system)
    shutil.rmtree(f"{system.folder}/kafka")
    shutil.copytree(f"{system.folder}/copy", f"{system.folder}/kafka")
    system.redis.flush()
    start(system)
    check("index=restored" in system.started["scheduler"].log_text(), "the index is restored")


def again(system):
    """the shop sends everything again: what the copy has is no news, what came after it is"""
    publish(system, [*system.before, *system.after])
    eventually(lambda: sent(system) >= 30, "five mails go out a second time", 60)
    publish(system, [order("last")])
    eventually(lambda: mails.to(system.catcher, "last"), "and the next order has its mail", 60)
    equal(sent(system), 31, "none of the first twenty did")
    ids = [mail["message_id"] for mail in mails.index(system.catcher)]
    equal(len(ids) - len(set(ids)), 5, "the five have the Message-IDs that they had")
    equal(system.ctl("doctor", check=False)[0], 0, "doctor finds nothing wrong")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [copied, lost, again], setup, own_broker=True)
