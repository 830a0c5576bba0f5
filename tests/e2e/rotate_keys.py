#!/usr/bin/env python3
"""Keys are changed while mails are out: no link, code or signature ends before its key is gone.

usage: rotate_keys.py [BUILD] [--libs DIR]
"""
import json
import re
import subprocess
import sys
import urllib.parse

import mail_signatures
import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

DOMAIN = "harbour.example"
NEW_TOKEN = "fedcba9876543210-shop"


def setup(system):
    system.keys, records = {}, {}
    for selector in ("s1", "s2"):
        setting, found = key_of(system, selector)
        system.keys[selector] = setting
        records |= found
    system.records = records
    system.environment.update(NURTURE_DKIM_DOMAIN=DOMAIN, NURTURE_DKIM_KEYS=system.keys["s1"])
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.outcomes = topics.Reader(system, "outcomes")


def key_of(system, selector):
    """A new key of DKIM: its setting, and what has to stand in the DNS."""
    path = f"{system.folder}/{selector}.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                    "-out", path], check=True, capture_output=True)
    zone = system.ctl("dkim-record", DOMAIN, f"{selector}:{path}")[1]
    name, _, text = zone.strip().partition(" IN TXT ")
    return f"{selector}:{path}", {name: "".join(re.findall('"([^"]*)"', text))}


def order(name):
    return shop.event("order.placed", shop.person(name), order=shop.order(name))


def restart(system, **settings):
    """All services with these settings, as after another Secret."""
    for service in system.started.values():
        equal(service.stop(), 0, f"{service.name}: stops by itself")
        service.environment.update(settings)
        service.start()
    for service in system.started.values():
        system.ready(service, 90)


def link_of(system, customer):
    """The path of the unsubscribe link in this customer's mail."""
    mail = mails.to(system.catcher, customer)[-1]
    return urllib.parse.urlparse(mail.parsed["List-Unsubscribe"].strip("<>")).path


def leaves(system, path):
    """What the page says to somebody who presses its button."""
    return shop.ask(system.started["review-solicitor"].url + path, "POST",
                    b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")[0]


def taken(system, token, name):
    event = order(name)
    return shop.ask(system.started["ingest"].url + "/v1/events", "POST",
                    json.dumps(event).encode(), "application/json",
                    Authorization=f"Bearer {token}")[0]


def other_keys(system):
    """the token key and ingest's token are changed as docs/doors.md has it"""
    old, new = system.environment["NURTURE_TOKEN_KEY"], "another for this test 789"
    equal(taken(system, shop.TOKEN, "ann"), 202, "an order")
    eventually(lambda: mails.to(system.catcher, "ann"), "its mail, signed with the old key", 60)
    older = link_of(system, "ann")
    restart(system, NURTURE_TOKEN_KEY_BEFORE=new,
            NURTURE_INGEST_TOKENS=f"shop={shop.TOKEN},shop={NEW_TOKEN}")
    equal([taken(system, shop.TOKEN, "ben"), taken(system, NEW_TOKEN, "cem")], [202, 202],
          "both tokens of the source are taken")
    restart(system, NURTURE_TOKEN_KEY=new, NURTURE_TOKEN_KEY_BEFORE=old,
            NURTURE_INGEST_TOKENS=f"shop={NEW_TOKEN}")
    equal([taken(system, shop.TOKEN, "dan"), taken(system, NEW_TOKEN, "eva")], [401, 202],
          "the old token is not taken any more")
    eventually(lambda: mails.to(system.catcher, "eva"), "a mail signed with the new key", 60)
    newer = link_of(system, "eva")
    equal([leaves(system, older), leaves(system, newer)], [200, 200], "both mails' links work")
    restart(system, NURTURE_TOKEN_KEY_BEFORE="")
    check(leaves(system, older) >= 400, "without the old key its links end")
    equal(leaves(system, newer), 200, "and those of the new one do not")


def drawn(system, customer):
    """(request, code) of this customer's mail, from the outcomes."""
    found = eventually(lambda: system.outcomes.objects(customer=customer, status="sent",
                                                       programme="thanks"), f"{customer}: sent", 60)
    return found[0]["request"], found[0]["coupon"]


def is_code(system, request, code, key):
    """Whether nurturectl takes the code for the request, with this key."""
    before = system.environment["NURTURE_COUPON_KEY"]
    system.environment["NURTURE_COUPON_KEY"] = key
    exit_code, _ = system.ctl("coupon", "--request", request, code, check=False)
    system.environment["NURTURE_COUPON_KEY"] = before
    return exit_code == 0


def coupon_key(system):
    """another coupon key: each code is checked with the key of its day, old mails keep theirs"""
    old, new = system.environment["NURTURE_COUPON_KEY"], "another for this test 012"
    equal(taken(system, NEW_TOKEN, "fay"), 202, "an order")
    older = drawn(system, "fay")
    restart(system, NURTURE_COUPON_KEY=new)
    equal(taken(system, NEW_TOKEN, "gus"), 202, "an order after it")
    newer = drawn(system, "gus")
    equal([is_code(system, *older, old), is_code(system, *older, new)], [True, False],
          "the older code is one of the old key alone")
    equal([is_code(system, *newer, old), is_code(system, *newer, new)], [False, True],
          "the newer one is one of the new key alone")


def verified(system, mail):
    """Selectors by which a mail is signed and whose signature holds."""
    count = len(mail.parsed.get_all("DKIM-Signature") or [])
    held = mail_signatures.by_dkimpy(mail.raw, system.records, count)
    named = re.findall(r"\bs=(\w+);", " ".join(mail.parsed.get_all("DKIM-Signature") or []))
    return named if held == count else f"{held} of {count} hold"


def dkim_key(system):
    """another key of DKIM: both sign for a while, and each mail can be verified all the time"""
    signed = {}
    for name, keys in (("hal", ["s1"]), ("ida", ["s1", "s2"]), ("jim", ["s2"])):
        restart(system, NURTURE_DKIM_KEYS=",".join(system.keys[key] for key in keys))
        equal(taken(system, NEW_TOKEN, name), 202, f"an order while {keys} sign")
        found = eventually(lambda who=name: mails.to(system.catcher, who), "its mail", 60)
        signed[name] = found[0]
        equal(sorted(verified(system, found[0])), keys, f"{name}: signed by {keys}")
    equal([verified(system, mail) for mail in signed.values()][0], ["s1"],
          "the oldest holds as long as its record is there")
    system.records = {name: text for name, text in system.records.items() if "s1." not in name}
    check(verified(system, signed["hal"]) == "0 of 1 hold", "without its record it does not",
          verified(system, signed["hal"]))
    equal(verified(system, signed["jim"]), ["s2"], "and the newest does")


if __name__ == "__main__":
    if not mail_signatures.dkim:
        sys.exit("rotate_keys.py: dkimpy and pynacl are missing (tests/e2e/requirements.txt)")
    story.tell(__doc__, "keys.yaml", [other_keys, coupon_key, dkim_key], setup)
