#!/usr/bin/env python3
"""Everybody is asked alike; what they answer, and what they refuse, has its consequences.

usage: feedback.py [BUILD] [--libs DIR]

A link may be opened by anything (scanners open all of them) and changes
nothing; what is posted counts once.  A low score is a call for a human besides;
the page and the ask for a public review are the same for all, also for who does
not answer.  Then leaving: one class, and everything.
"""
import time
import urllib.parse

import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

LOW, HIGH, SILENT, CURIOUS = "low", "high", "silent", "curious"
PEOPLE = {name: shop.person(name, name="Sam Same") for name in (LOW, HIGH, SILENT, CURIOUS)}
PUBLIC = "https://reviews.example/harbour"


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    for name in ("events", "outcomes", "tasks"):
        setattr(system, name, topics.Reader(system, name))


def reachable(system, link):
    """The shop's proxy would lead there."""
    return link.replace("http://127.0.0.1:8084", system.started["review-solicitor"].url, 1)


def post(system, link, body):
    return shop.ask(reachable(system, link), "POST", body.encode(),
                    "application/x-www-form-urlencoded")


def asks_of(system, name):
    return [mail for mail in mails.to(system.catcher, name) if mail.links("/f/")]


def received(system):
    return [e for e in system.events.objects(type="feedback.received")]


def everybody_is_asked(system):
    """after the delivery everybody is asked, and everybody alike"""
    for person in PEOPLE.values():
        system.shop.publish(shop.event("order.delivered", person, order={"id": "77"}))
    system.links = {}
    for name in PEOPLE:
        found = eventually(lambda: asks_of(system, name), f"{name} is asked")
        system.links[name] = sorted(found[0].links("/f/"))
        equal(len(system.links[name]), 5, "with five links")
    texts = set()
    for name in PEOPLE:
        mail = asks_of(system, name)[0]
        text = mail.part("plain").replace(mail.parsed["List-Unsubscribe"].strip("<>"), "BYE")
        for n, link in enumerate(system.links[name] + sorted(mail.links("/p/"))):
            text = text.replace(link, f"LINK{n}")
        texts.add(text)
    equal(len(texts), 1, "but for the links all read the same")
    check(PUBLIC in texts.pop(), "the public link is in it")


def answers(system):
    """a two is a call, and the page and the ask for a review are those of a five"""
    page = system.links[LOW][0].split("?")[0]
    body = urllib.parse.urlencode({"score": 2, "comment": "It <b>leaks</b> & \u00e4chzt."})
    status, thanks_low, headers = post(system, page, body)
    equal(status, 200, "a two is taken")
    equal(post(system, page, body)[0], 200, "and again, as a double click does")
    status, thanks_high, _ = post(system, system.links[HIGH][0].split("?")[0], "score=5")
    equal(status, 200, "a five is taken")
    equal(thanks_low, thanks_high, "both see the same page")
    check(PUBLIC in thanks_low, "with the public link")
    check("default-src 'none'" in headers["Content-Security-Policy"], "it loads nothing")
    equal(headers["Referrer-Policy"], "no-referrer", "and does not give the token away")
    task = eventually(lambda: system.tasks.objects(customer=LOW), "a call is on nurture.tasks")[0]
    data = {each: task["data"].get(each) for each in ("score", "comment", "order.id")}
    equal((task["action"], task["owner"], data),
          ("phone-call", "sam", {"score": "2", "comment": "It <b>leaks</b> & \u00e4chzt.",
                                 "order.id": "77"}), "what, who, and what was said")
    def reviews(name):
        return [m for m in mails.to(system.catcher, name) if not m.links("/f/")]
    for name in PEOPLE:
        found = eventually(lambda: reviews(name), f"{name} is asked for a public review", 60)
        equal(len(found), 1, "once")
        check(PUBLIC in found[0].part("plain"), "at the same place")
    events = [e for e in received(system) if e["customer"]["id"] == LOW]
    equal(len({e["id"] for e in events}), 1, "a double click is one event")


def links_change_nothing(system):
    """a link that is opened changes nothing"""
    before = len(received(system))
    for n, link in enumerate(system.links[CURIOUS], 1):
        status, text, _ = shop.ask(reachable(system, link))
        check(status == 200 and text.count("checked") >= 1 and f'value="{n}" required checked'
              in text, f"score {n} is chosen on the page", status)
    equal(shop.ask(reachable(system, link), "HEAD")[0], 200, "HEAD")
    page = system.links[CURIOUS][0].split("?")[0]
    for what, body in (("no score", ""), ("a score of 9", "score=9"), ("a text", "score=five"),
                       ("two scores", "score=1&score=5"), ("no form", "\0\1%zz")):
        status, text, _ = post(system, page, body)
        check(status == 400 and "role=\"alert\"" in text, f"{what}: 400 and the page again", status)
    equal(post(system, page, "score=5&comment=" + "x" * 100000)[0], 413, "too long a comment: 413")
    forged = page[:-1] + ("A" if page[-1] != "A" else "B")
    other = page.replace("/f/", "/u/")
    for what, link in (("a forged link", forged), ("no token", page.rsplit("/", 1)[0] + "/"),
                       ("a token cut off", page[:-8]), ("that of another page", other)):
        equal(post(system, link, "score=1")[0], 404, f"{what}: 404")
    time.sleep(1)
    equal(len(received(system)), before, "nothing of it is an event")


