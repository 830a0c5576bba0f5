#!/usr/bin/env python3
"""Mails come back: by LMTP, by a provider's webhook and through the pipe, and people are left alone.

usage: bounces.py [BUILD] [--libs DIR]

Each mail really left with a return path of its own; what comes back are
reports as mail servers write them.
"""
import json
import socket
import subprocess
import time

import mails
import parts
import processes
import shop
import story
import topics
from story import check, equal, eventually

DOMAIN = "b.harbour.example"
SECRET = "0123456789abcdef-hook"
numbers = iter(range(2001, 3000))

REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.customers.example (Mail Delivery System)
To: {path}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b0"

--b0
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b0
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customers.example

Final-Recipient: rfc822; {person}@customers.example
Action: failed
Status: {status}
Diagnostic-Code: smtp; {text}

--b0--
"""


class Lmtp:
    """A mail server that brings mail."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.file = self.socket.makefile("rb")
        self.greeting = self.answer()

    def answer(self):
        line = b"   -"
        while line[3:4] == b"-":
            line = self.file.readline()
        return line.decode().strip()

    def say(self, line):
        self.socket.sendall(line.encode() + b"\r\n")
        return self.answer()

    def bring(self, path, mail):
        self.say("LHLO mx.customers.example")
        self.say("MAIL FROM:<>")
        said = self.say(f"RCPT TO:<{path}>")
        if not said.startswith("250"):
            return said
        self.say("DATA")
        self.socket.sendall(mail.replace("\n", "\r\n").encode() + b".\r\n")
        return self.answer()

    def close(self):
        self.socket.close()


def setup(system):
    system.lmtp_port = processes.free_port()
    system.environment["NURTURE_BOUNCE_DOMAIN"] = DOMAIN
    system.environment["NURTURE_MAIL_PROVIDER"] = "postmark"
    system.environment["NURTURE_LMTP_LISTEN"] = f"127.0.0.1:{system.lmtp_port}"
    system.environment["NURTURE_BOUNCE_HOOKS"] = f"postmark={SECRET}"
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    system.events = topics.Reader(system, "events")
    system.dead = topics.Reader(system, "deadletter")


def order(system, person):
    event = shop.event("order.placed", shop.person(person), order=shop.order(next(numbers)))
    equal(system.shop.post(event)[0], 202, f"{person} orders")


def first_mail(system, person):
    """The return token of the mail that the order set off."""
    order(system, person)
    found = eventually(lambda: mails.to(system.catcher, person), f"a mail to {person}")
    return found[0].parsed["X-Nurture-Return"]


def bring(system, person, status, text):
    token = first_mail(system, person)
    lmtp = Lmtp(system.lmtp_port)
    said = lmtp.bring(f"Bounce+{token.upper()}@{DOMAIN}",
                      REPORT.format(path="x", person=person, status=status, text=text))
    lmtp.close()
    check(said.startswith("250"), f"the report is taken: {status}", said)
    return token


def event_of(system, person, kind):
    def found():
        system.events.read()
        return [e for e in system.events.objects(type=kind) if e["customer"]["id"] == person]
    return eventually(found, f"{kind} of {person} is on the topic")


def ends(system, person, status):
    def found():
        system.outcomes.read()
        return system.outcomes.objects(customer=person, status=status)
    return eventually(found, f"the next request of {person} ends as {status}", 40)


def hard(system):
    """a hard bounce: the address takes no mail any more, and why says so"""
    bring(system, "ann", "5.1.1", "550 5.1.1 <ann@customers.example>: User unknown")
    said = event_of(system, "ann", "message.bounced")[0]
    equal(said["message"]["kind"], "hard", "its kind")
    check("User unknown" in said["message"]["detail"], "what the server said", said)
    time.sleep(2)  # the segmenter tells the scheduler
    order(system, "ann")
    ends(system, "ann", "undeliverable")
    code, text = system.ctl("why", "ann")
    check(code == 0 and "no address that takes mail" in text, "nurturectl why ann", text)
    equal(len(mails.to(system.catcher, "ann")), 1, "no second mail")


def others(system):
    """soft and policy: the next mail goes out"""
    bring(system, "bert", "5.2.2", "552 5.2.2 mailbox full")
    bring(system, "cora", "5.7.1", "550 5.7.1 blocked using zen.spamhaus.org")
    for person, kind in (("bert", "soft"), ("cora", "policy")):
        said = event_of(system, person, "message.bounced")[0]
        equal(said["message"]["kind"], kind, f"{person}: {kind}")
    time.sleep(2)
    for person in ("bert", "cora"):
        order(system, person)
        eventually(lambda who=person: len(mails.to(system.catcher, who)) > 1,
                   f"a second mail to {person}", 40)


