#!/usr/bin/env python3
"""A counted link leads where its template says, and whoever follows it is known to have done so.

usage: clicks.py [BUILD] [--libs DIR]

The mails are real ones, read at the mail server; links are followed like a mail program follows
them.  What becomes of a click is followed to what it sets off.
"""
import base64
import hmac
import html
import http.client
import re
import time
import urllib.parse

import mails
import pages
import parts
import shop
import story
import topics
from story import check, equal, eventually

WEBSITE = "https://harbour.example/shop?from=mail"


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    for name in ("events", "outcomes"):
        setattr(system, name, topics.Reader(system, name))


def clicks(system, customer):
    return [e for e in system.events.objects() if e["type"] == "message.clicked"
            and e["customer"]["id"] == customer]


def links(mail):
    """Where the HTML part leads."""
    return [html.unescape(at) for at in re.findall(r'<a [^>]*href="([^"]*)"', mail.part("html"))]


def mail_to(system, name, count=1, **more):
    """Somebody orders, and gets one more mail."""
    system.shop.publish(shop.event("order.placed", shop.person(name, **more),
                                   order=shop.order(count)))
    return eventually(lambda: mails.to(system.catcher, name)[count - 1:], f"{name} has a mail")[0]


def counted(mail):
    return [link for link in links(mail) if "/c/" in link]


def link_of(system, customer, message, name):
    """The link of that name to the website, as a mail with several would have it."""
    key = system.environment["NURTURE_TOKEN_KEY"].split("\n")[0].encode()
    texts = b"".join(bytes([len(text)]) + text.encode() for text in (customer, name))
    body = bytes.fromhex(message) + texts + WEBSITE.encode()
    tag = hmac.digest(key, b"nurture click v1\0" + body, "sha256")[:16]
    parts_of = [base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in (body, tag)]
    return f"http://shop.example/c/v1.{parts_of[0]}.{parts_of[1]}"


def follow(system, link, method="GET", **headers):
    """(status, where to, all headers), without going there."""
    at = urllib.parse.urlparse(link)
    where = urllib.parse.urlparse(system.started["review-solicitor"].url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
    connection.request(method, at.path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers["Location"], answer.headers


def followed(system):
    """a link leads to the shop, and is a click of the mail"""
    mail = mail_to(system, "ann")
    found = counted(mail)
    equal(len(found), 1, "the way to the shop is counted, and no other link")
    check(WEBSITE in mail.part("plain") and "/c/" not in mail.part("plain"),
          "the text says where it leads", mail.part("plain"))
    check("List-Unsubscribe" in mail.parsed and "/u/" in str(mail.parsed["List-Unsubscribe"]),
          "and leaving is as ever")
    status, where, headers = follow(system, found[0])
    equal((status, where), (302, WEBSITE), "there")
    equal((headers["Cache-Control"], headers["Referrer-Policy"]), ("no-store", "no-referrer"),
          "and nobody keeps whose link it was")
    event = eventually(lambda: clicks(system, "ann"), "it is an event")[0]
    sent = eventually(lambda: system.outcomes.objects(customer="ann", status="sent"), "of a mail")[0]
    equal(event["message"], {"id": sent["send"], "kind": "harbour.example/shop"},
          "of that mail, with the link's name")
    follow(system, found[0])
    eventually(lambda: system.outcomes.objects(customer="ann", programme="clicked"),
               "which a programme can answer")
    time.sleep(1)
    equal(len({e["id"] for e in clicks(system, "ann")}), 1, "twice in a minute is once")


def two_ways(system):
    """two links of one mail to the same place are two clicks"""
    mail_to(system, "tim")
    message = eventually(lambda: system.outcomes.objects(customer="tim", status="sent"), "sent")[0]
    for name in ("logo", "button"):
        equal(follow(system, link_of(system, "tim", message["send"], name))[:2], (302, WEBSITE), f"the {name}")
    eventually(lambda: {e["message"]["kind"] for e in clicks(system, "tim")} == {"logo", "button"},
               "each is an event")
    equal(len({e["id"] for e in clicks(system, "tim")}), 2, "of its own")
    time.sleep(1)
    equal(topics.Reader(system, "deadletter").objects(), [], "and none is set aside")


def not_followed(system):
    """what nobody has followed is no click"""
    link = counted(mail_to(system, "ben"))[0]
    equal(follow(system, link, "HEAD")[:2], (302, WEBSITE), "HEAD leads on")
    for name in ("Sec-Purpose", "Purpose", "X-Moz"):
        equal(follow(system, link, **{name: "prefetch;prerender"})[:2], (302, WEBSITE),
              f"{name}: leads on")
    equal(follow(system, link, "POST")[0], 405, "POST: 405")
    for what, forged in (("another byte", link[:-1] + ("A" if link[-1] != "A" else "B")),
                         ("no token", link.split("/c/")[0] + "/c/"),
                         ("an address", link.split("/c/")[0] + "/c/https://evil.example/"),
                         ("another kind of link", link.replace("/c/", "/p/"))):
        status, where, _ = follow(system, forged)
        equal((status, where), (404, None), f"{what}: 404")
    time.sleep(1)
    equal(clicks(system, "ben"), [], "nothing of it is an event")


def not_wanted(system):
    """who says no is not counted, in old mails and in new ones"""
    link = counted(mail_to(system, "eve"))[0]
    own = mails.to(system.catcher, "eve")[0].links("/p/")[0].replace(
        "http://127.0.0.1:8084", system.started["review-solicitor"].url, 1)
    page = pages.show(own)
    check("Note which links I open" in page.text, "her own page has a box for it")
    equal(page.ticked(), {"care", "clicks"}, "which is ticked")
    equal(page.press("save", untick={"clicks"}).ticked(), {"care"}, "she takes the tick away")
    said = eventually(lambda: [e for e in system.events.objects() if e["customer"]["id"] == "eve"
                               and e["type"] == "consent.changed"], "that is an event")
    equal(said[0]["customer"]["consent"], {"clicks": False}, "of that alone")
    eventually(lambda: "clicks" not in pages.show(own).ticked(), "it counts")
    equal(follow(system, link)[:2], (302, WEBSITE), "the old link leads on")
    mail = mail_to(system, "eve", 2)
    equal(counted(mail), [], "the next mail has none")
    check(WEBSITE in links(mail), "but the way itself", links(mail))
    pages.show(own).press("save", tick={"clicks"})
    eventually(lambda: "clicks" in pages.show(own).ticked(), "ticked again")
    equal(len(counted(mail_to(system, "eve", 3))), 1, "it is back")
    equal(clicks(system, "eve"), [], "and nothing was noted meanwhile")


def without_redis(system):
    """while nobody can be asked, links lead on and nothing is noted"""
    link = counted(mail_to(system, "ned"))[0]
    system.redis.stop()
    begun = time.time()
    equal(follow(system, link)[:2], (302, WEBSITE), "there")
    check(time.time() - begun < 3, "without waiting", time.time() - begun)
    equal(clicks(system, "ned"), [], "nothing is noted")
    system.redis.start()
    eventually(lambda: follow(system, link) and clicks(system, "ned"), "and is when it is back", 60)


if __name__ == "__main__":
    story.tell(__doc__, "clicks.yaml", [followed, two_ways, not_followed, not_wanted, without_redis], setup)
