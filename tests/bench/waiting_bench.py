#!/usr/bin/env python3
"""What many who wait cost: bytes in Redis, a decision among them, and a restore of all.

usage: waiting_bench.py [--build DIR] [--rounds 3] [--small] [--out DIR]

So many customers order once and then wait a month for one mail (waiting_policy.yaml, event time):
ten thousand, a hundred thousand and a million, each on fresh topics and an empty Redis.  Bytes are
what Redis's used_memory grew by, and MEMORY USAGE of the scheduler's keys, for each customer.  Then
time passes so far that a few thousand of them are decided, in each round; the cost of a decision is
the processor time that the scheduler and Redis took meanwhile.

Of a million, at the end: in each round Redis is emptied, and each service is started alone.  The
rate of its restore counts from its first key in Redis, by which it claims a partition, until it has
all partitions.
"""
import argparse
import datetime
import re
import socket
import sys
import time

import bench_parts as bench
import pipeline_bench as pipeline
import services_bench as services

SIZES = (10000, 100000, 1000000)
DECIDED = 3000  # of them in each round
FIRST = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
WAIT = datetime.timedelta(days=30)
LIMIT_S = 300


def instant(seconds):
    return (FIRST + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def write_orders(path, count):
    """An order a second, each of a new customer; a million of them take less than a month."""
    with open(path, "w") as file:
        file.write("customer,time,order,amount\n")
        for number in range(count):
            file.write(f"w{number:08d},{instant(number)},{number},12.50\n")


def fill(all_rounds, size):
    """A system in which so many wait, its running services, and what Redis grew by."""
    system = all_rounds.system(f"{bench.ROOT}/tests/bench/waiting_policy.yaml", "event")
    bench.start_services(system, *services.SERVICES)
    empty = used_memory(system)
    path = f"{system.folder}/orders.csv"
    write_orders(path, size)
    until = instant(size)
    pipeline.replay(system, argparse.Namespace(orders=path, columns=None, delivered_after=None,
                                               until=until))
    bench.wait_until_decided(system, "scheduler", until)
    bench.wait_until_decided(system, "review-solicitor", until)
    bench.must_live(system)
    return system, used_memory(system) - empty


def used_memory(system):
    return int(re.search(r"used_memory:(\d+)", system.redis.cli("INFO", "memory")).group(1))


# There may be very many keys, so they are asked in the server.
MEMORY_BY_KIND = """
local sums, lines = {}, {}
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  local kind = key:match('}:(%a+)')
  sums[kind] = (sums[kind] or 0) + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')
end
for kind, sum in pairs(sums) do lines[#lines + 1] = kind .. ' ' .. string.format('%d', sum) end
return lines
"""


def bytes_of(system, service):
    """{kind of key: bytes}: what the keys of one service take, counted whole and not by samples."""
    lines = system.redis.cli("EVAL", MEMORY_BY_KIND, "0", f"*{{{service}:*").splitlines()
    if not lines:
        raise SystemExit(f"Redis has no keys of the {service}")
    return {kind: int(count) for kind, count in (line.split() for line in lines)}


def commands(system):
    """How many commands Redis has carried out, those of scripts too."""
    stats = system.redis.cli("INFO", "stats")
    return int(re.search(r"total_commands_processed:(\d+)", stats).group(1))


def decide(system, scheduler, number):
    """Microseconds of the scheduler and of Redis for one decision; the next DECIDED are due."""
    timers = bench.metric(scheduler, "nurture_timers_total")
    pids = {"scheduler": scheduler.process.pid, "redis": system.redis.process.pid}
    before = {name: bench.cpu_ns(pid) for name, pid in pids.items()}
    asked = commands(system)
    # Up to this instant, not at it: a tick says that nothing earlier will follow.
    at = FIRST + WAIT + datetime.timedelta(seconds=DECIDED * (number + 1))
    system.ctl("advance", "--to", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    until = time.monotonic() + LIMIT_S
    while bench.metric(scheduler, "nurture_timers_total") < timers + DECIDED:
        if time.monotonic() > until:
            raise SystemExit("the scheduler does not decide what is due")
        time.sleep(0.02)
    time.sleep(0.3)  # the commit behind it
    used = {name: (bench.cpu_ns(pid) - before[name]) / 1000 for name, pid in pids.items()}
    done = bench.metric(scheduler, "nurture_timers_total") - timers
    return {"decided": done, "redis_commands": (commands(system) - asked) / done, **{f"{name}_us": us / done for name, us in used.items()}}


def metric_if_there(service, name):
    """0 while the service does not answer yet."""
    try:
        return bench.metric(service, name)
    except OSError:
        return 0


def key_count(connection):
    connection.sendall(b"DBSIZE\r\n")
    return int(connection.recv(64).strip().removeprefix(b":"))


def restore(system, name):
    """Records a second that a service alone reads into Redis."""
    with socket.create_connection(("127.0.0.1", system.redis.port)) as connection:
        keys = key_count(connection)
        service = system.run(name)
        begun, until = None, time.monotonic() + LIMIT_S
        while metric_if_there(service, "nurture_partitions_assigned") < bench.PARTITIONS:
            if not begun and key_count(connection) > keys:
                begun = time.monotonic()
            if time.monotonic() > until or service.process.poll() is not None:
                raise SystemExit(f"the {name} is not restored: {service.log.name}")
            time.sleep(0.01)
    ended = time.monotonic()
    if bench.metric(service, "nurture_restores_total") != bench.PARTITIONS or not begun:
        raise SystemExit(f"the {name} was not restored into an empty Redis: {service.log.name}")
    records = bench.metric(service, "nurture_restored_records_total")
    service.stop()
    system.services.remove(service)
    return {"records": records, "seconds": ended - begun, "rate": records / (ended - begun)}


def restore_all(system, rounds):
    result = {name: [] for name in services.SERVICES}
    for service in system.services:
        service.stop()
    system.services.clear()
    for _ in range(rounds):
        system.redis.flush()
        for name in services.SERVICES:
            result[name].append(restore(system, name))
            bench.say(f"  {name} restored: {result[name][-1]['rate']:,.0f} records/s")
    return result


def measure_size(all_rounds, size, options):
    """(bytes and costs with so many, their system)"""
    bench.say(f"{size:,} wait")
    system, grown = fill(all_rounds, size)
    result = {"all_bytes": grown / size,
              "bytes": {name: {kind: count / size for kind, count in bytes_of(system, name).items()}
                        for name in services.SERVICES}}
    result["scheduler_bytes"] = sum(result["bytes"]["scheduler"].values())
    bench.settle()
    result["idle_mib"] = {service.name: bench.resident_mib(service.process.pid)
                          for service in system.services}
    scheduler = system.services[services.SERVICES.index("scheduler")]
    result["decisions"] = [decide(system, scheduler, n) for n in range(options.rounds)]
    bench.say(f"  {result['all_bytes']:.0f} bytes each, of these "
              f"{result['scheduler_bytes']:.0f} the scheduler's")
    return result, system


def rows_of(sizes, restored):
    least, most = sizes[min(sizes)], sizes[max(sizes)]

    def cost(size):
        return [each["scheduler_us"] + each["redis_us"] for each in size["decisions"]]
    rows = {"waiting_scheduler": bench.row([most["scheduler_bytes"]]),
            "waiting_all": bench.row([most["all_bytes"]]),
            "waiting_computed": bench.row([most["all_bytes"] * 1e7 / 2**30]),
            "waiting_idle": bench.row([sum(most["idle_mib"].values())]),
            "decision": bench.row(cost(most), cost(least))}
    for name, runs in restored.items():
        rows[f"restore_{name}"] = bench.row([run["rate"] for run in runs])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_common_arguments(parser)
    options = parser.parse_args()
    sizes = [size // (1 if not options.small else 10) for size in SIZES]
    if options.small:
        sizes[0] = DECIDED * (options.rounds + 1)
    results = {"machine": bench.machine(), "data": "one order of each customer"}
    all_rounds = bench.Bench(options.build, options.libs)
    measured, restored = {}, {}
    for size in sizes:
        measured[size], system = measure_size(all_rounds, size, options)
        if size == sizes[-1]:
            bench.say("restoring")
            restored = restore_all(system, options.rounds)
        system.stop()
    all_rounds.close()
    results.update(sizes=measured, restored=restored)
    bench.write_part(options, "waiting", results, rows_of(measured, restored))
    return 0


if __name__ == "__main__":
    sys.exit(main())
