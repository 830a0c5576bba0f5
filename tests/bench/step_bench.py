#!/usr/bin/env python3
"""What the pure decisions cost: processor time and instructions of each step, and the simulation.

usage: step_bench.py [--build DIR] [--orders FILE.csv [--columns ...] [--delivered-after 3d]
                     [--until T]] [--policy FILE] [--out DIR]

Instructions are counted by valgrind's callgrind where it is installed: they
hold still on a busy machine, times do not.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import time

import bench_parts as bench
import callgrind

FEW = ["--steps", "3000", "--passes", "1"]  # under callgrind, which is fifty times slower


def run_steps(options, *more):
    words = [f"{options.build}/tests/bench/step_bench", "--policy", options.policy, "--templates",
             f"{bench.ROOT}/deploy/templates", *bench.orders_options(options), *more]
    return words


def head_of(options, rows):
    """The first lines of the file: enough for a count of instructions."""
    head = tempfile.NamedTemporaryFile("w", suffix=".csv")
    with open(options.orders) as file:
        for _, line in zip(range(rows + 1), file):
            head.write(line)
    head.flush()
    return head


def instructions(options):
    """{what: instructions a call}; empty where callgrind is missing."""
    if not callgrind.is_there():
        bench.say("skipped: instructions, valgrind is not installed")
        return {}
    with head_of(options, 1500) as head:
        short = argparse.Namespace(**{**vars(options), "orders": head.name})
        return callgrind.steps(run_steps(short, *FEW))


def simulate(options):
    """(events, seconds, {user_s, system_s, peak_mib}) of one simulation of the whole file."""
    began = time.monotonic()
    process = subprocess.Popen([f"{options.build}/bin/nurturectl", "simulate", "--policy",
                                options.policy, *bench.orders_options(options), "--outcomes", "-"],
                               stdout=subprocess.DEVNULL)
    code, used = bench.finish(process)
    if code:
        raise SystemExit(f"nurturectl simulate: exit {code}")
    seconds = time.monotonic() - began
    with open(options.orders) as file:
        rows = sum(1 for _ in file) - 1
    return rows * (2 if options.delivered_after else 1), seconds, used


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_arguments(parser)
    options = parser.parse_args()
    bench.choose_orders(options)
    results = {"machine": bench.machine()}
    text = subprocess.run(run_steps(options), check=True, stdout=subprocess.PIPE, text=True).stdout
    steps = [json.loads(line) for line in text.splitlines()]
    counted = instructions(options)
    for step in steps:
        step["instructions"] = counted.get(step["what"])
    bench.table(["one of these", "calls", "us (least)", "us (median)", "instructions"],
                [[s["what"], s["calls"], f"{s['least_ns'] / 1000:.2f}",
                  f"{s['median_ns'] / 1000:.2f}",
                  f"{s['instructions']:,.0f}" if s["instructions"] else "-"] for s in steps])
    events, seconds, used = simulate(options)
    print(f"nurturectl simulate: {events} events in {seconds:.1f} s, "
          f"{events / seconds:,.0f} a second ({used['user_s'] + used['system_s']:.1f} s of "
          f"processor time, {used['peak_mib']:.0f} MiB)\n")
    results.update(steps=steps, simulate={"events": events, "seconds": seconds, "used": used})
    bench.write(options.out or f"{options.build}/bench", "steps.json", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
