#!/usr/bin/env python3
"""A shop changes its policy: everybody hears what is new, and nobody twice, whatever is killed.

usage: policy_change.py [BUILD] [--libs DIR] [--keep]
"""
import collections
import datetime
import os
import re
import time
import zoneinfo

import parts
import shop
import story
import topics
from story import check, equal, eventually

CUSTOMERS = 240
NEW = """
  today: {owner: care, on_date: "%s", at: "%s", email: birthday, class: care}
  over: {owner: care, on_date: "%s", email: birthday, class: care}
  known: {owner: care, on_enter: known, email: tips, class: care}
  again: {owner: care, on_enter: returning, email: tips, class: care}
"""


def policies(system):
    """The file before and after: a looser cap, a day that comes, one that is over, a segment."""
    with open(parts.policy("now.yaml")) as file:
        text = file.read()[:].split("\nfeedback:")[0] + "\n"
    before = text.replace("limit: 12", "limit: 1").replace("\n  basket:", "\n  #")
    london = zoneinfo.ZoneInfo("Europe/London")
    at = datetime.datetime.now(london) + datetime.timedelta(seconds=119)
    yesterday = at - datetime.timedelta(days=1)
    after = before.replace("limit: 1,", "limit: 12,") + NEW % (
        f"{at:%Y-%m-%d}", f"{at:%H:%M}", f"{yesterday:%Y-%m-%d}")
    after = after.replace("segments:\n", "segments:\n  known: {orders: {at_least: 1}}\n")
    return before, after


def write(system, text):
    with open(system.environment["NURTURE_POLICY"], "w") as file:
        file.write(text)


def setup(system):
    system.environment["NURTURE_POLICY"] = f"{system.folder}/shop.yaml"
    system.before, _ = policies(system)
    write(system, system.before)


def count(system, **wanted):
    """How often each customer has one, and how many of it there are."""
    return collections.Counter(o["customer"] for o in system.outcomes.objects(**wanted))


def orders(system):
    """two orders each, and room for one mail: the other waits"""
    started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    for round_ in range(2):
        system.shop.publish(*[shop.event("order.placed", shop.person(f"c-{n}"),
                                         order=shop.order(f"{n}-{round_}"))
                              for n in range(CUSTOMERS)])
    eventually(lambda: len(count(system, status="deferred")) == CUSTOMERS, "one of two waits", 60,
               lambda: len(count(system, status="deferred")))
    eventually(lambda: count(system, status="sent").total() == CUSTOMERS, "one of two is sent", 30,
               lambda: count(system, status="sent").total())


def change(system):
    """another policy; while everybody is looked at services are killed and Redis is emptied"""
    stateful = [s for s in system.services if s.name in parts.STATEFUL]
    for service in stateful:
        service.stop()
    _, after = policies(system)
    write(system, after)
    for service in stateful:
        service.start()
    begun = time.time()
    for what in ["segmenter", "scheduler", "flush", "scheduler", "segmenter", "email-sender",
                 "segmenter", "scheduler"]:
        time.sleep(5)
        if what == "flush":
            system.redis.flush()
        for service in stateful:
            if service.name == what:
                service.kill()
        until = time.time() + 3
        while time.time() < until:
            system.watch()
            time.sleep(0.2)
    for name, title in [("thanks", "what waited for the cap"), ("known", "a segment that is new"),
                        ("today", "a day that is new")]:
        each = 2 if name == "thanks" else 1

        def done():
            system.watch()
            found = count(system, programme=name, status="sent")
            return len(found) == CUSTOMERS and min(found.values()) == each
        eventually(done, f"{title}: everybody hears it", 240,
                   lambda: collections.Counter(count(system, programme=name,
                                                     status="sent").values()))
    check(True, f"all of it within {time.time() - begun:.0f} s")


def nobody_twice(system):
    """nobody hears it twice, and what is over is over"""
    until = time.time() + 5
    while time.time() < until:
        system.watch()
        time.sleep(0.2)
    for name, each in [("thanks", 2), ("known", 1), ("today", 1)]:
        found = count(system, programme=name, status="sent")
        doubted = count(system, programme=name, status="in_doubt")
        equal(set((found + doubted).values()), {each}, f"{name}: {each} for each")
    for name, why in [("over", "yesterday was over"), ("again", "who was in it has not entered it")]:
        equal(count(system, programme=name).total(), 0, why)
    for service in system.services:
        if service.name in parts.STATEFUL:
            ended = re.findall(r"event=reevaluation_finished partition=(\d+)", service.log_text())
            equal(sorted(ended), [str(p) for p in range(6)],
                  f"{service.name}: each partition once")


def again(system):
    """the same policy again: nobody is looked at"""
    stateful = [s for s in system.services if s.name in parts.STATEFUL]
    for service in stateful:
        service.stop()
        service.start()
    for service in stateful:
        system.ready(service)
    time.sleep(3)
    for service in stateful:
        changes = service.log_text().count("event=version_changed")
        ended = service.log_text().count("event=reevaluation_finished")
        check(ended == 6, f"{service.name}: {changes} starts of a sweep, {ended} ends")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "now.yaml", [orders, change, nobody_twice, again], setup)
