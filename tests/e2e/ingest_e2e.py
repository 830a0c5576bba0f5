#!/usr/bin/env python3
"""ingest against a real broker: what it takes and what it refuses.

Needs   KAFKA_BOOTSTRAP_SERVERS, and `make build tools` (BUILD names the directory).
Python's standard library only.  Exit code 0: all is well; 77: skipped.
"""

import base64
import gzip
import hashlib
import hmac
import json
import random
import re
import socket
import sys
import time
import zlib

from ingest_client import (
    PREFIX,
    TOKEN,
    Ingest,
    check,
    cloud_event,
    event,
    murmur2,
    protobuf_event,
    records,
    run,
    topic,
)

PARTITIONS = 4
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLGSw"


def test_refuses_to_start():
    for settings, why in (
        ({"NURTURE_INGEST_TOKENS": None}, "NURTURE_INGEST_TOKENS is empty"),
        ({"NURTURE_INGEST_TOKENS": "shop"}, "expected source=token"),
        ({"NURTURE_INGEST_OPEN": "true"}, "expected one of them"),
        ({"NURTURE_INGEST_OPEN": "yes"}, "NURTURE_INGEST_OPEN: expected one of false|true"),
        ({"NURTURE_LISTEN": "nowhere"}, "expected address:port"),
        ({"NURTURE_INGEST_INFLIGHT": "10"}, "NURTURE_INGEST_INFLIGHT"),
    ):
        with Ingest(**settings) as ingest:
            check(ingest.process.wait(10) == 100, settings, "exit", ingest.process.returncode)
            check(why in "".join(ingest.lines), settings, ingest.lines)
    with Ingest() as first, Ingest(NURTURE_LISTEN="127.0.0.1:%d" % first.port) as second:
        check(second.process.wait(20) == 111, "port in use: exit", second.process.returncode)


def test_missing_topic_then_made():
    with Ingest() as ingest:
        answer, text = ingest.request("GET", "/readyz")
        check(answer.status == 503 and "run nurturectl topics" in text, answer.status, text)
        status, text, answer = ingest.post(event(1))
        check(status == 503 and "does not exist" in text["message"], status, text)
        check(answer.headers["Retry-After"], "no Retry-After")
        check(ingest.request("GET", "/livez")[0].status == 200, "not alive")
        topic("create", PREFIX + "events", str(PARTITIONS))
        ingest.await_ready()
        # The name of the event differs: what was refused must not be in the topic.
        check(ingest.post(event("after"))[0] == 202, "not taken after the topic was made")


def test_formats():
    with Ingest() as ingest:
        ingest.await_ready()
        single = json.dumps(event("single", "anna"), indent=1)
        check(ingest.post(single)[:2] == (202, {"id": "e-single", "status": "accepted"}))
        status, text, _ = ingest.post(
            [event("a0", "bert"), 7, event("a2", "\u00e4nne", extra={"n": 1.50})]
        )
        check(status == 202 and [r["status"] for r in text] == ["accepted", "invalid", "accepted"],
              status, text)
        check(text[1] == {"index": 1, "status": "invalid", "error": "expected an object",
                          "path": "$"}, text)
        check(ingest.post(cloud_event(1, "carl"), "application/cloudevents+json")[0] == 202)
        check(ingest.post([cloud_event(2, "carl"), cloud_event(3, "dora")],
                          "application/cloudevents-batch+json; charset=utf-8")[0] == 202)
        raw = protobuf_event("p-1", "emil")
        check(ingest.post(raw, "application/x-protobuf")[0] == 202)
        thousand = [event("t%d" % i, "customer-%d" % (i % 97)) for i in range(1000)]
        status, text, _ = ingest.post(thousand)
        check(status == 202 and len(text) == 1000, status)

    found = records()
    by_id, raw_found = {}, 0
    for record in found:
        check(record["partition"] == (murmur2(record["key"].encode()) & 0x7FFFFFFF) % PARTITIONS,
              "wrong partition", record)
        if record["value"].encode() == raw:
            raw_found += 1
            continue
        value = json.loads(record["value"])
        check(value["id"] not in by_id, "twice", value["id"])
        by_id[value["id"]] = record
    check(raw_found == 1, "protobuf is not as it was sent")
    check("e-1" not in by_id, "an event that was refused is there")
    check(by_id["e-single"]["value"] == single, "a single event is not as it was sent")
    check(by_id["e-single"]["key"] == "anna")
    check(json.loads(by_id["e-a2"]["value"]) == event("a2", "\u00e4nne", extra={"n": 1.5}))
    check(": " not in by_id["e-a2"]["value"], "not compact", by_id["e-a2"])
    check([by_id[i]["key"] for i in ("c-1", "c-2", "c-3")] == ["carl", "carl", "dora"])
    check(all("e-t%d" % i in by_id for i in range(1000)), "some of a thousand are not there")


