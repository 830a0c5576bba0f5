"""Replays real orders through the real pipeline while everything is being killed.

usage: pipeline_chaos.py BUILD_DIR POLICY ORDERS.csv [--events FILE.jsonl] [--columns ...]
                         [--delivered-after 3d]
                         --until T [--kills N] [--flush] [--rollback] [--broker-restart]
                         [--second-instances] [--libs DIR] [--keep]

The outcomes must be those of the simulation, line by line (a mail whose answer
a crash swallowed may say in_doubt instead of sent), every request must have
one end, no cap may be broken, and no Message-ID may have reached the mail
server twice, except where an outcome says in_doubt.

In doubt is what was intended when a sender ended and of which nobody knows what
became of it.  The journal in Redis knows it of all but those mails whose dialogue
was under way, one for each connection.  With a Redis that was flushed or put back
the journal is gone until some batches later it begins anew: each sender that ends,
or gives its partitions to another one, within these leaves all of a batch in doubt.
So there is a most of them.
"""
import argparse
import collections
import json
import random
import subprocess
import sys
import time

import parts
import topics

BATCH = 1000  # mails that a sender intends at a time in a replay (delivery_bridge.c)
CONNECTIONS = 8  # of a sender that is told nothing else


def most_in_doubt(system, options):
    """So many mails may be in doubt after these accidents."""
    given_up = sum(s.exits[111] for s in system.services if s.name == "email-sender")
    return BATCH * system.bereft + CONNECTIONS * (options.kills + given_up)


def orders_options(options):
    words = ["--orders", options.orders, "--until", options.until]
    if options.events:
        words += ["--events", options.events]
    if options.columns:
        words += ["--columns", options.columns]
    if options.delivered_after:
        words += ["--delivered-after", options.delivered_after]
    return words


