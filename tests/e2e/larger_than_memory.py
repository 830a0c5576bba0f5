#!/usr/bin/env python3
"""Orders that do not fit into the memory that is given are simulated all the same, byte by byte.

usage: larger_than_memory.py BUILD

The demo's orders with --memory 1 go through temporary files: outcomes, tasks, report and its JSON
must be what they are in memory, and so must what is compared and suggested.  Nothing is left in
TMPDIR, neither by a run that ends nor by one that is killed.  A TMPDIR that is none is refused.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILES = ("outcomes", "tasks", "report", "json")
LITTLE = ["--memory", "1"]
ORDERS_OF_DEMO = 700
# Rows are made so long by a column that nobody reads that they don't fit.
NOTE_BYTES = 900


def command(build, name, orders, *options):
    return [f"{build}/bin/nurturectl", name, "--policy", f"{ROOT}/deploy/policy/shop.yaml",
            "--orders", orders, "--delivered-after", "3d", *options]


def run(words, temporary, code=0):
    environment = {**os.environ, "TMPDIR": temporary}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{words}: exit {done.returncode} instead of {code}: {done.stderr}")
    return done


def simulated(build, orders, directory, options):
    """What a simulation says and writes."""
    paths = {name: f"{directory}/{name}" for name in FILES}
    words = [word for name, path in paths.items() for word in (f"--{name}", path)]
    done = run(command(build, "simulate", orders, *words, *options), directory)
    written = {}
    for name, path in paths.items():
        with open(path, "rb") as file:
            written[name] = file.read()
        os.unlink(path)
    return {**written, "stdout": done.stdout, "stderr": done.stderr}


def same(whole, parts, what):
    for name, value in whole.items():
        if value != parts[name]:
            sys.exit(f"{what}: {name} is not the same with little memory")
        if not value and name not in ("stderr", "tasks"):
            sys.exit(f"{what}: {name} is empty, which proves nothing")
    print(f"ok: {what} is the same")


def compare(build, orders, directory, options, what):
    same(simulated(build, orders, directory, options),
         simulated(build, orders, directory, [*options, *LITTLE]), what)
    if os.listdir(directory):
        sys.exit(f"left behind: {os.listdir(directory)}")


def suggested(build, orders, directory):
    whole, parts = (run(command(build, "suggest", orders, *options), directory).stdout
                    for options in ([], LITTLE))
    same({"stdout": whole}, {"stdout": parts}, "what is suggested")


def used_the_disk(pid):
    """Does the process hold a file that has no name?"""
    try:
        return any("(deleted)" in os.readlink(f"/proc/{pid}/fd/{fd}")
                   for fd in os.listdir(f"/proc/{pid}/fd"))
    except (FileNotFoundError, ProcessLookupError):
        return False


def killed(build, orders, directory):
    """Killed in the middle, it leaves nothing behind."""
    words = command(build, "simulate", orders, *LITTLE, "--outcomes", "/dev/null")
    with subprocess.Popen(words, env={**os.environ, "TMPDIR": directory}) as process:
        while not used_the_disk(process.pid):
            if process.poll() is not None:
                sys.exit("with little memory it never used the disk")
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    if os.listdir(directory):
        sys.exit(f"left behind after a kill: {os.listdir(directory)}")
    print("ok: killed, it leaves nothing behind")


def refused(build, orders, directory):
    words = command(build, "simulate", orders, *LITTLE, "--outcomes", "/dev/null")
    said = run(words, f"{directory}/none", code=100).stderr
    if f"TMPDIR {directory}/none: " not in said or "expected a directory" not in said:
        sys.exit(f"a TMPDIR that is none: {said}")
    print("ok: a TMPDIR that is none is refused")


def write_orders(file):
    with open(f"{ROOT}/deploy/demo/orders.csv", encoding="utf-8") as demo:
        for number, line in enumerate(demo):
            if number > ORDERS_OF_DEMO:
                break
            file.write(f"{line.rstrip()},{'note' if number == 0 else 'x' * NOTE_BYTES}\n")
    file.flush()


def main(build):
    with tempfile.TemporaryDirectory() as directory, \
            tempfile.NamedTemporaryFile("w", suffix=".csv") as orders:
        write_orders(orders)
        compare(build, orders.name, directory, [], "a simulation")
        against = ["--against", f"{ROOT}/deploy/policy/hotel.yaml"]
        compare(build, orders.name, directory, against, "a comparison")
        suggested(build, orders.name, directory)
        killed(build, orders.name, directory)
        refused(build, orders.name, directory)


main(sys.argv[1] if len(sys.argv) > 1 else "build")
