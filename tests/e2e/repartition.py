#!/usr/bin/env python3
"""From 6 to 12 partitions in the middle of a replay: no outcome is lost, none is doubled.

usage: repartition.py [BUILD] [--libs DIR]

The services are stopped, one of them by a kill, while customers wait and
thousands of events, requests and dispatches are unread. The move itself is
killed once. In event time the outcomes must be those of the simulation, line
by line.
"""
import collections
import json
import subprocess
import sys
import time

import parts
import story
import topics
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from story import check, equal, eventually

ORDERS = f"{parts.ROOT}/deploy/demo/orders.csv"
POLICY = f"{parts.ROOT}/deploy/policy/shop.yaml"
SERVICES = [*parts.STATEFUL, "desk"]
VOICES = 40
MIDDLE, UNTIL = "2025-09-01T00:00:00Z", "2026-03-01T00:00:00Z"


def split(system):
    """The orders before the middle, and from it on, as files."""
    with open(ORDERS) as file:
        head, *rows = file.read().splitlines()
    at = head.split(",").index("time")
    halves = [[r for r in rows if r.split(",")[at] < MIDDLE],
              [r for r in rows if r.split(",")[at] >= MIDDLE]]
    paths = [f"{system.folder}/first.csv", f"{system.folder}/second.csv"]
    for path, half in zip(paths, halves):
        with open(path, "w") as file:
            file.write("\n".join([head, *half]) + "\n")
    return paths


def replay(system, path, until):
    system.ctl("replay", "--as-fast-as-possible", "--orders", path, "--until", until)


def unread(system):
    lag = collections.Counter()
    for line in system.ctl("status")[1].splitlines()[1:]:
        words = line.split()
        lag[f"{words[0]} {words[1]}"] += int(words[-1])
    return dict(lag)


def say_something(system):
    """Of people who have ordered nothing, so that nothing else follows."""
    producer = Producer({"bootstrap.servers": system.broker.address,
                         "partitioner": "murmur2_random"})
    for n in range(VOICES):
        who = f"voice-{n}"
        said = {"id": f"said-{n}", "type": "feedback.received", "time": "2024-01-01T00:00:00Z",
                "customer": {"id": who}, "feedback": {"comment": f"words of {who}"}}
        producer.produce(system.topic("events"), json.dumps(said), who)
    equal(producer.flush(20), 0, f"{VOICES} people say something")


def stop_in_the_middle(system):
    """the services are stopped at work: the segmenter by a kill, long before the others"""
    first, second = split(system)
    say_something(system)
    replay(system, first, MIDDLE)
    running = {name: system.run(name) for name in SERVICES}
    outcomes = topics.Reader(system, "outcomes")
    eventually(lambda: len(outcomes.read()) > 300, "they are at work", 60)
    outcomes.close()
    running["segmenter"].kill()
    replay(system, second, UNTIL)
    eventually(lambda: unread(system)["review-solicitor events"] < 100,
               "the solicitor reads what the segmenter has not", 40, lambda: unread(system))
    code, text = repartition(system, 12, "--yes")
    check(code == 111 and "running" in text, "refused while they are running", f"{code} {text}")
    for service in list(running.values())[1:]:
        equal(service.stop(), 0, f"{service.name}: exit 0")
    system.services.clear()
    print(f"        unread: {unread(system)}")
    check(unread(system)["segmenter events"] > 1000, "thousands are unread", unread(system))
    eventually(lambda: "running" not in repartition(system, 12)[1], "the dead one's session runs out", 30)


