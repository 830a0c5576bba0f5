#!/usr/bin/env python3
"""Segmenter, review-solicitor and scheduler together, beside bare copies and Kafka Streams.

usage: services_bench.py [--build DIR] [--rounds 3] [--small] [--orders FILE.csv [--columns ...]
                         [--delivered-after 3d] [--until T]] [--policy FILE] [--out DIR]

In turn, on one broker, each time on fresh topics: the three services on a file of orders
(replayed as fast as possible, in event time); a chain of bare exactly-once copies (copy_chain.c)
with the same hops; and one Kafka Streams job (peers/streams), all three with the same numbers and
sizes of records, changelogs included.  All are waiting when the first event is published.  The
time is that from the first event to the last record of an output; processor time is read from
/proc, the broker's too.

Kafka Streams runs with one thread and with two once, and then with what was faster.  It gets the
events twice, one time after the other: as just started, like the services, and again when the
virtual machine has compiled what is hot.
"""
import argparse
import json
import os
import subprocess
import sys
import time

import bench_parts as bench
import pipeline_bench as pipeline
from bench_parts import parts

SERVICES = ["segmenter", "review-solicitor", "scheduler"]
CHANGELOGS = {"segmenter": "profiles", "review-solicitor": "ladders", "scheduler": "contacts"}
IDLE_S = 10  # after a backlog, before the memory is looked at again
PASSES = 2


def memory_of(system, of):
    """MiB of the services and of Redis."""
    pids = [service.process.pid for service in system.services] + [system.redis.process.pid]
    return sum(of(pid) for pid in pids)


def run_services(all_rounds, options):
    system = all_rounds.system(options.policy, "event")
    bench.start_services(system, *SERVICES)
    pids = {service.name: service.process.pid for service in system.services}
    pids.update(redis=system.redis.process.pid, broker=all_rounds.broker.process.pid)
    usage = bench.Usage(pids)
    _, until = pipeline.replay(system, options)
    bench.wait_until_decided(system, "scheduler", until)
    used = usage.so_far()
    bench.must_live(system)
    peak_mib = memory_of(system, bench.peak_mib)
    counts = all_rounds.counts(system)
    time.sleep(IDLE_S)
    idle_mib = memory_of(system, bench.resident_mib)
    system.stop()
    return {"seconds": pipeline.took_seconds(counts), "used": used, "counts": counts,
            "peak_mib": peak_mib, "idle_mib": idle_mib,
            "events": counts["events"]["all"]["records"]}


def run_copies(all_rounds, options, counts):
    system = all_rounds.system(options.policy, "event")
    copies = {hop: pipeline.start_copy(all_rounds, system, hop, counts) for hop in SERVICES}
    for hop, process in copies.items():
        if process.stdout.readline() != "ready\n":
            raise SystemExit(f"the copy of the {hop} did not begin")
    pipeline.replay(system, options)
    for hop, process in copies.items():
        if bench.finish(process)[0]:
            raise SystemExit(f"the copy of the {hop} failed")
    copied = all_rounds.counts(system)
    for topic in ("requests", "asks", "dispatch", "outcomes", *CHANGELOGS.values()):
        if copied[topic]["all"]["records"] != counts[topic]["all"]["records"]:
            raise SystemExit(f"the copies wrote {copied[topic]} to {topic}, not {counts[topic]}")
    system.stop()
    return {"seconds": pipeline.took_seconds(copied)}


def hop_words(prefix, hop, counts):
    """A hop as StreamsPeer wants it: name:inputs:state:outputs."""
    inputs, outputs = pipeline.HOPS[hop]
    state = CHANGELOGS[hop]

    def amount(topic):
        return f"{counts[topic]['all']['records']}/{counts[topic]['all']['value_bytes']}"
    return ":".join([hop, ",".join(f"{prefix}{topic}={counts[topic]['all']['records']}"
                                   for topic in inputs), f"{state}={amount(state)}",
                     ",".join(f"{prefix}{topic}={amount(topic)}" for topic in outputs
                              if topic != state)])


