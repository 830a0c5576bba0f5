#!/usr/bin/env python3
"""The clients of other people against ingest: make test-clients.

Each client of npm and PyPI publishes, is told that all is well, and its events are in the topic;
those that send again by themselves do so while ingest is away, and while the broker stands still.
Needs KAFKA_BOOTSTRAP_SERVERS and BROKER_PID (run.sh starts a broker), and BUILD.
"""
import os
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/../e2e")
from ingest_client import PREFIX, Ingest, check, records, run, topic  # noqa: E402
from processes import free_port  # noqa: E402

TOKEN, KEY = "a-token-of-16-bytes", "a-write-key-of-16-bytes"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLGSw"
KEYS = {"segment": KEY, "rudder": KEY, "cloudevents": TOKEN, "standardwebhooks": SECRET}
LANGUAGES = {"node": ["node", f"{HERE}/clients.mjs"],
             "python": [os.environ["CLIENTS_PYTHON"], f"{HERE}/clients.py"]}
PORT = free_port()


def ingest():
    started = Ingest(NURTURE_INGEST_TOKENS=f"shop={TOKEN},app={SECRET}",
                     NURTURE_TRACKING_KEYS=f"web={KEY}", NURTURE_LISTEN=f"127.0.0.1:{PORT}",
                     NURTURE_TRACKING_CONSENT="newsletter=promotion")
    started.await_ready()
    return started


def begin(language, client, prefix):
    return subprocess.Popen([*LANGUAGES[language], client, f"http://127.0.0.1:{PORT}",
                             KEYS[client], prefix], stderr=subprocess.PIPE, text=True)


def end(process):
    _, text = process.communicate(timeout=120)
    check(process.returncode == 0, process.args[1:3], "exit", process.returncode, text)


def events_of(prefix):
    import json
    found = {}
    for record in records():
        value = json.loads(record["value"])
        order = (value.get("order") or value.get("data", {}).get("order", {})).get("id", "")
        if record["key"] == prefix:
            found.setdefault((value["type"], order), []).append(value)
    return found


def check_events(prefix, is_tracking):
    found = events_of(prefix)
    wanted = {("order.placed", f"{prefix}-1"), ("order.delivered", f"{prefix}-2")}
    if is_tracking:
        wanted.add(("customer.updated", ""))
    check(set(found) == wanted, prefix, set(found), "instead of", wanted)
    for events in found.values():
        check(len({event["id"] for event in events}) == 1, "sent again as another event", events)
    if is_tracking:
        placed = found[("order.placed", f"{prefix}-1")][0]
        check(placed["order"]["amount"] == "0.30", placed)
        who = found[("customer.updated", "")][0]["customer"]
        check(who["email"] == f"{prefix}@example.com" and who["consent"] == {"promotion": True}, who)


def test_each_client():
    topic("create", PREFIX + "events", "4")
    topic("create", PREFIX + "deadletter", "4")
    with ingest():
        for language in LANGUAGES:
            for client in KEYS:
                prefix = f"{language}-{client}"
                end(begin(language, client, prefix))
                check_events(prefix, KEYS[client] == KEY)
                print("    %s" % prefix, flush=True)


def trackers():
    return [(language, client) for language in LANGUAGES for client in ("segment", "rudder")]


def test_ingest_away():
    """The clients begin while nobody listens; what they have waits in them."""
    begun = [(f"{language}-{client}-away", begin(language, client, f"{language}-{client}-away"))
             for language, client in trackers()]
    time.sleep(1)  # RudderStack's for Node tries four times, and gives up after 1.6 s
    with ingest():
        for prefix, process in begun:
            end(process)
            check_events(prefix, True)
            print("    %s" % prefix, flush=True)


def test_broker_stands_still():
    """Ingest says 503 and Retry-After; the clients send the same again."""
    broker = int(os.environ["BROKER_PID"])
    with ingest():
        os.kill(broker, signal.SIGSTOP)
        wake = threading.Timer(7, os.kill, (broker, signal.SIGCONT))
        wake.start()
        try:
            begun = [(f"{language}-{client}-still",
                      begin(language, client, f"{language}-{client}-still"))
                     for language, client in trackers()]
            for _, process in begun:
                end(process)
        finally:
            wake.cancel()
            os.kill(broker, signal.SIGCONT)
        for prefix, _ in begun:
            check_events(prefix, True)
            print("    %s" % prefix, flush=True)


if __name__ == "__main__":
    sys.exit(run([test_each_client, test_ingest_away, test_broker_stands_still]))
