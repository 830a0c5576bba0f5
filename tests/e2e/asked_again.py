#!/usr/bin/env python3
"""What changed while a mail waited for a retry is asked again before the next DATA.

usage: asked_again.py [BUILD] [--libs DIR]

A mail server says "later" to everybody.  Meanwhile one complains, one buys what
the mail is about, one cancels the order, one asks for quiet.  Then the server
takes everything: nobody of them may hear anything, and whose case is closed
hears it then.  A task that the complaint itself set off waits for nothing.
"""
import time

import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

LATER = ("--fail-rcpt", "*@later.example=451")
QUIET_S = 8  # longer than the longest pause between attempts


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    system.tasks = topics.Reader(system, "tasks")


def of(system, customer, **wanted):
    return system.outcomes.objects(customer=customer, channel="email", **wanted)


def caught(system, name):
    return [m for m in mails.index(system.catcher) if m["to"].startswith(name + "@")]


def publish(system, kind, name, **more):
    system.shop.publish(shop.event(kind, shop.person(name, "later.example"), **more))


def all_wait(system):
    """everybody's mail is told "later\""""
    for name in ("complains", "buys", "pauses", "plain"):
        publish(system, "hint.given", name)
    publish(system, "order.placed", "cancels", order=shop.order(1))
    publish(system, "order.delivered", "asked", order=shop.order(2))
    for name in ("complains", "buys", "pauses", "plain", "cancels", "asked"):
        eventually(lambda name=name: of(system, name, status="deferred"), f"{name}: deferred", 30)


def the_world_changes(system):
    """meanwhile: a complaint, a purchase, a cancelled order, a pause"""
    for name in ("complains", "asked"):
        publish(system, "complaint.opened", name, case={"id": f"case-{name}"})
    publish(system, "order.placed", "buys", order=shop.order(3, "laptops"))
    publish(system, "order.cancelled", "cancels", order=shop.order(1))
    publish(system, "preferences.changed", "pauses",
            preferences={"paused_until": shop.now_text(3600)})
    for name in ("complains", "asked"):
        eventually(lambda name=name: [t for t in system.tasks.objects(customer=name)
                                      if t["action"] == "phone-call"],
                   f"{name}: the call is a task at once: neither the case nor a holdout keeps it")
    eventually(lambda: of(system, "cancels", status="cancelled"), "the order's mail is cancelled")
    time.sleep(3)  # until the email-sender has read all of it


def the_server_is_back(system):
    """then the server takes everything"""
    system.catcher.stop()
    system.catcher.start()
    eventually(lambda: of(system, "plain", status="sent"), "who did nothing hears it", 30)
    eventually(lambda: of(system, "buys", programme="offer", status="just_bought"),
               "what was just bought is not offered", 30)
    for name in ("complains", "asked"):
        held = eventually(lambda name=name: [o for o in of(system, name, status="deferred")
                                             if o["reason"]["rule"] == "open_case"],
                          f"{name}: held by the case", 30)
        equal(held[0]["reason"]["detail"], f"complaint:case-{name}", "which it names")
    eventually(lambda: [o for o in of(system, "pauses", status="deferred")
                        if o["reason"]["rule"] == "paused"], "pauses: deferred until then", 30)
    time.sleep(QUIET_S)
    for name in ("complains", "asked", "cancels", "pauses"):
        equal([m["subject"] for m in caught(system, name)], [], f"{name} hears nothing")
    equal(len(of(system, "cancels", status="cancelled")), 1, "cancelled once")


def the_case_is_closed(system):
    """and who was held by a case hears it when that is closed"""
    for name in ("complains", "asked"):
        publish(system, "complaint.closed", name, case={"id": f"case-{name}"})
        eventually(lambda name=name: of(system, name, status="sent"), f"{name}: sent", 20)
        equal(len(caught(system, name)), 1, "once")


def balance(system):
    """the books balance, but for whom is paused"""
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "ended twice: 0" in text, "audit", f"exit {code}\n{text}")


if __name__ == "__main__":
    story.tell(__doc__, "again.yaml", [all_wait, the_world_changes, the_server_is_back,
                                       the_case_is_closed, balance], setup, catcher=LATER)
