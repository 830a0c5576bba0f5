#!/usr/bin/env python3
"""Mails a second of the whole email-sender, beside Postfix's smtp-source on the same server.

usage: mailhop_bench.py [--build DIR] [--rounds 3] [--small] [--orders FILE.csv [--columns ...]
                        [--delivered-after 3d] [--until T]] [--policy FILE] [--out DIR]

The other services fill nurture.dispatch first.  Then the email-sender (reads, composes, notes its
intent, says the mail, notes the result; in event time) and smtp-source (the same bytes again and
again, nothing else) take turns at one smtp-sink, with 4 connections and with 16.  A mail of
smtp-source is as long as ours are on average.  Rate and processor time of the email-sender, Redis
and the broker are those between two mails well after the start.
"""
import argparse
import os
import sys
import time

import bench_parts as bench
import pipeline_bench as pipeline
import postfix

CONNECTIONS = (4, 16)
SKIPPED = 2000  # mails: the start, and what the broker compiles
MAILS = 35000  # of each turn; all turns together must not need more than there are dispatches
LIMIT_S = 120


def fill(all_rounds, options):
    """A system whose dispatches wait, and how many they are."""
    system = all_rounds.system(options.policy, "event")
    services = bench.start_services(system, "segmenter", "review-solicitor", "scheduler")
    _, until = pipeline.replay(system, options)
    bench.wait_until_decided(system, "scheduler", until)
    for service in services:
        service.stop()
    system.services.clear()
    return system, all_rounds.counts(system)["dispatch"]["all"]["records"]


def wait_sent(service, count):
    """How many mails have been sent, once they are so many at least."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        sent = bench.metric(service, "nurture_mail_sent_total")
        if sent >= count:
            return sent
        if service.process.poll() is not None:
            raise SystemExit(f"the email-sender ended while it was measured: {service.log.name}")
        time.sleep(0.1)  # each look costs the sender as much as two mails
    raise SystemExit(f"only {sent:.0f} of {count} mails in {LIMIT_S} s: {service.log.name}")


def stop(system, service):
    service.stop()
    system.services.remove(service)


def mean_bytes(system):
    """Of mails as the sender's first ones are, kept by the mail catcher."""
    service, = bench.start_services(system, "email-sender")
    wait_sent(service, 1)
    time.sleep(1)
    stop(system, service)
    with open(system.catcher.index) as file:
        mails = sum(1 for _ in file)
    return os.path.getsize(f"{system.folder}/mails.mbox") // mails, mails


def run_sender(all_rounds, system, sink, connections, mails, skipped):
    service, = bench.start_services(system, "email-sender", SMTP_URL=sink.url,
                                    SMTP_CONNECTIONS=str(connections))
    before = wait_sent(service, skipped)
    began = time.monotonic()
    usage = bench.Usage({"email-sender": service.process.pid, "redis": system.redis.process.pid,
                         "broker": all_rounds.broker.process.pid, "smtp-sink": sink.process.pid})
    sent = wait_sent(service, before + mails) - before
    seconds = time.monotonic() - began
    used = usage.so_far()
    stop(system, service)
    return {"rate": sent / seconds, "mails": sent,
            "cpu_us": {name: bench.used_seconds(used, name) * 1e6 / sent for name in used}}


def run_turn(all_rounds, system, sink, connections, mails, skipped, size):
    ours = run_sender(all_rounds, system, sink, connections, mails, skipped)
    bench.settle(0.2)
    theirs = postfix.send(sink.port, mails, connections, size)
    bench.say(f"  {connections} connections: {ours['rate']:.0f} beside {theirs['rate']:.0f} mails/s")
    return {"connections": connections, "ours": ours, "theirs": theirs}


def rows_of(turns):
    rows = {}
    for connections in CONNECTIONS:
        these = [turn for turn in turns if turn["connections"] == connections]
        rows[f"mail_{connections}"] = bench.row([turn["ours"]["rate"] for turn in these],
                                                [turn["theirs"]["rate"] for turn in these])
    for name in ("email-sender", "redis", "broker"):
        rows[f"mail_cpu_{name}"] = bench.row([turn["ours"]["cpu_us"][name] for turn in turns])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_arguments(parser)
    options = parser.parse_args()
    bench.choose_orders(options)
    if not postfix.find("smtp-sink") or not postfix.find("smtp-source"):
        bench.say("smtp-source is missing: make bench-peers")
        return 1
    results = {"machine": bench.machine(), "data": bench.describe_orders(options)}
    all_rounds = bench.Bench(options.build, options.libs)
    bench.say("filling nurture.dispatch")
    system, waiting = fill(all_rounds, options)
    size, first = mean_bytes(system)
    # A turn stops only at the end of a batch, which may be thousands more than it was asked for.
    turns = options.rounds * len(CONNECTIONS)
    skipped = SKIPPED // 10 if options.small else SKIPPED
    mails = min(MAILS, int((waiting - first) / turns * 0.6) - skipped)
    if mails < skipped:
        raise SystemExit(f"{waiting} dispatches are too few for {turns} turns")
    sink = postfix.Sink()
    found = []
    for n in range(options.rounds):
        bench.say(f"round {n + 1} of {options.rounds}: {mails} mails of {size} bytes")
        for connections in CONNECTIONS:
            found.append(run_turn(all_rounds, system, sink, connections, mails, skipped, size))
    sink.stop()
    system.stop()
    all_rounds.close()
    results.update(data=f"{results['data']}, of these {mails:,} mails of {size:,} bytes a turn",
                   turns=found)
    bench.write_part(options, "mailhop", results, rows_of(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
