"""How an end-to-end test speaks: one line for everything that must hold.

A script has parts, functions that are given the running system; what each one
finds is printed as it is found, and the last line counts it.  A part that
breaks is a failure, and the parts after it still run.
"""
import argparse
import os
import sys
import time
import traceback

import parts

passed, failed = 0, 0


def check(holds, what, found=""):
    """One thing that must hold; found is shown when it does not. Returns whether it holds."""
    global passed, failed
    if holds:
        passed += 1
        print(f"  ok    {what}", flush=True)
    else:
        failed += 1
        print(f"  FAIL  {what}" + (f": {found}" if found != "" else ""), flush=True)
    return bool(holds)


def equal(found, expected, what):
    return check(found == expected, what, f"expected {expected!r}, found {found!r}")


def eventually(question, what, seconds=20, found=None):
    """What must hold before the time is up. Returns the answer, or None."""
    until = time.time() + seconds
    while True:
        try:
            answer = question()
        except OSError:
            answer = None
        if answer or time.time() > until:
            break
        time.sleep(0.05)
    check(answer, what, f"not within {seconds} s" + (f": {found()}" if found else ""))
    return answer or None


def arguments(manual):
    parser = argparse.ArgumentParser(description=manual.strip().split("\n")[0])
    parser.add_argument("build", nargs="?", default=os.environ.get("BUILD", "build"))
    parser.add_argument("--libs", help="directory of the broker's jars")
    parser.add_argument("--keep", action="store_true", help="keep the logs when all is well, too")
    return parser.parse_args()


def run(name, part, *given):
    global failed
    print(f"{name}", flush=True)
    begun = time.time()
    try:
        part(*given)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - told, and the rest runs
        failed += 1
        print(f"  FAIL  it broke: {type(error).__name__}: {error}", flush=True)
        if not isinstance(error, SystemExit):
            traceback.print_exc(limit=-3, file=sys.stdout)
    print(f"  ({time.time() - begun:.1f} s)", flush=True)


def title(part):
    return (part.__doc__ or part.__name__).strip().split("\n")[0]


def tell(manual, policy, table, setup=None, own_broker=False, clock="wall", **options):
    """The whole script: a system under the policy, its parts in turn, the count, the exit code.

    own_broker: one that a part may kill, also when another is given.
    """
    chosen = arguments(manual)
    begun = time.time()
    system = None
    try:
        system = parts.System(chosen.build, parts.policy(policy), clock, libs=chosen.libs,
                              broker=None if own_broker else parts.given_broker(), **options)
        if setup:
            setup(system)
        print(f"started in {time.time() - begun:.1f} s", flush=True)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - told, and the rest runs
        check(False, "the system starts", f"{type(error).__name__}: {error}")
    else:
        for part in table:
            run(title(part), part, system)
        run("everything stops", lambda: system.stop(keep_files=True))
    if system and (failed or chosen.keep):
        print(f"files: {system.folder}")
    elif system:
        system.forget()
    print(f"after {time.time() - begun:.0f} s")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
