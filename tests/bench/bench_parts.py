"""What the benchmarks have in common: fresh systems on one broker, who used the
processor, medians, tables, and what machine this is.

Absolute numbers of a shared machine mean little.  So whatever is compared runs
in turn, in one go, on the same broker, and what is reported is the median of
the ratios of such pairs, with the least and the most.
"""
import atexit
import datetime
import glob
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{ROOT}/tests/e2e")
import parts  # noqa: E402
import processes  # noqa: E402

CDNOW = f"{ROOT}/../shared/data/cdnow_orders.csv"
DEMO = f"{ROOT}/deploy/demo/orders.csv"
GENERATED_ORDERS = 60000  # where CDNOW's 69,659 are not there
STREAMS = f"{os.environ.get('PEERS', ROOT + '/build/peers')}/streams"
CONNECT = f"{os.environ.get('PEERS', ROOT + '/build/peers')}/connect/connect"
TICKS = os.sysconf("SC_CLK_TCK")
PARTITIONS = 6
TOPICS = ["events", "requests", "asks", "dispatch", "tasks", "outcomes", "deadletter",
          "profile-handovers", "ladder-handovers", "contact-handovers", "profiles", "ladders",
          "contacts", "deliveries", "feedback"]


def add_common_arguments(parser):
    """Those that the parts of the table have."""
    parser.add_argument("--build", default=os.environ.get("BUILD", f"{ROOT}/build"))
    parser.add_argument("--libs", help="the broker's jars; default build/broker/libs")
    parser.add_argument("--out", help="default: bench in the build folder")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", action="store_true",
                        help="a tenth of everything: whether it works, not how fast it is")


def add_arguments(parser):
    """Those that all benchmarks have which read a file of orders."""
    add_common_arguments(parser)
    parser.add_argument("--policy", default=f"{ROOT}/deploy/policy/shop.yaml")
    parser.add_argument("--orders")
    parser.add_argument("--columns")
    parser.add_argument("--delivered-after")
    parser.add_argument("--until")


def orders_options(options):
    words = ["--orders", options.orders]
    for name in ("columns", "delivered_after", "until"):
        if getattr(options, name):
            words += ["--" + name.replace("_", "-"), getattr(options, name)]
    return words


def choose_orders(options):
    """CDNOW's orders where they are, else as many generated ones; what they are is said."""
    if options.orders:
        return
    if os.path.exists(CDNOW) and not options.small:
        options.orders = CDNOW
        options.columns = "customer=customer_id,time=purchased_on,amount=total_usd,order=line_no"
        options.until = "1998-10-01T00:00:00Z"
    else:
        options.orders = generate_orders(options)
    options.delivered_after = "3d"
    say(f"orders: {describe_orders(options)}")


def generate_orders(options):
    """The same file for the same number; made once."""
    count = GENERATED_ORDERS // 10 if options.small else GENERATED_ORDERS
    path = f"{out_folder(options)}/orders-{count}.csv"
    if not os.path.exists(path):
        with open(path + ".part", "w") as file:
            subprocess.run([sys.executable, f"{ROOT}/tests/bench/make_orders.py", str(count)],
                           check=True, stdout=file)
        os.rename(path + ".part", path)
    return path


def describe_orders(options):
    """"cdnow_orders.csv, 69,659 orders" """
    with open(options.orders) as file:
        rows = sum(1 for _ in file) - 1
    return f"{os.path.basename(options.orders)}, {rows:,} orders"


def out_folder(options):
    folder = options.out or f"{options.build}/bench"
    os.makedirs(folder, exist_ok=True)
    return folder


def cpu_seconds(pid):
    """(user, system) of a process that lives."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


def cpu_ns(pid):
    """Of the threads that live, more exact than the ticks of cpu_seconds(): for what is short."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
            total += int(file.read().split()[0])
    return total


def status_mib(pid, field):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    return 0.0


def peak_mib(pid):
    return status_mib(pid, "VmHWM")


def resident_mib(pid):
    return status_mib(pid, "VmRSS")


