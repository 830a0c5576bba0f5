#!/usr/bin/env python3
"""A machine's clock is wrong, for a moment or from its start: nothing is decided at that time.

usage: clock_jump.py [BUILD] [--libs DIR]

Everything but the service under test keeps the right time. What waits is not
burnt by a clock that jumps ahead, and no partition is blocked when the clock
comes back.
"""
import os
import subprocess
import time

import parts
import shop
import story
import topics
from story import check, equal, eventually

DAY_S = 86400
JUMPING = ["segmenter", "review-solicitor", "scheduler", "email-sender"]


def setup(system):
    system.times, system.library = f"{system.folder}/time", f"{system.folder}/clock_shift.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", system.library,
                    f"{parts.ROOT}/tests/e2e/clock_shift.c", "-ldl"], check=True)
    set_clock(system, 0)
    system.started = system.run_all("ingest")
    for name in parts.STATEFUL:
        system.started[name] = system.run(name, **fake(system))
    for service in system.started.values():
        system.ready(service)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    system.requests = topics.Reader(system, "requests")


def fake(system):
    # A library before ASan's own is an error to it; nothing is checked by that.
    return {"LD_PRELOAD": system.library, "CLOCK_SHIFT_FILE": system.times,
            "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0"}


def set_clock(system, shift_s):
    """What is added to the time that the services see, in seconds."""
    with open(system.times + ".new", "w") as file:
        file.write(f"{shift_s}\n")
    os.replace(system.times + ".new", system.times)


def order_of(system, *names):
    system.shop.publish(*[shop.event("order.placed", shop.person(name), order=shop.order(name))
                          for name in names])


def statuses(system, *names):
    return {o["customer"]: o["status"] for o in system.outcomes.objects(programme="thanks")
            if o["customer"] in names and o["status"] != "deferred"}


def thanked(system, *names):
    wanted = {name: "sent" for name in names}
    eventually(lambda: statuses(system, *names) == wanted, f"{len(names)} are thanked", 40,
               lambda: statuses(system, *names))


def all_end(system, what):
    """Everybody who decides comes to see it, with something to decide or not yet."""
    def who():
        return {n: system.started[n].process.poll() for n in JUMPING}
    eventually(lambda: system.started["segmenter"].process.poll() is not None, f"{what}: it stops", 20,
               who)
    equal(system.started["segmenter"].process.poll(), 111, "exit 111")
    text = system.started["segmenter"].log_text()
    check("this machine's clock says" in text and "broker" in text, "with a sentence", text[-500:])


def end(service):
    if service.process.poll() is None:
        service.kill()


def again(system):
    """The clock is right again, and all are started."""
    set_clock(system, 0)
    for name in JUMPING:
        end(system.started[name])
    for name in JUMPING:
        system.started[name].start()
    for name in JUMPING:
        system.ready(system.started[name])


def jump(shift_s, name):
    def part(system):
        names = [f"{name}{n}" for n in range(12)]
        order_of(system, *[f"before-{n}" for n in names])
        thanked(system, *[f"before-{n}" for n in names])
        set_clock(system, shift_s)
        order_of(system, *names)
        all_end(system, name)
        time.sleep(2)
        equal(statuses(system, *names), {}, "nobody has an end: nothing expired")
        again(system)
        thanked(system, *names)
        # A partition that had been decided in the future would answer only then.
        late = [f"after-{n}" for n in names]
        order_of(system, *late)
        thanked(system, *late)
    part.__doc__ = f"the clock jumps {name} by a day while all are running"
    return part


def wrong_from_the_start(system):
    """a machine that boots in 1970, or in 2031"""
    for name in JUMPING:
        end(system.started[name])
    for shift_s, name in ((-int(time.time()), "past"), (1500 * DAY_S, "future")):
        set_clock(system, shift_s)
        order_of(system, *[f"{name}{n}" for n in range(6)])
        service = system.run("segmenter", **fake(system))
        eventually(lambda: service.process.poll() is not None, f"{name}: it stops", 30)
        equal(service.process.poll(), 111, "exit 111")
        check("clock" in service.log_text(), "with a sentence", service.log_text()[-500:])
        system.services.remove(service)
    again(system)
    thanked(system, *[f"{name}{n}" for n in range(6) for name in ("past", "future")])


def put_right(system):
    """a partition that was decided in the future is seen, and can be put right"""
    for name in JUMPING:
        system.started[name].stop()
    code, text = system.ctl("clock", "--service", "segmenter", "--set", "2031-01-01T00:00:00Z", "--yes",
                            check=False)
    equal(code, 0, "the clocks are set to 2031")
    code, text = system.ctl("clock", check=False)
    check(code == 1 and "2031-01-01" in text, "nurturectl clock shows it: exit 1", f"{code} {text}")
    service = system.run("segmenter", **fake(system))
    eventually(lambda: service.process.poll() is not None, "the segmenter does not decide at 2031", 30)
    check("nurturectl clock --set now" in service.log_text(), "it says what to do",
          service.log_text()[-500:])
    system.services.remove(service)
    code, text = system.ctl("clock", "--set", "now", check=False)
    check(code == 1 and "--yes" in text, "without --yes nothing is done", f"{code} {text}")
    code, text = system.ctl("clock", "--set", "now", "--yes", check=False)
    equal(code, 0, "set to now")
    for more in ((), ("--yes",)):
        code, text = system.ctl("clock", "--set", "now", *more, check=False)
        check(code == 0 and "no clock is ahead" in text, "once more there is nothing to set",
              f"{more} {code} {text}")
    again(system)
    order_of(system, "healed1", "healed2", "healed3")
    thanked(system, "healed1", "healed2", "healed3")
    code, text = system.ctl("clock", "--set", "now", "--yes", check=False)
    equal(code, 111, "refused while they are running")
    equal(system.ctl("clock", check=False)[0], 0, "and all is well")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [jump(DAY_S, "ahead"), jump(-DAY_S, "behind"), wrong_from_the_start,
                                     put_right], setup)
