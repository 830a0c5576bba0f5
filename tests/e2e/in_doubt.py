#!/usr/bin/env python3
"""Redis and the email-sender die together in the middle of many mails: few are in doubt.  They die
one after the other: fewer.  And Redis is put back to a file in which another owner's journal stands.

usage: in_doubt.py [BUILD] [--libs DIR]

What was begun is known to the process and to the journal in Redis alone.  When
both are gone, all that was intended is in doubt; so no more may be intended
than keeps the connections busy (docs/mail.md has the number), however many
mails wait.  When Redis was lost alone, the journal is begun anew, however busy
the sender is; whatever dies after that, one mail a connection is in doubt.
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
MAILS, MORE, LATER = 400, 300, 20


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


def judge(system, name, count, most):
    """These mails have an end, at most so many of them in doubt, and nobody hears one twice."""
    def found():
        system.watch()
        return {c: word for c, word in ends(system).items() if c.startswith(f"{name}-")}
    eventually(lambda: len(found()) == count, "every mail has an end", 120,
               lambda: len(found()))
    words = collections.Counter(found().values())
    print(f"        {dict(words)}")
    equal(set(words) - {"sent", "in_doubt"}, set(), "sent, or in doubt")
    check(words["in_doubt"] <= most, f"at most {most} are in doubt", words["in_doubt"])
    times = collections.Counter(m["to"] for m in mails.index(system.catcher))
    equal([to for to, n in times.items() if n > 1], [], "nobody hears it twice")


def few_are_in_doubt(system):
    """what was not begun goes out; what may have been begun is in doubt, and it is little"""
    judge(system, "many", MAILS, CONNECTIONS * AHEAD + PARTITIONS)


def owners(system):
    """Of the partitions' journals; "" where there is none."""
    return [system.redis.cli("HGET", system.topic(f"{{email-sender:{p}}}:attempts"), "owner")
            for p in range(PARTITIONS)]


def die_one_after_the_other(system):
    """Redis is emptied under a busy sender, which is killed some mails later"""
    sender = system.started["email-sender"]
    check(all(owners(system)), "each journal has its owner", owners(system))
    before = len(mails.index(system.catcher))
    system.shop.publish(*(shop.event("order.placed", shop.person(f"more-{n}"),
                                     order=shop.order(1)) for n in range(MORE)))
    eventually(lambda: len(mails.index(system.catcher)) > before + 40,
               "in the middle of many slow mails", 60)
    system.redis.flush()
    eventually(lambda: all(owners(system)), "each journal has an owner again", 30,
               lambda: owners(system))
    between = len(mails.index(system.catcher))
    eventually(lambda: len(mails.index(system.catcher)) > between + 20, "mails go on", 30)
    sender.kill()
    caught = len(mails.index(system.catcher)) - before
    check(caught < MORE - 100, "most of the rest was not begun", caught)
    judge(system, "more", MORE, CONNECTIONS)


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
        return len(ends(system)) == MAILS + MORE + LATER
    system.shop.publish(*(shop.event("order.placed", shop.person(f"later-{n}"),
                                     order=shop.order(1)) for n in range(LATER)))
    eventually(are_ended, "every mail has an end", 60, lambda: len(ends(system)) - MAILS - MORE)
    words = ends(system)
    equal({words.get(f"later-{n}") for n in range(LATER)}, {"sent"}, "all of them were sent")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml",
               [both_die, few_are_in_doubt, die_one_after_the_other, put_back_to_an_owner_before],
               setup, catcher=("--slow-ms", "250"))
