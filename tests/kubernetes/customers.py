"""customers.py - customers who order all the time, and whether each got what was owed.

Every customer gives consent and orders twice, which owes exactly one mail and one task.
A publisher sends until it is told 202, as publishers should.
"""
import collections
import datetime
import http.client
import itertools
import json
import os
import subprocess
import threading
import time
import urllib.error
import urllib.request

TOKEN = "token-of-a-test-0123456789"


def events_of(customer):
    """What one customer does."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    who = {"id": customer, "email": f"{customer}@mail.example"}
    return [{"id": f"k-{customer}", "type": "consent.changed", "time": now,
             "customer": {**who, "consent": {"all": True}},
             "proof": {"source": "test", "at": now}},
            *({"id": f"{customer}-{n}", "type": "order.placed", "time": now, "customer": who,
               "order": {"id": f"{customer}-{n}", "amount": "59.00", "currency": "GBP"}}
              for n in (1, 2))]


class Publisher(threading.Thread):
    """Some customers a second, in turn to each address that the Service has."""

    def __init__(self, cluster, rate):
        super().__init__(daemon=True)
        self.cluster, self.pause_s, self.ends = cluster, 1 / rate, threading.Event()
        self.begun, self.repeats, self.longest_s = {}, 0, 0.0
        self.addresses = itertools.cycle([])

    def look(self):
        while not self.ends.is_set():
            found = self.cluster.addresses("nurture-ingest")
            if found:
                self.addresses = itertools.cycle(found)
            time.sleep(0.3)

    def post_once(self, body):
        try:
            url = f"http://{next(self.addresses)}:8080/v1/events"
            asked = urllib.request.Request(url, body, {
                "Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"})
            with urllib.request.urlopen(asked, timeout=3) as answer:
                return answer.status == 202
        except urllib.error.HTTPError as error:
            # 404: the address is by now that of another service's pod.
            if error.code not in (404, 429, 503):
                raise
        except (OSError, StopIteration, http.client.HTTPException):
            pass
        return False

    def publish(self, customers):
        """Until Kafka has all that these customers do; when it began is noted."""
        body = json.dumps([event for one in customers for event in events_of(one)]).encode()
        begun = time.time()
        self.begun.update(dict.fromkeys(customers, begun))
        while not self.post_once(body):
            self.repeats += 1
            time.sleep(0.2)
        self.longest_s = max(self.longest_s, time.time() - begun)

    def run(self):
        threading.Thread(target=self.look, daemon=True).start()
        for number in itertools.count():
            if self.ends.is_set():
                return
            self.publish([f"c{number}"])
            time.sleep(self.pause_s)


def outcomes(kafka):
    said = subprocess.run([f"{os.environ['BUILD']}/bin/nurturectl", "outcomes"], text=True,
                          capture_output=True, check=True,
                          env={"KAFKA_BOOTSTRAP_SERVERS": kafka}).stdout
    return [json.loads(line) for line in said.split("\n") if line]


def mails(folder):
    """[(customer, when it came)]"""
    with open(f"{folder}/mails/index.jsonl", encoding="utf-8") as file:
        found = [json.loads(line) for line in file if line.endswith("\n")]
    return [(mail["to"].split("@")[0], mail["received_at"] / 1000) for mail in found]


def held_up(folder, begun, since, until, seconds=60):
    """The longest that a mail took of those who ordered in that time; waits for it to come."""
    who = [one for one, when in begun.items() if since <= when <= until]
    last = time.time() + seconds
    while True:
        came = dict(mails(folder))
        if time.time() > last or all(one in came for one in who):
            return max((came.get(one, time.time()) - begun[one] for one in who),
                       default=float("nan"))
        time.sleep(0.3)


def faults(folder, kafka, customers):
    """(what is wrong with what was owed, how many mails are in doubt): each was paid once."""
    ended = [o for o in outcomes(kafka) if o["status"] != "deferred"]
    requests = collections.Counter(o["request"] for o in ended)
    found = [f"request {request} has {n} ends" for request, n in requests.items() if n != 1]
    counts = collections.Counter((o["customer"], o["status"]) for o in ended)
    got = collections.Counter(who for who, _ in mails(folder))
    in_doubt = [who for who in customers if counts[who, "in_doubt"]]
    for who in customers:
        if counts[who, "task_created"] != 1:
            found.append(f"{who}: {counts[who, 'task_created']} tasks")
        # A mail in doubt may have come, and is not sent again.
        told = counts[who, "sent"] + counts[who, "in_doubt"]
        if told != 1 or got[who] > 1 or (counts[who, "sent"] and not got[who]):
            found.append(f"{who}: told {told}, {got[who]} mails came")
    found += [f"{who}: a mail to nobody's customer" for who in got if who not in customers]
    return found, len(in_doubt)


def settle(folder, customers, seconds=240):
    """Waits until a mail has come for everybody, or nothing comes any more."""
    until, last, count = time.time() + seconds, time.time(), 0
    while time.time() < until and time.time() - last < 30:
        have = len({who for who, _ in mails(folder)})
        if have >= len(customers):
            break
        if have > count:
            count, last = have, time.time()
        time.sleep(0.5)
    time.sleep(3)
