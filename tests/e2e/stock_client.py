#!/usr/bin/env python3
"""A stock confluent-kafka client with its default settings publishes and reads.

usage: stock_client.py [BUILD] [--libs DIR]

Its partitioner is not Java's: most records land on a wrong partition and must
be moved, none lost and none counted twice.  JSON and protobuf, with a key and
without.  What cannot be understood (events_bad.py) is in nurture.deadletter,
as it came and with the place and the reason; over HTTP the same bytes get the
same verdict; and what is right goes on around it.
"""
import collections
import json
import shutil
import subprocess
import time
import urllib.parse

import events_bad
import exposition
import mails
import parts
import protobuf
import shop
import story
import topics
from confluent_kafka import Producer
from story import check, equal, eventually

CUSTOMERS = 60
HEADERS = [("trace", b"\x00\xff raw"), ("from", b"erp"), ("from", b"twice")]


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    for name in ("events", "outcomes", "tasks", "deadletter"):
        setattr(system, name, topics.Reader(system, name))
    # Nothing but the address: everything else as it comes.
    system.producer = Producer({"bootstrap.servers": system.broker.address})
    system.failures = []


def produce(system, value, key=None, headers=None, count=None):
    def delivered(error, message):
        if error:
            system.failures.append(error)
        if count is not None:
            count[message.partition()] += 1
    system.producer.produce(system.topic("events"), value, key, headers=headers,
                            on_delivery=delivered)
    system.producer.poll(0)


def flush(system):
    equal((system.producer.flush(20), system.failures), (0, []), "Kafka took all of them")


def bodies(event, number):
    """The event in one of the two formats."""
    return protobuf.event(event) if number % 3 == 1 else json.dumps(event).encode()


def encoding(system):
    """the protobuf of this test is that of protoc and our .proto"""
    if not shutil.which("protoc"):
        print("  skipped: protoc is not there")
        return
    text = ('id: "p-1" type: "order.placed" time_ms: 1772366400000 customer { id: "emil" '
            'email: "emil@customers.example" consent { message_class: "all" given: true } } '
            'order { id: "17" amount: "12.50" items { category: "tents" quantity: 300 } }')
    done = subprocess.run(["protoc", "--encode=nurture.v1.Event", f"-I{parts.ROOT}/proto",
                           "nurture/v1/event.proto"], input=text.encode(), capture_output=True,
                          check=False)
    ours = protobuf.event({
        "id": "p-1", "type": "order.placed", "time": "2026-03-01T12:00:00Z",
        "customer": {"id": "emil", "email": "emil@customers.example", "consent": {"all": True}},
        "order": {"id": "17", "amount": "12.50",
                  "items": [{"category": "tents", "quantity": 300}]}})
    equal(ours, done.stdout, "the same bytes")


def strays(system):
    """events on wrong partitions are moved: nothing is lost, nothing counts twice"""
    where = collections.Counter()
    for n in range(CUSTOMERS):
        person = shop.person(f"stray-{n}")
        first, second = (shop.event("order.placed", person, order=shop.order(f"{n}-{i}"))
                         for i in (1, 2))
        for event in (first, second, first):  # the first comes twice
            key = None if n % 5 == 4 else person["id"]
            produce(system, bodies(event, n), key, count=where)
    flush(system)
    check(len(where) > 3, "the client spread them over the partitions", where)
    wanted = {f"stray-{n}" for n in range(CUSTOMERS)}

    def thanks():
        return [o for o in system.outcomes.objects(programme="thanks", status="sent")
                if o["customer"] in wanted]
    eventually(lambda: len(thanks()) >= 2 * CUSTOMERS, "all orders have their mail", 40,
               lambda: len(thanks()))
    time.sleep(2)  # what counts twice would show by now
    count = collections.Counter(o["customer"] for o in thanks())
    equal({n for n in wanted if count[n] != 2}, set(), "each customer two, never three")
    caught = collections.Counter(m["to"] for m in mails.index(system.catcher))
    equal({n for n in wanted if caught[f"{n}@customers.example"] != 2}, set(),
          "so says the mail server")
    tasks = collections.Counter(t["customer"] for t in system.tasks.objects())
    equal(tasks, collections.Counter(wanted), "one basket for each: the second order is the second")
    text = shop.ask(system.started["segmenter"].url + "/metrics")[1]
    moved = exposition.parse(text).value("nurture_moved_records_total")
    check(moved >= CUSTOMERS, "the segmenter says that it moved them", moved)
    home = collections.defaultdict(set)
    for record in system.outcomes.read():
        home[record.key].add(record.partition)
    check(all(len(each) == 1 for each in home.values()), "each customer is on one partition now")


