#!/usr/bin/env python3
"""Tracking calls against a real broker: as the libraries of Segment and RudderStack make them.

The requests are what those libraries were seen to send (make test-clients runs the libraries
themselves). Needs KAFKA_BOOTSTRAP_SERVERS, and `make build tools` (BUILD names the directory).
Exit code 0: all is well; 77: skipped.
"""
import base64
import gzip
import json
import os
import subprocess
import sys
import tempfile

from ingest_client import BUILD, PREFIX, Ingest, check, records, run, topic

KEY = "write-key-of-16-bytes"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
ACCEPTED = (200, {"success": True})


def tracking(**settings):
    return Ingest(NURTURE_TRACKING_KEYS=f"web={KEY},till=another-key-of-16-bytes types=order.*",
                  NURTURE_TRACKING_EVENTS="Parcel Arrived=order.delivered",
                  NURTURE_TRACKING_CONSENT="newsletter=promotion", **settings)


def call(ingest, path, body, content_type=JSON, key=KEY, **headers):
    """(status, answer, headers); a key that is None is not shown."""
    if key is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    answer, text = ingest.request("POST", path, body, content_type, token=None, **headers)
    return answer.status, text, answer.headers


def message(number, **more):
    return {"type": "track", "event": "Order Completed", "messageId": f"t-{number}",
            "userId": "anna", "timestamp": "2026-03-01T12:00:00.123456+00:00",
            "properties": {"order_id": number, "total": 30.299999999999997, "currency": "EUR"},
            **more}


def stored():
    return {value["id"]: value for value in
            (json.loads(record["value"]) for record in records())}


def test_libraries():
    """Any content type, gzip or not, the key in the header or in the body."""
    topic("create", PREFIX + "events", "4")
    topic("create", PREFIX + "deadletter", "4")
    with tracking() as ingest:
        ingest.await_ready()
        batch = {"batch": [message("node")], "sentAt": "2026-03-01T12:00:00Z", "writeKey": KEY}
        batch["sentAt"] = None
        check(call(ingest, "/v1/batch", batch)[:2] == ACCEPTED, "Segment, Node")
        rudder = message("rudder", originalTimestamp="2026-03-01T13:00:00+01:00", channel="server")
        del rudder["timestamp"]
        check(call(ingest, "/v1/batch", gzip.compress(json.dumps({"batch": [rudder]}).encode()),
                   FORM, Content_Encoding="gzip")[:2] == ACCEPTED, "RudderStack, Node")
        check(call(ingest, "/v1/batch", dict(batch, batch=[message("python", anonymousId=None)]),
                   key=None)[:2] == ACCEPTED, "the key in the body")
        check(call(ingest, "/v1/track", message("path", type=None), None)[:2] == ACCEPTED,
              "the type of the path")
        check(call(ingest, "/v1/identify", {"userId": "anna", "messageId": "t-who", "traits": {
            "email": "anna@example.com", "newsletter": False}})[:2] == ACCEPTED, "identify")
        check(call(ingest, "/v1/alias", {"userId": "anna", "previousId": "visitor",
                                         "messageId": "t-alias"})[:2] == ACCEPTED, "alias")
        for path in ("/v1/page", "/v1/screen", "/v1/group"):
            check(call(ingest, path, {"userId": "anna"})[:2] == ACCEPTED, path)
        check(call(ingest, "/v1/batch", {"batch": []})[:2] == ACCEPTED, "an empty batch")
        metrics = ingest.request("GET", "/metrics")[1]
    found = stored()
    for name in ("node", "rudder", "python", "path"):
        check(found[f"t-{name}"]["order"] == {"id": name, "amount": "30.30", "currency": "EUR"},
              found.get(f"t-{name}"))
    check(found["t-node"]["time"] == found["t-rudder"]["time"].replace("Z", ".123Z"), found)
    check(found["t-who"]["customer"]["consent"] == {"promotion": False}, found["t-who"])
    check(found["t-alias"]["customer"]["id"] == "visitor", found["t-alias"])
    check('nurture_ingest_tracking_skipped_total{reason="call"} 3' in metrics, metrics)
    check('nurture_ingest_events_total{source="web",result="accepted"} 6' in metrics, metrics)


