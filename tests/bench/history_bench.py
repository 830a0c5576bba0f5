#!/usr/bin/env python3
"""How long a year and a half of orders takes in one process: a report, and two policies compared.

usage: history_bench.py [--build DIR] [--rounds 3] [--small] [--orders FILE.csv [--columns ...]
                        [--delivered-after 3d] [--until T]] [--policy FILE] [--out DIR]

`nurturectl simulate` with a report (which decides everything once with caps and once without), and
with --against: the same policy with one more cap.
"""
import argparse
import subprocess
import sys
import tempfile
import time

import bench_parts as bench

CAP = "\ncaps:\n"
ANOTHER_CAP = CAP + "  - {name: bench-month, limit: 4, per: 30d}\n"


def simulate(options, folder, *more):
    """(seconds, MiB at most)"""
    began = time.monotonic()
    process = subprocess.Popen([f"{options.build}/bin/nurturectl", "simulate", "--policy",
                                options.policy, *bench.orders_options(options), *more, "--report",
                                f"{folder}/report.html"], stdout=subprocess.DEVNULL)
    code, used = bench.finish(process)
    if code:
        raise SystemExit(f"nurturectl simulate: exit {code}")
    return time.monotonic() - began, used["peak_mib"]


def write_other_policy(options, folder):
    path = f"{folder}/other.yaml"
    with open(options.policy) as file:
        text = file.read()
    if text.count(CAP) != 1:
        raise SystemExit(f"{options.policy}: expected one line \"caps:\"")
    with open(path, "w") as file:
        file.write(text.replace(CAP, ANOTHER_CAP))
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_arguments(parser)
    options = parser.parse_args()
    bench.choose_orders(options)
    results = {"machine": bench.machine(), "data": bench.describe_orders(options)}
    reports, comparisons = [], []
    with tempfile.TemporaryDirectory() as folder:
        other = write_other_policy(options, folder)
        for _ in range(options.rounds):
            reports.append(simulate(options, folder))
            comparisons.append(simulate(options, folder, "--against", other))
            bench.say(f"  report {reports[-1][0]:.1f} s, comparison {comparisons[-1][0]:.1f} s")
    rows = {"report": bench.row([seconds for seconds, _ in reports]),
            "comparison": bench.row([seconds for seconds, _ in comparisons]),
            "report_memory": bench.row([mib for _, mib in reports])}
    bench.write_part(options, "history", results, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
