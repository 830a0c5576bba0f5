#!/usr/bin/env python3
"""Events a second that ingest answers 202 to, against a handler that does nothing.

usage: ingest_bench.py [--build DIR] [--slices 9] [--seconds 2] [--connections 32] [--out DIR]

ingest says 202 when Kafka has acknowledged; the trivial handler says it at
once.  Both have two threads and get the same requests from the same client, in
turn.  The client, the servers and the broker share the machine.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

import bench_parts as bench
from bench_parts import parts

TOKEN = "0123456789abcdef-bench"
THREADS = 2


def load(all_rounds, port, batch, options):
    """One slice; what http_load says."""
    done = subprocess.run([all_rounds.tool("http_load"), "--port", str(port), "--batch", str(batch),
                           "--seconds", str(options.seconds), "--connections",
                           str(options.connections), "--token", TOKEN], stdout=subprocess.PIPE,
                          text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"http_load: exit {done.returncode}")
    said = json.loads(done.stdout)
    accepted = said["statuses"].get("202", 0)
    said["accepted_a_second"] = accepted * batch / said["seconds"]
    said["refused"] = said["requests"] - accepted
    return said


def slices(all_rounds, ingest, trivial_port, broker_pid, batch, options):
    """Pairs of (trivial, ingest), and the processor time that the latter took."""
    load(all_rounds, ingest.port, batch, options)  # not counted: the broker compiles itself
    pairs = []
    for _ in range(options.slices):
        trivial = load(all_rounds, trivial_port, batch, options)
        usage = bench.Usage({"ingest": ingest.process.pid, "broker": broker_pid})
        real = load(all_rounds, ingest.port, batch, options)
        real["used"] = usage.so_far()
        pairs.append({"trivial": trivial, "ingest": real})
    return pairs


def cpu_us(pair, name):
    """Microseconds of processor time for each event."""
    used = pair["ingest"]["used"][name]
    return (used["user_s"] + used["system_s"]) * 1e6 / max(1, pair["ingest"]["events"])


def row(batch, pairs):
    ratios = [p["ingest"]["accepted_a_second"] / p["trivial"]["accepted_a_second"] for p in pairs]
    median = statistics.median  # noqa: E731
    return [f"{batch} a request",
            bench.spread([p["ingest"]["accepted_a_second"] for p in pairs], 0),
            bench.spread([p["trivial"]["accepted_a_second"] for p in pairs], 0),
            bench.spread(ratios),
            f"{median([p['ingest']['p50_us'] for p in pairs]) / 1000:.1f}",
            f"{median([p['ingest']['p99_us'] for p in pairs]) / 1000:.1f}",
            f"{median([cpu_us(p, 'ingest') for p in pairs]):.1f}",
            f"{median([cpu_us(p, 'broker') for p in pairs]):.1f}",
            sum(p["ingest"]["refused"] for p in pairs)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=os.environ.get("BUILD", f"{bench.ROOT}/build"))
    parser.add_argument("--libs", help="the broker's jars; default build/broker/libs")
    parser.add_argument("--slices", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--out", help="default: bench in the build folder")
    options = parser.parse_args()
    results = {"machine": bench.machine(), "batches": {}}
    all_rounds = bench.Bench(options.build, options.libs)
    system = all_rounds.system(f"{bench.ROOT}/deploy/policy/shop.yaml", "wall",
                               {"NURTURE_INGEST_TOKENS": f"bench={TOKEN}",
                                "NURTURE_INGEST_THREADS": str(THREADS)})
    ingest = system.run("ingest")
    bench.ready(system, ingest)
    trivial = subprocess.Popen([all_rounds.tool("trivial_handler"), str(THREADS)],
                               stdout=subprocess.PIPE, text=True)
    parts.running.append(trivial)
    port = int(trivial.stdout.readline())
    for batch in (1, 100):
        bench.say(f"{options.slices} pairs of slices with {batch} events a request")
        results["batches"][batch] = slices(all_rounds, ingest, port, all_rounds.broker.process.pid,
                                           batch, options)
    peak = bench.peak_mib(ingest.process.pid)
    trivial.terminate()
    system.stop()
    all_rounds.close()
    bench.table(["events", "ingest /s", "trivial /s", "ratio", "p50 ms", "p99 ms", "us ingest",
                 "us broker", "not 202"],
                [row(batch, pairs) for batch, pairs in results["batches"].items()])
    print(f"ingest took {peak:.0f} MiB at most; {options.connections} connections\n")
    results["ingest_peak_mib"] = peak
    bench.write(options.out or f"{options.build}/bench", "ingest.json", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
