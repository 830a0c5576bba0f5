#!/usr/bin/env python3
"""A person asks to be forgotten, stays so, and is on no disk but where docs/erasure.md says.

usage: erasure.py [BUILD] [--libs DIR]

The person's name, address and order carry words that nothing else has.  After
the erasure, when the changelogs have been compacted and Redis has written its
file anew, those words are looked for in the files themselves.
"""
import os
import time

import mails
import parts
import shop
import story
import topics
from confluent_kafka.admin import AdminClient, ConfigResource
from story import check, equal, eventually

# Not cut by any compression: no part of it stands anywhere else.
NAME, ADDRESS, ORDER = "Qzvx Jkwyfpgh", "wjq7zkx3vpyhg@customers.example", "xk9qjw4zvfyph2"
WORDS = [NAME.split()[1].encode(), ADDRESS.split("@")[0].encode(), ORDER.encode()]
CHANGELOGS = ("profiles", "ladders", "contacts", "deliveries")
# Where docs/erasure.md says that it remains, until the topic's time is over.
REMAINS = ("events", "requests", "asks", "dispatch", "tasks", "outcomes", "deadletter")
ANN = {"id": "c-1", "email": ADDRESS, "name": NAME, "consent": {"all": True}}


def compact_soon(system):
    """What takes a day in production takes seconds here."""
    admin = AdminClient({"bootstrap.servers": system.broker.address})
    resources = [ConfigResource(ConfigResource.Type.TOPIC, system.topic(name), set_config={
        "cleanup.policy": "compact", "segment.ms": "1000", "min.cleanable.dirty.ratio": "0.001",
        "max.compaction.lag.ms": "2000", "file.delete.delay.ms": "100"}) for name in CHANGELOGS]
    for future in admin.alter_configs(resources).values():
        future.result()


def setup(system):
    compact_soon(system)
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    for name in ("outcomes", "tasks"):
        setattr(system, name, topics.Reader(system, name))
    system.fillers = 0


def holds(path, words=None):
    with open(path, "rb") as file:
        data = file.read()
    return any(word in data for word in words or WORDS)


def files_below(folder):
    return [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]


def topics_that_hold(system):
    """The topics whose segment files have one of the words."""
    prefix, found = system.environment["NURTURE_TOPIC_PREFIX"], set()
    for path in files_below(f"{system.broker.folder}/kafka"):
        try:
            if path.endswith((".log", ".deleted", ".cleaned", ".swap")) and holds(path):
                found.add(os.path.basename(os.path.dirname(path)).rsplit("-", 1)[0])
        except FileNotFoundError:
            pass  # compacted in this moment
    return {name.removeprefix(prefix) for name in found}


def redis_holds(system):
    folder = f"{system.redis.folder}/appendonlydir"
    found = False
    for path in files_below(folder):
        try:
            found |= holds(path)
        except FileNotFoundError:
            pass
    return found


def ends(system, customer="c-1"):
    found = [o for o in system.outcomes.objects(customer=customer) if o["status"] != "deferred"]
    return [(o["programme"], o["status"]) for o in sorted(found, key=lambda o: o["at"])]


def known(system):
    """somebody orders, hears, and is owed a basket and an answer"""
    first = shop.event("order.placed", ANN, order={**shop.order(1), "id": ORDER})
    second = shop.event("order.placed", ANN, order=shop.order(2))
    system.told = [first, second,
                   shop.event("complaint.opened", ANN, case={"id": "9", "order": ORDER}),
                   shop.event("order.delivered", ANN, order={"id": ORDER}),
                   shop.event("preferences.changed", ANN, preferences={
                       "paused_until": shop.now_text(86400)}),
                   shop.event("order.shipped", ANN, order={"id": ORDER}),
                   shop.event("order.placed", ANN, order=shop.order(3))]
    for event in system.told:
        system.shop.publish(event)
        time.sleep(1.5)
    eventually(lambda: mails.to(system.catcher, ADDRESS.split("@")[0]), "she has a mail")
    eventually(lambda: system.tasks.objects(customer="c-1"), "a basket is hers")
    eventually(lambda: system.outcomes.objects(customer="c-1", status="deferred"),
               "something waits")
    found = topics_that_hold(system)
    check({"profiles", "contacts", "ladders", "deliveries", "events"} <= found,
          "her words are in every changelog", found)
    check(redis_holds(system), "and in Redis' file")


def erased(system):
    """she is forgotten: what waits ends, and the basket with it"""
    waited = len(ends(system))
    system.ctl("erase", "c-1", "--yes")
    eventually(lambda: len([e for e in ends(system) if e[1] == "erased"]) >= 1,
               "what waited ends `erased`", found=lambda: ends(system))
    check(len(ends(system)) > waited, "each once", ends(system))


