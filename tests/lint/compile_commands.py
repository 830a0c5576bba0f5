#!/usr/bin/env python3
"""compile_commands.py - how each C file is compiled, for clang-tidy and for editors.

usage: compile_commands.py OUTPUT        (make compile_commands.json runs it)

Asks make what it would do if everything were out of date, and keeps the lines that
compile one of our C files (what protoc-c generates is nobody's to edit).
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main():
    if len(sys.argv) != 2:
        sys.exit("compile_commands.py: expected one argument, the file to write")
    # Flags such as -n or -B that our own make was given are not for this one.
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    said = subprocess.run(["make", "--no-print-directory", "--always-make", "--dry-run", "CC=cc", "objects"],
                          cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    commands = [{"directory": str(ROOT), "file": file, "command": command}
                for file, command in re.findall(r'^echo "cc +(\S+)"; (.+)$', said.stdout, re.M)
                if "/gen/" not in file]
    if not commands:
        sys.exit("compile_commands.py: expected lines that compile, but make says none")
    Path(sys.argv[1]).write_text(json.dumps(commands, indent=1) + "\n")


if __name__ == "__main__":
    main()
