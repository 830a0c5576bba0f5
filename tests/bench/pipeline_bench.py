#!/usr/bin/env python3
"""The whole pipeline against a chain of bare exactly-once copies.

usage: pipeline_bench.py [--build DIR] [--rounds 3] [--orders FILE.csv [--columns ...]
                         [--delivered-after 3d] [--until T]] [--policy FILE] [--out DIR]

In turn, on one broker, each time on fresh topics: the four stateful services
on a file of orders (replayed as fast as possible, in event time, every mail
handed to the catcher), then four copies (copy_chain.c) that read and write the
same number of records of the same sizes on the same topics, changelogs
included.  Both are waiting when the first event is published.  The time is
that between the first and the last record, as they stand in Kafka.

The orders are CDNOW's 69,659 where ../shared has them, else generated ones (make_orders.py).
"""
import argparse
import os
import re
import statistics
import subprocess
import sys

import bench_parts as bench
from bench_parts import parts

SENT = '"status":"sent"'  # what the email-sender writes to the outcomes, as long as no mail fails

# What each service reads and writes.
HOPS = {
    "segmenter": (["events"], ["requests", "profiles"]),
    "review-solicitor": (["events"], ["asks", "ladders"]),
    "scheduler": (["requests", "asks"], ["dispatch", "tasks", "outcomes", "contacts"]),
    "email-sender": (["dispatch"], ["outcomes", "deliveries"]),
}


def replay(system, options):
    """Publishes everything; (rows, until)."""
    text = system.ctl("replay", "--as-fast-as-possible", *bench.orders_options(options))[1]
    rows = int(re.match(r"([\d,]+) rows", text).group(1).replace(",", ""))
    return rows, re.search(r"advanced \d+ partitions to (\S+)", text).group(1)


def took_seconds(counts):
    """Between the first event and the last record that came of it."""
    last_ms = max(each["last_ms"] for each in counts.values())
    return (last_ms - counts["events"]["first_ms"]) / 1000


def arrivals(counts):
    """{service: seconds from the first event to its last record}"""
    return {hop: (counts[outputs[-1]]["last_ms"] - counts["events"]["first_ms"]) / 1000
            for hop, (_, outputs) in HOPS.items()}


def run_pipeline(all_rounds, options):
    system = all_rounds.system(options.policy, "event")
    for name in parts.STATEFUL:
        system.run(name)
    for service in system.services:
        bench.ready(system, service)
    pids = {service.name: service.process.pid for service in system.services}
    pids.update({"broker": all_rounds.broker.process.pid, "redis": system.redis.process.pid,
                 "mail catcher": system.catcher.process.pid})
    usage = bench.Usage(pids)
    rows, until = replay(system, options)
    system.ctl("wait", "--to", until, "--timeout", "30m")
    used = usage.so_far()
    ended = {service.name: dict(service.exits) for service in system.services
             if service.process.poll() is not None}
    if ended:
        raise SystemExit(f"services ended while they were measured: {ended}")
    counts = all_rounds.counts(system, "--with", SENT)
    mails = sum(1 for _ in open(system.catcher.index))
    system.stop()
    return {"orders": rows, "seconds": took_seconds(counts), "arrivals": arrivals(counts),
            "used": used, "counts": counts, "mails": mails}


def amount(counts, topic, hop):
    """(records, value bytes) that a service wrote to a topic; outcomes have two authors."""
    one = counts[topic]
    records, size = one["all"]["records"], one["all"]["value_bytes"]
    if topic != "outcomes":
        return records, size
    sent = one["with"]
    if hop == "email-sender":
        return sent["records"], sent["value_bytes"]
    return records - sent["records"], size - sent["value_bytes"]