def webhook(system):
    """a complaint by webhook: all consent is withdrawn"""
    token = first_mail(system, "dora")
    url = f"http://127.0.0.1:{system.started['ingest'].port}/v1/bounces/postmark"
    body = json.dumps({"RecordType": "SpamComplaint", "Email": "dora@customers.example",
                       "Metadata": {"nurture": token}}).encode()
    equal(shop.ask(f"{url}/wrong", "POST", body, "application/json")[0], 401, "a wrong secret")
    equal(shop.ask(f"{url.replace('postmark', 'ses')}/{SECRET}", "POST", body,
                   "application/json")[0], 401, "another provider's secret")
    equal(shop.ask(f"{url}/{SECRET}", "POST", b"{", "application/json")[0], 400, "no JSON")
    status, text, _ = shop.ask(f"{url}/{SECRET}", "POST", body, "application/json")
    equal((status, json.loads(text)["published"]), (200, 1), "taken")
    event_of(system, "dora", "message.complained")
    nobody = json.dumps({"RecordType": "Bounce", "Type": "HardBounce",
                         "Email": "x@customers.example"}).encode()
    status, text, _ = shop.ask(f"{url}/{SECRET}", "POST", nobody, "application/json")
    equal((status, json.loads(text)["dead_letters"]), (200, 1), "nobody's: a dead letter")
    eventually(lambda: system.dead.read() or [d for d in system.dead.objects()
                                              if "no return token" in d.get("reason", "")],
               "with its reason on the topic")


def pipe(system):
    """nurturectl bounce: the same from standard input"""
    token = first_mail(system, "emil")
    mail = REPORT.format(path=f"bounce+{token}@{DOMAIN}", person="emil", status="5.1.1",
                         text="550 no such user")
    done = subprocess.run([f"{system.build}/bin/nurturectl", "bounce"], input=mail, text=True,
                          env=system.environment, capture_output=True, check=False)
    check(done.returncode == 0 and "customer:  emil" in done.stdout and "hard" in done.stdout,
          "it says what it is", done.stdout + done.stderr)
    event_of(system, "emil", "message.bounced")


def adversaries(system):
    """slow, broken and greedy peers get nowhere, and hold nobody up"""
    lmtp = Lmtp(system.lmtp_port)
    check(lmtp.greeting.startswith("220"), "a greeting", lmtp.greeting)
    check(lmtp.say("LHLO x").startswith("250"), "LHLO")
    check(lmtp.say("MAIL FROM:<>").startswith("250"), "MAIL")
    check(lmtp.say(f"RCPT TO:<care@{DOMAIN}>").startswith("550"), "not ours: 550")
    slow = Lmtp(system.lmtp_port)
    for byte in b"LHLO slow":
        slow.socket.sendall(bytes([byte]))
        time.sleep(0.05)
    crowd = [Lmtp(system.lmtp_port) for _ in range(40)]
    busy = sum(each.greeting.startswith("421") for each in crowd)
    check(busy >= 40 - 30, f"of 42 at once {busy} are told 421")
    for each in crowd:
        each.close()
    check(slow.say("").startswith("250"), "a byte at a time is still a line")
    slow.close()
    lmtp.socket.sendall(b"x" * 5000)
    check(lmtp.answer().startswith("500"), "a line without an end: 500, and hung up")
    equal(lmtp.file.read(), b"", "nothing after it")


def not_stored(system):
    """Kafka away: 451, and the mail server keeps the report"""
    token = first_mail(system, "fred")
    report = REPORT.format(path="x", person="fred", status="5.1.1", text="550 no such user")
    system.broker.process.kill()
    system.broker.process.wait()
    lmtp = Lmtp(system.lmtp_port)
    said = lmtp.bring(f"bounce+{token}@{DOMAIN}", report)
    check(said.startswith("451"), "451 while Kafka is away", said)
    system.broker.start()
    eventually(lambda: lmtp.bring(f"bounce+{token}@{DOMAIN}", report).startswith("250"),
               "250 when it is back", 60)
    lmtp.close()


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [hard, others, webhook, pipe, adversaries, not_stored], setup,
               own_broker=True)
