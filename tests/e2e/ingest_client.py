"""What the end-to-end tests of ingest need: a running one, events, and a look into the topic."""

import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time

import contract

BUILD = os.environ.get("BUILD", "build")
BROKERS = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
INGEST = os.path.join(BUILD, "bin", "ingest")
TOPIC_TOOL = os.path.join(BUILD, "tests", "tools", "topic")
PREFIX = "ingest-e2e-%d-%d." % (os.getpid(), time.time())
TOKEN = "0123456789abcdef-shop"
JSON = "application/json"


def check(condition, *what):
    if not condition:
        raise AssertionError(" ".join(str(w) for w in what))


class Ingest:
    """One running ingest; a context manager that stops it."""

    def __init__(self, **settings):
        environment = {
            "PATH": os.environ["PATH"],
            "KAFKA_BOOTSTRAP_SERVERS": BROKERS,
            "NURTURE_LISTEN": "127.0.0.1:0",
            "NURTURE_TOPIC_PREFIX": PREFIX,
            "NURTURE_INGEST_TOKENS": "shop=%s,crm=another-token-of-16" % TOKEN,
        }
        environment.update(settings)
        environment = {k: v for k, v in environment.items() if v is not None}
        self.process = subprocess.Popen(
            [INGEST], env=environment, stderr=subprocess.PIPE, text=True
        )
        self.lines, self.port = [], None
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.search(r"event=serving port=(\d+)", line)
            if found:
                self.port = int(found.group(1))
                break
        if self.port is not None:
            threading.Thread(target=self.read_log, daemon=True).start()

    def read_log(self):
        for line in self.process.stderr:
            self.lines.append(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def dial(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def request(self, method, path, body=None, content_type=JSON, token=TOKEN, **headers):
        connection = self.connect()
        all_headers = {k.replace("_", "-"): v for k, v in headers.items()}
        if content_type:
            all_headers["Content-Type"] = content_type
        if token:
            all_headers["Authorization"] = "Bearer " + token
        connection.request(method, path, body=body, headers=all_headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        try:
            text = json.loads(text)
        except ValueError:
            pass
        return answer, text

    def post(self, body, content_type=JSON, **rest):
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        answer, text = self.request("POST", "/v1/events", body, content_type, **rest)
        if content_type in contract.JSON_TYPES and not rest:
            contract.check_published(body, answer.status, text)
        return answer.status, text, answer

    def await_ready(self, seconds=20):
        until = time.time() + seconds
        while time.time() < until:
            answer, text = self.request("GET", "/readyz")
            if answer.status == 200:
                return
            time.sleep(0.1)
        raise AssertionError("not ready: %s" % text)


def event(number, customer=None, **more):
    made = {
        "id": "e-%s" % number,
        "type": "order.placed",
        "time": "2026-03-01T12:00:00Z",
        "customer": {"id": customer or "customer-%s" % number, "email": "a@example.com"},
        "order": {"id": "o-%s" % number, "amount": "12.50", "currency": "EUR"},
    }
    made.update(more)
    return made


def cloud_event(number, customer):
    return {
        "specversion": "1.0",
        "id": "c-%s" % number,
        "source": "/shop",
        "type": "order.delivered",
        "subject": customer,
        "time": "2026-03-01T12:00:00Z",
        "data": {"order": {"id": "o-%s" % number}},
    }


def protobuf_event(identity, customer):
    def text(field, value):
        return bytes([field << 3 | 2, len(value)]) + value

    inner = text(1, customer.encode())
    return (
        text(1, identity.encode())
        + text(2, b"customer.updated")
        + b"\x18\x01"
        + text(4, inner)
    )


def murmur2(key):
    """Kafka's, as in org.apache.kafka.common.utils.Utils."""
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    h = (0x9747B28C ^ len(key)) & mask
    whole = len(key) // 4 * 4
    for i in range(0, whole, 4):
        k = int.from_bytes(key[i : i + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = (h * m & mask) ^ k
    rest = key[whole:]
    if rest:
        h ^= int.from_bytes(rest, "little")
        h = h * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


def topic(*arguments):
    return subprocess.run(
        [TOPIC_TOOL, BROKERS, *arguments], check=True, capture_output=True, text=True
    ).stdout


def records():
    return [json.loads(line) for line in topic("dump", PREFIX + "events").splitlines()]


def run(tests):
    if not BROKERS:
        print("skipped: KAFKA_BOOTSTRAP_SERVERS is not set")
        return 77
    for path in (INGEST, TOPIC_TOOL):
        if not os.path.exists(path):
            print("skipped: %s is not built" % path)
            return 77
    failed = 0
    for test in tests:
        begun = time.time()
        try:
            test()
            verdict = "ok"
        except Exception as error:  # noqa: BLE001 - a test that breaks has failed, and the others still run
            verdict = "FAILED: %s: %s" % (type(error).__name__, error)
            failed += 1
        print("%-36s %5.1f s  %s" % (test.__name__, time.time() - begun, verdict), flush=True)
    print("%d of %d failed" % (failed, len(tests)))
    return 1 if failed else 0