def stays_forgotten(system):
    """repeats and older events bring nobody back"""
    before, mail_count = ends(system), len(mails.to(system.catcher, ADDRESS.split("@")[0]))
    again = [dict(event, id=f"{event['id']}-again") for event in system.told]
    older = {**shop.event("order.placed", ANN, order=shop.order(77)),
             "time": shop.now_text(-86400)}
    system.shop.publish(*system.told, *again, older)
    system.shop.publish(shop.event("order.placed", shop.person("marker"), order=shop.order(1)))
    eventually(lambda: mails.to(system.catcher, "marker"), "somebody else hears meanwhile")
    time.sleep(2)
    equal(ends(system), before, "nothing came of it")
    equal(len(mails.to(system.catcher, ADDRESS.split("@")[0])), mail_count, "and no mail")


def fill(system):
    """Others go on: a segment is only closed when something is written behind it."""
    system.fillers += 1
    system.shop.publish(*[shop.event("order.placed", shop.person(f"f{system.fillers}x{n}"),
                                     order=shop.order(1)) for n in range(30)])


def on_no_disk(system):
    """when the changelogs are compacted and Redis' file is new, her words are where the page says"""
    def remains():
        fill(system)
        return not topics_that_hold(system) & set(CHANGELOGS) and not redis_holds(system)
    begun = time.time()
    eventually(remains, "no changelog and no file of Redis has them", 150,
               found=lambda: (topics_that_hold(system), redis_holds(system)))
    print(f"        {time.time() - begun:.0f} s")
    found = topics_that_hold(system)
    check(found <= set(REMAINS), "only topics that end by their time have them", found)
    check("events" in found, "as nurture.events has for 28 days", found)
    logs = [service.log.name for service in system.services] + [system.redis.log.name,
                                                                 system.broker.log.name]
    equal([path for path in logs if holds(path)], [], "no log has them")


def wish_outlives_the_service(system):
    """somebody is forgotten within the pause, and all are stopped: who runs next sees to it"""
    secret = b"zvqkxw7jhy3pfgq9"
    bob = {**shop.person("bob"), "name": f"Bob {secret.decode().title()}"}

    def counted(name):
        key = f"{system.environment['NURTURE_TOPIC_PREFIX']}aof_rewrite_{name}"
        return int(system.redis.cli("GET", key) or 0)

    def holds_secret():
        return any(holds(path, [secret, secret.title()]) for path in
                   files_below(f"{system.redis.folder}/appendonlydir"))
    eventually(lambda: counted("done") == counted("wished"), "no wish is open", 30)
    system.shop.publish(shop.event("order.placed", bob, order=shop.order(1)))
    eventually(holds_secret, "he is in Redis' file")
    system.ctl("erase", "bob", "--yes")
    eventually(lambda: counted("wished") > counted("done"), "a wish stands in Redis")
    time.sleep(7) # longer than between two looks
    check(holds_secret() and counted("wished") > counted("done"), "it waits for the pause's end")
    for name in parts.STATEFUL:
        system.started[name].stop()
    check(holds_secret(), "all are stopped, and he is there")
    # The pause is over: as if ten minutes had gone by.
    system.redis.cli("DEL", f"{system.environment['NURTURE_TOPIC_PREFIX']}aof_rewrite_begun")
    system.started.update(system.run_all(*parts.STATEFUL))
    eventually(lambda: not holds_secret(), "who runs next has it written anew", 40)
    eventually(lambda: counted("done") == counted("wished"), "and the wish is over", 30)


def comes_back(system):
    """who comes back is a new person, who must say yes anew"""
    mail_count = len(mails.to(system.catcher, ADDRESS.split("@")[0]))
    system.shop.publish(shop.event("order.placed", ANN, order=shop.order(4)))
    eventually(lambda: ends(system)[-1] == ("thanks", "no_consent"), "an echoed yes gives nothing",
               found=lambda: ends(system))
    system.shop.publish(shop.event("consent.changed", {"id": "c-1", "consent": {"care": True}},
                                   proof={"source": "the till", "at": shop.now_text()}))
    system.shop.publish(shop.event("order.placed", ANN, order=shop.order(5)))
    eventually(lambda: ("thanks", "sent") in ends(system)[-3:], "a word of her own does",
               found=lambda: ends(system))
    equal(len(mails.to(system.catcher, ADDRESS.split("@")[0])), mail_count + 1, "she hears again")
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "ended twice: 0" in text, "the books balance", f"exit {code}\n{text}")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [known, erased, stays_forgotten, on_no_disk,
                                   wish_outlives_the_service, comes_back],
               setup, own_broker=True, redis_keeps_log=True)
