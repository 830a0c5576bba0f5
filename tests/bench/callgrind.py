"""Instructions of one function of a program, counted by valgrind's callgrind.

They hold still on a busy machine, times do not.
"""
import json
import os
import re
import shutil
import subprocess
import tempfile


def is_there():
    return shutil.which("valgrind") is not None


def count(function, words):
    """(what the program printed, instructions of each call of the function, in their order)"""
    with tempfile.TemporaryDirectory() as folder:
        text = subprocess.run(["valgrind", "--tool=callgrind",
                               f"--callgrind-out-file={folder}/out",
                               f"--toggle-collect={function}", f"--dump-after={function}", *words],
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True).stdout
        totals = []
        while os.path.exists(f"{folder}/out.{len(totals) + 1}"):
            with open(f"{folder}/out.{len(totals) + 1}") as file:
                totals.append(int(re.search(r"^totals: (\d+)", file.read(), re.M).group(1)))
        return text, totals


def steps(words):
    """{what: instructions a call} of step_bench, which measures several things one by one."""
    text, totals = count("ask_all", words)
    lines = [json.loads(line) for line in text.splitlines()]
    if not lines or len(lines) != len(totals):
        raise SystemExit(f"step_bench measured {len(lines)} things, callgrind {len(totals)}")
    return {line["what"]: total / line["calls"] for line, total in zip(lines, totals)}
