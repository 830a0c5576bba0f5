#!/usr/bin/env python3
"""Mail servers that say no, later, or nothing; and a sender that is killed in the middle.

usage: mail_faults.py [BUILD] [--libs DIR]

A refusal is told with its reason, a "later" is tried again with longer and
longer pauses, a server that was away finds everything waiting.  Whatever
happens, nobody gets a mail twice: only what a crash left in doubt and nobody
can say no to (class transactional) goes out again, as the same Message-ID.
"""
import collections
import datetime
import time

import mails
import parts
import shop
import story
import topics
from processes import wait_for
from story import check, equal, eventually

BOUNCE = ("--fail-rcpt", "*@bounce.example=550", "--fail-rcpt", "never@later.example=450")
LATER = ("--fail-rcpt", "*@later.example=450")
CONNECTIONS, MARKETING, TRANSACTIONAL = 8, 120, 40


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    system.events = topics.Reader(system, "events")


def of(system, customer, **wanted):
    return system.outcomes.objects(customer=customer, **wanted)


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def refused(system):
    """who is refused for good ends with the server's words"""
    person = shop.person("ben", "bounce.example")
    system.shop.publish(shop.event("order.placed", person, order=shop.order(1)))
    end = eventually(lambda: of(system, "ben", status="rejected"), "rejected")[0]
    detail = end["reason"]["detail"]
    check("550" in detail and "5.1.1" in detail, "the reason is the server's answer", detail)
    check("bounce.example" not in detail, "which does not give the address away", detail)
    equal(len(of(system, "ben")), 1, "at once, not after some tries")
    bounced = eventually(lambda: [e for e in system.events.objects()
                                  if e["type"] == "message.bounced"], "an event says so")[0]
    equal((bounced["customer"]["id"], bounced["message"]["kind"]), ("ben", "hard"), "of him, hard")
    system.shop.publish(shop.event("order.placed", person, order=shop.order(2)))
    eventually(lambda: of(system, "ben", status="undeliverable"), "and nobody writes to him again")


def later(system):
    """who is told "later" is tried again, after pauses that nobody else has"""
    for name in ("soon", "never"):
        system.shop.publish(shop.event("order.placed", shop.person(name, "later.example"),
                                       order=shop.order(1)))
    eventually(lambda: len(of(system, "soon", status="deferred")) >= 3, "three tries, none ends")
    tries = sorted(of(system, "soon", status="deferred"), key=lambda o: o["at"])[:3]
    equal({o["reason"]["rule"] for o in tries}, {"greylisted"}, "450 is greylisting")
    check(all("450" in o["reason"]["detail"] for o in tries), "the reason is the server's answer")
    pauses = [seconds(o["reason"]["eligible_at"]) - seconds(o["at"]) for o in tries]
    for pause, most in zip(pauses, (2, 4, 4)):
        # An outcome's time is that of its batch, which may have been gathered for half a second.
        check(1 <= pause <= most + 0.8, f"a pause of 1 to {most} s", f"{pause:.2f} s")


def away(system):
    """a server that is away finds everything waiting when it is back"""
    system.catcher.stop()
    people = [shop.person(f"away-{n}") for n in range(20)]
    for person in people:
        system.shop.publish(shop.event("order.placed", person, order=shop.order(1)))
    eventually(lambda: of(system, "away-0", status="deferred"), "nobody answers: later")
    reason = of(system, "away-0", status="deferred")[0]["reason"]
    equal(reason["rule"], "retry", "the rule is `retry`")
    print(f"        {reason['detail']}")
    equal(shop.ask(system.started["email-sender"].url + "/readyz")[0], 200, "the sender goes on")
    system.catcher.start(*BOUNCE)

    def caught():
        return [m["to"] for m in mails.index(system.catcher) if m["to"].startswith("away-")]
    eventually(lambda: len(caught()) >= len(people), "all are there", 30, caught)
    eventually(lambda: of(system, "soon", status="sent"), "and who was told \"later\" before", 30)
    equal(max(collections.Counter(caught()).values()), 1, "each once")
    end = eventually(lambda: of(system, "never", status="rejected"),
                     "who is told \"later\" for ever is given up", 40)
    check("after 6 attempts" in end[0]["reason"]["detail"], "after as many tries as the policy says",
          end[0]["reason"]["detail"])