class StreamsJob:
    """The virtual machine with the job, until it has said "running"."""

    def __init__(self, all_rounds, system, threads, counts):
        prefix = system.environment["NURTURE_TOPIC_PREFIX"]
        self.log = open(f"{system.folder}/streams.log", "w")
        self.process = subprocess.Popen(
            ["java", "-Xmx1g", "-cp", f"{bench.STREAMS}/classes:{bench.STREAMS}/libs/*",
             "StreamsPeer", all_rounds.broker.address, f"{prefix}streams", str(threads),
             f"{system.folder}/streams", str(PASSES),
             *[hop_words(prefix, hop, counts) for hop in SERVICES]],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        parts.running.append(self.process)
        self.line("running")

    def line(self, what):
        text = self.process.stdout.readline()
        if not text:
            raise SystemExit(f"the Kafka Streams job ended before \"{what}\": {self.log.name}")
        return text


def check_written(counts, expected):
    """Each task rounds by itself: the numbers are nearly the same."""
    for topic in ("requests", "asks", "dispatch", "outcomes"):
        wrote, wanted = counts[topic]["all"], expected[topic]["all"]
        for what in ("records", "value_bytes"):
            if abs(wrote[what] - PASSES * wanted[what]) > 0.01 * PASSES * wanted[what] + 100:
                raise SystemExit(f"Kafka Streams wrote {wrote} to {topic}, not {PASSES} x {wanted}")


def run_streams(all_rounds, options, threads, counts):
    system = all_rounds.system(options.policy, "event")
    job = StreamsJob(all_rounds, system, threads, counts)
    passes = []
    for _ in range(PASSES):
        usage = bench.Usage({"streams": job.process.pid, "broker": all_rounds.broker.process.pid})
        pipeline.replay(system, options)
        said = json.loads(job.line("pass"))
        used = usage.so_far()
        passes.append({"seconds": (said["last_ms"] - said["first_ms"]) / 1000, "used": used,
                       "peak_mib": used["streams"]["peak_mib"]})
        bench.say(f"    pass {len(passes)}: {passes[-1]['seconds']:.1f} s")
    if job.process.wait():
        raise SystemExit(f"the Kafka Streams job failed: {job.log.name}")
    check_written(all_rounds.counts(system), counts)
    system.stop()
    return {"threads": threads, "passes": passes}


def warm_up(all_rounds, options):
    """Not counted: the broker compiles itself, and one or two threads are decided on."""
    bench.say("warming up: the services, then Kafka Streams with one thread and with two")
    counts = run_services(all_rounds, options)["counts"]
    if not os.path.isdir(f"{bench.STREAMS}/classes"):
        bench.say("Kafka Streams is missing: make bench-peers")
        return None
    tried = {threads: run_streams(all_rounds, options, threads, counts)["passes"]
             for threads in (1, 2)}
    return min(tried, key=lambda threads: sum(each["seconds"] for each in tried[threads]))


def run_round(all_rounds, options, threads):
    result = {"services": run_services(all_rounds, options)}
    counts = result["services"]["counts"]
    bench.say(f"  services {result['services']['seconds']:.1f} s")
    bench.settle()
    result["copies"] = run_copies(all_rounds, options, counts)
    bench.say(f"  copies {result['copies']['seconds']:.1f} s")
    bench.settle()
    if threads:
        result["streams"] = run_streams(all_rounds, options, threads, counts)
        bench.settle()
    return result


def rows_of(rounds):
    services = [each["services"] for each in rounds]
    rates = [each["events"] / each["seconds"] for each in services]
    rows = {"copies": bench.row(rates, [s["events"] / each["copies"]["seconds"]
                                        for s, each in zip(services, rounds)]),
            "given_back": bench.row([s["idle_mib"] for s in services],
                                    [s["peak_mib"] for s in services])}
    if "streams" not in rounds[0]:
        return rows
    cold, warm = ([each["streams"]["passes"][n] for each in rounds] for n in range(PASSES))
    for name, passes in (("streams", cold), ("streams_warm", warm)):
        rows[name] = bench.row(rates, [s["events"] / each["seconds"]
                                       for s, each in zip(services, passes)])
        rows[f"{name}_cpu"] = bench.row([bench.used_seconds(s["used"]) for s in services],
                                        [bench.used_seconds(each["used"]) for each in passes])
    rows["streams_memory"] = bench.row([s["peak_mib"] for s in services],
                                       [each["peak_mib"] for each in cold])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_arguments(parser)
    options = parser.parse_args()
    bench.choose_orders(options)
    results = {"machine": bench.machine(), "data": bench.describe_orders(options)}
    all_rounds = bench.Bench(options.build, options.libs)
    threads = warm_up(all_rounds, options)
    rounds = []
    for n in range(options.rounds):
        bench.say(f"round {n + 1} of {options.rounds}")
        rounds.append(run_round(all_rounds, options, threads))
    all_rounds.close()
    results.update(threads=threads, measured=rounds)
    bench.write_part(options, "services", results, rows_of(rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