def start_copy(all_rounds, system, hop, counts):
    inputs, outputs = HOPS[hop]
    prefix = system.environment["NURTURE_TOPIC_PREFIX"]
    words = [all_rounds.tool("copy_chain"), "--brokers", all_rounds.broker.address, "--name",
             f"{prefix}copy-{hop}"]
    for topic in inputs:
        words += ["--input", f"{prefix}{topic}={counts[topic]['all']['records']}"]
    for topic in outputs:
        records, size = amount(counts, topic, hop)
        words += ["--output", f"{prefix}{topic}={records}:{size}"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    parts.running.append(process)
    return process


def run_copies(all_rounds, options, counts):
    system = all_rounds.system(options.policy, "event")
    copies = {hop: start_copy(all_rounds, system, hop, counts) for hop in HOPS}
    for hop, process in copies.items():
        if process.stdout.readline() != "ready\n":
            raise SystemExit(f"the copy of the {hop} did not begin")
    broker = bench.Usage({"broker": all_rounds.broker.process.pid})
    rows, _ = replay(system, options)
    used = {}
    for hop, process in copies.items():
        code, used[hop] = bench.finish(process)
        if code:
            raise SystemExit(f"the copy of the {hop} ended with {code}")
    used.update(broker.so_far())
    copied = all_rounds.counts(system)
    for topic in counts:
        if topic != "deadletter" and copied[topic]["all"]["records"] != counts[topic]["all"]["records"]:
            raise SystemExit(f"the copies wrote {copied[topic]} to {topic}, not {counts[topic]}")
    system.stop()
    return {"orders": rows, "seconds": took_seconds(copied), "arrivals": arrivals(copied),
            "used": used}


def warm_up(all_rounds, options):
    """Not counted: the broker compiles itself in its first seconds of work."""
    bench.say("warming up with the demo's orders")
    run_pipeline(all_rounds, argparse.Namespace(**{
        **vars(options), "orders": bench.DEMO, "columns": None, "delivered_after": None,
        "until": None}))


def cpu_of(run, name):
    used = run["used"].get(name)
    return used["user_s"] + used["system_s"] if used else 0.0


def print_rates(pairs):
    real = [pair["pipeline"]["orders"] / pair["pipeline"]["seconds"] for pair in pairs]
    copy = [pair["copies"]["orders"] / pair["copies"]["seconds"] for pair in pairs]
    ratio = [a / b for a, b in zip(real, copy)]
    bench.table(["orders a second", "median (least - most)", "seconds"], [
        ["pipeline", bench.spread(real, 0),
         bench.spread([pair["pipeline"]["seconds"] for pair in pairs], 1)],
        ["chain of copies", bench.spread(copy, 0),
         bench.spread([pair["copies"]["seconds"] for pair in pairs], 1)],
        ["ratio", bench.spread(ratio), ""]])
    return {"pipeline": real, "copies": copy, "ratio": ratio}


def print_arrivals(pairs):
    """Where the time goes: a service cannot be done before the one that it reads."""
    rows = []
    for hop in HOPS:
        real = [p["pipeline"]["arrivals"][hop] for p in pairs]
        copy = [p["copies"]["arrivals"][hop] for p in pairs]
        rows.append([hop, bench.spread(real, 1), bench.spread(copy, 1),
                     bench.spread([b / a for a, b in zip(real, copy)])])
    bench.table(["done after", "pipeline s", "copies s", "ratio"], rows)


def print_processes(pairs):
    names = list(pairs[0]["pipeline"]["used"])
    rows = []
    for name in names + ["all"]:
        real = [sum(cpu_of(p["pipeline"], n) for n in (names if name == "all" else [name]))
                for p in pairs]
        copy = [sum(cpu_of(p["copies"], n) for n in (names if name == "all" else [name]))
                for p in pairs]
        peak = [p["pipeline"]["used"][name]["peak_mib"] for p in pairs] if name != "all" else [0]
        rows.append([name, f"{statistics.median(real):.1f}",
                     f"{statistics.median(copy):.1f}" if any(copy) else "",
                     f"{max(peak):.0f}" if any(peak) else ""])
    bench.table(["process", "pipeline CPU s", "copies CPU s", "peak MiB"], rows)


def print_topics(counts):
    rows = []
    for topic in bench.TOPICS:
        one = counts[topic]
        if one["all"]["records"] or one["ticks"]:
            size = one["all"]["key_bytes"] + one["all"]["value_bytes"]
            rows.append([topic, one["all"]["records"], f"{size / 2**20:.1f}",
                         size // max(1, one["all"]["records"]), one["ticks"], one["marks"]])
    bench.table(["topic", "records", "MiB", "bytes each", "ticks", "marks"], rows)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_arguments(parser)
    return parser.parse_args()


def main():
    options = arguments()
    bench.choose_orders(options)
    results = {"machine": bench.machine(), "orders": os.path.basename(options.orders), "pairs": []}
    all_rounds = bench.Bench(options.build, options.libs)
    warm_up(all_rounds, options)
    for n in range(options.rounds):
        bench.say(f"round {n + 1} of {options.rounds}: the pipeline")
        pipeline = run_pipeline(all_rounds, options)
        bench.settle()
        bench.say(f"  {pipeline['seconds']:.1f} s; the chain of copies")
        copies = run_copies(all_rounds, options, pipeline["counts"])
        bench.say(f"  {copies['seconds']:.1f} s")
        results["pairs"].append({"pipeline": pipeline, "copies": copies})
        bench.settle()
    all_rounds.close()
    first = results["pairs"][0]["pipeline"]
    print(f"{first['orders']} orders of {results['orders']}, "
          f"{first['counts']['events']['all']['records']} events, {first['mails']} mails, "
          f"{options.rounds} rounds\n")
    results["rates"] = print_rates(results["pairs"])
    print_arrivals(results["pairs"])
    print_processes(results["pairs"])
    print_topics(first["counts"])
    results["machine"]["load_at_end"] = [round(x, 2) for x in os.getloadavg()]
    bench.write(options.out or f"{options.build}/bench", "pipeline.json", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