def publish_many(system, name):
    """Mails that need consent, and mails that do not, in between; all at once."""
    events = []
    for n in range(MARKETING + TRANSACTIONAL):
        kind = "order.shipped" if n % 4 == 3 else "order.placed"
        events.append(shop.event(kind, shop.person(f"{name}-{n}"), order=shop.order(1)))
    system.shop.publish(*events)


def caught(system, name):
    """How often each Message-ID arrived, by customer."""
    found = collections.defaultdict(collections.Counter)
    for mail in mails.index(system.catcher):
        if mail["to"].startswith(name + "-"):
            found[mail["to"].split("@")[0]][mail["message_id"]] += 1
    return found


def ends(system, name):
    return {o["customer"]: o["status"] for o in system.outcomes.objects(channel="email")
            if o["customer"].startswith(name + "-") and o["status"] != "deferred"}


def all_end(system, name):
    eventually(lambda: len(ends(system, name)) == MARKETING + TRANSACTIONAL,
               "every mail has an end", 60, lambda: len(ends(system, name)))


def stopped_in_the_middle(system):
    """a sender that is asked to stop finishes what it has begun"""
    system.catcher.stop()
    system.catcher.start(*BOUNCE, "--slow-ms", "250")
    sender = system.started["email-sender"]
    publish_many(system, "term")
    eventually(lambda: len(caught(system, "term")) > 20, "in the middle of many slow mails")
    begun = time.time()
    equal(sender.stop(), 0, "SIGTERM: exit 0")
    check(time.time() - begun < 10, "within seconds", f"{time.time() - begun:.1f} s")
    sender.start()
    all_end(system, "term")
    equal(collections.Counter(ends(system, "term").values()),
          collections.Counter(sent=MARKETING + TRANSACTIONAL), "all are sent, none is in doubt")
    equal([n for n, ids in caught(system, "term").items() if sum(ids.values()) != 1], [],
          "and each arrived once")


def killed_at_the_door(sender):
    """Owners that are gone again before they have decided much: what they read, the next one reads."""
    for _ in range(2):
        seen = sender.log_text().count("event=assigned")
        sender.start()
        wait_for("a partition", lambda: sender.log_text().count("event=assigned") > seen, 60)
        sender.kill()


def killed_in_the_middle(system):
    """a sender that is killed sends nothing twice that somebody could mind"""
    sender, kills = system.started["email-sender"], 2
    publish_many(system, "kill")
    for _n in range(kills):
        before = len(caught(system, "kill"))
        eventually(lambda: len(caught(system, "kill")) >= before + 25,
                   "in the middle of many slow mails", 40)
        sender.kill()
        killed_at_the_door(sender)
        sender.start()
    all_end(system, "kill")
    status, arrived = ends(system, "kill"), caught(system, "kill")
    doubt = {n for n, s in status.items() if s == "in_doubt"}
    transactional = {f"kill-{n}" for n in range(MARKETING + TRANSACTIONAL) if n % 4 == 3}
    print(f"        {dict(collections.Counter(status.values()))}")
    equal(set(status.values()) - {"sent", "in_doubt"}, set(), "all are sent, or in doubt")
    check(len(doubt) <= kills * CONNECTIONS, "in doubt is only what was under way", len(doubt))
    equal(doubt & transactional, set(), "what nobody can say no to is never left in doubt")
    twice = {n for n, ids in arrived.items() if sum(ids.values()) > 1}
    equal(twice - transactional, set(), "no mail that needs consent arrived twice")
    equal([n for n, ids in arrived.items() if len(ids) != 1], [],
          "what was sent again has the same Message-ID")
    check(doubt or twice, "(the kills hit mails under way)")
    equal({n for n, s in status.items() if s == "sent"} - set(arrived), set(),
          "whatever is called sent arrived")


def balance(system):
    """the books balance"""
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "waiting: 0, ended twice: 0" in text, "audit", f"exit {code}\n{text}")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [refused, later, away, stopped_in_the_middle,
                                     killed_in_the_middle, balance], setup,
               catcher=("--fail-rcpt", "*@bounce.example=550", *LATER))
