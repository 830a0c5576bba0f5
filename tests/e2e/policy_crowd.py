"""A shop with 100,000 customers changes its policy: each is looked at, and its segmenter is killed.

usage: policy_crowd.py [BUILD] [--libs DIR] [--keep]

In event time everybody's turn comes at once, so all of it is one long run of full batches.  The new
policy has a segment in which everybody is by now: who is looked at is told of it once.  Not a part
of `make test`: it takes some minutes (`make crowd`).
"""
import collections
import datetime
import os
import time

import parts
import story
import topics
from story import check, equal, eventually

CUSTOMERS = 100000
KILLS = 4
FIRST = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
SEGMENT = "segments:\n  known: {orders: {at_least: 1}}\n"
PROGRAMME = "  known: {owner: care, on_enter: known, email: tips, class: care}\n"


def setup(system):
    system.environment.update(NURTURE_POLICY=f"{system.folder}/shop.yaml")
    with open(f"{parts.ROOT}/tests/bench/waiting_policy.yaml") as file:
        system.before = file.read()
    system.after = system.before.replace("programmes:\n", SEGMENT + "\nprogrammes:\n" + PROGRAMME)
    write(system, system.before)


def write(system, text):
    with open(system.environment["NURTURE_POLICY"], "w") as file:
        file.write(text)


def told(system):
    """How often each customer was told to be in the new segment."""
    return collections.Counter(record.key for record in system.requests.read()
                               if record.value and b"known" in record.value)


def orders(system):
    """everybody orders once"""
    path = f"{system.folder}/orders.csv"
    with open(path, "w") as file:
        file.write("customer,time,order,amount\n")
        for n in range(CUSTOMERS):
            at = FIRST + datetime.timedelta(seconds=n)
            file.write(f"c{n:06d},{at:%Y-%m-%dT%H:%M:%SZ},{n},12.50\n")
    system.segmenter = system.run("segmenter")
    system.requests = topics.Reader(system, "requests")
    system.ctl("replay", "--policy", system.environment["NURTURE_POLICY"], "--orders", path,
               "--as-fast-as-possible")
    eventually(lambda: len({record.key for record in system.requests.read()}) == CUSTOMERS,
               f"{CUSTOMERS} customers are known", 300)
    equal(told(system).total(), 0, "nobody was told of a segment that is not there")


def change(system):
    """another policy; the segmenter is killed meanwhile, and Redis is emptied once"""
    system.segmenter.stop()
    write(system, system.after)
    system.segmenter.start()
    begun, killed = time.time(), 0
    while time.time() < begun + 300:
        count = told(system).total()
        if count == CUSTOMERS:
            break
        if killed < KILLS and count > CUSTOMERS * killed // (KILLS + 1):
            if killed == 2:
                system.redis.flush()
            system.segmenter.kill()
            killed += 1
        system.watch()
        time.sleep(0.05)
    equal(killed, KILLS, "times it was killed")
    check(True, f"all of it within {time.time() - begun:.0f} s")


def everybody_once(system):
    """each is told once, and it is over"""
    time.sleep(3)
    found = told(system)
    equal((len(found), found.total()), (CUSTOMERS, CUSTOMERS), "each customer is told once")
    ended = [line.split("partition=")[1].split()[0] for line in system.segmenter.log_text().split("\n")
             if "event=reevaluation_finished" in line]
    equal(sorted(ended), [str(p) for p in range(6)], "each partition has ended once")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "now.yaml", [orders, change, everybody_once], setup,
               clock="event")
