#!/usr/bin/env python3
"""Codes from files, one per person: while services are killed, Redis is flushed and a second scheduler comes.

usage: coupons.py BUILD [--libs DIR] [--keep]

No code may stand in two mails, every code must come from its file, what was
drawn must be what was granted, to the code; when a pool is used up requests
end and say so. A scheduler whose file is not what was drawn from must refuse.
"""
import collections
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request

import mails
import parts
import story
from story import check, equal

CUSTOMERS, ORDERS = 300, 4
LASTS, ENDS = 2 * CUSTOMERS * ORDERS, 300
UNTIL = "2026-02-01"
CODE = re.compile(r"\b(?:LASTS|ENDS)-[0-9]{5}\b")
TEMPLATES = {
    "first.subject.mustache": "For you",
    "first.txt.mustache": "Your code: {{coupon}}\n{{#also}}\n{{text}}{{/also}}\n{{> _footer}}",
    "first.html.mustache": "<p>Your code: {{coupon}}</p>{{#also}}{{{html}}}{{/also}}",
    "first.block.txt.mustache": "Your code: {{coupon}}",
    "first.block.html.mustache": "<p>Your code: {{coupon}}</p>",
}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def lines(prefix, count):
    return "".join(f"{prefix}-{i:05}\n" for i in range(count))


def prepare(folder):
    """The shop's files: policy, pools, templates, orders."""
    shutil.copytree(f"{parts.ROOT}/deploy/templates", f"{folder}/templates")
    for name, text in TEMPLATES.items():
        write(f"{folder}/templates/{name}", text)
        write(f"{folder}/templates/{name.replace('first', 'second')}", text)
    shutil.copy(parts.policy("coupons.yaml"), f"{folder}/shop.yaml")
    write(f"{folder}/codes/lasts.txt", lines("LASTS", LASTS))
    write(f"{folder}/codes/ends.txt", lines("ENDS", ENDS))
    rows = [f"c{(i * 7919) % CUSTOMERS},2026-01-{1 + i * 28 // (CUSTOMERS * ORDERS):02}T"
            f"{i % 24:02}:{i % 60:02}:00Z,{i}" for i in range(CUSTOMERS * ORDERS)]
    write(f"{folder}/orders.csv", "customer,time,order\n" + "\n".join(rows) + "\n")


def replay_through_accidents(system, folder):
    """Orders come in while things break"""
    dice = random.Random(7)
    for name in parts.STATEFUL:
        system.run(name)
    for service in system.services:
        system.ready(service)
    replay = parts.start([f"{system.build}/bin/nurturectl", "replay", "--rate", "120", "--orders",
                          f"{folder}/orders.csv", "--until", UNTIL],
                         open(f"{system.folder}/replay.log", "w"), env=system.environment)
    planned = ["kill", "flush", "kill", "second", "kill", "sender", "keep", "kill", "roll back",
               "kill"]
    for what in planned:
        time.sleep(dice.uniform(0.6, 1.6))
        schedulers = [s for s in system.services if s.name == "scheduler"]
        if what == "kill":
            dice.choice(schedulers).kill()
        elif what == "sender":
            next(s for s in system.services if s.name == "email-sender").kill()
        elif what == "second":
            system.run("scheduler", "b")
        elif what == "flush":
            system.redis.flush()
        elif what == "keep":
            system.redis.keep()
        else:
            system.redis.roll_back()
        system.watch()
    equal(replay.wait(), 0, "all orders are published")
    wait = subprocess.Popen([f"{system.build}/bin/nurturectl", "wait", "--to", UNTIL, "--timeout",
                             "120s"], env=system.environment, stdout=subprocess.PIPE)
    while wait.poll() is None:
        time.sleep(0.2)
        system.watch()
    equal(wait.returncode, 0, f"all services come to {UNTIL}")
    print("  exits: " + ", ".join(f"{s.name} {dict(s.exits)}" for s in system.services if s.exits))


def ended(system):
    """{programme: Counter of terminal status}, and the reasons of what was undeliverable."""
    status, reasons = collections.defaultdict(collections.Counter), collections.Counter()
    for line in system.ctl("outcomes")[1].splitlines():
        outcome = json.loads(line)
        if outcome["status"] != "deferred":
            status[outcome["programme"]][outcome["status"]] += 1
        if outcome["status"] == "undeliverable":
            reasons[outcome["reason"]["rule"], outcome["reason"].get("detail")] += 1
    return status, reasons


def table(system):
    """nurturectl coupons: {pool: {partition: (lines, drawn, left)}}"""
    found = collections.defaultdict(dict)
    for line in system.ctl("coupons")[1].splitlines()[1:]:
        pool, partition, *numbers = line.split()
        found[pool][partition] = tuple(int(n) for n in numbers[:3])
    return found


