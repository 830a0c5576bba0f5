#!/usr/bin/env python3
"""Tasks that people were given have one end each, while services are killed and Redis is emptied.

usage: tasks.py [BUILD] [--libs DIR] [--keep]

Guests have booked a stay of next week; a basket is somebody's task at once. Then the stay is
cancelled or moved, the basket is done, the guest is forgotten or merged into another, or nothing
happens. Each task must stand on the topic once, and be taken back once or not at all.
"""
import collections
import os
import random
import time

import parts
import shop
import story
import topics
from breaks import breaks
from story import check, equal, eventually

GUESTS = 180
DAY_S = 86400
# What happens to the n-th guest, in turn.
FATES = ["stays", "cancels", "moves", "is done", "is forgotten", "is merged"]


def fate(guest):
    return FATES[int(guest.split("-")[1]) % len(FATES)]


def guests(*fates):
    return [f"g-{n}" for n in range(GUESTS) if FATES[n % len(FATES)] in fates]


def booking(guest, in_days):
    return shop.order(guest, "suite", starts_at=shop.now_text(in_days * DAY_S),
                      ends_at=shop.now_text((in_days + 3) * DAY_S))


def tasks(system, state):
    """{guest: ids of baskets in that state}; every record of the topic counts."""
    found = collections.defaultdict(list)
    for task in system.tasks.objects(programme="basket"):
        if task.get("state", "open") == state:
            found[task["customer"]].append(task["id"])
    return found


def baskets(system):
    """a basket for each stay that begins next week, also for whom it was told late"""
    started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(started["ingest"])
    system.tasks = topics.Reader(system, "tasks")
    system.shop.publish(*[
        shop.event("order.placed", shop.person(guest, phone="+43 6138 2320",
                                               address=f"{guest} Uferweg"),
                   order=booking(guest, 2)) for guest in guests(*FATES)])
    breaks(system, 6, ("segmenter", "scheduler"), 11)

    def given():
        system.watch()
        return len(tasks(system, "open")) == GUESTS
    eventually(given, "each guest has one", 90, lambda: len(tasks(system, "open")))
    first = [t for t in system.tasks.objects() if t["programme"] == "call"]
    check(first and all(t["phone"] == "+43 6138 2320" for t in first), "who calls has the number",
          first[:1])
    system.first = {task["customer"]: task["id"] for task in
                    system.tasks.objects(programme="basket")}


def ends(system):
    """the stays are cancelled, moved and so on, while services are killed"""
    publish = system.shop.publish
    done = [shop.event("task.done", guest, task={"id": system.first[guest], "result": "in 12"})
            for guest in guests("is done")]
    publish(*done)
    events = [shop.event("order.cancelled", guest, order={"id": guest})
              for guest in guests("cancels", "is done")]
    events += [shop.event("order.updated", guest,
                          order={"id": guest, "starts_at": shop.now_text(2.5 * DAY_S)})
               for guest in guests("moves")]
    events += [shop.event("customer.erased", guest) for guest in guests("is forgotten")]
    events += [shop.event("customer.merged", guest, merge={"into": "another"})
               for guest in guests("is merged")]
    random.Random(3).shuffle(events)
    publish(*events[:len(events) // 2])
    breaks(system, 6, ("segmenter", "scheduler"), 11)
    publish(*events[len(events) // 2:])
    breaks(system, 6, ("segmenter", "scheduler"), 11)

    def told():
        system.watch()
        return set(tasks(system, "cancelled")) == set(guests("cancels", "moves", "is forgotten"))
    eventually(told, "what has no reason any more is taken back", 90,
               lambda: len(tasks(system, "cancelled")))


def one_end_each(system):
    """each task once, each end once, and nothing of who was forgotten"""
    time.sleep(3)
    records = system.tasks.objects(programme="basket")
    opened = collections.Counter(t["id"] for t in records if "state" not in t)
    ended = collections.Counter(t["id"] for t in records if t.get("state") == "cancelled")
    equal(set(opened.values()), {1}, f"{len(opened)} baskets were given out once each")
    equal(set(ended.values()), {1}, f"{len(ended)} were taken back once each")
    check(set(ended) <= set(opened), "and none that was never given out")
    per_guest = collections.Counter(t["customer"] for t in records if "state" not in t)
    equal({g: n for g, n in per_guest.items() if n != (2 if fate(g) == "moves" else 1)}, {},
          "one for each stay, and one more for each that was moved")
    back = collections.Counter(t["customer"] for t in records if t.get("state") == "cancelled")
    equal(sorted(back), sorted(guests("cancels", "moves", "is forgotten")),
          "neither what was done nor what is to come is taken back, nor what went on elsewhere")
    reasons = {fate(t["customer"]): t["reason"] for t in records if "state" in t}
    equal(reasons, {"cancels": "order.cancelled", "moves": "order.updated",
                    "is forgotten": "customer.erased"},
          "each says why")
    said = {key for t in records if "state" in t for key in t}
    equal(said, {"action", "customer", "id", "owner", "programme", "reason", "request", "state",
                 "time"}, "and nothing of the person")
    for service in system.services:
        print(f"  {service.name}: exits {dict(service.exits)}")
    dead = topics.Reader(system, "deadletter").read(1)
    equal([r.value for r in dead], [], "nothing lies with the dead letters")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "stays.yaml", [baskets, ends, one_end_each])
