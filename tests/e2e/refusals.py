#!/usr/bin/env python3
"""One answer of a mail server has one effect, said to us or told by another server in a report.

usage: refusals.py [BUILD] [--libs DIR]

A server refuses at RCPT with codes that lie, and mails that it took come back with the same words in
a delivery status.  Only who is not there is not written to again.
"""
import time

import bounces
import mails
import shop
import story
from story import check, equal, eventually

# What the server says, and what that is; the codes are those of "no such mailbox" on purpose.
ANSWERS = [
    ("5.1.1 mailbox full", "soft"),
    ("5.1.1 Mailbox storage exceeded", "soft"),
    ("5.1.1 Inbox full, not accepting messages", "soft"),
    ("5.1.1 User is over quota", "soft"),
    ("5.1.1 Bad HELO", "policy"),
    ("5.1.1 Authentication required", "policy"),
    ("5.1.1 Directory harvest attack detected from your host", "policy"),
    ("5.1.1 Attachment type not allowed", "policy"),
    ("5.1.1 rate limit exceeded", "policy"),
    ("5.1.1 blocked using zen.spamhaus.org", "policy"),
    ("5.7.1 No such user here", "hard"),
    ("5.1.1 The email account that you tried to reach does not exist", "hard"),
]
REFUSALS = [argument for number, (text, _) in enumerate(ANSWERS)
            for argument in ("--fail-rcpt", f"*@refused{number}.example=550 {text}")]


def refused(number):
    return shop.person(f"refused-{number}", f"refused{number}.example")


def buy(system, person):
    event = shop.event("order.placed", person, order=shop.order(next(bounces.numbers)))
    equal(system.shop.post(event)[0], 202, f"{person['id']} orders")


def bounced(system, customer):
    system.events.read()
    return [e["message"]["kind"] for e in system.events.objects(type="message.bounced")
            if e["customer"]["id"] == customer]


def outcomes(system, customer):
    system.outcomes.read()
    return system.outcomes.objects(customer=customer, channel="email")


def said_to_us(system):
    """over SMTP: each is refused once"""
    for number in range(len(ANSWERS)):
        buy(system, refused(number))
    for number, (text, kind) in enumerate(ANSWERS):
        customer = refused(number)["id"]
        end = eventually(lambda who=customer: outcomes(system, who), f"{text}: an outcome")
        check(text in (end or [{}])[0].get("reason", {}).get("detail", ""),
              "with the server's words", end)
        if kind == "hard":
            eventually(lambda who=customer: bounced(system, who) == ["hard"], f"{text}: hard")


def told_in_reports(system):
    """in reports of mails that were taken: each has its kind"""
    for number, (text, kind) in enumerate(ANSWERS):
        customer = f"told-{number}"
        bounces.bring(system, customer, "5.0.0", f"550 {text}")
        eventually(lambda who=customer, what=kind: bounced(system, who) == [what],
                   f"{text}: {kind}", 20, lambda who=customer: bounced(system, who))


def and_then(system):
    """the next order: nobody is silenced but who is not there, either way"""
    time.sleep(2)  # the segmenter tells the scheduler
    before = {number: len(outcomes(system, refused(number)["id"])) for number in range(len(ANSWERS))}
    for number in range(len(ANSWERS)):
        buy(system, refused(number))
        buy(system, shop.person(f"told-{number}"))
    for number, (text, kind) in enumerate(ANSWERS):
        customer, told = refused(number)["id"], f"told-{number}"
        if kind == "hard":
            for who in (customer, told):
                eventually(lambda who=who: [o for o in outcomes(system, who)
                                            if o["status"] == "undeliverable"],
                           f"{text}: {who} is not written to", 40)
            continue
        eventually(lambda who=told: len(mails.to(system.catcher, who)) > 1,
                   f"{text}: another mail to {told}", 40)
        eventually(lambda who=customer, n=number: len(outcomes(system, who)) > before[n],
                   f"{text}: another try for {customer}", 40)
        for who in (customer, told):
            equal([o["status"] for o in outcomes(system, who) if o["status"] == "undeliverable"], [],
                  f"{text}: {who} is deliverable")
        if kind == "soft":  # when its mails are given up, as often as there were mails
            eventually(lambda who=customer: set(bounced(system, who)) == {"soft"},
                       f"{text}: counts as a report does", 60, lambda who=customer: bounced(system, who))
        else:
            equal(bounced(system, customer), [], f"{text}: and nothing says otherwise")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [said_to_us, told_in_reports, and_then], bounces.setup,
               catcher=REFUSALS)
