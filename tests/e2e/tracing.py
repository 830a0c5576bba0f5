#!/usr/bin/env python3
"""A publisher's trace goes with its event to the mail and the task, and every span to a collector.

usage: tracing.py [BUILD] [--libs DIR]
"""
import gzip
import hashlib
import http.server
import json
import re
import threading
import time

import exposition
import mails
import parts
import shop
import story
import topics
from story import equal, eventually

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADER = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")
# ExportTraceServiceRequest of opentelemetry-proto 1.3 in JSON, as far as we speak it.
ATTRIBUTE = {"key": str, "value": dict}
SPAN = {"traceId": str, "spanId": str, "parentSpanId": str, "name": str, "kind": int,
        "startTimeUnixNano": str, "endTimeUnixNano": str, "attributes": list}


class Collector(threading.Thread):
    """Takes what is posted to /v1/traces, and looks at it strictly."""

    def __init__(self):
        super().__init__(daemon=True)
        self.spans, self.wrong, self.answers = [], [], 200
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if collector.answers == 200:
                    collector.take(self.path, self.headers, body)
                self.send_response(collector.answers)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.start()

    def run(self):
        self.server.serve_forever()

    def take(self, path, headers, body):
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        try:
            assert path == "/v1/traces" and headers["Content-Type"] == "application/json", path
            assert headers["x-shop"] == "harbour, two", dict(headers)
            said = json.loads(body)
            assert set(said) == {"resourceSpans"}
            for resource in said["resourceSpans"]:
                self.take_resource(resource)
        except (AssertionError, KeyError, ValueError) as error:
            self.wrong.append(f"{type(error).__name__}: {error}: {body[:300]}")

    def take_resource(self, resource):
        assert set(resource) == {"resource", "scopeSpans"}, resource
        about = {a["key"]: a["value"]["stringValue"] for a in resource["resource"]["attributes"]}
        assert about["deployment.environment"] == "test", about
        for scope in resource["scopeSpans"]:
            assert set(scope) == {"scope", "spans"}, scope
            for span in scope["spans"]:
                assert all(isinstance(value, SPAN[name]) for name, value in span.items()), span
                assert re.fullmatch("[0-9a-f]{32}", span["traceId"]), span
                assert re.fullmatch("[0-9a-f]{16}", span["spanId"]), span
                assert 0 < int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"]), span
                assert all(set(a) == set(ATTRIBUTE) for a in span["attributes"]), span
                self.spans.append(dict(span, service=about["service.name"]))


def setup(system):
    system.collector = Collector()
    system.environment.update(
        OTEL_EXPORTER_OTLP_ENDPOINT=system.collector.url + "/", OTEL_BSP_SCHEDULE_DELAY="100",
        OTEL_EXPORTER_OTLP_HEADERS="x-shop=harbour%2C%20two",
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test",
        NURTURE_INGEST_TOKENS="shop=0123456789abcdef-shop")
    system.started = system.run_all("ingest", *parts.STATEFUL)


def post(system, events, traceparent=None):
    headers = {"traceparent": traceparent} if traceparent else {}
    status, said, _ = shop.ask(system.started["ingest"].url + "/v1/events", "POST",
                               json.dumps(events).encode(), "application/json",
                               Authorization=f"Bearer {shop.TOKEN}", **headers)
    equal(status, 202, f"ingest takes it: {said[:80]}" if status != 202 else "ingest takes it")


def inbox_of(address):
    """The key of dispatches to the address (common/mail/inbox.h)."""
    return "email:" + hashlib.sha256(address.lower().encode()).hexdigest()[:20]


def traces(system, topic, key):
    """The traces that the records under this key name, in order."""
    found = []
    for record in topics.Reader(system, topic).read(1):
        if record.key.decode() == key:
            named = [v for k, v in record.headers if k == "traceparent"]
            assert len(named) == 1 and HEADER.fullmatch(named[0]), (topic, record.headers)
            found.append(named[0].decode().split("-")[1])
    return found


