#!/usr/bin/env python3
"""ingest is stopped, or its broker stands still, while many publish: what was accepted is there.

Needs   KAFKA_BOOTSTRAP_SERVERS, and `make build tools` (BUILD names the directory).
Options BROKER_PID: the broker's process on this machine; it is stopped and continued.
Python's standard library only.  Exit code 0: all is well; 77: skipped.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

from ingest_client import BUILD, JSON, PREFIX, TOKEN, Ingest, check, event, records, run, topic

BROKER_PID = os.environ.get("BROKER_PID")


def make_topic():
    topic("create", PREFIX + "events", "4")


def keep_posting(ingest, name, accepted, refused, stop):
    connection, number = ingest.connect(), 0
    while not stop.is_set():
        number += 1
        identity = "%s-%d" % (name, number)
        try:
            connection.request("POST", "/v1/events", json.dumps(event(identity)),
                               {"Content-Type": JSON, "Authorization": "Bearer " + TOKEN})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            refused.append("connection")
            connection.close()
            connection = ingest.connect()
            time.sleep(0.02)
            continue
        if answer.status == 202:
            accepted.append("e-" + identity)
        else:
            refused.append(answer.status)
            time.sleep(0.02)
    connection.close()


def post_while(ingest, name, action):
    """What was accepted and refused by 16 clients while action() ran."""
    accepted, refused, stop = [], [], threading.Event()
    threads = [
        threading.Thread(target=keep_posting,
                         args=(ingest, "%s%d" % (name, i), accepted, refused, stop))
        for i in range(16)
    ]
    for thread in threads:
        thread.start()
    try:
        action()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return accepted, refused


def check_all_there(accepted):
    there = {}
    for record in records():
        found = re.search(r'"id": ?"([^"]+)"', record["value"] or "")
        if found:
            there[found.group(1)] = there.get(found.group(1), 0) + 1
    missing = [i for i in accepted if i not in there]
    check(not missing, len(missing), "of", len(accepted), "accepted are not there:", missing[:5])
    return sum(there[i] - 1 for i in accepted)


def test_stop_in_full_flight():
    with Ingest() as ingest:
        ingest.await_ready()

        def stop():
            time.sleep(2)
            ingest.process.send_signal(signal.SIGTERM)
            check(ingest.process.wait(15) == 0, "exit", ingest.process.returncode)

        accepted, refused = post_while(ingest, "stop", stop)
        check(len(accepted) > 100, "only", len(accepted))
        check(set(refused) <= {"connection", 503}, set(refused))
        twice = check_all_there(accepted)
        print("    %d accepted, %d there twice" % (len(accepted), twice))


def test_broker_stands_still():
    if not BROKER_PID:
        print("    skipped: BROKER_PID is not set")
        return
    with Ingest() as ingest:
        ingest.await_ready()

        def stand_still():
            for seconds in (1, 6, 12):
                time.sleep(2)
                os.kill(int(BROKER_PID), signal.SIGSTOP)
                try:
                    time.sleep(seconds)
                    if seconds > 5:
                        answer = ingest.request("GET", "/readyz")[0]
                        check(answer.status == 503, "ready without a broker")
                        begun = time.time()
                        status, text, answer = ingest.post(event("still"))
                        check(status == 503 and answer.headers["Retry-After"], status, text)
                        check(time.time() - begun < 6, "slow to refuse")
                finally:
                    os.kill(int(BROKER_PID), signal.SIGCONT)
                ingest.await_ready(30)

        accepted, refused = post_while(ingest, "still", stand_still)
        check(ingest.process.poll() is None, "ended:", ingest.lines)
        check(ingest.post(event("recovered"))[0] == 202, "not recovered")
        twice = check_all_there(accepted)
        print("    %d accepted, %d refused, %d there twice" % (len(accepted), len(refused), twice))


def test_no_table_without_a_broker():
    """One line says why, and no head of a table stands above nothing."""
    with socket.socket() as nobody:  # bound, and nobody listens there
        nobody.bind(("127.0.0.1", 0))
        broker = "127.0.0.1:%d" % nobody.getsockname()[1]
        asked = [(name, subprocess.Popen([BUILD + "/bin/nurturectl", name], text=True,
                                         env=dict(os.environ, KAFKA_BOOTSTRAP_SERVERS=broker),
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE))
                 for name in ("status", "clock")]
        for name, process in asked:
            out, words = process.communicate(timeout=60)
            check(process.returncode == 111, name, "exit", process.returncode)
            check(out == "", name, "printed", out)
            check(words.count("\n") == 1 and "kafka at " + broker in words, name, "said", words)


TESTS = [
    test_no_table_without_a_broker,
    make_topic,
    test_stop_in_full_flight,
    test_broker_stands_still,
]

if __name__ == "__main__":
    sys.exit(run(TESTS))