class Usage:
    """Processor time of some processes from now on."""

    def __init__(self, pids):
        self.pids = pids
        self.began = {name: cpu_seconds(pid) for name, pid in pids.items()}

    def so_far(self):
        """{name: {user_s, system_s, peak_mib}}"""
        result = {}
        for name, pid in self.pids.items():
            user, system = cpu_seconds(pid)
            result[name] = {"user_s": round(user - self.began[name][0], 2),
                            "system_s": round(system - self.began[name][1], 2),
                            "peak_mib": round(peak_mib(pid), 1)}
        return result


def used_seconds(used, *names):
    """Processor time of some of what Usage said; of all without a name."""
    return sum(used[name]["user_s"] + used[name]["system_s"] for name in names or used)


def finish(process):
    """Waits for a child; its exit code and its {user_s, system_s, peak_mib}."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, {"user_s": round(used.ru_utime, 2),
                                "system_s": round(used.ru_stime, 2),
                                "peak_mib": round(used.ru_maxrss / 1024, 1)}


class Bench:
    """One broker for all rounds."""

    def __init__(self, build, libs=None, java_options=()):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="nurture-bench-")
        self.folders = [self.folder]
        atexit.register(self.forget)
        self.broker = parts.Broker(libs or os.environ.get("BROKER_LIBS") or
                                   f"{ROOT}/build/broker/libs", self.folder, java_options)
        self.systems = 0

    def system(self, policy, clock, extra=None):
        """Redis, catcher and topics of its own; nothing is running yet."""
        system = parts.System(self.build, policy, clock,
                              broker=parts.GivenBroker(self.broker.address))
        self.folders.append(system.folder)
        self.systems += 1
        system.environment.update(extra or {}, NURTURE_TOPIC_PREFIX=f"bench{self.systems}.")
        system.ctl("topics", "--partitions", str(PARTITIONS))
        return system

    def tool(self, name):
        return f"{self.build}/tests/bench/{name}"

    def counts(self, system, *options):
        """{topic: what topic_counts says}"""
        prefix = system.environment["NURTURE_TOPIC_PREFIX"]
        text = subprocess.run([self.tool("topic_counts"), self.broker.address, *options,
                               *[prefix + topic for topic in TOPICS]],
                              check=True, capture_output=True, text=True).stdout
        lines = [json.loads(line) for line in text.splitlines()]
        return {line["topic"].removeprefix(prefix): line for line in lines}

    def close(self):
        self.broker.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def forget(self):
        """At the end, however it comes: of what was not stopped in order only the logs stay."""
        processes.end_all()
        for number, folder in enumerate(self.folders):
            for log in glob.glob(f"{folder}/*.log"):
                logs = f"{self.build}/bench/logs"
                os.makedirs(logs, exist_ok=True)
                shutil.copy(log, f"{logs}/{number}-{os.path.basename(log)}")
                say(f"kept: {logs}/{number}-{os.path.basename(log)}")
            shutil.rmtree(folder, ignore_errors=True)


def ready(system, service, seconds=60):
    """Like System.ready(), but lets the service be restarted: its topics may be seconds old."""
    until = time.time() + seconds
    while time.time() < until:
        service.watch()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{service.name} is not ready after {seconds} s: {service.log.name}")


def metric(service, name):
    """A metric of a service that runs, over all its labels."""
    total = 0.0
    with urllib.request.urlopen(f"{service.url}/metrics", timeout=5) as page:
        for line in page.read().decode().splitlines():
            if re.split(r"[{ ]", line, maxsplit=1)[0] == name:
                total += float(line.rsplit(" ", 1)[1])
    return total


def must_live(system):
    """What was restarted while it was measured was not measured."""
    for service in system.services:
        if service.exits or service.process.poll() is not None:
            raise SystemExit(f"{service.name} ended while it was measured: {service.log.name}")


def wait_until_decided(system, service, until, seconds=600):
    """Until a service has decided everything up to an event time, on all partitions."""
    goal = datetime.datetime.fromisoformat(until)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        lines = [line.split() for line in system.ctl("status")[1].splitlines()]
        decided = [line[5] for line in lines  # handovers are read by the wall clock only
                   if line[0] == service and not line[1].endswith("-handovers")]
        if decided and all(text[0].isdigit() and datetime.datetime.fromisoformat(text) >= goal
                           for text in decided):
            return
        must_live(system)
        time.sleep(0.5)
    raise SystemExit(f"the {service} has not come to {until} within {seconds} s")


def start_services(system, *names, **extra):
    """Started and ready; what was restarted before that does not count."""
    started = [system.run(name, **extra) for name in names]
    for service in started:
        ready(system, service)
        service.exits.clear()
    return started


def settle(seconds=1.0, most=20.0):
    """Until the disk has what was written: a run must not pay for the one before it."""
    os.sync()
    time.sleep(seconds)
    until = time.time() + most
    while time.time() < until:
        busy = cpu_busy(0.5)
        if busy < 0.25:
            return


def cpu_busy(seconds):
    """The share of all processors that was in use."""
    def read():
        with open("/proc/stat") as file:
            fields = [int(x) for x in file.readline().split()[1:]]
        return sum(fields), fields[3] + fields[4]
    all_before, idle_before = read()
    time.sleep(seconds)
    all_after, idle_after = read()
    return 1 - (idle_after - idle_before) / max(1, all_after - all_before)


def spread(values, digits=2):
    """"median (least - most)" """
    return (f"{statistics.median(values):.{digits}f} "
            f"({min(values):.{digits}f} - {max(values):.{digits}f})")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(head, rows):
    """Columns as wide as they must be; numbers to the right."""
    cells = [head] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for n, row in enumerate(cells):
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip())
        if n == 0:
            print("  ".join("-" * width for width in widths))
    print()


def machine():
    """What this ran on, and how much else went on there."""
    model = platform.processor() or "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as file:
        memory_kib = int(file.readline().split()[1])
    return {"processor": model, "cores": os.cpu_count(), "memory_gib": round(memory_kib / 2**20, 1),
            "kernel": ".".join(platform.release().split(".")[:2]), "system": system_name(),
            "versions": versions(), "load": [round(x, 2) for x in os.getloadavg()],
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def first_match(pattern, *words):
    """What a program says of itself; None where it is not there or says something else."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    except OSError:
        return None
    found = re.search(pattern, done.stdout + done.stderr)
    return found.group(1) if found else None


