#!/usr/bin/env python3
"""A hundred thousand tasks under kills: each has one end, and none is overdue unseen.

usage: desk_many.py [BUILD] [--tasks N] [--kills N] [--seed N] [--libs DIR] [--keep]
make test-desk TASKS=100000 KILLS=20

Tasks and what people say of them stand on the topics in the order of time; the desk reads them on
the event clock, and is killed again and again, while its Redis is emptied. What it has told at the
end is compared with a reference that goes from step to step and knows nothing of the desk's code:
each end and each notice at its very instant, once.
"""
import argparse
import collections
import datetime
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "e2e"))

import story  # noqa: E402
import topics  # noqa: E402
from confluent_kafka import Producer  # noqa: E402
from story import equal  # noqa: E402

# Everything happens at a step of ten minutes; a time is a number of steps since the beginning.
STEP_S, BEGIN = 600, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
HOUR, DAY = 6, 144
SPREAD, LIFE = 30 * DAY, 2 * DAY
END = SPREAD + LIFE + DAY
PER_CUSTOMER = 10
# As policies/desk-many.yaml has it.
WITHIN, ANSWER, REMIND = 8 * HOUR, 2 * HOUR, (4 * HOUR, HOUR)
ESCALATE = ((HOUR, "boss"), (4 * HOUR, "garden"))
ATTEMPTS, AGAIN_AFTER = 2, HOUR
FATES = ("nobody", "done", "cancelled", "claimed", "claimed and done", "snoozed", "fails", "failed")

Task = collections.namedtuple("Task", "id customer given words")


def text(step):
    moment = BEGIN + datetime.timedelta(seconds=step * STEP_S)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def made(options):
    """The tasks, each with what people say of it: (step, word, until)."""
    dice = random.Random(options.seed)
    for n in range(options.tasks):
        given, fate = dice.randrange(SPREAD), FATES[n % len(FATES)]
        first, second = sorted(dice.sample(range(1, LIFE - 1), 2))
        words = {
            "nobody": [], "done": [(first, "done", 0)], "cancelled": [(first, "cancelled", 0)],
            "claimed": [(first, "claimed", 0)],
            "claimed and done": [(first, "claimed", 0), (second, "done", 0)],
            "snoozed": [(first, "snoozed", given + first + dice.randrange(1, DAY))],
            "fails": [(first, "failed", 0), (second, "done", 0)],
            "failed": [(first, "failed", 0), (second, "failed", 0)]}[fate]
        yield Task(f"t-{n}", f"c-{n % max(1, options.tasks // PER_CUSTOMER)}", given,
                   [(given + at, word, until) for at, word, until in words])


class Reference:
    """One task, step by step: what is told of it, and how it ends."""

    def __init__(self, task):
        self.task, self.told, self.end = task, [], None
        self.begins, self.wakes, self.taken, self.failures = task.given, None, False, 0
        self.reminders = self.escalations = 0

    def run(self):
        words = collections.defaultdict(list)
        for at, word, until in self.task.words:
            words[at].append((word, until))
        for now in range(self.task.given, END + 1):
            for word, until in words[now]:
                self.hear(now, word, until)
                if self.end:
                    return self
            self.pass_step(now)
            if self.end:
                return self
        return self

    def hear(self, now, word, until):
        if word in ("done", "cancelled"):
            self.end = (word, now)
        elif word == "failed":
            self.failures += 1
            if self.failures == ATTEMPTS:
                self.end = ("failed", now)
            else:
                self.taken = False
                self.sleep(now + AGAIN_AFTER)
        else:
            self.taken = True
            if word == "snoozed" and until > now:
                self.sleep(until)

    def sleep(self, until):
        self.begins = self.wakes = until
        self.reminders = 0

    def pass_step(self, now):
        if now == self.task.given + LIFE:
            self.end = ("expired", now)
            self.told.append(("expired", now, "house"))
        elif self.wakes:
            if now == self.wakes:
                self.wakes = None
                self.told.append(("reminder", now, "house"))
        else:
            self.tell(now)

    def tell(self, now):
        due = self.begins + WITHIN
        late = [r for r in REMIND if now >= due - r]
        if len(late) > self.reminders:
            self.reminders = len(late)
            self.told.append(("reminder", now, "house"))
        missed = due if self.taken else self.begins + ANSWER
        while self.escalations < len(ESCALATE) and now >= missed + ESCALATE[self.escalations][0]:
            self.told.append(("escalation", now, ESCALATE[self.escalations][1]))
            self.escalations += 1


