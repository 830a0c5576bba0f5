#!/usr/bin/env python3
"""Keys are changed while mails are out: no link ends before its key is taken away.

usage: rotate_keys.py [BUILD] [--libs DIR]
"""
import json
import urllib.parse

import mails
import parts
import shop
import story
from story import check, equal, eventually

NEW_TOKEN = "fedcba9876543210-shop"


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)


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


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [other_keys], setup)
