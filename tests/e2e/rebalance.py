#!/usr/bin/env python3
"""Two instances of every service under load: some are stopped, then some are killed.

usage: rebalance.py [BUILD] [--libs DIR]

Partitions move to whoever is left and back again.  Nobody is forgotten, nobody
hears anything twice, and only a kill can leave a mail in doubt.
"""
import collections
import itertools
import threading
import time

import exposition
import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

PARTITIONS, CONNECTIONS = 6, 8


class Publisher(threading.Thread):
    """Orders, one after the other, to either ingest; what was not taken is sent again as it was."""

    def __init__(self, shops):
        super().__init__(daemon=True)
        self.shops, self.over = shops, threading.Event()
        self.taken, self.returning, self.again = [], [], 0
        self.start()

    def publish(self, event):
        for each in itertools.cycle(self.shops):
            try:
                if each.post(event)[0] == 202:
                    return
            except OSError:
                pass
            self.again += 1
            time.sleep(0.05)

    def run(self):
        for n in itertools.count():
            if self.over.is_set():
                return
            person = shop.person(f"c-{n}")
            self.publish(shop.event("order.placed", person, order=shop.order(f"{n}-1")))
            if n % 5 == 0:
                self.publish(shop.event("order.placed", person, order=shop.order(f"{n}-2")))
                self.returning.append(person["id"])
            self.taken.append(person["id"])
            self.shops.reverse()
            time.sleep(0.03)


def setup(system):
    system.first = system.run_all("ingest", *parts.STATEFUL, instance="a")
    system.second = system.run_all("ingest", *parts.STATEFUL, instance="b")
    system.outcomes = topics.Reader(system, "outcomes")
    system.tasks = topics.Reader(system, "tasks")
    system.publisher = Publisher([shop.Shop(each["ingest"])
                                  for each in (system.first, system.second)])


def owned(service):
    try:
        text = shop.ask(service.url + "/metrics", timeout=2)[1]
    except OSError:
        return 0
    return int(exposition.parse(text).value("nurture_partitions_assigned"))


def spread(system, *instances):
    """How many partitions each instance of each service has."""
    return {name: sorted(owned(each[name]) for each in instances) for name in parts.STATEFUL}


def shared(system):
    half = {name: [PARTITIONS // 2] * 2 for name in parts.STATEFUL}
    eventually(lambda: spread(system, system.first, system.second) == half,
               "each has half of the partitions", 40,
               lambda: spread(system, system.first, system.second))


def goes_on(system):
    """Mails of orders that came after this moment."""
    last = len(system.publisher.taken)
    eventually(lambda: len(system.publisher.taken) > last + 20 and
               f"c-{last + 10}@customers.example" in [m["to"] for m in mails.index(system.catcher)],
               "and the mails go on", 40)


def statuses(system):
    return collections.Counter(o["status"] for o in system.outcomes.objects())


def two_of_each(system):
    """two instances share the work"""
    shared(system)
    goes_on(system)


def stopped(system):
    """one of each is stopped: the other one takes over at once, and nothing is in doubt"""
    for name in reversed(parts.STATEFUL):
        begun, service = time.time(), system.second[name]
        equal(service.stop(), 0, f"{name}: exit 0 after {time.time() - begun:.1f} s")
        eventually(lambda: owned(system.first[name]) == PARTITIONS, f"{name}: the other has all", 15)
        check(time.time() - begun < 12, f"{name}: within seconds", f"{time.time() - begun:.1f} s")
    equal(system.second["ingest"].stop(), 0, "ingest: exit 0")
    goes_on(system)
    equal(statuses(system)["in_doubt"], 0, "nothing is in doubt")
    for service in system.second.values():
        service.start()
    shared(system)


def killed(system):
    """one of each is killed: the other one takes over when its session has run out"""
    for service in system.first.values():
        service.kill()
    begun = time.time()
    for name in parts.STATEFUL:
        eventually(lambda: owned(system.second[name]) == PARTITIONS, f"{name}: the other has all", 35)
    print(f"        {time.time() - begun:.1f} s after the kill")
    goes_on(system)
    for service in system.first.values():
        service.start()
    shared(system)


def balance(system):
    """nobody is forgotten, and nobody hears anything twice"""
    publisher = system.publisher
    publisher.over.set()
    publisher.join()
    taken = set(publisher.taken)
    orders = len(taken) + len(publisher.returning)
    print(f"        {orders} orders of {len(taken)} customers, {publisher.again} sent again")

    def ends():
        return [o for o in system.outcomes.objects(programme="thanks") if o["status"] != "deferred"]
    eventually(lambda: len(ends()) >= orders, "every order has its end", 60, lambda: len(ends()))
    time.sleep(1)
    count = collections.Counter(o["customer"] for o in ends())
    wanted = collections.Counter(taken) + collections.Counter(publisher.returning)
    equal(count - wanted, collections.Counter(), "nobody has one too many")
    equal(wanted - count, collections.Counter(), "nobody has one too few")
    tasks = collections.Counter(t["customer"] for t in system.tasks.objects())
    equal(tasks, collections.Counter(publisher.returning), "whoever came back has one basket")
    status = statuses(system)
    print(f"        {dict(status)}")
    equal(set(status) - {"sent", "in_doubt", "task_created"}, set(), "all are sent, or in doubt")
    check(status["in_doubt"] <= CONNECTIONS, "in doubt is only what the kill cut off",
          status["in_doubt"])
    ids = collections.Counter(m["message_id"] for m in mails.index(system.catcher))
    equal([i for i, n in ids.items() if n > 1], [], "no Message-ID arrived twice")
    check(status["sent"] <= len(ids) <= status["sent"] + status["in_doubt"],
          "as many mails arrived as are called sent", f"{len(ids)} arrived")
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "waiting: 0, ended twice: 0" in text, "audit", f"exit {code}\n{text}")


if __name__ == "__main__":
    # Slow enough that mails are always under way.
    story.tell(__doc__, "now.yaml", [two_of_each, stopped, killed, balance], setup,
               catcher=("--slow-ms", "50"))