def reminders(system):
    """who has not answered is reminded, once, and nobody else"""
    eventually(lambda: len(asks_of(system, SILENT)) == 2, "the silent one is reminded", 70)
    eventually(lambda: len(asks_of(system, CURIOUS)) == 2, "who only looked is reminded, too")
    check("a few days ago" in asks_of(system, SILENT)[1].part("plain"), "the mail says so")
    check(PUBLIC in asks_of(system, SILENT)[1].part("plain"), "the public link is in it")
    time.sleep(3)
    equal([len(asks_of(system, name)) for name in (LOW, HIGH, SILENT, CURIOUS)], [1, 1, 2, 2],
          "nobody else, and nobody twice")
    ends = [o for o in system.outcomes.objects(programme="feedback") if o["status"] != "deferred"]
    equal(len({o["request"] for o in ends}), len(ends), "every request has one end")


def unsubscribe(system):
    """who unsubscribes from one class hears no more of it"""
    person = shop.person("uma")
    system.shop.publish(shop.event("order.placed", person, order=shop.order(1)))
    mail = eventually(lambda: mails.to(system.catcher, "uma"), "uma has a mail")[0]
    link = mail.parsed["List-Unsubscribe"].strip("<>")
    status, _, _ = shop.ask(reachable(system, link))
    equal(status, 200, "GET of the link shows a page")
    time.sleep(0.5)
    equal(system.events.objects(type="message.unsubscribed"), [], "and changes nothing")
    equal(post(system, link, "List-Unsubscribe=One-Click")[0], 200, "one click is enough")
    forged = link[:-1] + ("A" if link[-1] != "A" else "B")
    equal(post(system, forged, "List-Unsubscribe=One-Click")[0], 404, "a forged link: 404")
    eventually(lambda: system.events.objects(type="message.unsubscribed"), "it is an event")
    system.shop.publish(shop.event("order.placed", "uma", order=shop.order(2)))
    eventually(lambda: system.outcomes.objects(customer="uma", status="no_consent"),
               "her next mail ends no_consent")
    equal(len(mails.to(system.catcher, "uma")), 1, "and does not go out")
    system.shop.publish(shop.event("order.delivered", "uma", order={"id": "2"}))
    eventually(lambda: asks_of(system, "uma"), "other classes she did not mean")
    system.shop.publish(shop.event("message.unsubscribed", "uma"))
    system.shop.publish(shop.event("order.delivered", "uma", order={"id": "3"}))
    eventually(lambda: system.outcomes.objects(customer="uma", status="no_consent",
                                               programme="feedback"), "until she means them all")


def traces(system, customer):
    """Where the person can still be read: the newest states, and the index of them."""
    found = []
    for name in ("profiles", "ladders", "contacts", "deliveries"):
        reader = topics.Reader(system, name)
        newest = {r.key: r.value for r in reader.read(0.5)}.get(customer.encode())
        if newest and (b"customers.example" in newest or b"Ernest" in newest):
            found.append(name)
        reader.close()
    for key in system.redis.cli("--scan").split():
        if f"{customer}@customers.example" in system.redis.cli("--no-raw", "HGETALL", key):
            found.append(key)
    return found


def erasure(system):
    """who asks to be forgotten is forgotten"""
    person = shop.person("ernest", name="Ernest Erased")
    system.shop.publish(shop.event("order.placed", person, order=shop.order(5)),
                        shop.event("order.shipped", person, order=shop.order(5)),
                        shop.event("order.delivered", person, order={"id": "5"}))
    eventually(lambda: len(mails.to(system.catcher, "ernest")) == 2, "he has mails")
    before = traces(system, "ernest")
    check("profiles" in before and any("segmenter" in each for each in before),
          "and stands in state and index", before)
    equal(system.ctl("erase", "ernest", check=False)[0], 100, "erase wants --yes")
    code, said = system.ctl("erase", "ernest", "--yes", check=False)
    equal(code, 0, "nurturectl erase")
    eventually(lambda: system.outcomes.objects(customer="ernest", status="erased"),
               "what was waiting ends `erased`")
    eventually(lambda: not traces(system, "ernest"), "no state of any service names him", 20,
               lambda: traces(system, "ernest"))
    count = len(mails.to(system.catcher, "ernest"))
    system.shop.publish(shop.event("order.placed", "ernest", order=shop.order(6)))
    def thanks():
        return [o["status"] for o in system.outcomes.objects(customer="ernest",
                                                             programme="thanks")]
    eventually(lambda: len(thanks()) == 2, "of his next order something is decided")
    check(thanks()[1] in ("erased", "no_consent", "undeliverable"), "he cannot be written to",
          thanks())
    equal(len(mails.to(system.catcher, "ernest")), count, "and he hears nothing")
    # After an erasure a shop's flag on an order gives nothing; his own, proven word does.
    system.shop.publish(
        shop.event("consent.changed", {**person, "consent": {"all": True}},
                   proof={"source": "the till", "at": shop.now_text()}),
        shop.event("order.placed", person, order=shop.order(7)))
    eventually(lambda: len(mails.to(system.catcher, "ernest")) == count + 1,
               "who says again who he is, and what he wants, is a customer again")


def balance(system):
    """the books balance"""
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "ended twice: 0" in text, "audit", f"exit {code}\n{text}")


if __name__ == "__main__":
    # The reminders come a minute after the asks: last, so that nobody waits for them.
    story.tell(__doc__, "feedback.yaml", [everybody_is_asked, answers, links_change_nothing,
                                          unsubscribe, erasure, reminders, balance], setup)
