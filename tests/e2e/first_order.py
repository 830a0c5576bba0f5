#!/usr/bin/env python3
"""The story of the README: an order comes in over HTTP, a mail goes out within seconds.

usage: first_order.py [BUILD] [--libs DIR]

The mail is read by Python's own reader: its headers, both of its parts, the
links to rate an order.  What was decided stands on nurture.outcomes, and the
books balance.  Starts a broker, unless KAFKA_BOOTSTRAP_SERVERS names one.
"""
import email.utils
import json
import re
import time

import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

ANN = shop.person("ann", name="Ann Archer", locale="en-GB", time_zone="Europe/London",
                  country="GB")


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    system.tasks = topics.Reader(system, "tasks")


def order_to_mail(system):
    """an order is published, and its mail is there"""
    placed = shop.event("order.placed", ANN, order=shop.order(1001))
    begun = time.time()
    status, said = system.shop.post(placed)
    equal((status, said), (202, {"id": placed["id"], "status": "accepted"}), "202, and the id")
    found = eventually(lambda: mails.to(system.catcher, "ann"), "a mail to her")
    check(time.time() - begun < 10, "within 10 seconds", f"{time.time() - begun:.1f} s")
    print(f"        {time.time() - begun:.1f} s from the order to the mail")
    system.first_mail, system.begun = found[0], begun
    # The same event again is no second order.
    equal(system.shop.post(placed)[0], 202, "a repeat of the event is taken")


