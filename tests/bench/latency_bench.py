#!/usr/bin/env python3
"""From the event to the mail, on the wall clock.

usage: latency_bench.py [--build DIR] [--events 2000] [--rate 50] [--burst 10000] [--out DIR]

Every event is an order of a new customer and sets off one mail at once
(latency_policy.yaml: no wait, no settle, no caps, no quiet hours).  The time is
from just before the POST to ingest until the mail server has the whole mail, on
one clock.  First gently, then as fast as ingest takes them, which says how many
mails a second the whole chain does; then at half of that.
"""
import argparse
import json
import os
import subprocess
import sys
import time

import bench_parts as bench
from bench_parts import parts

TOKEN = "0123456789abcdef-bench"


class Caught:
    """When each customer's mail came, from the catcher's index."""

    def __init__(self, catcher):
        self.path, self.read, self.at_ms = catcher.index, 0, {}

    def look(self):
        with open(self.path, "rb") as file:
            file.seek(self.read)
            text = file.read()
        whole = text[:text.rfind(b"\n") + 1]
        self.read += len(whole)
        for line in map(json.loads, whole.splitlines()):
            customer = int(line["to"].split("@")[0].removeprefix("c"))
            if customer in self.at_ms:
                raise SystemExit(f"customer c{customer} got two mails")
            self.at_ms[customer] = line["received_at"]

    def wait(self, numbers, seconds):
        """Until all of them have their mail."""
        until = time.time() + seconds
        while time.time() < until:
            self.look()
            if all(n in self.at_ms for n in numbers):
                return
            time.sleep(0.1)
        missing = sum(n not in self.at_ms for n in numbers)
        raise SystemExit(f"{missing} of {len(numbers)} mails have not come after {seconds} s")


class Chain:
    """All services, and the numbers of the customers so far."""

    def __init__(self, all_rounds):
        self.all_rounds = all_rounds
        self.system = all_rounds.system(
            f"{bench.ROOT}/tests/bench/latency_policy.yaml", "wall",
            {"NURTURE_INGEST_TOKENS": f"bench={TOKEN}"})
        bench.start_services(self.system, "ingest", *parts.STATEFUL)
        self.ingest = self.system.services[0]
        self.caught = Caught(self.system.catcher)
        self.first = 0

    def publish(self, events, rate, connections, batch=1):
        """{number: when its POST began, in us}, and what http_load says; waits for all mails."""
        log = f"{self.system.folder}/load.log"
        words = [self.all_rounds.tool("http_load"), "--port", str(self.ingest.port), "--events",
                 str(events), "--first", str(self.first), "--connections", str(connections),
                 "--token", TOKEN, "--log", log, "--batch", str(batch)]
        if rate:
            words += ["--rate", str(rate)]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"http_load: exit {done.returncode}\n{done.stdout}")
        with open(log) as file:
            begun = {int(n) + i: int(at) for n, at, _ in map(str.split, file)
                     for i in range(batch)}
        self.first += events
        self.caught.wait(begun, 120 + events / 50)
        return begun, json.loads(done.stdout)

    def latencies_ms(self, begun):
        return [self.caught.at_ms[n] - at / 1000 for n, at in begun.items()]

    def times_ms(self, topic):
        """{number: when the last record about this customer was written to a topic}"""
        text = subprocess.run([self.all_rounds.tool("topic_counts"),
                               self.all_rounds.broker.address, "--times",
                               self.system.topic(topic)], check=True, stdout=subprocess.PIPE,
                              text=True).stdout
        return {int(key.removeprefix("c")): int(at) for key, at in map(str.split,
                                                                       text.splitlines())}

    def stages(self, begun):
        """(name, median ms) of each stage of the way."""
        at = {"POST begun": {n: us / 1000 for n, us in begun.items()}}
        for topic in ("events", "requests", "dispatch"):
            at[topic] = self.times_ms(topic)
        at["mail server"] = self.caught.at_ms
        names = list(at)
        return [(f"{a} to {b}", bench.percentile([at[b][n] - at[a][n] for n in begun], 0.5))
                for a, b in zip(names, names[1:])]

    def mails_a_second(self, begun):
        """Between the first and the last tenth: without start and end."""
        at_ms = sorted(self.caught.at_ms[n] for n in begun)
        tenth = len(at_ms) // 10
        took_ms = at_ms[-tenth - 1] - at_ms[tenth]
        return (len(at_ms) - 2 * tenth) * 1000 / max(1, took_ms)


