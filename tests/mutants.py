#!/usr/bin/env python3
"""mutants.py - breaks the arbiter in one place at a time; a test must notice each.

usage: mutants.py [-l] [NAME...]        default: all; -l lists them

Works on a copy of the sources in BUILD/mutants (BUILD: build).  For each mutant
of tests/mutants.txt the line is changed there, what it touches is built again,
and the tests are asked, until one fails: of a rule of the arbiter the property
test (tests/property) first, else the unit tests of the same folder.  Prints which.
A mutant that no test notices is a test that is missing: exit 1.
"""
import fcntl
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = (ROOT / os.environ.get("BUILD", "build")).resolve() / "mutants"
TREE, OBJECTS = WORK / "tree", WORK / "objects"
LIMIT_S = 240
PROPERTY = "tests/property/arbiter_test"
UNITS = ("scheduler_*_test.c", "stream_*_test.c", "token_coupon_pool_test.c",
         "policy_caps*_test.c", "policy_quiet*_test.c",
         "policy_window*_test.c", "policy_shared_test.c", "policy_sending*_test.c", "policy_warn_test.c",
         "segmenter_*_test.c", "mail_refusals_test.c",
         "mail_address_test.c", "mail_name_test.c", "email_sender_classify_test.c",
         "review_solicitor_story_test.c", "email_sender_person_test.c",
         "email_sender_again_test.c", "email_sender_retry_test.c", "message_event_authority_test.c",
         "message_event_test.c",
         # Doors.
         "nurturectl_clock_test.c", "io_http_doors_test.c",
         "base_arena_test.c", "token_keys_test.c", "message_event_place_test.c",
         "codec_protobuf_message_test.c", "base_url_test.c", "io_config_secrets_test.c",
         "ingest_parts_test.c",
         # The disk of Redis.
         "io_index_rewrite_test.c",
         # Topics that change.
         "io_topic_ends_test.c")


def fail(words):
    sys.exit(f"mutants.py: {words}")


def read_mutants(path):
    """Blocks of 'name: what it means', 'file', '- old', '+ new'; a '#' begins a remark."""
    mutants, at = [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] in "-+" and at:
            at[line[0]].append(line[2:].replace("\\t", "\t").replace("\\n", "\n"))
            continue
        match = re.fullmatch(r"([a-z0-9-]+) (\S+\.[ch]): (.+)", line)
        if not match:
            fail(f"{path}:{number}: expected \"name file.c: words\", \"- old\" or \"+ new\"")
        at = {"name": match[1], "file": match[2], "words": match[3], "-": [], "+": []}
        mutants.append(at)
    return mutants


def mutate(mutant):
    """None, or why it can not be."""
    path = TREE / mutant["file"]
    text = path.read_text()
    for old, new in zip(mutant["-"], mutant["+"], strict=True):
        if old not in text:
            return f"{mutant['file']} has no \"{old}\" any more: say it anew"
        text = text.replace(old, new)
    path.write_text(text)
    return None


def restore(mutant):
    """Newer than any object that was made of the mutant."""
    shutil.copyfile(ROOT / mutant["file"], TREE / mutant["file"])
    os.utime(TREE / mutant["file"])


