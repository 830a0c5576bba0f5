#!/usr/bin/env python3
"""The console's view is that of the topics, however often it was killed while they were filled.

usage: console_view.py [BUILD] [--libs DIR] [--keep]

The demo's orders are replayed, with what their people do besides, some merges and erasures. A
console is killed twenty times meanwhile; another one begins when all is over. Both files must say
the same, row by row, and nothing of those who were erased.
"""
import csv
import glob
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
import urllib.request

import parts
import story
from story import check, equal, eventually

UNTIL = "2025-07-01T00:00:00Z"
ORDERS = os.path.join(parts.ROOT, "deploy/demo/orders.csv")
KILLS = 20
ERASED = "2025-06-20T12:00:00Z"

# Numbers are of one file alone: what stands for them is compared.
TABLES = {
    "person": "SELECT id, merged_into, merged_ms, email, phone, card, contact FROM person",
    "order_of": "SELECT number, (SELECT id FROM person p WHERE p.pid=o.pid) FROM order_of o",
    "moment": "SELECT (SELECT id FROM person p WHERE p.pid=m.pid), at, kind, stamp,"
              " (SELECT text FROM word WHERE number=m.word),"
              " (SELECT fields FROM manner WHERE number=m.manner), request, body FROM moment m",
    "voice": "SELECT (SELECT id FROM person p WHERE p.pid=v.pid), at, score, has_words, event"
             " FROM voice v",
    "told": "SELECT (SELECT id FROM person p WHERE p.pid=t.pid), at,"
            " (SELECT text FROM word WHERE number=team) FROM told t",
    "day": "SELECT (SELECT text FROM word WHERE number=programme), day, status, count FROM day",
    "programme": "SELECT (SELECT text FROM word WHERE number=p.programme), at, owner"
                 " FROM programme p",
    "waiting": "SELECT (SELECT id FROM person p WHERE p.pid=w.pid), request,"
               " (SELECT text FROM word WHERE number=programme), possible, body FROM waiting w",
    "planned": "SELECT (SELECT text FROM word WHERE number=programme), day, count FROM planned",
    "task": "SELECT id, (SELECT id FROM person p WHERE p.pid=t.pid), at, stamp,"
            " (SELECT text FROM word WHERE number=owner), is_open, due, expires, body FROM task t",
    "desk_task": "SELECT id, (SELECT id FROM person p WHERE p.pid=d.pid), due, body"
                 " FROM desk_task d",
    "task_end": "SELECT id, topic, (SELECT id FROM person p WHERE p.pid=e.pid), at, stamp"
                " FROM task_end e",
    "item": "SELECT (SELECT id FROM person p WHERE p.pid=i.pid), i.id, i.score, i.n, t.title, t.text,"
            " t.body, (SELECT group_concat(text) FROM (SELECT w.text FROM item_tag g JOIN word w"
            " ON w.number=g.tag WHERE g.n=i.n ORDER BY w.text)) FROM item i"
            " JOIN item_text t ON t.n=i.n",
    "erased": "SELECT who, at FROM erased",
    "position": "SELECT topic, partition, next FROM position",
}


def dump(path):
    """{table: its rows, sorted}; the words of the search as those who have them"""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as view:
        rows = {table: sorted(view.execute(query).fetchall(), key=repr)
                for table, query in TABLES.items()}
        view.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'who', 'instance')")
        rows["who"] = sorted(view.execute(
            "SELECT term, (SELECT id FROM person WHERE pid=doc) FROM temp.words").fetchall(),
            key=repr)
    return rows


def metric(console, name):
    page = urllib.request.urlopen(f"{console.url}/metrics", timeout=2).read().decode()
    found = re.search(rf"^{name} (\d+)", page, re.M)
    return int(found.group(1)) if found else None


def begin(system, name):
    os.makedirs(f"{system.folder}/{name}")
    return system.run("console", instance=name,
                      NURTURE_CONSOLE_VIEW=f"{system.folder}/{name}/view.db")


def file_of(system, name):
    return f"{system.folder}/{name}/view.db"


def settle(system, console, what):
    """it has all there is, and nothing more comes"""
    def is_up():
        system.watch()
        return metric(console, "nurture_view_behind") == 0 and urllib.request.urlopen(
            f"{console.url}/readyz", timeout=2).status == 200
    eventually(is_up, what, seconds=120)


def find_gone():
    """Three who order nothing after they were erased, or they would be new customers."""
    with open(ORDERS) as file:
        rows = list(csv.DictReader(file))
    later = {row["customer"] for row in rows if row["time"] >= ERASED}
    return sorted({row["customer"] for row in rows} - later)[:3]