def in_file(pattern, path):
    with open(path) as file:
        return re.search(pattern, file.read()).group(1)


def versions():
    """Of what is measured, and of what it is measured beside."""
    fetched = glob.glob(f"{os.path.dirname(STREAMS)}/postfix/postfix_*.deb")
    found = {
        "Nurture": first_match(r"(\w+)", "git", "-C", ROOT, "rev-parse", "--short", "HEAD"),
        "Kafka and Kafka Streams": in_file(r"kafka_[\d.]+</artifactId>\s*<version>([\d.]+)",
                                           f"{ROOT}/deploy/broker/pom.xml"),
        "librdkafka": first_match(r"([\d.]+)", "pkg-config", "--modversion", "rdkafka"),
        "Redis": first_match(r"v=([\d.]+)", "redis-server", "--version"),
        "Benthos": in_file(r"benthos/v4 v([\d.]+)",
                           f"{ROOT}/tests/bench/peers/connect/go.mod"),
        "Postfix": re.search(r"postfix_([\d.]+)", fetched[0]).group(1) if fetched else
        first_match(r"([\d.]+)", "dpkg-query", "-W", "-f", "${Version}", "postfix"),
        "OpenSSL": first_match(r"OpenSSL ([\w.]+)", "openssl", "version"),
        "Java": first_match(r'version "([\d.]+)', "java", "-version"),
        "gcc": first_match(r"\) ([\d.]+)", "cc", "--version")}
    return {name: text for name, text in found.items() if text}


def system_name():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def row(ours, theirs=None, values=None):
    """One row of the table, a number for each round; the value is ours / theirs, unless given."""
    if values is None:
        values = [a / b for a, b in zip(ours, theirs)] if theirs else list(ours)
    result = {"values": values, "ours": list(ours)}
    return dict(result, theirs=list(theirs)) if theirs else result


def write_part(options, name, results, rows):
    """What a part of the table found, for table.py; data says what was measured with."""
    results.update(part=name, small=options.small, rounds=options.rounds, rows=rows)
    results["machine"]["load_at_end"] = [round(x, 2) for x in os.getloadavg()]
    write(out_folder(options), f"{name}.json", results)


def say(text):
    print(text, file=sys.stderr, flush=True)


def write(folder, name, results):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    say(f"written: {os.path.relpath(path)}")


def interrupted(*_):
    raise SystemExit(130)


signal.signal(signal.SIGTERM, interrupted)