def test_refusals():
    with Ingest() as ingest:
        ingest.await_ready()
        good = json.dumps(event("refused"))
        table = [
            ("unauthorized", 401, dict(token="wrong")),
            ("unauthorized", 401, dict(token=None)),
            ("unauthorized", 401, dict(token=TOKEN + "x")),
            ("unsupported_media_type", 415, dict(content_type="text/plain")),
            ("unsupported_media_type", 415, dict(content_type=None)),
            ("unsupported_media_type", 415, dict(Content_Encoding="br")),
            ("unsupported_media_type", 415, dict(ce_specversion="1.0", content_type="text/xml")),
            ("invalid_coding", 400, dict(Content_Encoding="gzip")),
            ("invalid_coding", 400, dict(Content_Encoding="gzip", body=gzip.compress(b"{}")[:-1])),
            ("too_large", 413, dict(Content_Encoding="gzip", body=gzip.compress(b" " * (2 << 20)))),
            ("invalid_json", 400, dict(ce_specversion="1.0", ce_id="1", body='{},"id":"2"')),
            ("unauthorized", 401, dict(token=None, webhook_id="1", webhook_timestamp="1",
                                       webhook_signature="v1,AAAA")),
            ("invalid_json", 400, dict(body="{}x"[2:])),
            ("invalid_event", 400, dict(body="{}")),
            ("no_event", 400, dict(body="[]")),
            ("too_many_events", 413, dict(body="[" + ",".join(["{}"] * 1001) + "]")),
            ("too_large", 413, dict(body=b"x" * ((1 << 20) + 1))),
        ]
        for code, status, how in table:
            how = dict(how)
            got, text, _ = ingest.post(how.pop("body", good), **how)
            check(got == status and text["error"] == code and text["message"], how, got, text)
        large = json.dumps(event("refused", name="x" * 70000))
        got, text, _ = ingest.post(large)
        check(got == 400 and "65536 bytes" in text["message"], got, text)
        answer, text = ingest.request("GET", "/v1/events")
        check(answer.status == 405 and answer.headers["Allow"] == "POST", answer.status, text)
        check(ingest.request("OPTIONS", "/v1/events")[0].status == 405, "CORS is on")
        check(ingest.request("POST", "/v2/events", good)[0].status == 404)
        answer = ingest.post(good, X_Request_Id="r-17")[2]
        check(answer.status == 202 and answer.headers["X-Request-Id"] == "r-17", "no request id")
        metrics = ingest.request("GET", "/metrics")[1]
        check('nurture_ingest_refused_requests_total{reason="unauthorized"} 4' in metrics, metrics)
        check('nurture_ingest_events_total{source="shop",result="accepted"} 1' in metrics, metrics)
        check(TOKEN not in metrics + "".join(ingest.lines), "the token can be read")


