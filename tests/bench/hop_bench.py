#!/usr/bin/env python3
"""Each stateful service alone against a bare exactly-once copy of what it reads and writes.

usage: hop_bench.py [--build DIR] [--rounds 3] [--orders FILE.csv [--columns ...]
                    [--delivered-after 3d] [--until T]] [--policy FILE] [--out DIR]

All events lie there before anybody starts.  Then the services run one after
the other, each until it has nothing left to do, while the others are stopped;
on other topics the copies do, with the same numbers and sizes of records.  The
time is that between the first and the last record that the hop wrote.
"""
import argparse
import os
import statistics
import sys
import time

import bench_parts as bench
import pipeline_bench as pipeline

STILL_S = 2.0  # without a batch: it is done


def wait_until_done(service, records):
    """All records decided, and no batch for a while."""
    batches, still_since = -1.0, time.monotonic()
    while True:
        if service.process.poll() is not None:
            raise SystemExit(f"{service.name} ended while it was measured: {service.log.name}")
        now = bench.metric(service, "nurture_batches_total")
        if now != batches:
            batches, still_since = now, time.monotonic()
        done = bench.metric(service, "nurture_records_total") >= records
        if done and time.monotonic() - still_since > STILL_S:
            return
        if time.monotonic() - still_since > 120:
            raise SystemExit(f"{service.name} stands still: {service.log.name}")
        time.sleep(0.2)


def took_seconds(counts, hop):
    """Outcomes have two authors; what else a hop writes is its alone."""
    written = [counts[topic] for topic in pipeline.HOPS[hop][1]
               if topic != "outcomes" and counts[topic]["last_ms"]]
    return (max(each["last_ms"] for each in written) -
            min(each["first_ms"] for each in written)) / 1000


def run_service(all_rounds, system, hop):
    inputs = pipeline.HOPS[hop][0]
    before = all_rounds.counts(system)
    records = sum(before[topic]["all"]["records"] for topic in inputs)
    service = system.run(hop)
    bench.ready(system, service)
    usage = bench.Usage({hop: service.process.pid, "broker": all_rounds.broker.process.pid,
                         "redis": system.redis.process.pid})
    wait_until_done(service, records)
    used = usage.so_far()
    service.stop()
    system.services.remove(service)
    return {"records": records, "used": used}


def run_services(all_rounds, options):
    system = all_rounds.system(options.policy, "event")
    pipeline.replay(system, options)
    hops = {hop: run_service(all_rounds, system, hop) for hop in pipeline.HOPS}
    counts = all_rounds.counts(system, "--with", pipeline.SENT)
    for hop, run in hops.items():
        run["seconds"] = took_seconds(counts, hop)
    system.stop()
    return hops, counts


def run_copies(all_rounds, options, counts):
    system = all_rounds.system(options.policy, "event")
    pipeline.replay(system, options)
    hops = {}
    for hop in pipeline.HOPS:
        process = pipeline.start_copy(all_rounds, system, hop, counts)
        broker = bench.Usage({"broker": all_rounds.broker.process.pid})
        code, used = bench.finish(process)
        if code:
            raise SystemExit(f"the copy of the {hop} ended with {code}")
        hops[hop] = {"used": {hop: used, **broker.so_far()}}
    copied = all_rounds.counts(system)
    for hop, run in hops.items():
        run["seconds"] = took_seconds(copied, hop)
    system.stop()
    return hops


def cpu_us(run, name):
    used = run["used"][name]
    return (used["user_s"] + used["system_s"]) * 1e6


def row(hop, rounds):
    real = [r["services"][hop] for r in rounds]
    copy = [r["copies"][hop] for r in rounds]
    records = real[0]["records"]

    def each(runs, name):
        return f"{statistics.median([cpu_us(run, name) for run in runs]) / records:.1f}"
    return [hop, records, bench.spread([records / r["seconds"] for r in real], 0),
            bench.spread([records / c["seconds"] for c in copy], 0),
            bench.spread([c["seconds"] / r["seconds"] for r, c in zip(real, copy)]),
            each(real, hop), each(copy, hop), each(real, "broker"), each(copy, "broker"),
            each(real, "redis")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_arguments(parser)
    options = parser.parse_args()
    bench.choose_orders(options)
    results = {"machine": bench.machine(), "orders": os.path.basename(options.orders), "rounds": []}
    all_rounds = bench.Bench(options.build, options.libs)
    pipeline.warm_up(all_rounds, options)
    for n in range(options.rounds):
        bench.say(f"round {n + 1} of {options.rounds}: the services, one after the other")
        services, counts = run_services(all_rounds, options)
        bench.settle()
        bench.say("  the copies")
        copies = run_copies(all_rounds, options, counts)
        bench.settle()
        results["rounds"].append({"services": services, "copies": copies})
    all_rounds.close()
    bench.table(["alone", "records read", "service /s", "copy /s", "ratio", "us service", "us copy",
                 "us broker", "(copy)", "us redis"],
                [row(hop, results["rounds"]) for hop in pipeline.HOPS])
    print("us: processor time for each record read.  The email-sender's records are mails, and\n"
          "it hands each to the mail server; its copy does not.\n")
    bench.write(options.out or f"{options.build}/bench", "hops.json", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
