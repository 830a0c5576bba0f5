#!/usr/bin/env python3
"""The clients of other people against ingest: make test-clients.

Each client of npm and PyPI publishes, is told that all is well, and its events are in the topic;
so they do that begin while ingest is away, that are interrupted by its restart, and that send while
the broker stands still.
Needs KAFKA_BOOTSTRAP_SERVERS and BROKER_PID (run.sh starts a broker), and BUILD.
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/../e2e")
import shops  # noqa: E402
from ingest_client import BROKERS, PREFIX, Ingest, check, records, run, topic  # noqa: E402
from processes import free_port  # noqa: E402

TOKEN, KEY = "a-token-of-16-bytes", "a-write-key-of-16-bytes"
SECRET, SHOP_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLGSw", "shpss_0123456789abcdef"
TRACKERS = {"segment": KEY, "rudder": KEY}
SIGNERS = {"cloudevents": TOKEN, "standardwebhooks": SECRET}
SHOPS = {"shopify": SHOP_SECRET, "woocommerce": SHOP_SECRET, "kafka": PREFIX + "events"}
KEYS = TRACKERS | SIGNERS | SHOPS
PYTHON = os.environ["CLIENTS_PYTHON"]
LANGUAGES = {"node": ["node", f"{HERE}/clients.mjs"], "python": [PYTHON, f"{HERE}/clients.py"]}
EVERY = [(language, client) for language in LANGUAGES for client in TRACKERS | SIGNERS]
EVERY += [("shop", client) for client in SHOPS]
PORT = free_port()


def ingest():
    started = Ingest(NURTURE_INGEST_TOKENS=f"shop={TOKEN},app={SECRET}",
                     NURTURE_TRACKING_KEYS=f"web={KEY}", NURTURE_LISTEN=f"127.0.0.1:{PORT}",
                     NURTURE_TRACKING_CONSENT="newsletter=promotion",
                     NURTURE_SHOP_HOOKS=f"harbour={SHOP_SECRET} key=id,cafe={SHOP_SECRET} key=id")
    started.await_ready()
    return started


def begin(language, client, prefix, pause_s=0):
    words = LANGUAGES.get(language) or [PYTHON, f"{HERE}/shops.py"]
    url = f"kafka://{BROKERS}" if client == "kafka" else f"http://127.0.0.1:{PORT}"
    return subprocess.Popen([*words, client, url, KEYS[client], prefix, str(pause_s)],
                            stderr=subprocess.PIPE, text=True)


def end(process):
    _, text = process.communicate(timeout=120)
    check(process.returncode == 0, process.args[1:3], "exit", process.returncode, text)


def events_of(customer):
    """By type and order. WooCommerce's catching up also tells that an order is as it was."""
    found = {}
    for record in records():
        value = json.loads(record["value"])
        order = (value.get("order") or value.get("data", {}).get("order", {})).get("id", "")
        if record["key"] == customer and value["type"] != "order.updated":
            found.setdefault((value["type"], order), []).append(value)
    return found


def check_events(client, prefix):
    if client in SHOPS:
        customer, *orders = (str(number) for number in shops.numbers(prefix))
        wanted = {("order.placed", order) for order in orders}
    else:
        customer = prefix
        wanted = {("order.placed", f"{prefix}-1"), ("order.delivered", f"{prefix}-2")}
    if client in TRACKERS:
        wanted.add(("customer.updated", ""))
    found = events_of(customer)
    check(set(found) == wanted, prefix, set(found), "instead of", wanted)
    for events in found.values():
        check(len({event["id"] for event in events}) == 1, "sent again as another event", events)
    if client in TRACKERS:
        placed = found[("order.placed", f"{prefix}-1")][0]
        check(placed["order"]["amount"] == "0.30", placed)
        who = found[("customer.updated", "")][0]["customer"]
        check(who["email"] == f"{prefix}@example.com" and who["consent"] == {"promotion": True}, who)
    print("    %s" % prefix, flush=True)


def all_begin(word, pause_s=0):
    """(client, prefix, process) of each client, all at once."""
    return [(client, f"{language}-{client}-{word}",
             begin(language, client, f"{language}-{client}-{word}", pause_s))
            for language, client in EVERY]


def all_end(begun):
    for _, _, process in begun:
        end(process)


def check_all(begun):
    for client, prefix, _ in begun:
        check_events(client, prefix)


def test_each_client():
    topic("create", PREFIX + "events", "4")
    topic("create", PREFIX + "deadletter", "4")
    with ingest():
        for language, client in EVERY:
            prefix = f"{language}-{client}"
            end(begin(language, client, prefix))
            check_events(client, prefix)


def test_ingest_away():
    """The clients begin while nobody listens; what they have waits in them."""
    begun = all_begin("away")
    time.sleep(1)  # RudderStack's for Node tries four times, and gives up after 1.6 s
    with ingest():
        all_end(begun)
    check_all(begun)


def has_begun(prefix):
    customer = str(shops.numbers(prefix)[0])
    return any(record["key"] in (prefix, customer) for record in records())


def test_ingest_restarts():
    """Between the two events of each client, which may have kept its connection."""
    with ingest():
        begun = all_begin("again", pause_s=20)
        until = time.time() + 18
        while not all(has_begun(prefix) for _, prefix, _ in begun):
            check(time.time() < until, "not all have begun: too slow a machine?")
            time.sleep(0.5)
    with ingest():
        all_end(begun)
    check_all(begun)


def test_broker_stands_still():
    """Ingest says 503 and Retry-After; the clients send the same again."""
    broker = int(os.environ["BROKER_PID"])
    with ingest():
        os.kill(broker, signal.SIGSTOP)
        wake = threading.Timer(7, os.kill, (broker, signal.SIGCONT))
        wake.start()
        try:
            begun = all_begin("still")
            all_end(begun)
        finally:
            wake.cancel()
            os.kill(broker, signal.SIGCONT)
    check_all(begun)


if __name__ == "__main__":
    sys.exit(run([test_each_client, test_ingest_away, test_ingest_restarts,
                  test_broker_stands_still]))
