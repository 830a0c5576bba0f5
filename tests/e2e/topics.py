"""A data team's side: topics, read with the stock client, only what was committed."""
import collections
import json
import os
import time

import contract
from confluent_kafka import Consumer, TopicPartition

Record = collections.namedtuple("Record", "topic partition offset key value headers")


class Reader:
    """Everything that stands on a topic, from its beginning, and what comes."""

    def __init__(self, system, name):
        self.name, self.topic = name, system.topic(name)
        self.consumer = Consumer({
            "bootstrap.servers": system.broker.address, "group.id": f"e2e-reader-{os.getpid()}",
            "isolation.level": "read_committed", "auto.offset.reset": "earliest",
            "enable.auto.commit": False, "fetch.wait.max.ms": 100, "log_level": 0,
            "error_cb": lambda error: None})
        found = self.consumer.list_topics(self.topic, 10).topics[self.topic]
        self.consumer.assign([TopicPartition(self.topic, p, 0) for p in found.partitions])
        self.records = []

    def read(self, wait_s=0.0):
        """All records that have been seen so far; ticks are no records."""
        until = time.time() + wait_s
        while True:
            got = self.consumer.consume(1000, 0.1)
            for message in got:
                if message.error():
                    raise AssertionError(f"{self.topic}: {message.error()}")
                self.take(message)
            if not got and time.time() >= until:
                return self.records

    def take(self, message):
        headers = [(k, v) for k, v in message.headers() or []]
        if message.value() is None and any(k == "nurture-tick" for k, _ in headers):
            return
        contract.check_record(self.name, message.value(), headers)
        self.records.append(Record(message.topic(), message.partition(), message.offset(),
                                   message.key(), message.value(), headers))

    def objects(self, **wanted):
        """The values as JSON, those with these fields."""
        found = [json.loads(record.value) for record in self.read()]
        return [each for each in found if all(each.get(k) == v for k, v in wanted.items())]

    def close(self):
        self.consumer.close()
