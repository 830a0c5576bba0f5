"""What the benchmarks have in common: fresh systems on one broker, who used the
processor, medians, tables, and what machine this is.

Absolute numbers of a shared machine mean little.  So whatever is compared runs
in turn, in one go, on the same broker, and what is reported is the median of
the ratios of such pairs, with the least and the most.
"""
import json
import os
import platform
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

CDNOW = f"{ROOT}/../shared/data/cdnow_orders.csv"
DEMO = f"{ROOT}/deploy/demo/orders.csv"
TICKS = os.sysconf("SC_CLK_TCK")
TOPICS = ["events", "requests", "asks", "dispatch", "tasks", "outcomes", "deadletter", "profiles",
          "ladders", "contacts", "deliveries"]


def add_arguments(parser):
    """Those that all benchmarks have which read a file of orders."""
    parser.add_argument("--build", default=os.environ.get("BUILD", f"{ROOT}/build"))
    parser.add_argument("--policy", default=f"{ROOT}/deploy/policy/shop.yaml")
    parser.add_argument("--orders")
    parser.add_argument("--columns")
    parser.add_argument("--delivered-after")
    parser.add_argument("--until")
    parser.add_argument("--out", help="default: bench in the build folder")


def orders_options(options):
    words = ["--orders", options.orders]
    for name in ("columns", "delivered_after", "until"):
        if getattr(options, name):
            words += ["--" + name.replace("_", "-"), getattr(options, name)]
    return words


def choose_orders(options):
    if options.orders:
        return
    if os.path.exists(CDNOW):
        options.orders = CDNOW
        options.columns = "customer=customer_id,time=purchased_on,amount=total_usd,order=line_no"
        options.delivered_after = "3d"
        options.until = "1998-10-01T00:00:00Z"
    else:
        options.orders = DEMO
        say("../shared is missing: the demo's orders instead of CDNOW's")


def cpu_seconds(pid):
    """(user, system) of a process that lives."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


def peak_mib(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


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


def finish(process):
    """Waits for a child; its exit code and its {user_s, system_s, peak_mib}."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, {"user_s": round(used.ru_utime, 2),
                                "system_s": round(used.ru_stime, 2),
                                "peak_mib": round(used.ru_maxrss / 1024, 1)}


class Bench:
    """One broker for all rounds."""

    def __init__(self, build, libs=None):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="nurture-bench-")
        self.broker = parts.Broker(libs or os.environ.get("BROKER_LIBS") or
                                   f"{ROOT}/build/broker/libs", self.folder)
        self.systems = 0

    def system(self, policy, clock, extra=None):
        """Redis, catcher and topics of its own; nothing is running yet."""
        system = parts.System(self.build, policy, clock,
                              broker=parts.GivenBroker(self.broker.address))
        self.systems += 1
        system.environment.update(extra or {}, NURTURE_TOPIC_PREFIX=f"bench{self.systems}.")
        system.ctl("topics", "--partitions", "6")
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
            "kernel": platform.release(), "system": system_name(),
            "load": [round(x, 2) for x in os.getloadavg()],
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}


def system_name():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


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
