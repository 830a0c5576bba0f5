"""Kills the two counting services on the real loop and compares what came out.

usage: stream_torture.py BUILD_DIR [--customers N] [--records N] [--clock wall|event]
                         [--kills N] [--flushes N] [--rollbacks N] [--second-instances]

Needs KAFKA_BOOTSTRAP_SERVERS and, for flushes and rollbacks, a Redis that it
starts itself (redis-server on a free port).  Exit 0: every record was counted
exactly once and in order, every timer fired exactly once, and what a partition
counts over all its customers has no gap and nothing twice.
"""
import argparse
import collections
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from processes import free_port

TOPICS = ["events", "requests", "outcomes", "profiles", "contacts", "deadletter"]
PARTITIONS = 4


class Redis:
    """A Redis of our own: to be flushed, stopped and put back to an old file."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--dir", self.folder, "--save", "",
             "--appendonly", "no", "--maxmemory-policy", "noeviction"],
            stdout=subprocess.DEVNULL)
        for _ in range(100):
            if self.cli("PING") == "PONG":
                return
            time.sleep(0.05)
        raise SystemExit("redis-server does not answer")

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words],
                              capture_output=True, text=True,
                              check=False).stdout.strip()

    def keep(self):
        self.cli("SAVE")
        shutil.copy(f"{self.folder}/dump.rdb", f"{self.folder}/kept.rdb")

    def roll_back(self):
        self.stop()
        shutil.copy(f"{self.folder}/kept.rdb", f"{self.folder}/dump.rdb")
        self.start()

    def stop(self):
        self.process.kill()
        self.process.wait()


class Service:
    """Restarted whenever it ends, as a supervisor would."""

    def __init__(self, binary, which, instance, environment, log):
        self.arguments, self.log = [binary, which], log
        self.environment = dict(environment, NURTURE_INSTANCE=instance)
        self.exits = collections.Counter()
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.arguments, env=self.environment, stderr=self.log)

    def watch(self):
        code = self.process.poll()
        if code is not None:
            self.exits[code] += 1
            self.start()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit(f"{self.arguments} did not stop within 20 s") from None


def make_topics(brokers, prefix):
    admin = AdminClient({"bootstrap.servers": brokers})
    compact = {"cleanup.policy": "compact", "segment.ms": "1000", "min.cleanable.dirty.ratio": "0.01"}
    topics = [NewTopic(prefix + name, PARTITIONS, 1,
                       config=compact if name in ("profiles", "contacts") else {})
              for name in TOPICS]
    for future in admin.create_topics(topics).values():
        future.result()


def publish(producer, topic, customers, begin, end):
    """Record k happens k ms after the epoch, about customer k mod n (with some noise)."""
    for k in range(begin, end):
        customer = f"c{(k * 7919 + k // 13) % customers}"
        while True:
            try:
                producer.produce(topic, key=customer, value=b"\x09" + struct.pack("<q", 1 + k))
                break
            except BufferError:
                producer.poll(0.1)
    producer.flush()


def expected(customers, records):
    counts = collections.Counter(f"c{(k * 7919 + k // 13) % customers}" for k in range(records))
    return counts


class Reader:
    def __init__(self, brokers, topic):
        self.consumer = Consumer({"bootstrap.servers": brokers, "group.id": "reader",
                                  "isolation.level": "read_committed",
                                  "enable.auto.commit": False, "auto.offset.reset": "earliest"})
        self.consumer.assign([TopicPartition(topic, p, 0) for p in range(PARTITIONS)])
        self.seen = collections.defaultdict(list)
        self.of_partition = collections.defaultdict(list)
        self.count = 0

    def read(self, seconds):
        until = time.time() + seconds
        while time.time() < until:
            for message in self.consumer.consume(5000, 0.2):
                if message.error() or message.value() is None:
                    continue
                line = message.value()[9:].decode()
                self.seen[message.key().decode()].append(line)
                self.of_partition[message.partition()].append(int(line.split()[2]))
                self.count += 1


def differences(seen, counts):
    for customer, n in counts.items():
        lines = seen.get(customer, [])
        for what in ("count", "timer"):
            numbers = [int(line.split()[1]) for line in lines if line.startswith(what)]
            if numbers != list(range(1, n + 1)):
                yield f"{customer}: {what}s are {numbers[:12]}..., expected 1..{n}"


def gaps(of_partition):
    for partition, numbers in sorted(of_partition.items()):
        if numbers != list(range(1, len(numbers) + 1)):
            wrong = next(i for i, n in enumerate(numbers) if n != i + 1)
            yield (f"partition {partition}: output {wrong + 1} says "
                   f"{numbers[max(0, wrong - 3):wrong + 6]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--records", type=int, default=60000)
    parser.add_argument("--clock", choices=["wall", "event"], default="event")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--flushes", type=int, default=2)
    parser.add_argument("--rollbacks", type=int, default=1)
    parser.add_argument("--second-instances", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=150)
    options = parser.parse_args()
    brokers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
    dice = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="nurture-torture-")
    prefix = f"torture{os.getpid()}."
    make_topics(brokers, prefix)
    redis = Redis(folder)
    environment = dict(os.environ, KAFKA_BOOTSTRAP_SERVERS=brokers,
                       REDIS_URL=f"redis://127.0.0.1:{redis.port}", NURTURE_POLICY="unused",
                       NURTURE_CLOCK=options.clock, NURTURE_TOPIC_PREFIX=prefix,
                       NURTURE_SESSION_TIMEOUT="6s")
    log = open(f"{folder}/services.log", "w")
    binary = f"{options.build}/tests/tools/counting_service"
    instances = ["a", "b"] if options.second_instances else ["a"]
    services = [Service(binary, which, instance, environment, log)
                for which in ("first", "second") for instance in instances]
    producer = Producer({"bootstrap.servers": brokers, "partitioner": "murmur2_random",
                         "linger.ms": 20})
    reader = Reader(brokers, prefix + "outcomes")
    counts = expected(options.customers, options.records)
    accidents = (["kill"] * options.kills + ["flush"] * options.flushes +
                 ["keep+rollback"] * options.rollbacks)
    dice.shuffle(accidents)
    slices = len(accidents) + 1
    began = time.time()
    for i in range(slices):
        publish(producer, prefix + "events", options.customers,
                options.records * i // slices, options.records * (i + 1) // slices)
        reader.read(dice.uniform(0.2, 1.5))
        for service in services:
            service.watch()
        if i < len(accidents):
            if accidents[i] == "kill":
                dice.choice(services).kill()
            elif accidents[i] == "flush":
                redis.cli("FLUSHALL")
            else:
                redis.keep()
                reader.read(1)
                redis.roll_back()
    # Beyond the last timer, on every partition.
    for p in range(PARTITIONS):
        producer.produce(prefix + "events", partition=p, value=None, key=None,
                         headers={"nurture-tick": str(options.records + 10000)})
    producer.flush()
    wanted = 2 * options.records
    while reader.count < wanted and time.time() - began < options.timeout:
        reader.read(1)
        for service in services:
            service.watch()
    reader.read(1)  # nothing more may come
    seconds = time.time() - began
    for service in services:
        service.stop()
    redis.stop()
    wrong = list(differences(reader.seen, counts))
    shared = list(gaps(reader.of_partition))
    exits = sum((service.exits for service in services), collections.Counter())
    print(f"{options.records} records, {len(counts)} customers, clock {options.clock}, "
          f"{', '.join(f'{accidents.count(a)} {a}' for a in sorted(set(accidents)))}: "
          f"{reader.count} of {wanted} outputs in {seconds:.1f} s, {len(wrong)} customers wrong, "
          f"{len(shared)} of {len(reader.of_partition)} partitions, "
          f"exits {dict(exits)}")
    for line in wrong[:10] + shared[:10]:
        print("  " + line)
    if wrong or shared or reader.count != wanted:
        print(f"  the services' log is {folder}/services.log")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