def test_catalogue():
    """What a product does not say about itself is looked up."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("sku,category,name\nP-1,tents,Tent\nP-2,tea,Tea\n")
        file.flush()
        with tracking(NURTURE_CATALOGUE=file.name) as ingest:
            ingest.await_ready()
            products = [{"product_id": "P-1", "name": "Small tent"}, {"sku": "P-2"},
                        {"sku": "P-2", "category": "gifts"}, {"sku": "P-9"}]
            sent = message("goods", properties={"order_id": "goods", "total": 3, "currency": "EUR",
                                                "products": products})
            check(call(ingest, "/v1/track", sent)[:2] == ACCEPTED, "an order with products")
            metrics = ingest.request("GET", "/metrics")[1]
    items = stored()["t-goods"]["order"]["items"]
    check([(item.get("category"), item.get("name")) for item in items] ==
          [("tents", "Small tent"), ("tea", "Tea"), ("gifts", None), (None, None)], items)
    for result, count in (("matched", 2), ("unmatched", 1)):
        name = f'nurture_ingest_catalogue_items_total{{result="{result}"}} {count}'
        check(name in metrics, name)


def test_what_means_nothing():
    """Is answered 200 as well: a library would throw all of the batch away, or send it for ever."""
    with tracking() as ingest:
        ingest.await_ready()
        batch = [message("mixed"), message("no-order", properties={}), 7, {"type": "greet"},
                 message("nobody", userId=None), message("other", event="Product Added"),
                 message("large", context={"x": "x" * 33000})]
        check(call(ingest, "/v1/batch", {"batch": batch})[:2] == ACCEPTED)
        check(call(ingest, "/v1/batch", {"batch": [message("till"), {
            "type": "identify", "userId": "anna", "messageId": "t-till-who"}]},
                   key="another-key-of-16-bytes")[:2] == ACCEPTED, "types=")
        metrics = ingest.request("GET", "/metrics")[1]
    found = stored()
    check("t-mixed" in found and "t-till" in found and "t-till-who" not in found, found.keys())
    check('nurture_ingest_events_total{source="web",result="invalid"} 4' in metrics, metrics)
    check('nurture_ingest_events_total{source="till",result="forbidden"} 1' in metrics, metrics)
    for reason in ("anonymous", "name"):
        check(f'skipped_total{{reason="{reason}"}} 1' in metrics, reason, metrics)
    dead = [json.loads(line) for line in topic("dump", PREFIX + "deadletter").splitlines()]
    check(len(dead) == 4, dead)
    reasons = [record["headers"]["nurture-reason"] for record in dead]
    check(any("$.order.id" in reason for reason in reasons), reasons)
    check(all(record["headers"]["nurture-service"] == "ingest" for record in dead), dead)
    check(any(record["value"] == "7" for record in dead), "a dead letter is not as it came", dead)
    lines = [line for line in ingest.lines if "event=tracking_invalid" in line]
    check(len(lines) == 1, "one line a minute", ingest.lines)
    dead_letters_are_listed(len(dead))


def dead_letters_are_listed(count):
    """with their reasons, and without what people said unless it is asked for"""
    def ctl(*words):
        said = subprocess.run([BUILD + "/bin/nurturectl", "deadletter", *words], check=False,
                              capture_output=True, text=True,
                              env=dict(os.environ, NURTURE_TOPIC_PREFIX=PREFIX))
        check(said.returncode == 0, said)
        return said.stdout

    letters = [json.loads(line) for line in ctl("--json").splitlines()]
    check(len(letters) == count and all(each["service"] == "ingest" for each in letters), letters)
    check([each["time"] for each in letters] ==
          sorted((each["time"] for each in letters), reverse=True), "the newest first", letters)
    check(any("$.order.id" in each["reason"] for each in letters), letters)
    check(not any("value" in each for each in letters), "values unasked", letters)
    check(all("value" in json.loads(line) for line in ctl("--json", "--values").splitlines()),
          "--values")
    check(len(ctl("--json", "--limit", "1").splitlines()) == 1, "--limit")
    check(ctl("--since", "2999-01-01T00:00:00Z") == "nothing was set aside\n", "--since")
    check("ingest, key " in ctl() and " @:" not in ctl(), ctl())


def test_refusals():
    with tracking(NURTURE_INGEST_RATE="1000") as ingest:
        ingest.await_ready()
        good = json.dumps(message("refused")).encode()
        for why, status, how in (
            ("no key", 401, dict(key=None)),
            ("another key", 401, dict(key="write-key")),
            ("a token is no key", 401, dict(key="0123456789abcdef-shop")),
            ("no JSON", 400, dict(body=b"{")),
            ("no object", 400, dict(body=b"[]")),
            ("no gzip", 400, dict(Content_Encoding="gzip")),
            ("a bomb", 400, dict(body=gzip.compress(b" " * (2 << 20)), Content_Encoding="gzip")),
            ("a large body", 400, dict(body=b" " * ((1 << 20) + 1))),
            ("a large message", 400, dict(body=message("refused", x="x" * 33000))),
            ("an unknown coding", 415, dict(Content_Encoding="br")),
        ):
            how = dict(how)
            got, text, _ = call(ingest, "/v1/track", how.pop("body", good), **how)
            check(got == status and text["error"] and text["message"], why, got, text)
        check(call(ingest, "/v1/batch", {"batch": 7})[0] == 400, "no array")
        answer, text = ingest.request("POST", "/v1/events", good, token=KEY)
        check(answer.status == 401, "a write key is no token", text)
        thousand = {"batch": [message("page", type="page")] * 1000}
        check(call(ingest, "/v1/batch", thousand)[0] == 200, "a whole batch has no room")
        status, text, headers = call(ingest, "/v1/batch", thousand)
        check(status == 429 and int(headers["Retry-After"]) >= 1, status, text)
    check("t-refused" not in stored(), "what was refused is there")
    with Ingest() as ingest:
        ingest.await_ready()
        check(call(ingest, "/v1/track", good)[0] == 404, "off, and takes calls")
    for name, value in (("EVENTS", "Order Shipped=order.shiped"), ("CONSENT", "newsletter"),
                        ("KEYS", "web")):
        with Ingest(**{f"NURTURE_TRACKING_{name}": value}) as ingest:
            check(ingest.process.wait(10) == 100, name, "exit", ingest.process.returncode)
            check(f"NURTURE_TRACKING_{name}" in "".join(ingest.lines), ingest.lines)


def test_no_broker():
    with tracking(KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1") as ingest:
        status, text, headers = call(ingest, "/v1/batch", {"batch": [message("lost")]})
        check(status == 503 and headers["Retry-After"], status, text)


TESTS = [test_libraries, test_catalogue, test_what_means_nothing, test_refusals, test_no_broker]

if __name__ == "__main__":
    sys.exit(run(TESTS))