def write_events(system):
    """What people do besides ordering; then merges and erasures."""
    path = f"{system.folder}/events.jsonl"
    with open(path, "w") as file:
        subprocess.run([sys.executable, f"{parts.ROOT}/tests/tools/make_events.py", ORDERS],
                       stdout=file, check=True)
        for i, customer in enumerate(find_gone()):
            file.write(json.dumps({"id": f"x-{i}", "type": "customer.erased",
                                   "time": ERASED,
                                   "customer": {"id": customer}}) + "\n")
        for i in range(20, 26):
            file.write(json.dumps({"id": f"m-{i}", "type": "customer.merged",
                                   "time": "2025-06-10T12:00:00Z",
                                   "customer": {"id": f"c-{i:04}"},
                                   "merge": {"into": f"c-{i + 30:04}"}}) + "\n")
        for i in range(100, 140):
            file.write(json.dumps({"id": f"f-{i}", "type": "feedback.received",
                                   "time": "2025-06-11T12:00:00Z",
                                   "customer": {"id": f"c-{i:04}"},
                                   "feedback": {"score": 1 + i % 5,
                                                "comment": f"What {i} says."}}) + "\n")
    return path


def fill(system):
    """the topics are filled, and the console is killed twenty times meanwhile"""
    system.run_all(*parts.STATEFUL, "desk")
    console = system.console = begin(system, "killed")
    dice = random.Random(7)
    running = parts.start([f"{system.build}/bin/nurturectl", "replay", "--rate", "1500",
                           "--orders", ORDERS, "--events", write_events(system),
                           "--until", UNTIL],
                          open(f"{system.folder}/replay.log", "w"), env=system.environment)
    for _ in range(KILLS):
        time.sleep(0.1 + dice.random())
        console.kill()
        system.watch()
    equal(running.wait(), 0, "the replay ends well")
    waiting = parts.start([f"{system.build}/bin/nurturectl", "wait", "--to", UNTIL, "--timeout",
                           "300s"], open(f"{system.folder}/wait.log", "w"), env=system.environment)
    while waiting.poll() is None:
        system.watch()
        time.sleep(0.1)
    equal(waiting.returncode, 0, "all services come to the end")
    check(console.exits[-9] >= KILLS, f"the console was killed {console.exits[-9]} times",
          dict(console.exits))
    settle(system, console, "the console comes to the end of the topics")


def compare(system):
    """a view that was made at once says the same"""
    system.other = begin(system, "at-once")
    settle(system, system.other, "the other console comes to the end of the topics")
    killed, at_once = (dump(file_of(system, name)) for name in ("killed", "at-once"))
    for table, rows in at_once.items():
        differ = set(map(repr, killed[table])) ^ set(map(repr, rows))
        check(killed[table] == rows, f"{table}: {len(rows)} rows, the same ones",
              f"{len(killed[table])} rows, {len(differ)} differ: {sorted(differ)[:4]}")
    for table in ("person", "moment", "voice", "day", "task", "who"):
        check(at_once[table], f"{table} is not empty")
    check(metric(system.other, r'nurture_view_unreadable_total\{topic="events"\}') == 0,
          "every event was understood")


def erased(system):
    """nothing of those who were erased is in the file"""
    equal(len(find_gone()), 3, "three were erased")
    for name in ("killed", "at-once"):
        def left(name=name):
            text = b"".join(open(path, "rb").read()
                            for path in glob.glob(f"{system.folder}/{name}/*"))
            return [who for who in find_gone() if who.encode() in text]
        bytes_of_all = sum(map(os.path.getsize, glob.glob(f"{system.folder}/{name}/*")))
        check(bytes_of_all > 100000, f"{name}: of others there is much", bytes_of_all)
        # Erasures are wiped together, some seconds later.
        eventually(lambda: not left(), f"{name}: no id of theirs", seconds=20, found=left)


def rebuild(system):
    """thrown away, it comes back the same"""
    before = dump(file_of(system, "killed"))
    system.ctl("rebuild", "console", "--view", file_of(system, "killed"))
    eventually(lambda: metric(system.console, "nurture_view_rebuilds_total") == 1,
               "the console hears of it")
    settle(system, system.console, "it has all again")
    after = dump(file_of(system, "killed"))
    for table, rows in before.items():
        check(after[table] == rows, f"{table} is the same")
    code, _ = system.ctl("rebuild", "console", "--view", f"{system.folder}/replay.log",
                         check=False)
    equal(code, 100, "a file that is no view is refused")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, os.path.join(parts.ROOT, "deploy/policy/shop.yaml"),
               [fill, compare, erased, rebuild], clock="event")
