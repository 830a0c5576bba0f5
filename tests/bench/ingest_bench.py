#!/usr/bin/env python3
"""Events a second that ingest answers 202 to, beside a handler that does nothing and Redpanda
Connect.

usage: ingest_bench.py [--build DIR] [--rounds 3] [--small] [--connections 64] [--out DIR]

ingest and Connect (peers/connect) answer when Kafka has acknowledged, the trivial handler at once.
Each gets the same requests from the same client, in turn, with one event a POST and with a hundred.
The client, the servers and the broker share the machine; ingest and the handler have two threads,
Connect what Go takes. "signed" is ingest again, with requests that are signed (Standard Webhooks).
"""
import argparse
import base64
import json
import os
import subprocess
import sys

import bench_parts as bench
from bench_parts import parts

TOKEN = "0123456789abcdef-bench"
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef-bench-secret").decode()
THREADS = 2
SECONDS = 4
BATCHES = (1, 100)
UNARCHIVE = "[{unarchive: {format: json_array}}]"


def load(all_rounds, port, batch, options, token=TOKEN):
    """One slice; what http_load says."""
    seconds = 1 if options.small else SECONDS
    done = subprocess.run([all_rounds.tool("http_load"), "--port", str(port), "--batch", str(batch),
                           "--seconds", str(seconds), "--connections", str(options.connections),
                           "--token", token], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"http_load: exit {done.returncode}")
    said = json.loads(done.stdout)
    if len(said["statuses"]) != 1 or not {"200", "202"} & set(said["statuses"]):
        raise SystemExit(f"not all were accepted: {done.stdout}")  # Connect says 200
    return said


def measure(all_rounds, name, server, batch, options):
    """The slice, and the processor time of the server and of the broker for each event."""
    port, pid = server
    usage = bench.Usage({name: pid, "broker": all_rounds.broker.process.pid})
    said = load(all_rounds, port, batch, options, SECRET if name == "signed" else TOKEN)
    used = usage.so_far()
    said["cpu_us"] = {who: bench.used_seconds(used, who) * 1e6 / said["events"] for who in used}
    return said


def start_connect(all_rounds, system, batch):
    """(port, pid) of Connect, which takes lists apart or does not."""
    with open(f"{bench.ROOT}/tests/bench/peers/connect/connect.yaml") as file:
        text = file.read()
    port = parts.free_port()
    for word, value in (("PORT", port), ("ADMIN_PORT", parts.free_port()),
                        ("BROKER_PORT", all_rounds.broker.port),
                        ("TOPIC", system.topic("events")),
                        ("PROCESSORS", UNARCHIVE if batch > 1 else "[]")):
        text = text.replace(f"@{word}@", str(value))
    path = f"{system.folder}/connect{batch}.yaml"
    with open(path, "w") as file:
        file.write(text)
    process = parts.start([bench.CONNECT, "-c", path], open(f"{system.folder}/connect.log", "a"))
    parts.wait_for("Redpanda Connect", lambda: parts.connects(port), 30, process)
    return process, (port, process.pid)


def start_trivial(all_rounds):
    process = subprocess.Popen([all_rounds.tool("trivial_handler"), str(THREADS)],
                               stdout=subprocess.PIPE, text=True)
    parts.running.append(process)
    return process, (int(process.stdout.readline()), process.pid)


def delivered(all_rounds, system, accepted):
    """What was answered 202 is in Kafka, and nothing else."""
    found = all_rounds.counts(system)["events"]["all"]["records"]
    if found != accepted:
        raise SystemExit(f"{accepted} events were accepted, {found} are in Kafka")


def run_batch(all_rounds, system, servers, batch, options):
    """[{name: slice}], a round each."""
    accepted, rounds = 0, []
    for n in range(options.rounds + 1):  # the first is not counted: the broker compiles itself
        slices = {name: measure(all_rounds, name, server, batch, options)
                  for name, server in servers.items()}
        accepted += sum(each["events"] for name, each in slices.items() if name != "handler")
        if n:
            bench.say(f"  {batch} a POST: " + ", ".join(
                f"{name} {each['events_a_second']:.0f}/s" for name, each in slices.items()))
            rounds.append(slices)
    return rounds, accepted


def rows_of(batches):
    rows = {}
    for batch, rounds in batches.items():
        def rates(name, rounds=rounds):
            return [each[name]["events_a_second"] for each in rounds]
        rows[f"ingest_{batch}_handler"] = bench.row(rates("ingest"), rates("handler"))
        rows[f"ingest_{batch}_signed"] = bench.row(rates("signed"), rates("ingest"))
        if "connect" in rounds[0]:
            rows[f"ingest_{batch}_connect"] = bench.row(rates("ingest"), rates("connect"))
            rows[f"ingest_{batch}_cpu"] = bench.row(
                *[[each[name]["cpu_us"][name] for each in rounds] for name in ("ingest", "connect")])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_common_arguments(parser)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    results = {"machine": bench.machine(),
               "data": f"orders of new customers, {options.connections} connections"}
    all_rounds = bench.Bench(options.build, options.libs)
    system = all_rounds.system(f"{bench.ROOT}/deploy/policy/shop.yaml", "wall",
                               {"NURTURE_INGEST_TOKENS": f"bench={TOKEN},signed={SECRET}",
                                "NURTURE_INGEST_THREADS": str(THREADS)})
    ingest, = bench.start_services(system, "ingest")
    trivial, handler = start_trivial(all_rounds)
    batches, accepted = {}, 0
    for batch in BATCHES:
        server = (ingest.port, ingest.process.pid)
        servers = {"handler": handler, "ingest": server, "signed": server}
        if os.path.exists(bench.CONNECT):
            connect, servers["connect"] = start_connect(all_rounds, system, batch)
        batches[batch], more = run_batch(all_rounds, system, servers, batch, options)
        accepted += more
        if "connect" in servers:
            connect.terminate()
            connect.wait()
    delivered(all_rounds, system, accepted)
    trivial.terminate()
    system.stop()
    all_rounds.close()
    results["batches"] = batches
    bench.write_part(options, "ingest", results, rows_of(batches))
    return 0


if __name__ == "__main__":
    sys.exit(main())
