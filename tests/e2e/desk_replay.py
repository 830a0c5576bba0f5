#!/usr/bin/env python3
"""On the event clock each task ends at the very instant at which it expires, under kills.

usage: desk_replay.py [BUILD] [--libs DIR] [--keep]

The demo's orders are replayed: nobody does any of the baskets that they bring. What the desk tells
of each must be at the instants that the policy names, however often it was killed meanwhile.
"""
import collections
import datetime
import os
import time

import parts
import story
import topics
from story import equal

UNTIL = "2025-12-01T00:00:00Z"


def replay(system):
    """the demo's orders, with kills of the desk and the scheduler"""
    system.run_all(*parts.STATEFUL, "desk")
    orders = os.path.join(parts.ROOT, "deploy/demo/orders.csv")
    running = parts.start([f"{system.build}/bin/nurturectl", "replay", "--as-fast-as-possible",
                           "--orders", orders, "--until", UNTIL],
                          open(f"{system.folder}/replay.log", "w"), env=system.environment)
    for name in ("desk", "scheduler", "desk"):
        time.sleep(2)
        [s for s in system.services if s.name == name][0].kill()
        system.redis.flush()
        system.watch()
    equal(running.wait(), 0, "the replay ends well")
    waiting = parts.start([f"{system.build}/bin/nurturectl", "wait", "--to", UNTIL, "--timeout",
                           "120s"], open(f"{system.folder}/wait.log", "w"), env=system.environment)
    while waiting.poll() is None:
        system.watch()
        time.sleep(0.1)
    equal(waiting.returncode, 0, "all services come to the end, the desk too")


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def instants(system):
    """what is told, and when"""
    tasks = {t["id"]: t for t in topics.Reader(system, "tasks").objects() if "state" not in t}
    ends = topics.Reader(system, "ends").objects()
    notices = topics.Reader(system, "notices").objects()
    equal(set(collections.Counter(e["id"] for e in ends).values()), {1},
          f"{len(ends)} of {len(tasks)} tasks have ended, once each")
    due = {i for i, t in tasks.items() if t["expires"] <= UNTIL}
    equal(due - {e["id"] for e in ends}, set(), "none that has expired is without its end")
    wrong = [e for e in ends if e["status"] == "expired" and e["at"] != tasks[e["id"]]["expires"]]
    equal(wrong, [], "each expires at its own instant")
    equal([n for n in notices if n["kind"] != "expired" and
           not (moment(n["at"]).weekday() < 5 and "08:00" <= n["at"][11:16] < "17:00")], [],
          "nobody is told anything out of hours")
    told = collections.Counter((n["task"], n["kind"]) for n in notices)
    equal({k: n for k, n in told.items() if n > 1}, {}, f"{len(notices)} notices, once each")
    long_lived = {e["id"] for e in ends if e["status"] == "expired"}
    equal({i for i in long_lived if (i, "escalation") not in told}, set(),
          "none was overdue unseen")
    for service in system.services:
        print(f"  {service.name}: exits {dict(service.exits)}")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, os.path.join(parts.ROOT, "deploy/policy/shop.yaml"), [replay, instants],
               clock="event")
