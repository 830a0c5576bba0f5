#!/usr/bin/env python3
"""From an older release to this one and back, as far as docs/operations.md promises it.

usage: upgrade.py [BUILD] --old BUILD_OF_THE_OLDER_RELEASE --old-tree ITS_SOURCES [--libs DIR] [--keep]

A shop's 14 months of orders go through the services of the older release.
While they flow each service is replaced, some beside each other for a while,
some are taken back and replaced again.  The outcomes and tasks must be those
of the simulation, line by line; no mail may have gone out twice, and nothing
may stand with the dead letters.
"""
import argparse
import os
import sqlite3
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "e2e"))

import contract  # noqa: E402
import exposition  # noqa: E402
import orders  # noqa: E402
import shop  # noqa: E402
import story  # noqa: E402
import topics  # noqa: E402
from story import equal, eventually  # noqa: E402

PARTITIONS, BATCH, PAUSE_S = 6, 25, 0.01
# In the order of docs/operations.md: whoever reads before whoever writes.  True: the two releases
# may run beside each other, and the way back is open.
SERVICES = {"email-sender": False, "scheduler": False, "segmenter": False,
            "review-solicitor": False, "ingest": True}


def value(service, name):
    return exposition.parse(shop.ask(service.url + "/metrics", timeout=5)[1]).value(name)


def owned(service):
    return int(value(service, "nurture_partitions_assigned"))


def start(system, name, build):
    """A service of that build under an instance of its own; the one that runs goes on."""
    system.number += 1
    service = system.run(name, f"{os.path.basename(os.path.dirname(build))}-{system.number}",
                         build=build)
    system.ready(service)
    return service


def end(system, service):
    equal(service.stop(), 0, f"{service.name}: stops by itself")
    system.services.remove(service)


def beside(system, name, build):
    """A second one joins, both decide for a while, and the first one leaves."""
    before, after = system.running[name], start(system, name, build)
    if name == "ingest":
        system.orders.ingests = [before, after]
        system.orders.publish(0.02, PAUSE_S)
        system.orders.ingests = [after]
    else:
        eventually(lambda: (owned(before), owned(after)) == (PARTITIONS // 2, PARTITIONS // 2),
                   f"{name}: each has half of the partitions", 30,
                   lambda: (owned(before), owned(after)))
        decided = [value(each, "nurture_records_total") for each in (before, after)]
        system.orders.publish(0.02, PAUSE_S)
        eventually(lambda: all(value(each, "nurture_records_total") > had
                               for each, had in zip((before, after), decided)),
                   f"{name}: both decide", 30)
    end(system, before)
    if name != "ingest":
        eventually(lambda: owned(after) == PARTITIONS, f"{name}: the one that is left has all", 30)
    system.running[name] = after


def instead(system, name, build):
    """All of it stop before the first of the other release starts; events flow meanwhile."""
    end(system, system.running[name])
    system.orders.publish(0.01, PAUSE_S)
    system.running[name] = start(system, name, build)


def replace(system, name, build):
    begun = time.time()
    (beside if SERVICES[name] else instead)(system, name, build)
    system.orders.publish(0.01, PAUSE_S)
    print(f"        {name} after {time.time() - begun:.1f} s, "
          f"{system.orders.done} of {len(system.orders.events)} events published", flush=True)


def first_half(system):
    """everything is of the older release, and half of the orders come"""
    for name in reversed(SERVICES):
        system.running[name] = start(system, name, system.old)
    system.orders.ingests = [system.running["ingest"]]
    system.orders.publish(0.5, PAUSE_S)


def forward(system):
    """each service is replaced while orders flow"""
    system.ctl("topics", "--partitions", str(PARTITIONS))
    # Older releases have none, or had none running: it starts when half of the tasks are history.
    system.running["desk"] = start(system, "desk", system.build)
    os.makedirs(f"{system.folder}/console")
    system.console = system.run("console",
                                NURTURE_CONSOLE_VIEW=f"{system.folder}/console/view.db")
    for name in SERVICES:
        replace(system, name, system.build)


def back(system):
    """those that may go back do so, and come again"""
    names = [name for name, goes_back in SERVICES.items() if goes_back]
    for name in reversed(names):
        replace(system, name, system.old)
    for name in names:
        replace(system, name, system.build)


def rest(system):
    """the rest of the orders, and time passes"""
    system.orders.publish(1, PAUSE_S)
    orders.pass_time(system, orders.UNTIL)


def outcomes(system):
    """outcomes, tasks and mails are those of the simulation"""
    equal(orders.judge(system, system.orders), {}, "nobody has ended by itself")
    given = {task["id"] for task in topics.Reader(system, "tasks").objects()
             if "state" not in task and task["expires"] <= orders.UNTIL}
    ended = [end["id"] for end in topics.Reader(system, "ends").objects()]
    equal((sorted(ended), given - set(ended)), (sorted(set(ended)), set()),
          "each task that is over has one end, also those of before the desk")


def seen(system):
    """the console, which came when half was history, knows all of it"""
    def is_read():
        return (value(system.console, "nurture_view_behind") == 0
                and shop.ask(system.console.url + "/readyz")[0] == 200)
    eventually(is_read, "it has read everything", 120)
    equal(value(system.console, "nurture_view_unreadable_total"), 0,
          "and understood what both releases have written")
    given = [task["id"] for task in topics.Reader(system, "tasks").objects() if "state" not in task]
    with sqlite3.connect(f"file:{system.folder}/console/view.db?mode=ro", uri=True) as view:
        known = {row[0] for row in view.execute("SELECT id FROM task")}
    equal(set(given) - known, set(), f"each of {len(set(given))} tasks is in its view")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--old", required=True, help="the older release's build directory")
    parser.add_argument("--old-tree", required=True, help="its sources: policy and templates")
    own, left = parser.parse_known_args()
    sys.argv[1:] = left

    def setup(system):
        system.old, system.number, system.running = os.path.abspath(own.old), 0, {}
        system.orders = orders.Orders(system, BATCH)

    # Releases before 4590e2d said nothing in headers.
    contract.OURS = ()
    # What a shop has written itself stays as it is.
    story.tell(__doc__, f"{own.old_tree}/deploy/policy/shop.yaml",
               [first_half, forward, back, rest, outcomes, seen], setup, own_broker=True, clock="event",
               extra={"NURTURE_TEMPLATES": f"{own.old_tree}/deploy/templates"})


if __name__ == "__main__":
    main()