def sources():
    """The names of the files that a build and its tests read."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout.split("\0")
    return {name for name in listed
            if name.startswith(("common/", "services/", "proto/", "tests/", "deploy/", "Makefile"))
            and (ROOT / name).is_file()}


def copy_sources():
    """Makes TREE the same as the sources: what is gone there goes here."""
    names = sources()
    gone = [path for path in TREE.rglob("*")
            if path.is_file() and str(path.relative_to(TREE)) not in names]
    for path in gone:
        path.unlink()
    # make does not see that a library has one part less, nor that it would compile otherwise.
    if gone:
        for library in OBJECTS.glob("*.a"):
            library.unlink()
    for name in sorted(names):
        source, target = ROOT / name, TREE / name
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        if name == "Makefile":
            shutil.rmtree(OBJECTS, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        os.utime(target)


@contextmanager
def at_work():
    """One run at a time; what a run that was killed had built is not believed."""
    WORK.mkdir(parents=True, exist_ok=True)
    running = WORK / "running"
    with running.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fail(f"another run is at work in {WORK}")
        file.seek(0)
        if file.read():
            shutil.rmtree(OBJECTS, ignore_errors=True)
        file.write("This run has not come to its end.\n")
        file.flush()
        # The compilers hold the lock as well, should they outlive us.
        os.set_inheritable(file.fileno(), True)
        try:
            yield
        except SystemExit:
            file.truncate(0)
            raise
        file.truncate(0)


def build(tests):
    """The words of the compiler, or None."""
    done = subprocess.run(["make", "--no-print-directory", f"-j{os.cpu_count()}",
                           f"BUILD={OBJECTS}", "CFLAGS=-O1 -w",
                           *(f"{OBJECTS}/{test}" for test in tests)],
                          cwd=TREE, capture_output=True, text=True, check=False, close_fds=False)
    return None if done.returncode == 0 else done.stdout + done.stderr


def runs(test):
    """What noticed, or None."""
    arguments = ["4000", "1", "as-is"] if test == PROPERTY else []
    try:
        done = subprocess.run([str(OBJECTS / test), *arguments], cwd=ROOT, timeout=LIMIT_S,
                              capture_output=True, text=True, errors="replace", check=False)
    except subprocess.TimeoutExpired:
        return f"{test}: not done after {LIMIT_S} s"
    if done.returncode == 0:
        return None
    seed = re.search(r"ERROR: (seed \d+)", done.stdout + done.stderr)
    names = re.findall(r"^\[  FAILED  \] (\w+)$", done.stdout + done.stderr, re.M)
    return f"{Path(test).name}, {seed[1] if seed else names[0] if names else 'which fell'}"


def nearest_first(mutant, units):
    """Groups of tests; those that notice most of the mutants of a folder are asked first."""
    folder = Path(mutant["file"]).parts[1].replace("-", "_")
    near = [test for test in units if Path(test).name.startswith(folder)]
    far = [test for test in units if test not in near]
    if folder in ("scheduler", "policy"):
        return [PROPERTY], near, far
    return near, far, [PROPERTY]


class DoesNotBuild(Exception):
    pass


def ask_tests(groups):
    for tests in groups:
        words = build(tests) if tests else None
        if words:
            raise DoesNotBuild(f"it does not build:\n{words[-2000:]}")
        for test in tests:
            noticed = runs(test)
            if noticed:
                return noticed
    return None


def judge(mutant, units):
    """(killed, SURVIVED or WRONG; what noticed, or why not)"""
    wrong = mutate(mutant)
    if wrong:
        return "WRONG", wrong
    try:
        noticed = ask_tests(nearest_first(mutant, units))
    except DoesNotBuild as words:
        return "WRONG", str(words)
    finally:
        restore(mutant)
    return ("killed", noticed) if noticed else ("SURVIVED", mutant["words"])


def judge_all(mutants):
    """Whether all were noticed."""
    copy_sources()
    units = sorted(str(path.relative_to(ROOT).with_suffix(""))
                   for glob in UNITS for path in (ROOT / "tests/unit").glob(glob))
    try:
        noticed = ask_tests([[PROPERTY, *units]])
    except DoesNotBuild as words:
        fail(f"the sources as they are: {words}")
    if noticed:
        fail(f"a test fails on the sources as they are: {noticed}")
    ends = {"killed": 0, "SURVIVED": 0, "WRONG": 0}
    for mutant in mutants:
        end, words = judge(mutant, units)
        ends[end] += 1
        print(f"{end:9} {mutant['name']:32} {words}", flush=True)
    print(f"{ends['killed']} killed, {ends['SURVIVED']} survived, {ends['WRONG']} could not be tried")
    return ends["killed"] == len(mutants)


def main():
    mutants = read_mutants(ROOT / "tests/mutants.txt")
    names = [name for name in sys.argv[1:] if name != "-l"]
    unknown = set(names) - {mutant["name"] for mutant in mutants}
    if unknown:
        fail(f"expected names of tests/mutants.txt, found {', '.join(sorted(unknown))}")
    mutants = [m for m in mutants if not names or m["name"] in names]
    if "-l" in sys.argv[1:]:
        for mutant in mutants:
            print(f"{mutant['name']:32} {mutant['words']}")
        return 0
    with at_work():
        return 0 if judge_all(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
