#!/usr/bin/env python3
"""The guest who comes back gets the basket: a year of a hotel in words, on the event clock.

usage: returning_guest.py [BUILD] [--libs DIR] [--keep]

Everyone who was here before books in January for July. The basket is somebody's task on the day
before they arrive, and not before; the team is reminded, the house manager hears of it when nobody
packs it, and it is done all the same. Whoever cancels gets none, also when it was given out
already; whoever is forgotten is an alarm, not a number. The services are killed on the way.
"""
import os

import parts
import shop
import story
import topics
from orders import pass_time
from story import check, equal

POLICY = f"{parts.ROOT}/deploy/policy/hotel.yaml"
BEFORE, BOOKED, ARRIVES = "2025-06-10T10:00:00Z", "2026-01-20T18:30:00Z", "2026-07-10T13:00:00Z"
# Who comes, and whether for the first time.
REGULARS = ["ann", "bob", "dora", "emil", "frida"]
STRANGER = "carol"


def at(moment, kind, guest, name, **more):
    return dict(shop.event(kind, more.pop("who", guest), **more), id=f"{guest}-{name}", time=moment)


def stay(guest, number, begins, ends):
    return shop.order(f"{guest}-{number}", "suite", starts_at=begins, ends_at=ends)


def booking(guest):
    return stay(guest, 2, ARRIVES, "2026-07-17T09:00:00Z")


def go_on(system, to):
    """Time passes, and somebody is killed on the way."""
    for name in ("desk", "scheduler", "segmenter")[system.kills % 3:][:1]:
        next(s for s in system.services if s.name == name).kill()
    system.kills += 1
    system.watch()
    pass_time(system, to)


def baskets(system):
    return {t["customer"]: t for t in system.tasks.objects(action="basket-in-the-room")
            if "state" not in t}


def told(system, guest):
    return [(n["kind"], n["at"], n["to"]) for n in system.notices.objects(customer=guest)]


def end_of(system, guest):
    return [(e["status"], e["at"], e.get("reason", e.get("by", "")))
            for e in system.ends.objects(customer=guest, action="basket-in-the-room")]


def in_january(system):
    """they were here last summer, and book in January: nothing is anybody's task yet"""
    system.kills = 0
    started = system.run_all("ingest", *parts.STATEFUL, "desk")
    system.shop = shop.Shop(started["ingest"])
    system.tasks, system.ends, system.notices = (
        topics.Reader(system, name) for name in ("tasks", "ends", "notices"))
    system.shop.publish(
        *[at(BEFORE, "order.placed", guest, "first", who=shop.person(guest),
             order=stay(guest, 1, "2025-06-20T13:00:00Z", "2025-06-27T09:00:00Z"))
          for guest in REGULARS],
        *[at(BOOKED, "order.placed", guest, "second", who=shop.person(guest),
             order=booking(guest)) for guest in [*REGULARS, STRANGER]])
    go_on(system, "2026-02-01T00:00:00Z")
    equal(set(baskets(system)), set(), "no basket half a year early")
    system.shop.publish(at("2026-03-02T10:00:00Z", "order.cancelled", "emil", "cancelled",
                           order={"id": "emil-2"}))
    go_on(system, "2026-07-08T12:00:00Z")
    equal(set(baskets(system)), set(), "nor when it is summer")


def on_the_day_before(system):
    """on the day before they arrive it is a task of guest relations, for all who come back"""
    go_on(system, "2026-07-09T08:30:00Z")
    found = baskets(system)
    equal(set(found), {"ann", "bob", "dora", "frida"},
          "for each of them; none for a first stay, none for who cancelled")
    equal({(t["time"], t["owner"]) for t in found.values()},
          {("2026-07-09T07:00:00Z", "guest-relations")}, "at nine in the morning")
    system.shop.publish(
        at("2026-07-09T09:00:00Z", "task.claimed", "dora", "claimed",
           task={"id": found["dora"]["id"], "by": "eve"}),
        at("2026-07-09T10:00:00Z", "order.cancelled", "bob", "cancelled", order={"id": "bob-2"}),
        at("2026-07-09T14:00:00Z", "task.done", "dora", "done",
           task={"id": found["dora"]["id"], "by": "eve", "result": "in room 12"}))
    go_on(system, "2026-07-09T19:15:00Z")
    equal(end_of(system, "bob"), [("cancelled", "2026-07-09T10:00:00Z", "order.cancelled")],
          "who cancels now gets none either: it is taken back from whoever has it")
    equal(told(system, "bob"), [], "and nobody is reminded of it")
    equal(end_of(system, "dora"), [("done", "2026-07-09T14:00:00Z", "eve")],
          "who is looked after has it")


def in_the_evening(system):
    """nobody packs ann's: the team hears it in time, then the house manager, and she has it"""
    equal(told(system, "ann"),
          [("reminder", "2026-07-09T13:00:00Z", "guest-relations"),
           ("reminder", "2026-07-09T18:00:00Z", "guest-relations"),
           ("escalation", "2026-07-09T19:00:00Z", "house-manager")],
          "six hours and one hour before, and when it was missed")
    task = baskets(system)["ann"]["id"]
    system.shop.publish(
        at("2026-07-09T19:20:00Z", "task.claimed", "ann", "claimed",
           task={"id": task, "by": "the-manager"}),
        at("2026-07-09T19:40:00Z", "task.done", "ann", "done",
           task={"id": task, "by": "the-manager", "result": "in room 14"}))
    go_on(system, "2026-08-01T00:00:00Z")
    equal(end_of(system, "ann"), [("done", "2026-07-09T19:40:00Z", "the-manager")],
          "it stands in her room before she arrives")
    equal(len(told(system, "ann")), 3, "and nobody is told anything more of it")


def forgotten(system):
    """frida's is forgotten by everybody: that is told at once, and counted"""
    equal(end_of(system, "frida"), [("expired", "2026-07-12T07:00:00Z", "")], "it ends as expired")
    kinds = [kind for kind, _, _ in told(system, "frida")]
    equal(kinds, ["reminder", "reminder", "escalation", "escalation", "expired"],
          "after all that the policy has against it")
    desk = next(s for s in system.services if s.name == "desk")
    check("event=task_expired" in desk.log_text(), "the log says it, for the alarm")
    equal([end_of(system, guest) for guest in ("emil", STRANGER)], [[], []],
          "of the others there was none")
    dead = topics.Reader(system, "deadletter").read(1)
    equal([r.value for r in dead], [], "nothing lies with the dead letters")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, POLICY, [in_january, on_the_day_before, in_the_evening, forgotten],
               clock="event", extra={"NURTURE_TEMPLATES": f"{parts.ROOT}/deploy/templates"})
