#!/usr/bin/env python3
"""Customers turn out to be one person, while services are killed: caps hold for both ids together.

usage: merged.py [BUILD] [--libs DIR] [--keep]

Each person has used up the cap under one id, and one mail more waits there, when that id is merged
into another. What arrived at the mail server is counted by brute force: never three mails in any
window of the cap. Each request has exactly one end, under whichever id. Who withdrew under the old
id hears nothing under the new one, and of a chain of ids the last one lives.
"""
import collections
import os
import random
import time

import mails
import parts
import shop
import story
import topics
from breaks import breaks
from story import check, equal, eventually

PEOPLE = 24
LIMIT, WINDOW_MS = 2, 20000
KINDS = ["plain", "withdrawn", "chain", "twice"]


def kind(n):
    return KINDS[n % len(KINDS)]


def those(*kinds):
    return [n for n in range(PEOPLE) if kind(n) in kinds]


def address(n):
    return f"p-{n}@customers.example"


def hello(identity, n):
    return shop.event("say.hello", {"id": f"{identity}-{n}", "email": address(n),
                                    "consent": {"all": True}})


def last(n):
    return "third" if kind(n) == "chain" else "new"


def at_rest(system):
    """Everything that was told is decided: nobody is behind, twice in a row."""
    system.watch()
    for _ in range(2):
        eventually(lambda: not parts.handovers_behind(system), "what was handed over has arrived", 90,
                   lambda: parts.handovers_behind(system))
        time.sleep(3)


def uses_it_up(system):
    """each hears twice under the old id, and a third mail waits"""
    started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    for _ in range(LIMIT + 1):
        system.shop.publish(*[hello("old", n) for n in range(PEOPLE)])
    eventually(lambda: len(mails.index(system.catcher)) == LIMIT * PEOPLE, "two mails each", 60,
               lambda: len(mails.index(system.catcher)))
    eventually(lambda: len(system.outcomes.objects(status="deferred")) >= PEOPLE,
               "and one that waits")


def merges(system):
    """the ids are merged while services are killed"""
    system.shop.publish(*[
        shop.event("message.unsubscribed", f"old-{n}", message={"class": "care"})
        for n in those("withdrawn")])
    told = [shop.event("customer.merged", f"old-{n}", merge={"into": f"new-{n}"})
            for n in range(PEOPLE)]
    told += [shop.event("customer.merged", f"old-{n}", merge={"into": f"new-{n}"})
             for n in those("twice")]
    told += [shop.event("customer.merged", f"new-{n}", merge={"into": f"third-{n}"})
             for n in those("chain")]
    random.Random(2).shuffle(told)
    system.shop.publish(*told[:len(told) // 2])
    breaks(system, 5, ("segmenter", "scheduler"), 5, flushes=False)
    system.shop.publish(*told[len(told) // 2:])
    breaks(system, 5, ("segmenter", "scheduler"), 5, flushes=False)
    at_rest(system)


def goes_on(system):
    """what is said now, under every id, is said to the one who lives"""
    system.shop.publish(*[hello(last(n), n) for n in range(PEOPLE)])
    system.shop.publish(*[hello("old", n) for n in range(PEOPLE)])
    breaks(system, 6, ("segmenter", "scheduler"), 5, flushes=False)
    system.wanted = PEOPLE * (LIMIT + 3)

    def all_ended():
        system.watch()
        return len(ends(system)) >= system.wanted
    eventually(all_ended, "everything ends", 150, lambda: len(ends(system)))


def ends(system):
    """{request: [(customer, status)]} of terminal outcomes."""
    found = collections.defaultdict(list)
    for outcome in system.outcomes.objects():
        if outcome["status"] != "deferred":
            found[outcome["request"]].append((outcome["customer"], outcome["status"]))
    return found


def is_one_person(system):
    """one end each, no window with three mails, and nothing to who withdrew"""
    time.sleep(4)
    found = ends(system)
    equal(len(found), system.wanted, "as many requests as were set off")
    equal({r: e for r, e in found.items() if len(e) != 1}, {}, "each with exactly one end")
    received = collections.defaultdict(list)
    for mail in mails.index(system.catcher):
        received[mail["to"]].append(mail["received_at"])
    broken = []
    for to, times in received.items():
        times.sort()
        broken += [(to, times) for a, b in zip(times, times[LIMIT:], strict=False)
                   if b - a < WINDOW_MS - 1500]
    equal(broken, [], f"no third mail of {len(mails.index(system.catcher))} within the window")
    later = collections.Counter((kind(int(c.split("-")[1])), c.split("-")[0], s)
                                for [(c, s)] in found.values())
    print(f"  {dict(later)}")
    for n in those("withdrawn"):
        equal(len(received[address(n)]), LIMIT, f"person {n} hears nothing after the withdrawal")
    for n in those("plain", "chain", "twice"):
        equal(len(received[address(n)]), LIMIT + 3, f"person {n} hears everything, in time")
    moved = [c for [(c, s)] in found.values() if s == "sent" and c.startswith(("new", "third"))]
    check(len(moved) >= 2 * len(those("plain", "chain", "twice")),
          "what was said since then was said under the id that lives", len(moved))
    equal([r.value for r in topics.Reader(system, "deadletter").read(1)], [],
          "nothing lies with the dead letters")
    for service in system.services:
        print(f"  {service.name}: exits {dict(service.exits)}")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "merged.yaml", [uses_it_up, merges, goes_on, is_one_person])
