#!/usr/bin/env python3
"""An import is killed again and again, the broker stands still meanwhile, and no row is lost.

usage: import_broken.py [BUILD] [--libs DIR]

What the import notes in FILE.import is what Kafka has acknowledged: of the file's events, as many as
the note says are on the topic whenever somebody looks, and in the end all of them.  No services run.
Starts a broker of its own.
"""
import datetime
import os
import random
import signal
import subprocess
import time

import parts
import story
import topics
from story import check, equal

ROWS, ROUNDS, SEED = 60000, 8, 7
CHECKPOINT = 2000


def setup(system):
    system.file = f"{system.folder}/orders.csv"
    begin = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    with open(system.file, "w", encoding="utf-8") as file:
        file.write("customer,time,order\n")
        for row in range(ROWS):
            at = begin + datetime.timedelta(minutes=row)
            file.write(f"p{row % 5000},{at:%Y-%m-%dT%H:%M:%SZ},{row}\n")
    system.events = topics.Reader(system, "events")
    system.random = random.Random(SEED)


def start(system, **environment):
    return subprocess.Popen([f"{system.build}/bin/nurturectl", "import", "--as-history", "--orders",
                             system.file], env=system.environment | environment,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def noted(system):
    """How many events the note says are done; None: there is no note."""
    try:
        with open(system.file + ".import", encoding="utf-8") as file:
            return int(file.read().split()[2])
    except FileNotFoundError:
        return None


def published(system):
    """The rows that are on the topic."""
    return {int(each["order"]["id"]) for each in system.events.objects()}


def nobody_answers(system):
    """without a broker nothing is noted: from when the shop is live is not decided yet"""
    run = start(system, KAFKA_BOOTSTRAP_SERVERS=f"127.0.0.1:{parts.free_port()}")
    _, said = run.communicate(timeout=120)
    equal(run.returncode, 111, f"it says so: {said.strip().splitlines()[-1]}")
    equal(noted(system), None, "and leaves no note")


def broken_round(system):
    broker = system.broker.process.pid
    to = (noted(system) or 0) + CHECKPOINT * system.random.randint(1, 3)
    run = start(system)
    while (noted(system) or 0) < to and run.poll() is None:
        time.sleep(0.001)
    os.kill(broker, signal.SIGSTOP)
    try:
        time.sleep(0.5)  # it goes on, and nobody acknowledges
        run.send_signal(signal.SIGKILL)
        run.wait()
    finally:
        os.kill(broker, signal.SIGCONT)
    done = noted(system) or 0
    # Rows stand in the file in the order of time, which is the order of the import.
    missing = set(range(done)) - published(system)
    return done, missing


def killed(system):
    """killed while the broker stands still: what is noted has come"""
    seen = set()
    for _ in range(ROUNDS):
        done, missing = broken_round(system)
        seen.add(done)
        if not check(not missing, f"all of the {done} that are noted", sorted(missing)[:5]):
            return
    check(len(seen - {0, ROWS}) == ROUNDS, "it was killed in different places on the way", sorted(seen))


def whole(system):
    """run to its end: every row is there"""
    run = start(system)
    said = run.communicate(timeout=120)
    equal(run.returncode, 0, f"it ends: {said[0].strip().splitlines()[:1]}")
    equal(noted(system), ROWS, "and notes all of it")
    equal(len(published(system)), ROWS, "which is there")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [nobody_answers, killed, whole], setup, own_broker=True)
