"""The sample of orders as a shop would publish it, and what must have come of it.

On the event clock: what a part publishes, stops and kills meanwhile must not
be seen in any outcome.
"""
import csv
import json
import subprocess
import time

import parts
import pipeline_chaos
import shop
import topics
from confluent_kafka import Producer
from story import check, equal

SAMPLE, UNTIL = f"{parts.ROOT}/deploy/demo/orders.csv", "2026-03-01T00:00:00Z"
TYPES = {"order": "order.placed", "cancellation": "order.cancelled", "refund": "order.refunded",
         "delivered": "order.delivered"}


def event(row, number, twin):
    """A row as an event; twins are other people with the same history."""
    customer = {"id": f"{row['customer']}-{twin}"}
    if row["kind"] == "order":
        customer.update({k: row[k] for k in ("name", "country", "time_zone", "locale", "birthday")
                         if row[k]})
        customer["email"] = row["email"].replace("@", f"-{twin}@")
        customer["consent"] = {"all": row["consent"] == "yes"}
    order = {"id": f"{row['order']}-{twin}"}
    if row["amount"]:
        order.update(amount=row["amount"], currency="GBP")
    if row["category"]:
        order["items"] = [{"category": row["category"]}]
    return {"id": f"sample-{number}-{twin}", "type": TYPES[row["kind"]], "time": row["time"],
            "customer": customer, "order": order}


class Orders:
    """All events in the order of time, published bit by bit: to the ingests listed, or to Kafka."""

    def __init__(self, system, batch, twins=1, by_kafka=False):
        with open(SAMPLE, encoding="utf-8") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["time"])
        self.events = [event(row, n, twin) for n, row in enumerate(rows) for twin in range(twins)]
        self.file, self.done, self.ingests = f"{system.folder}/events.jsonl", 0, []
        self.batch = batch
        # Ingest's answer for a part of a batch makes its publisher send all of it again: what was
        # not taken then comes behind what was.  A producer that keeps its order does not.
        self.producer = Producer({
            "bootstrap.servers": system.broker.address, "enable.idempotence": True,
            "partitioner": "murmur2_random", "delivery.timeout.ms": 120000, "log_level": 0,
        }) if by_kafka else None
        self.topic = system.topic("events")
        with open(self.file, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(each) + "\n" for each in self.events)

    def publish(self, share, pause_s=0.0):
        """This share of all, batch by batch, to one ingest after the other; ids bear repeats."""
        end = min(len(self.events), self.done + round(len(self.events) * share))
        while self.done < end:
            batch = self.events[self.done:min(end, self.done + self.batch)]
            if self.producer:
                self.produce(batch)
                continue
            ingest = self.ingests[self.done // self.batch % len(self.ingests)]
            until = time.time() + 60
            while not self.taken(shop.Shop(ingest), batch) and time.time() < until:
                time.sleep(0.1)
            self.done += len(batch)
            time.sleep(pause_s)

    def produce(self, batch):
        for each in batch:
            self.producer.produce(self.topic, json.dumps(each), each["customer"]["id"])
        if self.producer.flush(120):
            raise AssertionError("Kafka has not taken all events after 120 s")
        self.done += len(batch)

    @staticmethod
    def taken(ingest, batch):
        try:
            status, said = ingest.post(batch)
        except OSError:
            return False
        return status == 202 and all(each["status"] == "accepted" for each in said)

    def next_time(self):
        """When the next event happens: until then time may pass."""
        return self.events[self.done]["time"] if self.done < len(self.events) else UNTIL


def pass_time(system, to, seconds=240):
    """Time passes, and all services come along; whoever has ended is started again."""
    system.ctl("advance", "--to", to)
    waiting = subprocess.Popen([f"{system.build}/bin/nurturectl", "wait", "--to", to, "--timeout",
                                f"{seconds}s"], env=system.environment)
    while waiting.poll() is None:
        system.watch()
        time.sleep(0.1)
    return equal(waiting.returncode, 0, f"all come to {to}")


def judge(system, orders):
    """Outcomes, tasks and mails are those of the simulation.

    A service that had to end with mails under way may leave these in doubt, and says so.
    """
    real, simulated = f"{system.folder}/real.jsonl", f"{system.folder}/simulated.jsonl"
    tasks = f"{system.folder}/tasks.jsonl"
    with open(real, "w") as file:
        system.ctl("outcomes", output=file)
    system.ctl("simulate", "--events", orders.file, "--until", UNTIL, "--outcomes", simulated,
               "--tasks", tasks)
    with open(real) as file:
        lines = [json.loads(line) for line in file]
    exits = {f"{s.name} {s.environment['NURTURE_INSTANCE']}": dict(s.exits)
             for s in system.services if s.exits}
    leave = ["--in-doubt-is-sent"] if any(name.startswith("email-sender") for name in exits) else []
    code, text = system.ctl("compare", *leave, simulated, real, check=False)
    check(code == 0 and lines, f"{len(lines)} outcomes are the simulation's, line by line", text)
    equal(pipeline_chaos.judge_tasks(system, tasks), [], "and the tasks")
    ids = pipeline_chaos.message_ids(system.catcher)
    sent = sum(o["status"] == "sent" and "merged_into" not in o for o in lines)
    doubted = sum(o["status"] == "in_doubt" for o in lines)
    check(sent <= len(ids) <= sent + doubted,
          f"{len(ids)} mails: as many as outcomes say, {doubted} in doubt", sent)
    equal([each for each, count in ids.items() if count > 1], [], "none of them twice")
    equal(len(topics.Reader(system, "deadletter").read(1)), 0, "no dead letter")
    equal(system.ctl("audit", real, check=False)[0], 0, "the audit finds nothing")
    return exits