def records(tasks):
    """(step, order, topic, customer, value) of all that stands on the two topics, by time."""
    for task in tasks:
        told = {"id": task.id, "time": text(task.given), "request": task.id,
                "customer": task.customer, "programme": "basket", "owner": "house",
                "action": "gift-basket", "due": text(task.given),
                "expires": text(task.given + LIFE)}
        yield task.given, 0, "tasks", task.customer, told
        for n, (at, word, until) in enumerate(task.words):
            if word == "cancelled":
                yield at, 1, "tasks", task.customer, {
                    "id": task.id, "time": text(at), "customer": task.customer,
                    "state": "cancelled", "reason": "order.cancelled"}
                continue
            more = {"until": text(until)} if until else {}
            yield at, 1, "events", task.customer, {
                "id": f"{task.id}-{n}", "type": f"task.{word}", "time": text(at),
                "customer": {"id": task.customer}, "task": {"id": task.id, "by": "eve", **more}}


class Publisher:
    def __init__(self, system):
        self.system = system
        self.producer = Producer({"bootstrap.servers": system.broker.address, "linger.ms": 50,
                                  "partitioner": "murmur2_random"})
        self.partitions = len(self.producer.list_topics(system.topic("events"), 10)
                              .topics[system.topic("events")].partitions)

    def put(self, rows):
        for _, _, topic, customer, value in rows:
            self.producer.produce(self.system.topic(topic), json.dumps(value), customer)
            self.producer.poll(0)
        self.producer.flush(60)

    def tick(self, step):
        """Nothing earlier will follow on either topic."""
        ms = int((BEGIN.timestamp() + step * STEP_S) * 1000)
        for topic in ("events", "tasks"):
            for partition in range(self.partitions):
                self.producer.produce(self.system.topic(topic), None, partition=partition,
                                      headers={"nurture-tick": str(ms)})
        self.producer.flush(60)


def publish(system):
    """tasks and words come, and the desk is killed while it reads them"""
    options, dice = system.options, random.Random(system.options.seed)
    system.tasks = list(made(options))
    system.run_all("desk")
    desk = system.services[0]
    publisher = Publisher(system)
    rows = sorted(records(system.tasks), key=lambda row: row[:2])
    pieces = options.kills + 1
    for n in range(pieces):
        piece = rows[len(rows) * n // pieces:len(rows) * (n + 1) // pieces]
        publisher.put(piece)
        publisher.tick(piece[-1][0])
        if n == options.kills:
            break
        until = time.time() + dice.uniform(0.3, 3)
        while time.time() < until:
            system.watch()
            time.sleep(0.05)
        desk.kill()
        if n % 4 == 1:
            system.redis.flush()
        system.watch()
    publisher.tick(END)
    print(f"        {len(system.tasks)} tasks, {len(rows)} records, the desk ended so often: "
          f"{dict(desk.exits)}")
    equal(desk.exits.get(-9, 0), options.kills, "it was killed so often")


def comes_to_the_end(system):
    """the desk comes to the end"""
    ends, count, quiet_since = topics.Reader(system, "ends"), 0, time.time()
    while time.time() < quiet_since + 60 and len(ends.records) < len(system.tasks):
        system.watch()
        if len(ends.read(0.2)) > count:
            count, quiet_since = len(ends.records), time.time()
    time.sleep(3)
    system.told_ends = ends.objects()
    equal(len(system.told_ends), len(system.tasks), "as many ends as tasks")
    dead = topics.Reader(system, "deadletter").read(1)
    equal([r.value for r in dead][:3], [], "nothing lies with the dead letters")


def judged(system):
    """by brute force: every end and every notice at its instant, once"""
    ends = collections.defaultdict(list)
    for end in system.told_ends:
        ends[end["id"]].append((end["status"], end["at"]))
    notices, ids = collections.defaultdict(list), collections.Counter()
    reader, seen = topics.Reader(system, "notices"), -1
    while len(reader.read(5)) > seen:
        seen = len(reader.records)
    for notice in reader.objects():
        notices[notice["task"]].append((notice["kind"], notice["at"], notice["to"]))
        ids[notice["id"]] += 1
    wrong_ends, wrong_notices, overdue = [], [], 0
    for task in system.tasks:
        reference = Reference(task).run()
        status, at = reference.end
        if ends[task.id] != [(status, text(at))]:
            wrong_ends.append((task, reference.end, ends[task.id]))
        told = [(kind, text(when), to) for kind, when, to in reference.told]
        if sorted(notices[task.id]) != sorted(told):
            wrong_notices.append((task, told, notices[task.id]))
        overdue += any(kind == "escalation" for kind, _, _ in told)
    equal(wrong_ends[:2], [], f"{len(system.tasks)} tasks: each one end, as the reference has it "
          f"({dict(collections.Counter(e['status'] for e in system.told_ends))})")
    equal(wrong_notices[:2], [], f"{sum(ids.values())} notices, each as the reference has it")
    equal([i for i, n in ids.items() if n > 1][:2], [], "none was told twice")
    story.check(overdue > len(system.tasks) / 4, f"{overdue} were overdue, and each was seen")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tasks", type=int, default=10000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options, left = parser.parse_known_args()
    sys.argv[1:] = left

    def setup(system):
        system.options = options
    story.tell(__doc__, "desk-many.yaml", [publish, comes_to_the_end, judged], setup,
               clock="event")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    main()