def accidents(options):
    """(seconds after the start, what): spread over the time that the replay takes."""
    dice = random.Random(options.seed)
    planned = [("kill", name) for name in parts.STATEFUL for _ in range(options.kills)]
    dice.shuffle(planned)
    middle = len(planned) // 2
    if options.flush:
        planned.insert(middle, ("flush", None))
    if options.rollback:
        planned.insert(middle // 2, ("keep", None))
        planned.insert(middle + 2, ("roll back", None))
    if options.second_instances:
        planned.insert(1, ("second instances", None))
        planned.append(("end of second instances", None))
    if options.broker_restart:
        planned.insert(len(planned) * 2 // 3, ("restart broker", None))
    return planned


def happen(system, what, name, dice):
    if what in ("flush", "roll back"):
        system.bereft += sum(s.name == "email-sender" for s in system.services)
    if what == "kill":
        dice.choice([s for s in system.services if s.name == name]).kill()
    elif what == "flush":
        system.redis.flush()
    elif what == "keep":
        system.redis.keep()
    elif what == "roll back":
        system.redis.roll_back()
    elif what == "restart broker":
        system.broker.restart()
    elif what == "second instances":
        for each in parts.STATEFUL:
            system.run(each, "b")
    elif what == "end of second instances":
        for service in [s for s in system.services if s.environment["NURTURE_INSTANCE"] == "b"]:
            service.stop()
            system.services.remove(service)


def message_ids(catcher):
    with open(catcher.index) as file:
        return collections.Counter(json.loads(line)["message_id"] for line in file)


def of_customers(lines):
    """{customer: tasks in the order in which they were told}; codes are drawn with other keys."""
    found = collections.defaultdict(list)
    for line in lines:
        task = json.loads(line)
        task.pop("coupon", None)
        found[task["customer"]].append(task)
    return found


def judge_tasks(system, simulated):
    """Each customer's tasks, and what was taken back, must be the simulation's."""
    told = sorted(topics.Reader(system, "tasks").read(1), key=lambda r: (r.partition, r.offset))
    real = of_customers(record.value for record in told)
    with open(simulated) as file:
        expected = of_customers(file)
    wrong = [c for c in {*real, *expected} if real.get(c) != expected.get(c)]
    states = collections.Counter(t.get("state", "open") for each in real.values() for t in each)
    print(f"tasks: {dict(states)}")
    return [f"tasks of {len(wrong)} customers differ from the simulation's: {c}: "
            f"{real.get(c)}, expected {expected.get(c)}" for c in wrong[:1]]


def judge(system, options, seconds):
    """Everything that must hold; returns the sentences that do not."""
    folder, wrong = system.folder, []
    with open(f"{folder}/real.jsonl", "w") as file:
        system.ctl("outcomes", output=file)
    system.ctl("simulate", "--policy", options.policy, *orders_options(options), "--outcomes",
               f"{folder}/simulated.jsonl", "--tasks", f"{folder}/tasks.jsonl")
    wrong += judge_tasks(system, f"{folder}/tasks.jsonl")
    code, text = system.ctl("compare", *(["--in-doubt-is-sent"] if options.kills else []),
                            f"{folder}/simulated.jsonl", f"{folder}/real.jsonl", check=False)
    if code:
        wrong.append(f"the outcomes differ from the simulation's:\n{text}")
    code, audit = system.ctl("audit", "--policy", options.policy, f"{folder}/real.jsonl",
                             check=False)
    if code:
        wrong.append(f"the auditor found:\n{audit}")
    status = collections.Counter()
    in_doubt, parts = set(), 0
    with open(f"{folder}/real.jsonl") as file:
        for line in file:
            outcome = json.loads(line)
            status[outcome["status"]] += 1
            parts += outcome["status"] == "sent" and "merged_into" in outcome
            if outcome["status"] == "in_doubt":
                in_doubt.add(outcome["request"])
    ids = message_ids(system.catcher)
    twice = [each for each, n in ids.items() if n > 1]
    if len(twice) > len(in_doubt):
        wrong.append(f"{len(twice)} Message-IDs reached the server twice, {len(in_doubt)} in doubt")
    lost = status["sent"] - parts - len(ids)
    if not -len(in_doubt) <= lost <= 0:
        wrong.append(f"{status['sent']} outcomes say sent, {parts} of them in another's mail, {len(ids)} mails reached the server")
    print(f"{sum(status.values())} outcomes in {seconds:.1f} s: {dict(status)}")
    most = most_in_doubt(system, options)
    print(f"mails at the server: {len(ids)}, twice: {len(twice)}, in doubt: {len(in_doubt)} "
          f"({len(in_doubt) / max(1, len(ids)):.1%}, may be {most / max(1, len(ids)):.1%})")
    if len(in_doubt) > most:
        wrong.append(f"{len(in_doubt)} mails are in doubt, more than {most}")
    print("exits: " + ", ".join(f"{s.name} {dict(s.exits)}" for s in system.services if s.exits))
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("policy")
    parser.add_argument("orders")
    parser.add_argument("--events", help="what people did besides, as JSON lines")
    parser.add_argument("--columns")
    parser.add_argument("--delivered-after")
    parser.add_argument("--until", required=True)
    parser.add_argument("--kills", type=int, default=0, help="of each stateful service")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between accidents")
    parser.add_argument("--flush", action="store_true")
    parser.add_argument("--rollback", action="store_true")
    parser.add_argument("--broker-restart", action="store_true")
    parser.add_argument("--second-instances", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--libs")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    system = parts.System(options.build, options.policy, "event", libs=options.libs)
    system.bereft = 0  # senders whose journal was lost, once for each time
    for name in parts.STATEFUL:
        system.run(name)
    for service in system.services:
        system.ready(service)
    began = time.time()
    replay = parts.start([f"{system.build}/bin/nurturectl", "replay", "--as-fast-as-possible",
                          *orders_options(options)], open(f"{system.folder}/replay.log", "w"),
                         env=system.environment)
    for what, name in accidents(options):
        time.sleep(options.pause * dice.uniform(0.5, 1.5))
        happen(system, what, name, dice)
        system.watch()
    if replay.wait() != 0:
        raise SystemExit(f"replay failed, see {system.folder}/replay.log")
    wait = subprocess.Popen([f"{system.build}/bin/nurturectl", "wait", "--to", options.until,
                             "--timeout", f"{options.timeout}s"], env=system.environment)
    while wait.poll() is None:
        time.sleep(0.2)
        system.watch()
    if wait.returncode:
        raise SystemExit(f"the services did not come to {options.until}, see {system.folder}")
    wrong = judge(system, options, time.time() - began)
    for sentence in wrong:
        print("WRONG: " + sentence)
    system.stop(keep_files=options.keep or bool(wrong))
    if options.keep or wrong:
        print(f"files: {system.folder}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
