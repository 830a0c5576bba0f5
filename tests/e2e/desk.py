#!/usr/bin/env python3
"""Every task has one end, and nobody's is overdue unseen, while services are killed.

usage: desk.py [BUILD] [--libs DIR] [--keep]

Guests get baskets, flowers and calls. Some of that is done, some is taken back, some is claimed,
some is forgotten, and some people never answer the telephone. Some guests turn out to be another
one: their baskets go on under the other id. Meanwhile the desk, the scheduler and
the segmenter are killed, and Redis is emptied.
"""
import collections
import os
import time

import shop
import story
import topics
from breaks import breaks
from story import equal, eventually

GUESTS = 160
KILLED = ("segmenter", "scheduler", "desk", "desk")
# What happens to the n-th guest, in turn.
FATES = ["is done", "cancels", "is claimed", "waits", "gets no flowers", "is not reached",
         "is merged and cancels", "is merged and done"]
MERGED = FATES[-2:]


def guests(*fates):
    return [f"g-{n}" for n in range(GUESTS) if FATES[n % len(FATES)] in fates]


def given_out(system):
    """each guest's task is somebody's"""
    started = system.run_all("ingest", "segmenter", "scheduler", "desk")
    system.shop = shop.Shop(started["ingest"])
    system.tasks, system.ends = topics.Reader(system, "tasks"), topics.Reader(system, "ends")
    system.notices = topics.Reader(system, "notices")
    system.shop.publish(
        *[shop.event("order.placed", shop.person(g), order=shop.order(g))
          for g in guests("is done", "cancels", "is claimed", "waits", *MERGED)],
        *[shop.event("order.delivered", shop.person(g), order=shop.order(g))
          for g in guests("gets no flowers")],
        *[shop.event("complaint.opened", shop.person(g), case={"id": g})
          for g in guests("is not reached")])
    breaks(system, 6, KILLED, 11)

    def first():
        system.watch()
        return {t["customer"]: t for t in system.tasks.objects() if "state" not in t}
    eventually(lambda: len(first()) == GUESTS, "each guest has one", 90, lambda: len(first()))
    system.first = {guest: task["id"] for guest, task in first().items()}


def word(system, guest, kind, **more):
    return shop.event(f"task.{kind}", guest, task={"id": system.first[guest], "by": "eve", **more})


def merged(system):
    """some guests go on under another id"""
    system.shop.publish(*[shop.event("customer.merged", g, merge={"into": f"{g}-too"})
                          for g in guests(*MERGED)])
    breaks(system, 6, KILLED, 15)


def words(system):
    """people say what became of them, some of it twice"""
    done = [word(system, g, "done", result="room 12") for g in guests("is done", "is merged and done")]
    again = [word(system, g, "done", result="once more") for g in guests("is done")]
    failed = [word(system, g, "failed", result="no_answer") for g in guests("is not reached")]
    system.shop.publish(*done, *failed,
                        *[word(system, g, "claimed") for g in guests("is claimed")],
                        *[shop.event("order.cancelled", g, order={"id": g})
                          for g in guests("cancels")],
                        *[shop.event("order.cancelled", f"{g}-too", order={"id": g})
                          for g in guests("is merged and cancels")])
    breaks(system, 6, KILLED, 12)
    system.shop.publish(*again, *failed, *[word(system, g, "failed", result="no_answer")
                                           for g in guests("is not reached")])
    breaks(system, 6, KILLED, 13)

    def ended():
        system.watch()
        return {e["id"] for e in system.ends.objects()}
    wanted = {system.first[g] for g in guests("is done", "cancels", "gets no flowers",
                                              "is not reached", *MERGED)}
    eventually(lambda: ended() >= wanted, "what is over has its end", 90,
               lambda: len(wanted - ended()))


def overdue(system):
    """who waits for the basket is seen, once"""
    def told():
        system.watch()
        return {n["customer"] for n in system.notices.objects(kind="escalation")}
    eventually(lambda: told() == set(guests("waits")), "those that nobody claimed go to the lead",
               120, told)


def listed(system):
    """nurturectl shows what is still to be done"""
    open_now = {system.first[g] for g in guests("waits", "is claimed")}
    _, page = system.ctl("tasks", "--owner", "house")
    rows = {line.split()[4]: line.split()[5] for line in page.splitlines()[1:]}
    equal(set(rows), open_now, "no more and no less")
    equal({rows[system.first[g]] for g in guests("is claimed")}, {"eve"}, "and who has it")


def one_end_each(system):
    """each task once, each end once"""
    breaks(system, 4, KILLED, 14)
    time.sleep(3)
    ends = system.ends.objects()
    equal(set(collections.Counter(e["id"] for e in ends).values()), {1},
          f"{len(ends)} tasks ended once each")
    found = {e["customer"]: (e["status"], e.get("result", e.get("reason", ""))) for e in ends}
    expected = {g: ("done", "room 12") for g in guests("is done")}
    expected |= {g: ("cancelled", "order.cancelled") for g in guests("cancels")}
    expected |= {g: ("expired", "") for g in guests("gets no flowers")}
    expected |= {g: ("failed", "no_answer") for g in guests("is not reached")}
    expected |= {f"{g}-too": ("done", "room 12") for g in guests("is merged and done")}
    expected |= {f"{g}-too": ("cancelled", "order.cancelled")
                 for g in guests("is merged and cancels")}
    equal(found, expected, "as it was reported first, under the id that lives")
    equal({e["attempts"] for e in ends if e["status"] == "failed"}, {2}, "after two attempts")
    letters = collections.Counter(t["customer"] for t in system.tasks.objects(action="letter"))
    equal(letters, collections.Counter(guests("is not reached")),
          "and then there is one letter for each")
    notices = system.notices.objects()
    equal({k: n for k, n in collections.Counter(n["id"] for n in notices).items() if n > 1}, {},
          f"{len(notices)} notices were told once each")
    equal(collections.Counter(n["customer"] for n in notices if n["kind"] == "expired"),
          collections.Counter(guests("gets no flowers")), "also that of each that was forgotten")
    equal({n["to"] for n in notices if n["kind"] == "escalation"}, {"boss"}, "the lead hears it")
    for service in system.services:
        print(f"  {service.name}: exits {dict(service.exits)}")
    dead = topics.Reader(system, "deadletter").read(1)
    equal([r.value for r in dead], [], "nothing lies with the dead letters")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "desk.yaml", [given_out, merged, words, overdue, listed, one_end_each])