def repartition(system, count, *more):
    done = subprocess.run([f"{system.build}/bin/nurturectl", "repartition", "--partitions",
                           str(count), *more], env=system.environment, capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stdout + done.stderr


def partitions(system):
    client = AdminClient({"bootstrap.servers": system.broker.address})
    found = client.list_topics(timeout=10).topics
    return {len(topic.partitions) for name, topic in found.items()
            if name.startswith(system.environment["NURTURE_TOPIC_PREFIX"])}


def move(system):
    """the move: refused, killed in the middle, done"""
    code, text = repartition(system, 9, "--yes")
    check(code == 100 and "multiple" in text, "9 is refused", text)
    code, text = repartition(system, 12)
    check(code == 1 and "--yes" in text, "without --yes nothing is done", text)
    equal(partitions(system), {6}, "there are 6 still")
    for pause_s in (0.6, 1.2):
        process = subprocess.Popen([f"{system.build}/bin/nurturectl", "repartition", "--partitions",
                                    "12", "--yes"], env=system.environment)
        time.sleep(pause_s)
        process.kill()
        process.wait()
    code, text = repartition(system, 12, "--yes")
    check(code == 0 and "from 6 to 12" in text, "then it is done", text)
    print("        " + text.strip())
    equal(partitions(system), {12}, "all topics have 12")
    code, text = repartition(system, 12, "--yes")
    check(code == 0 and "already" in text, "once more changes nothing", text)
    code, text = system.ctl("topics", check=False)
    check(code == 0 and "left as it is" in text and "made" not in text,
          "topics without a number takes the one that is there", text)
    code, text = system.ctl("topics", "--partitions", "6", check=False)
    check(code == 1 and "has 12 partitions, not 6" in text, "and refuses another one", text)


def go_on(system):
    """the services go on, with what Redis knows of 6 partitions"""
    for name in SERVICES:
        system.run(name)
    for service in system.services:
        system.ready(service)
    code, text = system.ctl("wait", "--to", UNTIL, "--timeout", "90s", check=False)
    equal(code, 0, "they come to the end")
    for service in system.services:
        check("level=error" not in service.log_text(), f"{service.name}: without complaints",
              service.log_text()[-300:])


def judge(system):
    """the outcomes are the simulation's"""
    real, simulated = f"{system.folder}/real.jsonl", f"{system.folder}/simulated.jsonl"
    with open(real, "w") as file:
        system.ctl("outcomes", output=file)
    system.ctl("simulate", "--policy", POLICY, "--orders", ORDERS, "--until", UNTIL, "--outcomes",
               simulated)
    code, text = system.ctl("compare", "--in-doubt-is-sent", simulated, real, check=False)
    equal(code, 0, "line by line")
    if code:
        print(text[:2000])
    code, text = system.ctl("audit", "--policy", POLICY, real, check=False)
    equal(code, 0, "audit")
    with open(system.catcher.index) as file:
        ids = collections.Counter(json.loads(line)["message_id"] for line in file)
    equal([i for i, n in ids.items() if n > 1], [], f"none of {len(ids)} mails came twice")
    with open(real) as file:
        status = collections.Counter(json.loads(line)["status"] for line in file)
    print(f"        {dict(status)}")


def judge_items(system):
    """what people said stands where they are now, each once"""
    reader = topics.Reader(system, "feedback")
    standing = {}
    for record in reader.read(1):
        standing[(record.partition, record.key)] = record.value
    reader.close()
    places = collections.defaultdict(set)
    for (partition, key), value in standing.items():
        if value is not None:
            places[key.decode().rpartition("/")[0]].add(partition)
    equal({who: parts for who, parts in places.items() if len(parts) > 1}, {}, "none twice")
    equal(len(places), VOICES, "none is lost")
    ladders = topics.Reader(system, "ladders")
    latest = {}
    for record in ladders.read(1):
        who = record.key.decode(errors="replace")
        latest.setdefault(who, {})[record.partition] = record.value
    ladders.close()
    homes = {who: {p for p, value in where.items() if value is not None}
             for who, where in latest.items() if who in places}
    equal({who for who in places if places[who] != homes[who]}, set(),
          "each on the partition of its customer")
    check(any(p >= 6 for where in places.values() for p in where), "some have moved")


def judge_tasks(system):
    """each task that has expired has its one end, at its own instant"""
    expires = {t["id"]: t["expires"] for t in topics.Reader(system, "tasks").objects()
               if "state" not in t}
    ends = topics.Reader(system, "ends").objects()
    equal(set(collections.Counter(e["id"] for e in ends).values()), {1},
          f"{len(ends)} of {len(expires)} tasks have ended, once each")
    equal({i for i, at in expires.items() if at <= UNTIL} - {e["id"] for e in ends}, set(),
          "none that has expired is without its end")
    equal([e for e in ends if e["status"] == "expired" and e["at"] != expires[e["id"]]], [],
          "each at its own instant")


def main():
    chosen = story.arguments(__doc__)
    begun = time.time()
    system = parts.System(chosen.build, POLICY, "event", libs=chosen.libs)
    for part in (stop_in_the_middle, move, go_on, judge, judge_items, judge_tasks):
        story.run(story.title(part), part, system)
    story.run("everything stops", lambda: system.stop(keep_files=True))
    if story.failed or chosen.keep:
        print(f"files: {system.folder}")
    else:
        system.forget()
    print(f"after {time.time() - begun:.0f} s")
    print(f"{story.passed} passed, {story.failed} failed")
    return 1 if story.failed else 0


if __name__ == "__main__":
    sys.exit(main())
