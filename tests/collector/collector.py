#!/usr/bin/env python3
"""Spans of all services, taken by the OpenTelemetry Collector itself.

usage: collector.py [BUILD] [--libs DIR]        make test-collector

COLLECTOR is the program (tests/collector/run.sh builds it). It reads OTLP as its own receiver does,
and its debug exporter prints what it has understood.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))

import exposition  # noqa: E402
import mails  # noqa: E402
import parts  # noqa: E402
import processes  # noqa: E402
import shop  # noqa: E402
import story  # noqa: E402
from story import check, equal, eventually  # noqa: E402

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CONFIG = """receivers: {{otlp: {{protocols: {{http: {{endpoint: "127.0.0.1:{port}"}}}}}}}}
exporters: {{debug: {{verbosity: detailed, use_internal_logger: false}}}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{traces: {{receivers: [otlp], exporters: [debug]}}}}
"""


def setup(system):
    port = processes.free_port()
    with open(f"{system.folder}/collector.yaml", "w") as file:
        file.write(CONFIG.format(port=port))
    system.collected = f"{system.folder}/collector.log"
    process = processes.start([os.environ["COLLECTOR"], "--config",
                               f"file:{system.folder}/collector.yaml"],
                              open(system.collected, "w"))
    processes.wait_for("the collector", lambda: processes.connects(port), 60, process)
    system.environment.update(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}",
                              OTEL_BSP_SCHEDULE_DELAY="100",
                              OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test%20shop")
    system.started = system.run_all("ingest", *parts.STATEFUL)


def spans(system):
    """[{service, trace, parent, id, name, kind, attributes}] as the collector has understood them."""
    with open(system.collected) as file:
        text = file.read()
    found = []
    for resource in text.split("ResourceSpans #")[1:]:
        service = re.search(r"-> service\.name: Str\((.*?)\)", resource)[1]
        where = re.search(r"-> deployment\.environment: Str\((.*?)\)", resource)
        for span in re.split(r"\nSpan #\d+\n", resource)[1:]:
            fields = dict(re.findall(r"^    (Trace ID|Parent ID|ID|Name|Kind) +: (.*)$", span, re.M))
            found.append({"service": service, "where": where and where[1], "text": span, **fields})
    return found


def one_order(system):
    """an order's spans: five services, one trace, each with its parent, times and places"""
    event = shop.event("order.placed", shop.person("ann"), order=shop.order("t1"))
    status, said, _ = shop.ask(system.started["ingest"].url + "/v1/events", "POST",
                               shop.json.dumps(event).encode(), "application/json",
                               Authorization=f"Bearer {shop.TOKEN}",
                               traceparent=f"00-{TRACE}-{PARENT}-01")
    equal(status, 202, f"ingest takes it {said[:80]}")
    eventually(lambda: mails.to(system.catcher, "ann"), "the mail")
    everybody = {"ingest", *parts.STATEFUL}

    def taken():
        return {s["service"] for s in spans(system) if s["Trace ID"] == TRACE} == everybody
    eventually(taken, "the collector has spans of all five services", 30,
               lambda: [(s["service"], s["Name"]) for s in spans(system)])
    mine = [s for s in spans(system) if s["Trace ID"] == TRACE]
    ids = {s["ID"] for s in mine} | {PARENT}
    equal([s for s in mine if s["Parent ID"] not in ids], [], "each span has its parent")
    equal({s["where"] for s in mine}, {"test shop"}, "and says where it is")
    equal({s["Kind"] for s in mine} - {"Server", "Consumer", "Producer"}, set(), "kinds are known")
    lost = [s for s in mine if not re.search(r"Start time +: 20\d\d-", s["text"])]
    equal(lost, [], "times are of this century")
    check(any("-> messaging.kafka.offset: Int(" in s["text"] for s in mine), "an offset is a number")


def counted(system):
    """what the collector took is counted as taken"""
    for name, service in system.started.items():
        page = exposition.parse(shop.ask(service.url + "/metrics")[1])
        took = page.value("nurture_spans_total", result="exported")
        failed = page.value("nurture_spans_total", result="failed")
        check(took > 0 and failed == 0, f"{name}: {took:.0f} taken, {failed:.0f} failed")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [one_order, counted], setup)