def summary(name, rate, begun, load, chain):
    values = chain.latencies_ms(begun)
    return {"name": name, "rate": rate, "events": len(values),
            "events_a_second": load["events_a_second"], "p50_ms": bench.percentile(values, 0.5),
            "p95_ms": bench.percentile(values, 0.95), "p99_ms": bench.percentile(values, 0.99),
            "max_ms": max(values), "post_p50_ms": load["p50_us"] / 1000}


def measure(chain, options):
    pids = {service.name: service.process.pid for service in chain.system.services}
    pids.update({"broker": chain.all_rounds.broker.process.pid,
                 "redis": chain.system.redis.process.pid,
                 "mail catcher": chain.system.catcher.process.pid})
    chain.publish(max(500, options.events // 4), options.rate, 1)  # not counted: all is cold
    bench.say(f"{options.events} events at {options.rate} a second")
    begun, load = chain.publish(options.events, options.rate, 1)
    runs = [summary("gentle", options.rate, begun, load, chain)]
    runs[0]["stages"] = chain.stages(begun)
    bench.say(f"{options.burst} events as fast as they are taken")
    usage = bench.Usage(pids)
    begun, load = chain.publish(options.burst, 0, 100)
    used = usage.so_far()
    most = chain.mails_a_second(begun)
    runs.append(summary("all at once", 0, begun, load, chain))
    half = max(1, int(most / 2))
    count = max(options.events, half * 10)
    bench.say(f"{most:.0f} mails a second at most; {count} events at {half} a second")
    runs.append(summary("half of the most", half, *chain.publish(count, half, 100), chain))
    return runs, most, used


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=os.environ.get("BUILD", f"{bench.ROOT}/build"))
    parser.add_argument("--libs", help="the broker's jars; default build/broker/libs")
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--burst", type=int, default=10000)
    parser.add_argument("--out", help="default: bench in the build folder")
    options = parser.parse_args()
    results = {"machine": bench.machine()}
    all_rounds = bench.Bench(options.build, options.libs)
    chain = Chain(all_rounds)
    runs, most, used = measure(chain, options)
    chain.system.stop()
    all_rounds.close()
    bench.table(["events", "a second", "how many", "p50 ms", "p95 ms", "p99 ms", "max ms",
                 "POST p50 ms"],
                [[r["name"], f"{r['events_a_second']:.0f}", r["events"], f"{r['p50_ms']:.0f}",
                  f"{r['p95_ms']:.0f}", f"{r['p99_ms']:.0f}", f"{r['max_ms']:.0f}",
                  f"{r['post_p50_ms']:.1f}"] for r in runs])
    bench.table(["the gentle ones, from ... to", "p50 ms"],
                [[name, f"{ms:.0f}"] for name, ms in runs[0]["stages"]])
    print(f"at most {most:.0f} mails a second from HTTP to the mail server; processor time for "
          f"the {options.burst} at once:\n")
    bench.table(["process", "user s", "system s", "peak MiB"],
                [[name, u["user_s"], u["system_s"], f"{u['peak_mib']:.0f}"]
                 for name, u in used.items()])
    cpu = sum(u["user_s"] + u["system_s"] for u in used.values())
    print(f"{options.burst / cpu:.0f} mails for a second of processor time, everything included\n")
    results.update(runs=runs, most_mails_a_second=most, used=used)
    bench.write(options.out or f"{options.build}/bench", "latency.json", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