def bad_ones(system):
    """what cannot be understood is in the dead letters, as it came"""
    table = events_bad.table()
    begun = time.time()
    for n, bad in enumerate(table):
        around = shop.person(f"around-{n}")
        produce(system, json.dumps(shop.event("order.placed", around,
                                              order=shop.order(f"a{n}"))).encode(), around["id"])
        produce(system, bad.value, bad.key, HEADERS)
        produce(system, json.dumps(shop.event("order.placed", around,
                                              order=shop.order(f"b{n}"))).encode(), around["id"])
    flush(system)

    def around_done():
        return sum(o["customer"].startswith("around-") for o in
                   system.outcomes.objects(programme="thanks", status="sent"))
    eventually(lambda: around_done() == 2 * len(table), "the right ones around them go on", 40,
               around_done)
    print(f"        {time.time() - begun:.1f} s for {3 * len(table)} events")
    eventually(lambda: len(system.deadletter.read()) >= len(table),
               f"{len(table)} dead letters", 20, lambda: len(system.deadletter.read()))
    time.sleep(1)
    equal(len(system.deadletter.read()), len(table), "and not one more")
    for bad in table:
        found = [r for r in system.deadletter.records if (r.value, r.key) == (bad.value, bad.key)]
        if check(len(found) == 1, f"{bad.name}: is there", f"{len(found)} times"):
            judge_letter(system, bad, found[0])


def judge_letter(system, bad, letter):
    """Silent about what holds, or nobody would read the rest."""
    wrong = []
    added = [(k, v.decode()) for k, v in letter.headers if k.startswith("nurture-")]
    theirs = [(k, v) for k, v in letter.headers if not k.startswith("nurture-")]
    if theirs != HEADERS:
        wrong.append(f"its headers are {theirs}")
    # Moved from a wrong partition first: the copy says when the record came.
    if added[0][0] == "nurture-arrived":
        if not added.pop(0)[1].isdigit():
            wrong.append("nurture-arrived is no time")
    if [k for k, _ in added] != ["nurture-topic", "nurture-partition", "nurture-offset",
                                 "nurture-reason", "nurture-service"]:
        wrong.append(f"the headers added are {added}")
    else:
        said = dict(added)
        place = (int(said["nurture-partition"]), int(said["nurture-offset"]))
        there = [r for r in system.events.read() if (r.partition, r.offset) == place]
        if said["nurture-topic"] != system.topic("events") or not there:
            wrong.append(f"it stood at {said}")
        elif (there[0].value, there[0].key) != (bad.value, bad.key):
            wrong.append(f"at {place} stands something else")
        if said["nurture-service"] != "segmenter":
            wrong.append(f"service {said['nurture-service']}")
        bad.reason = said["nurture-reason"]
        if not all(word in bad.reason for word in bad.words):
            wrong.append(f"reason: {bad.reason}")
    check(not wrong, f"{bad.name}: {bad.reason}"[:140], "; ".join(wrong))


def over_http(system):
    """the same bytes over HTTP get the same verdict"""
    before = len(system.events.read())
    for bad in events_bad.table():
        if bad.media is None:
            continue
        status, said = system.shop.post(bad.value or b"", bad.media)
        reason = said.get("message") if isinstance(said, dict) else said
        if isinstance(said, dict) and said.get("path"):
            reason = f"{said['path']}: {said['message']}"
        letters = [dict(r.headers) for r in system.deadletter.records if r.value == bad.value]
        expected = letters[0]["nurture-reason"].decode() if letters else None
        check(status == 400 and reason == expected, f"{bad.name}: 400, the same words",
              f"{status} {reason!r}, dead letter {expected!r}")
    time.sleep(0.5)
    equal(len(system.events.read()), before, "nothing of it reached the topic")


def balance(system):
    """the books balance"""
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "waiting: 0, ended twice: 0" in text, "audit", f"exit {code}\n{text}")
    link = urllib.parse.urlparse(mails.read(system.catcher)[0].links("/u/")[0])
    check(link.path.startswith("/u/v2."), "the mails have their links", link.path)


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [encoding, strays, bad_ones, over_http, balance], setup)
