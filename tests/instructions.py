#!/usr/bin/env python3
"""How many instructions a decision, a mail and an event take: none may grow by more than 5 %.

usage: instructions.py BUILD [--write]     exit 1 when one has grown, 77 when it cannot be said

Times depend on what else a machine does, instructions (valgrind's callgrind) hardly do.  What a
step took when somebody last looked stands in tests/golden/instructions.json, for each compiler and
C library: another one counts otherwise.  --write puts down what it takes now; say why in the
commit.
"""
import json
import os
import platform
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, f"{ROOT}/tests/bench")
import callgrind  # noqa: E402

GOLDEN = f"{ROOT}/tests/golden/instructions.json"
GROWTH = 0.05
SKIPPED = 77
STEPS = ["tests/bench/step_bench", "--policy", f"{ROOT}/deploy/policy/shop.yaml",
         "--orders", f"{ROOT}/deploy/demo/orders.csv", "--until", "2026-03-01T00:00:00Z",
         "--templates", f"{ROOT}/deploy/templates", "--steps", "2000", "--passes", "1"]
DECISIONS = 20
ARBITER = ["tests/bench/arbiter_bench", "10", "10", str(DECISIONS)]


def built_with():
    """The compiler that make used, as far as we can ask, and the C library."""
    cc = os.environ.get("CC", "cc").split()
    version = subprocess.run([*cc, "-dumpfullversion"], check=True, stdout=subprocess.PIPE,
                             text=True).stdout.strip()
    return f"cc {version}, {' '.join(platform.libc_ver())}, {platform.machine()}"


def count(build):
    """{what: instructions of one}"""
    result = {what: int(total) for what, total in
              callgrind.steps([f"{build}/{STEPS[0]}", *STEPS[1:]]).items()}
    totals = callgrind.count("decide_all", [f"{build}/{ARBITER[0]}", *ARBITER[1:]])[1]
    result["decision, 10 wait, 10 rules"] = totals[0] // DECISIONS
    return result


def compare(before, now):
    grown = 0
    for what in sorted(before | now):
        if what not in before or what not in now:
            print(f"FAIL  {what}: {'not counted any more' if what in before else 'not known'}")
            grown += 1
            continue
        ratio = now[what] / before[what]
        word = "FAIL" if ratio > 1 + GROWTH else "ok"
        note = "; less: --write it down" if ratio < 1 - GROWTH else ""
        grown += word == "FAIL"
        print(f"{word:5} {what:28} {now[what]:9,} instructions, {ratio - 1:+6.1%} of "
              f"{before[what]:,}{note}")
    print(f"{len(before | now) - grown} passed, {grown} failed")
    return 1 if grown else 0


def main():
    arguments = sys.argv[1:]
    write = "--write" in arguments
    if len(arguments) != 1 + write or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 100
    if not callgrind.is_there():
        print("skipped: valgrind is not installed")
        return SKIPPED
    with open(GOLDEN) as file:
        golden = json.load(file)
    key = built_with()
    if key not in golden and not write:
        print(f"skipped: no counts for {key} (there are: {'; '.join(golden)}); "
              "instructions.py BUILD --write puts them down")
        return SKIPPED
    now = count(arguments[0])
    if not write:
        return compare(golden[key], now)
    golden[key] = now
    with open(GOLDEN, "w") as file:
        json.dump(golden, file, indent="\t", sort_keys=True)
        file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
