#!/usr/bin/env python3
"""Who may come in, and what never gets out.

usage: doors.py [BUILD] [--libs DIR]

A token that may publish orders only; secrets that everybody knows; health and metrics on a listener
of their own; a link in a mail whose key was changed since; a Redis with a password full of special
characters, which no log shows; a Redis that is full, and says so.
"""
import os
import urllib.parse

import mails
import parts
import shop
import story
from story import check, equal, eventually

import services

PASSWORD = "hunter2@a/b:c,d%e f"
TILL = "the-token-of-a-till"
KNOWN = "only-for-development"


def setup(system):
    quoted = urllib.parse.quote(PASSWORD, safe="")
    system.redis.cli("CONFIG", "SET", "requirepass", PASSWORD)
    system.environment["REDIS_URL"] = f"redis://:{quoted}@127.0.0.1:{system.redis.port}"
    system.environment["NURTURE_INGEST_TOKENS"] += f",till={TILL} types=order.*,customer.updated"
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])


def logs(system):
    return "".join(open(f"{system.folder}/{name}").read()
                   for name in os.listdir(system.folder) if name.endswith(".log"))


def passwords(system):
    """a password with @ / : , % and a blank logs in, and is in no log"""
    equal(system.redis.cli("PING"), "NOAUTH Authentication required.", "Redis wants the password")
    wrong = "redis://:hunter2%40wrong@" + system.environment["REDIS_URL"].rsplit("@", 1)[1]
    code, said = services.execute(system, "segmenter", REDIS_URL=wrong)
    check(code == 111 and "WRONGPASS" in said and "hunter2" not in said,
          "a wrong one: exit 111, and not shown", f"{code} {said}")
    raw = "redis://:hunter2@wrong@127.0.0.1:1"
    code, said = services.execute(system, "segmenter", REDIS_URL=raw)
    check(code == 111 and "redis 127.0.0.1:1" in said and "wrong" not in said,
          "one with a raw @ is not taken for a host", f"{code} {said}")
    check("hunter2" not in logs(system), "no log has it")


def limited(system):
    """a till cannot erase people"""
    def post(body):
        status, said, _ = shop.ask(system.shop.url, "POST", body, "application/json",
                                   Authorization=f"Bearer {TILL}")
        return status, said
    order = shop.event("order.placed", shop.person("till-1"), order=shop.order("till-1"))
    erase = shop.event("customer.erased", "till-1")
    def encode(body):
        return shop.json.dumps(body).encode()
    equal(post(encode(order))[0], 202, "an order: 202")
    status, said = post(encode(erase))
    check(status == 403 and '"forbidden"' in said and "customer.erased" in said, "403, and why", said)
    status, said = post(encode([order, erase]))
    check(status == 202 and said.count('"forbidden"') == 1, "in an array each for itself", said)
    url = system.shop.url.replace("/events", "/permits")
    status, said, _ = shop.ask(url, "POST", b'{"id":"p","customer":"a","class":"care"}',
                               "application/json", Authorization=f"Bearer {TILL}")
    check(status == 403 and "permit" in said, "nor ask for permits", f"{status} {said}")


def known_secrets(system):
    """the secrets of the try-out are refused where others can come in"""
    for name, setting, value in (("ingest", "NURTURE_INGEST_TOKENS", f"shop={KNOWN}"),
                                 ("review-solicitor", "NURTURE_TOKEN_KEY", KNOWN),
                                 ("scheduler", "NURTURE_COUPON_KEY", KNOWN)):
        for more, wanted in (({}, 0), ({"NURTURE_LISTEN": ":0"}, 100),
                             ({"NURTURE_LISTEN": ":0", "NURTURE_DEVELOPMENT": "yes"}, 0)):
            code, said = services.execute(system, name, "--check-config", **{setting: value}, **more)
            check(code == wanted and (wanted == 0 or setting in said and "NURTURE_DEVELOPMENT" in said),
                  f"{name}, {setting}, {more}: exit {wanted}", f"{code} {said}")


def admin(system):
    """health and metrics on a listener of their own"""
    port = parts.free_port()
    service = system.run("ingest", "second", NURTURE_ADMIN_LISTEN=f"127.0.0.1:{port}")
    eventually(lambda: shop.ask(f"http://127.0.0.1:{port}/readyz")[0] == 200, "ready, there")
    for path in ("/livez", "/readyz", "/metrics"):
        equal((shop.ask(f"http://127.0.0.1:{port}{path}")[0], shop.ask(service.url + path)[0]),
              (200, 404), path)
    equal(shop.ask(f"http://127.0.0.1:{port}/v1/events", "POST", b"{}")[0], 404, "no events there")


def rotation(system):
    """a link in a mail outlives the key that signed it, until that is taken out"""
    system.shop.publish(shop.event("order.placed", shop.person("linked"), order=shop.order("linked")))
    eventually(lambda: mails.to(system.catcher, "linked"), "a mail comes")
    path = urllib.parse.urlparse(mails.to(system.catcher, "linked")[0].links("/u/")[0]).path
    old, new = system.environment["NURTURE_TOKEN_KEY"], "a newer key for this test"
    for keys, wanted in ((f"{new}\n{old}", 200), (new, 404)):
        system.started["review-solicitor"].stop()
        service = system.started["review-solicitor"] = system.run("review-solicitor",
                                                                  NURTURE_TOKEN_KEY=keys)
        system.ready(service)
        status = shop.ask(service.url + path, "POST", b"List-Unsubscribe=One-Click",
                          "application/x-www-form-urlencoded")[0]
        equal(status, wanted, f"{keys.count(chr(10)) + 1} keys")


def full(system):
    """a Redis that is full: a line says so, and one when it is over"""
    login = ("--no-auth-warning", "-a", PASSWORD)
    system.redis.cli(*login, "CONFIG", "SET", "maxmemory", "1")
    system.shop.publish(shop.event("order.placed", shop.person("full"), order=shop.order("full")))
    eventually(lambda: "event=redis_writes_refused" in logs(system), "the log says it")
    check("OOM command not allowed" in logs(system), "in the words of Redis")
    system.redis.cli(*login, "CONFIG", "SET", "maxmemory", "0")
    def again():
        system.watch()
        return len(mails.to(system.catcher, "full")) == 1
    eventually(again, "then all goes on: the mail comes, once", 60)


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [passwords, limited, known_secrets, admin, rotation, full], setup)