def one_order(system):
    """an order's trace is that of its mail and its task, and each span has its parent"""
    ann = shop.person("ann")
    post(system, shop.event("order.placed", ann, order=shop.order("t1")))
    eventually(lambda: mails.to(system.catcher, "ann"), "the first mail")
    post(system, shop.event("order.placed", ann, order=shop.order("t2")),
         f"00-{TRACE}-{PARENT}-01")
    eventually(lambda: len(mails.to(system.catcher, "ann")) == 2, "the second mail")
    eventually(lambda: "sent" in [o["status"] for o in topics.Reader(
        system, "outcomes").objects(order="t2")], "its outcome")
    for topic, key in (("events", "ann"), ("dispatch", inbox_of(ann["email"])),
                       ("outcomes", "ann")):
        found = traces(system, topic, key)
        equal(found.count(TRACE) >= 1 and found[0] != TRACE, True,
              f"{topic}: the second order's trace, and another one for the first: {len(found)}")
    equal(set(traces(system, "tasks", "ann")), {TRACE}, "the basket is of the second order's trace")
    time.sleep(1)
    spans = [s for s in system.collector.spans if s["traceId"] == TRACE]
    ids = {s["spanId"] for s in spans} | {PARENT}
    equal({s["service"] for s in spans}, {"ingest", *parts.STATEFUL}, "spans of all services")
    equal([s for s in spans if s.get("parentSpanId") not in ids], [], "each span has its parent")
    equal(system.collector.wrong, [], "the collector understands all of it")


def each_its_own(system):
    """events of one request are children of one trace, and none of another's"""
    people = [shop.person(f"b{n}") for n in range(3)]
    post(system, [shop.event("order.placed", p, order=shop.order(p["id"])) for p in people],
         f"00-{'ab' * 16}-{PARENT}-01")
    post(system, shop.event("order.placed", shop.person("lone"), order=shop.order("lone")),
         "00-not-a-trace-01")
    for person in [*people, {"id": "lone"}]:
        eventually(lambda person=person: mails.to(system.catcher, person["id"]), "a mail")
    time.sleep(1)
    for person in people:
        equal(set(traces(system, "outcomes", person["id"])), {"ab" * 16}, "of the request's trace")
    roots = [s for s in system.collector.spans if s["service"] == "ingest" and
             s["traceId"] == "ab" * 16]
    equal([s["parentSpanId"] for s in roots], [PARENT] * 3, "three children of the request")
    equal(len(set(traces(system, "outcomes", "lone")) - {TRACE, "ab" * 16}), 1,
          "what is no traceparent begins a trace")


def said_in_the_log(system):
    """a line about a record says of which trace it is"""
    late = shop.event("order.placed", shop.person("late"), order=shop.order("late"))
    late["time"] = shop.now_text(3600)
    post(system, late, f"00-{'cd' * 16}-{PARENT}-01")
    eventually(lambda: f"trace={'cd' * 16}" in system.started["segmenter"].log_text(),
               "the segmenter's line names it", 20, system.started["segmenter"].log_text)


def collector_away(system):
    """a collector that refuses, or is away, holds up nobody, and is told once"""
    system.collector.answers = 503
    for n in range(5):
        post(system, shop.event("order.placed", shop.person(f"d{n}"), order=shop.order(f"d{n}")))
    for n in range(5):
        eventually(lambda n=n: mails.to(system.catcher, f"d{n}"), "a mail all the same")

    def failed():
        page = exposition.parse(shop.ask(system.started["scheduler"].url + "/metrics")[1])
        return page.value("nurture_spans_total", result="failed") >= 5
    eventually(failed, "what it did not take is counted")
    equal(system.started["scheduler"].log_text().count("event=spans_not_exported"), 1, "told once")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [one_order, each_its_own, said_in_the_log, collector_away],
               setup)
