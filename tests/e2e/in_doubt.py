#!/usr/bin/env python3
"""Redis and the email-sender die together in the middle of many mails: few are in doubt.  And
Redis is put back to a file in which another owner's journal stands.

usage: in_doubt.py [BUILD] [--libs DIR]

What was begun is known to the process and to the journal in Redis alone.  When
both are gone, all that was intended is in doubt; so no more may be intended
than keeps the connections busy (docs/mail.md has the number), however many
mails wait.
"""
import collections
import time

import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

CONNECTIONS, AHEAD, PARTITIONS = 8, 8, 6
MAILS, LATER = 400, 20


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")


def ends(system):
    return {o["customer"]: o["status"] for o in system.outcomes.objects(channel="email")
            if o["status"] != "deferred"}


def both_die(system):
    """kill -9 of both, Redis comes back empty"""
    sender = system.started["email-sender"]
    system.shop.publish(*(shop.event("order.placed", shop.person(f"many-{n}"),
                                     order=shop.order(1)) for n in range(MAILS)))
    eventually(lambda: len(mails.index(system.catcher)) > 40, "in the middle of many slow mails",
               60)
    sender.kill()
    system.redis.stop()
    time.sleep(0.5)
    caught = len(mails.index(system.catcher))
    check(caught < MAILS - 100, "most of the mails were not begun", caught)
    system.redis.start()
    sender.start()


def few_are_in_doubt(system):
    """what was not begun goes out; what may have been begun is in doubt, and it is little"""
    eventually(lambda: len(ends(system)) == MAILS, "every mail has an end", 120,
               lambda: len(ends(system)))
    words = collections.Counter(ends(system).values())
    print(f"        {dict(words)}")
    equal(set(words) - {"sent", "in_doubt"}, set(), "sent, or in doubt")
    check(words["in_doubt"] <= CONNECTIONS * AHEAD + PARTITIONS, "in doubt is a small number",
          words["in_doubt"])
    times = collections.Counter(m["to"] for m in mails.index(system.catcher))
    equal([to for to, n in times.items() if n > 1], [], "nobody hears it twice")


def put_back_to_an_owner_before(system):
    """Redis has an older file with the journal of an owner before: mails go out all the same"""
    sender = system.started["email-sender"]
    before = sender.log_text().count("event=assigned")
    system.redis.keep()
    sender.stop()
    sender.start()
    eventually(lambda: sender.log_text().count("event=assigned") == before + PARTITIONS,
               "another owner has taken the journals over", 60)
    system.redis.roll_back()

    def are_ended():
        system.watch()
        return len(ends(system)) == MAILS + LATER
    system.shop.publish(*(shop.event("order.placed", shop.person(f"later-{n}"),
                                     order=shop.order(1)) for n in range(LATER)))
    eventually(are_ended, "every mail has an end", 60, lambda: len(ends(system)) - MAILS)
    words = ends(system)
    equal({words.get(f"later-{n}") for n in range(LATER)}, {"sent"}, "all of them were sent")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [both_die, few_are_in_doubt, put_back_to_an_owner_before],
               setup, catcher=("--slow-ms", "250"))
