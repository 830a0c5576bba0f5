#!/usr/bin/env python3
"""What a small shop pays, and how long an event takes to become a mail: all services, wall clock.

usage: shops_bench.py [--build DIR] [--rounds 3] [--small] [--out DIR]

Orders of new customers arrive over HTTP one by one, at 5, 50 and 1,000 a second; each sets off one
mail at once (latency_policy.yaml).  The time is from just before the POST until the mail server has
the whole mail, on one clock.  Meanwhile /proc says what the broker, Redis and the services take;
the share is of one core.  First nobody orders anything.

The broker is started as docs/kafka-and-redis.md advises a small shop.
"""
import argparse
import sys
import time

import bench_parts as bench
import latency_bench as latency

RATES = {5: 20, 50: 20, 1000: 8}  # events a second: for how many seconds
IDLE_S = 15
WARM_UP = (5000, 500)  # events, a second
SMALL_BROKER = ["-XX:TieredStopAtLevel=1"]


def pids_of(chain):
    pids = {service.name: service.process.pid for service in chain.system.services}
    return dict(pids, broker=chain.all_rounds.broker.process.pid,
                redis=chain.system.redis.process.pid)


def shares(used, seconds):
    """Percent of a core, of each."""
    return {name: 100 * bench.used_seconds(used, name) / seconds for name in used}


def measure_idle(chain, seconds):
    usage = bench.Usage(pids_of(chain))
    time.sleep(seconds)
    return shares(usage.so_far(), seconds)


def measure(chain, rate, seconds):
    usage, began = bench.Usage(pids_of(chain)), time.monotonic()
    begun, load = chain.publish(rate * seconds, rate, 64 if rate > 100 else 8)
    took_s = time.monotonic() - began
    values = chain.latencies_ms(begun)
    result = {"rate": rate, "events_a_second": load["events_a_second"],
              "percent": shares(usage.so_far(), took_s),
              "p50_ms": bench.percentile(values, 0.5), "p99_ms": bench.percentile(values, 0.99)}
    bench.say(f"  {rate}/s: {sum(result['percent'].values()):.0f} % of a core, "
              f"p50 {result['p50_ms']:.0f} ms, p99 {result['p99_ms']:.0f} ms")
    bench.must_live(chain.system)
    return result


def rows_of(idle, runs):
    def total(percent):
        return sum(percent.values())
    rows = {"shop_idle": bench.row([total(idle)])}
    for rate in (5, 50):
        rows[f"shop_{rate}"] = bench.row([total(run["percent"]) for run in runs[rate]])
    for rate in (50, 1000):
        for share in ("p50", "p99"):
            rows[f"mail_after_{rate}_{share}"] = bench.row([run[f"{share}_ms"]
                                                            for run in runs[rate]])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_common_arguments(parser)
    options = parser.parse_args()
    results = {"machine": bench.machine(), "data": "orders of new customers, one mail each"}
    all_rounds = bench.Bench(options.build, options.libs, SMALL_BROKER)
    chain = latency.Chain(all_rounds)
    divide = 5 if options.small else 1
    bench.say("warming up")
    chain.publish(WARM_UP[0] // divide, WARM_UP[1], 16)
    bench.settle()
    idle = measure_idle(chain, IDLE_S // divide)
    runs = {rate: [] for rate in RATES}
    for n in range(options.rounds):
        bench.say(f"round {n + 1} of {options.rounds}")
        for rate, seconds in RATES.items():
            runs[rate].append(measure(chain, rate, seconds // divide))
            time.sleep(1)
    chain.system.stop()
    all_rounds.close()
    results.update(idle=idle, runs=runs)
    bench.write_part(options, "shops", results, rows_of(idle, runs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