def signed(body, secret=SECRET, at=None, identity="msg_1"):
    """The headers of Standard Webhooks."""
    stamp = str(int(at or time.time()))
    tag = hmac.new(base64.b64decode(secret.removeprefix("whsec_")),
                   f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return dict(token=None, webhook_id=identity, webhook_timestamp=stamp,
                webhook_signature="v1,AAAA v1," + base64.b64encode(tag).decode())


def test_other_doors():
    """Compressed, signed, and CloudEvents in binary mode: all end as the same events."""
    secrets = f"shop={TOKEN},app={SECRET} types=order.*"
    with Ingest(NURTURE_INGEST_TOKENS=secrets) as ingest:
        ingest.await_ready()
        for coding, press in (("gzip", gzip.compress), ("deflate", zlib.compress)):
            body = json.dumps([event(coding + "1"), event(coding + "2")]).encode()
            check(ingest.post(press(body), Content_Encoding=coding)[0] == 202, coding)
        answer = ingest.post(json.dumps(event("shut")), Content_Encoding="br")[2]
        check(answer.headers["Accept-Encoding"] == "gzip, deflate" and not answer.headers["Accept"],
              "RFC 9110 15.5.16", answer.headers)
        answer = ingest.post(json.dumps(event("shut")), "text/plain")[2]
        check(answer.headers["Accept"] and not answer.headers["Accept-Encoding"], answer.headers)

        body = json.dumps(event("signed")).encode()
        check(ingest.post(body, **signed(body))[0] == 202, "a good signature")
        body = gzip.compress(json.dumps(event("signed-gzip")).encode())
        check(ingest.post(body, **signed(body), Content_Encoding="gzip")[0] == 202,
              "the signature is over the bytes as they came")
        body = json.dumps(event("shut", type="customer.erased")).encode()
        check(ingest.post(body, **signed(body))[0] == 403, "types= binds a signer too")
        body = json.dumps(event("shut")).encode()
        for wrong in (signed(body + b" "), signed(body, at=time.time() - 400),
                      signed(body, secret="whsec_" + "A" * 32)):
            check(ingest.post(body, **wrong)[0] == 401, wrong)
        check(ingest.post(body, token=SECRET)[0] == 401, "a secret lets in who shows it")
        check(ingest.request("POST", "/v1/permits", body, **signed(body))[0].status == 401)

        status, text, _ = ingest.post(
            json.dumps({"order": {"id": "o-binary"}}), ce_specversion="1.0", ce_id="binary",
            ce_source="/caf%C3%A9", ce_type="order.late", ce_subject="J%C3%B6rg%20%22J%22",
            ce_time="2026-03-02T18:00:00Z")
        check(status == 202 and text["id"] == "binary", status, text)
    found = {}
    for record in records():
        try:
            value = json.loads(record["value"])
        except ValueError:
            continue
        found[value["id"]] = (record["key"], value)
    for name in ("gzip1", "gzip2", "deflate1", "deflate2", "signed", "signed-gzip"):
        check(found["e-" + name][1] == event(name), name)
    key, value = found["binary"]
    check(key == 'J\u00f6rg "J"' and value["source"] == "/caf\u00e9", key, value)
    check(value["data"] == {"order": {"id": "o-binary"}}, value)
    check("e-shut" not in found, "an event that was refused is there")


def test_open_and_rate():
    with Ingest(NURTURE_INGEST_TOKENS=None, NURTURE_INGEST_OPEN="true",
                NURTURE_INGEST_RATE="100") as ingest:
        ingest.await_ready()
        batch = [event("rate%d" % i) for i in range(1000)]
        check(ingest.post(batch, token=None)[0] == 202, "a whole array has no room")
        status, text, answer = ingest.post(batch[:200], token=None)
        check(status == 429 and text["error"] == "too_many_events", status, text)
        check(1 <= int(answer.headers["Retry-After"]) <= 2, answer.headers["Retry-After"])
        time.sleep(int(answer.headers["Retry-After"]))
        check(ingest.post(batch[:200], token=None)[0] == 202, "not after Retry-After either")


def read_until_closed(connection, seconds):
    connection.settimeout(seconds)
    got = b""
    try:
        while True:
            piece = connection.recv(65536)
            if not piece:
                return got, True
            got += piece
    except (TimeoutError, ConnectionResetError) as error:
        return got, isinstance(error, ConnectionResetError)


HEAD = "POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n" \
       "Content-Type: application/json\r\n" % TOKEN


def whole_request(number):
    body = json.dumps(event(number))
    return (HEAD + "Content-Length: %d\r\n\r\n%s" % (len(body), body)).encode()


def test_smuggling():
    second = whole_request("smuggled").decode()
    with Ingest() as ingest:
        ingest.await_ready()
        for framing in (
            "Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(second),
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "Content-Length: +0\r\n\r\n",
            "Content-Length: 0x0\r\n\r\n",
            "Content-Length: 0,0\r\n\r\n",
            "Host: b\r\nContent-Length: 0\r\n\r\n",
        ):
            connection = ingest.dial()
            connection.sendall((HEAD + framing + second).encode())
            got, closed = read_until_closed(connection, 3)
            check(closed and b" 202 " not in got and b" 400 " in got, framing, closed, got)
            connection.close()
    check(not any("smuggled" in (r["value"] or "") for r in records()), "smuggled")


def test_slow_and_broken_clients():
    generator = random.Random(7)
    with Ingest() as ingest:
        ingest.await_ready()
        idle = [ingest.dial() for _ in range(1000)]
        halves = []
        for i in range(200):
            whole = whole_request("half%d" % i)
            connection = ingest.dial()
            connection.sendall(whole[: generator.randrange(1, len(whole))])
            halves.append(connection)
        for i in range(50):
            begun = time.time()
            check(ingest.post(event("beside%d" % i))[0] == 202, "not beside idle connections")
            check(time.time() - begun < 2, "slow beside idle connections")
        for connection in halves:
            connection.close()
        # One byte at a time is still a request.
        slow = ingest.dial()
        slow.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in whole_request("slow"):
            slow.sendall(bytes([byte]))
        got, _ = read_until_closed(slow, 1)
        check(b" 202 " in got, "byte by byte", got)
        # Many requests in one write are answered in order.
        pipelined = ingest.dial()
        pipelined.sendall(b"".join(whole_request("pipe%d" % i) for i in range(100)))
        got, _ = read_until_closed(pipelined, 2)
        order = re.findall(rb'"id":"e-pipe(\d+)"', got)
        check(order == [b"%d" % i for i in range(100)], "pipelined", order)
        # Clients that leave before the answer.
        for i in range(100):
            gone = ingest.dial()
            gone.sendall(whole_request("gone%d" % i))
            gone.close()
        for connection in idle:
            connection.close()
        check(ingest.post(event("last"))[0] == 202)
    check(ingest.process.returncode == 0, "exit", ingest.process.returncode)
    values = [r["value"] for r in records()]
    check(not any('"e-half' in (v or "") for v in values), "half an event is there")
    # Nothing was promised to those who left; but what is there is there once.
    gone = re.findall(r'"(e-gone\d+)"', "".join(v or "" for v in values))
    check(len(gone) == len(set(gone)), "twice", len(gone), len(set(gone)))


def test_unreachable_broker():
    with Ingest(KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1") as ingest:
        answer, text = ingest.request("GET", "/readyz")
        check(answer.status == 503 and "127.0.0.1:1" in text, answer.status, text)
        status, text, _ = ingest.post(event(1))
        check(status == 503 and text["error"] == "unavailable", status, text)
    check(ingest.process.returncode == 0, "exit", ingest.process.returncode)


TESTS = [
    test_refuses_to_start,
    test_missing_topic_then_made,
    test_formats,
    test_refusals,
    test_other_doors,
    test_open_and_rate,
    test_smuggling,
    test_slow_and_broken_clients,
    test_unreachable_broker,
]

if __name__ == "__main__":
    sys.exit(run(TESTS))