def headers(system):
    """its headers are those of a proper mail"""
    mail = system.first_mail.parsed
    once = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe",
            "List-Unsubscribe-Post", "MIME-Version", "Content-Type", "X-Nurture-Send")
    equal([n for n in once if len(mail.get_all(n, [])) != 1], [], "each header is there once")
    check(not mail.defects, "Python's reader finds no defect", mail.defects)
    sender, to = mail["From"].addresses[0], mail["To"].addresses[0]
    equal((sender.display_name, sender.addr_spec), ("Harbour", "care@harbour.example"), "From")
    equal((to.display_name, to.addr_spec), ("Ann Archer", "ann@customers.example"), "To")
    check(re.fullmatch(r"<[0-9a-f]{32}@harbour\.example>", mail["Message-ID"] or ""),
          "Message-ID is the send and the shop's domain", mail["Message-ID"])
    equal(mail["Message-ID"].strip("<>").split("@")[0], mail["X-Nurture-Send"],
          "X-Nurture-Send is the same send")
    sent_s = email.utils.parsedate_to_datetime(mail["Date"]).timestamp()
    check(system.begun - 2 <= sent_s <= time.time() + 1, "Date is now", mail["Date"])
    check(re.fullmatch(r"<http://127\.0\.0\.1:8084/u/[A-Za-z0-9_.-]+>", mail["List-Unsubscribe"]),
          "List-Unsubscribe is a link of ours", mail["List-Unsubscribe"])
    equal(mail["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click", "List-Unsubscribe-Post")
    raw = system.first_mail.raw
    check(all(len(line) <= 998 for line in raw.split(b"\r\n")), "no line is too long")
    check(b"\n" not in raw.replace(b"\r\n", b""), "every line ends with CRLF")


def both_parts(system):
    """it says the same in plain text and in HTML"""
    mail = system.first_mail
    equal(mail.parsed.get_content_type(), "multipart/alternative", "type")
    equal([each.get_content_type() for each in mail.parsed.iter_parts()],
          ["text/plain", "text/html"], "the plain part first")
    for kind in ("plain", "html"):
        text = mail.part(kind) or ""
        check("Ann" in text and "1001" in text, f"the {kind} part has her name and the order")
        check("Harbour Outdoor" in text and "1 Quay, Bristol" in text,
              f"the {kind} part says whose it is and from where")
        check("{{" not in text and "}}" not in text, f"no tag is left in the {kind} part")
        link = mail.parsed["List-Unsubscribe"].strip("<>")
        check(link in text, f"the {kind} part has the link to unsubscribe")


def ask_for_feedback(system):
    """after the delivery she is asked, with a link for each score"""
    system.shop.publish(shop.event("order.delivered", "ann", order={"id": "1001"}))
    found = eventually(lambda: [m for m in mails.to(system.catcher, "ann")
                                if m.links("/f/")], "a mail with links to rate")
    links = found[0].links("/f/")
    equal(sorted(link.split("?")[1] for link in links), [f"score={n}" for n in range(1, 6)],
          "one link for each score")
    equal(len({link.split("?")[0] for link in links}), 1, "all of one page")
    html = found[0].part("html")
    check(all(link in html for link in links), "the same links in the HTML part")
    check("https://reviews.example/harbour" in html, "and the public link")
    page = links[0].replace("http://127.0.0.1:8084", system.started["review-solicitor"].url)
    status, text, _ = shop.ask(page)
    check(status == 200 and "1001" in text, "the page answers", status)


def second_order(system):
    """who comes back sets off a task for a human"""
    system.shop.publish(shop.event("order.placed", ANN, order=shop.order(1002)))
    task = eventually(lambda: system.tasks.objects(customer="ann"), "a task on nurture.tasks")[0]
    equal((task["action"], task["owner"], task["programme"]),
          ("gift-basket", "guest-relations", "basket"), "what, who, why")


def outcomes(system):
    """what was decided stands on nurture.outcomes, once"""
    def ends():
        return [o for o in system.outcomes.objects(customer="ann") if o["status"] != "deferred"]
    eventually(lambda: len(ends()) >= 4, "four ends: two thanks, one ask, one task", found=ends)
    time.sleep(1.5)  # the repeat would show by now
    got = sorted((o["programme"], o["channel"], o["status"]) for o in ends())
    equal(got, [("basket", "task", "task_created"), ("feedback", "email", "sent"),
                ("thanks", "email", "sent"), ("thanks", "email", "sent")], "programme by programme")
    equal(len({o["id"] for o in ends()}), len(ends()), "every outcome has its own id")
    equal({r.key for r in system.outcomes.read()}, {b"ann"}, "the key is the customer")
    equal({o["policy"] for o in ends()}.__len__(), 1, "all were decided under one policy")
    equal(len(mails.to(system.catcher, "ann")), 3, "and there are three mails")


def books(system):
    """nurturectl says the same: outcomes, audit, why, status"""
    code, text = system.ctl("outcomes")
    lines = [json.loads(line) for line in text.splitlines()]
    equal(sorted(o["id"] for o in lines), sorted(o["id"] for o in system.outcomes.objects()),
          "outcomes: those of the topic")
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "\nok:" in text and "waiting: 0, ended twice: 0" in text,
          "audit: every cap was kept, the books balance", f"exit {code}\n{text}")
    code, text = system.ctl("why", "ann", check=False)
    check(code == 0 and "thanks" in text and "feedback" in text and "basket" in text,
          "why: all of her requests", f"exit {code}\n{text}")
    code, text = system.ctl("why", "ann", "--programme", "thanks", check=False)
    check(code == 0 and "thanks" in text and "\nbasket (" not in text, "why: of one programme",
          f"exit {code}\n{text}")
    code, text = system.ctl("why", "nobody", check=False)
    equal(code, 1, "why: exit 1 for somebody unknown")
    code, text = system.ctl("status", check=False)
    rows = [line.split() for line in text.splitlines()[1:]]
    equal((code, sorted({row[0] for row in rows})), (0, sorted(parts.STATEFUL)),
          "status: all services")
    equal(len(rows), 6 * 8, "status: each input and partition")
    check(all(row[2].isdigit() for row in rows), "status: numbers of partitions", text)


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [order_to_mail, headers, both_parts, ask_for_feedback,
                                     second_order, outcomes, books], setup)