def codes_and_books(system):
    """Every code once, from its file, and as many as were granted"""
    mails_of, texts = collections.defaultdict(set), 0
    for mail in mails.read(system.catcher):
        texts += 1
        for code in CODE.findall(mail.part("plain")):
            mails_of[code].add(mail.message_id)
    twice = [code for code, ids in mails_of.items() if len(ids) > 1]
    equal(twice, [], f"no code stands in two of {texts} mails")
    of = {name: {c for c in mails_of if c.startswith(name)} for name in ("LASTS", "ENDS")}
    check(all(int(c.split("-")[1]) < (LASTS if c[0] == "L" else ENDS) for c in mails_of),
          "every code is from its file")
    status, reasons = ended(system)
    total = CUSTOMERS * ORDERS
    print(f"  first: {dict(status['first'])}; second: {dict(status['second'])}")
    equal(status["first"]["sent"] + status["first"]["in_doubt"], total, "nobody is left out")
    granted = status["second"]["sent"] + status["second"]["in_doubt"]
    equal((granted, reasons), (ENDS, {("coupons", "ends is used up"): total - ENDS}),
          "the pool that ends goes out whole; after that requests end and say why")
    pools = table(system)
    equal(pools["lasts"]["all"], (LASTS, total, LASTS - total), "what was drawn was granted: lasts")
    equal(pools["ends"]["all"], (ENDS, ENDS, 0), "what was drawn was granted: ends")
    for name, pool in (("first", of["LASTS"]), ("second", of["ENDS"])):
        # the server may have taken what is in doubt
        check(status[name]["sent"] <= len(pool) <= status[name]["sent"] + status[name]["in_doubt"],
              f"a code in each mail: {name}", f"{len(pool)} codes, {dict(status[name])}")
    # Line n belongs to partition (n - 1) mod 6, and is drawn in order.
    for p in range(6):
        drawn = pools["lasts"][str(p)][1]
        mine = {int(c.split("-")[1]) for c in of["LASTS"]
                if int(c.split("-")[1]) % 6 == p}
        check(mine <= set(range(p, p + 6 * drawn, 6)), f"partition {p} drew its first {drawn} lines")


def as_simulated(system, folder):
    """As long as a pool lasts, the outcomes are the simulation's"""
    system.ctl("simulate", "--policy", f"{folder}/shop.yaml", "--orders", f"{folder}/orders.csv",
               "--until", UNTIL, "--outcomes", f"{folder}/all.jsonl")
    with open(f"{folder}/all.jsonl", encoding="utf-8") as file:
        simulated = [line for line in file if '"programme":"first"' in line]
    real = [line for line in system.ctl("outcomes")[1].splitlines(True)
            if json.loads(line)["programme"] == "first"]
    simulated = [line for line in simulated if json.loads(line)["programme"] == "first"]
    write(f"{folder}/simulated.jsonl", "".join(simulated))
    write(f"{folder}/real.jsonl", "".join(real))
    code, text = system.ctl("compare", "--in-doubt-is-sent", f"{folder}/simulated.jsonl",
                            f"{folder}/real.jsonl", check=False)
    equal(code, 0, f"{len(real)} outcomes: {text.strip()}")


def told(system):
    """Who looks after the shop hears of it"""
    schedulers = [s for s in system.services if s.name == "scheduler"]
    lefts = collections.Counter()
    for service in schedulers:
        with urllib.request.urlopen(service.url + "/metrics") as page:
            for line in page.read().decode().splitlines():
                found = re.match(r'nurture_coupons_left\{pool="(\w+)"\} (\d+)', line)
                if found:
                    lefts[found[1]] += int(found[2])
    equal((lefts["lasts"], lefts["ends"]), (LASTS - CUSTOMERS * ORDERS, 0),
          "the metrics of the instances add up to what is left")
    said = [s.log_text().count("event=coupon_pool_low pool=ends") for s in schedulers]
    check(all(said), "each instance says that a pool runs low", said)
    equal([s.log_text().count("event=coupon_pool_low pool=lasts") for s in schedulers],
          [0] * len(schedulers), "and nothing of the one that does not")


def start_alone(system, folder):
    """(exit code, log) of a scheduler that is stopped after it was ready."""
    service = system.run("scheduler", "c")
    until = time.time() + 60
    while service.process.poll() is None and time.time() < until:
        try:
            system.ready(service, 1)
            break
        except SystemExit:
            pass
    if service.process.poll() is None:
        service.stop()
    system.services.remove(service)
    return service.process.returncode, service.log_text()


def another_file(system, folder):
    """A file of codes may only grow"""
    for service in [s for s in system.services if s.name == "scheduler"]:
        equal(service.stop(), 0, "a scheduler stops")
        system.services.remove(service)
    before = lines("LASTS", LASTS)
    write(f"{folder}/codes/lasts.txt", "LASTS-new\n" + before)
    code, log = start_alone(system, folder)
    equal(code, 100, "with a line put before the others it refuses to start")
    check("a file of codes may only grow" in log, "and says what to do", log[-600:])
    equal(system.ctl("coupons", check=False)[0], 100, "so does nurturectl coupons")
    write(f"{folder}/codes/lasts.txt", before + "LASTS-00007\n")
    code, log = start_alone(system, folder)
    equal(code, 100, "with a code twice, too")
    check(f"lasts.txt:{LASTS + 1}: the code LASTS-00007 stands in" in log, "and says where",
          log[-600:])
    write(f"{folder}/codes/lasts.txt", before + "LASTS-more\n")
    equal(start_alone(system, folder)[0], 0, "with a line behind the others it goes on")
    equal(table(system)["lasts"]["all"][0], LASTS + 1, "and has one code more")


def main():
    chosen = story.arguments(__doc__)
    folder = tempfile.mkdtemp(prefix="nurture-coupons-")
    prepare(folder)
    system = parts.System(chosen.build, f"{folder}/shop.yaml", "event", libs=chosen.libs,
                          broker=parts.given_broker())
    system.environment["NURTURE_TEMPLATES"] = f"{folder}/templates"
    story.run(story.title(replay_through_accidents), replay_through_accidents, system, folder)
    story.run(story.title(codes_and_books), codes_and_books, system)
    story.run(story.title(as_simulated), as_simulated, system, folder)
    story.run(story.title(told), told, system)
    story.run(story.title(another_file), another_file, system, folder)
    keep = story.failed or chosen.keep
    system.stop(keep_files=keep)
    print(f"{story.passed} passed, {story.failed} failed")
    if keep:
        print(f"files: {system.folder} {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if story.failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
