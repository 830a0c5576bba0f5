#!/usr/bin/env python3
"""docs.py - are the pages about what there is?

usage: docs.py BUILD              exit 1 and a line for each place where they are not
       docs.py BUILD --write      docs/settings.md and the chart's list of settings, as the
                                  programs' --help has them

Checked: docs/settings.md and the chart's list are what the settings' tables say; docs/operations.md
has every metric and every log event, and no other; proto/README.md has every rule that is no cap;
the tables of topics have each topic; the table of docs/performance.md is that of
docs/performance.json; files and functions that a page names are there; the README leads to each
page of docs; prose is no wider than 100 columns.
"""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench"))
import table as bench_table  # noqa: E402

PROGRAMS = ["ingest", "segmenter", "scheduler", "email-sender", "review-solicitor", "desk",
            "console", "nurturectl"]
# These share a loop, and the settings of it.
LOOPS = ["segmenter", "scheduler", "email-sender", "review-solicitor", "desk"]
COLUMNS = 100
SETTINGS_HEAD = """\
# Settings

Made by `make docs` from the tables that the programs read (`PROGRAM --help` prints them); a test
compares. All come from the environment. A variable that is empty counts as not set. A *secret* may
also come from a file, which `NAME_FILE` names. A duration is a number with `ms`, `s`, `m`, `h`,
`d` or `w`. `PROGRAM --check-config` reads all of it, and the files that it names, and says `ok` or
what is wrong (exit 100). What the secrets open is in [doors.md](doors.md).
"""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def files(*endings):
    """Of the tree, without what was built or fetched."""
    found = []
    for folder, folders, names in os.walk("."):
        folders[:] = sorted(set(folders) - {"build", "node_modules", ".git", ".run"})
        found += [os.path.relpath(os.path.join(folder, name)) for name in sorted(names)
                  if name.endswith(endings)]
    return found


# settings

def settings_of(build, program):
    """[(name, default, range, text)], as --help prints them."""
    page = subprocess.run([f"{build}/bin/{program}", "--help"], capture_output=True, text=True,
                          check=True).stdout.split("\nSETTINGS", 1)[1]
    rows = []
    for line in page.split("\n")[1:]:
        if re.match(r"  [A-Z]", line):
            name, rest = line.split(None, 1)
            default, _, allowed = rest.partition("; ")
            rows.append((name, default.removeprefix("default "), allowed, ""))
        elif rows and line.startswith("    "):
            rows[-1] = rows[-1][:3] + ((rows[-1][3] + " " + line.strip()).strip(),)
    return rows


def cell(text):
    return text.replace("|", "\\|")


def table(rows):
    lines = ["| setting | default | may be | what for |", "|---|---|---|---|"]
    for name, default, allowed, text in rows:
        shown = default if default in ("required", "empty") else f"`{cell(default)}`"
        values = re.sub(r"secret, also as \S+", "a secret", allowed).replace("|", ", ")
        lines.append(f"| `{name}` | {shown} | {values or 'text'} | {cell(text)} |")
    return "\n".join(lines)


def settings_page(build):
    rows = {program: settings_of(build, program) for program in PROGRAMS}
    shared = [row for row in rows[LOOPS[0]] if all(row in rows[loop] for loop in LOOPS)]
    parts = [SETTINGS_HEAD, "## All services but ingest\n", table(shared) + "\n"]
    for program in PROGRAMS:
        own = [row for row in rows[program] if program not in LOOPS or row not in shared]
        parts += [f"## {program}\n", table(own) + "\n"]
        if program in LOOPS:
            parts[-2] += "\nBesides those above:\n"
    return "\n".join(parts)


def chart_settings(build):
    """A line for each service, with the settings that it reads: the chart refuses others."""
    rows = {program: sorted(row[0] for row in settings_of(build, program))
            for program in PROGRAMS if program in ("ingest", "console") or program in LOOPS}
    return "{" + ",\n ".join(f"{json.dumps(name)}: {json.dumps(names)}"
                             for name, names in rows.items()) + "}\n"


SETTINGS_FILES = {"docs/settings.md": settings_page,
                  "deploy/helm/nurture/files/settings.json": chart_settings}


def check_settings(build):
    for path, made in SETTINGS_FILES.items():
        if read(path) != made(build):
            yield f"{path}: is not what the settings' tables say; make docs writes it anew"


def write_settings(build):
    for path, made in SETTINGS_FILES.items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(made(build))


# metrics and log events

def arguments(text, begin):
    """The arguments of a call, without the spaces around them; begin is behind its parenthesis."""
    found, depth, start, quoted = [], 0, begin, False
    for at in range(begin, len(text)):
        char = text[at]
        if quoted:
            quoted = char != '"' or text[at - 1] == "\\"
        elif char == '"':
            quoted = True
        elif char in "([{":
            depth += 1
        elif char in ")]}" and depth == 0:
            return found + [text[start:at].strip()]
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
    return found


def names_in_sources():
    """(metrics, log events), each as name -> file."""
    metrics, events = {}, {}
    for path in files(".c"):
        if path.startswith("tests"):
            continue
        text = read(path)
        for name in re.findall(r'(?:"|# TYPE )(nurture_[a-z_]+)[" ]', text):
            metrics[name] = path
        for call in re.finditer(r"(?<!void )\blog_(event|record)\(", text):
            said = arguments(text, call.end())[1 if call[1] == "event" else 0]
            for name in re.findall(r'"([^"]*)"', said):
                events[name] = path
    return metrics, events


def names_on_page(page, heading):
    section = re.search(rf"^## {heading}$(.*?)(^## |\Z)", page, re.M | re.S)
    return re.findall(r"^\| `([a-z_]+)[`{]", section.group(1), re.M) if section else []


def differences(what, in_sources, on_page):
    for name in sorted(set(in_sources) - set(on_page)):
        yield f"docs/operations.md: {what} {name} ({in_sources[name]}) is missing"
    for name in sorted(set(on_page) - set(in_sources)):
        yield f"docs/operations.md: {what} {name} is in no source"
    for name in sorted({name for name in on_page if on_page.count(name) > 1}):
        yield f"docs/operations.md: {what} {name} is there twice"


def check_operations():
    page = read("docs/operations.md")
    metrics, events = names_in_sources()
    # A comparison that cannot fail is none.
    assert list(differences("", {"a": ""}, [])) and list(differences("", {}, ["a"]))
    assert metrics and events, "no metric or no log event was found in the sources"
    yield from differences("the metric", metrics, names_on_page(page, "Metrics"))
    yield from differences("the log event", events, names_on_page(page, "Log events"))


# what pages name

def check_names(pages):
    sources = "\n".join(read(path) for path in files(".c", ".h", ".py", ".sh"))
    basenames = {os.path.basename(path) for path in files(".c", ".h")}
    functions = set(re.findall(r"\b([a-z_0-9]+)\(", sources))
    for page in pages:
        text = re.sub(r"^```.*?^```", "", read(page), flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            if not os.path.exists(os.path.join(os.path.dirname(page), target)):
                yield f"{page}: {target} is not there"
        for name in re.findall(r"`([a-z_0-9]+)\(\)`", text):
            if name not in functions:
                yield f"{page}: {name}() is no function here"
        for path in re.findall(r"`((?:common|services|tests|deploy|proto|docs)/[\w./-]*)`", text):
            if "NAME" not in path and not os.path.exists(path):
                yield f"{page}: {path} is not there"
        for name in re.findall(r"`([a-z_]+\.[ch])`", text):
            if name not in basenames:
                yield f"{page}: there is no file {name}"


def check_route():
    """A row of a table that has files and functions: each function is in one of the files."""
    for line in read("docs/architecture.md").split("\n"):
        named = re.findall(r"`((?:common|services)/[\w./-]+\.c)`|`([a-z_]+\.c)`", line)
        if not line.startswith("|") or not named:
            continue
        folder = os.path.dirname(next(path for path, _ in named if path))
        text = "".join(read(path or f"{folder}/{name}") for path, name in named)
        for name in re.findall(r"`([a-z_0-9]+)\(\)`", line):
            if not re.search(rf"\b{name}\(", text):
                yield f"docs/architecture.md: {name}() is in no file of its row"


# What is public has its fields on the page of the contract: message, file, section.
CONTRACT = [("Event", "event.proto", "## 2. An event"),
            ("Customer", "event.proto", "## 2. An event"),
            ("Order", "event.proto", "## 2. An event"),
            ("Outcome", "outcome.proto", "## 3. An outcome"),
            ("Reason", "outcome.proto", "## 3. An outcome"),
            ("Rival", "outcome.proto", "## 3. An outcome")]


def json_names(message, file):
    """What a message's fields are called in JSON: as declared, or as a comment says."""
    block = re.search(rf"^message {message} {{\n(.*?)^}}", read(f"proto/nurture/v1/{file}"),
                      re.S | re.M).group(1)
    for name, rest in re.findall(r"^  (?:repeated )?[\w.]+ (\w+) = \d+(.*)", block, re.M):
        said = re.search(r'json_name = "(\w+)"|in JSON "(\w+)"[,;]? ?(?!.*\d")', rest)
        yield next(filter(None, said.groups())) if said else name.rstrip("_")


def check_contract():
    page = read("proto/README.md")
    for message, file, heading in CONTRACT:
        section = page[page.index(heading):].split("\n## ", 1)[0]
        for name in json_names(message, file):
            if not re.search(rf'[`".]{name}[`".\[]', section):
                yield f"proto/README.md: {heading[3:]} does not say {name} ({message}, {file})"


def check_rules():
    """Every rule that is not a cap stands in the contract, and no other."""
    table = set(re.findall(r'^\tX\(\w+, "(\w+)"', read("common/policy/rule.h"), re.M))
    row = re.search(r"^\| `reason\.rule` \|(.*)\|$", read("proto/README.md"), re.M).group(1)
    named = set(re.findall(r"`(\w+)`", row)) - {"held_by"}
    assert table, "common/policy/rule.h: the table of rules was not found"
    for name in sorted(table - named):
        yield f"proto/README.md: reason.rule does not say {name} (common/policy/rule.h)"
    for name in sorted(named - table):
        yield f"proto/README.md: reason.rule says {name}, which is no rule of common/policy/rule.h"


# Each topic stands in each of these, behind a heading: who writes it, how long it says something of
# a person, why its records fit.
TOPIC_TABLES = (("proto/README.md", "## 1. Topics"), ("docs/erasure.md", "## What remains where"),
                ("docs/operations.md", "## What is too large"))


def check_topics():
    """Every topic that nurturectl makes stands in the tables of topics."""
    topics = re.findall(r'^    \{"([a-z-]+)",', read("common/io/kafka/topic_plans.c"), re.M)
    assert len(topics) > 10, "common/io/kafka/topic_plans.c: the topics were not found"
    for path, heading in TOPIC_TABLES:
        section = read(path).split(f"\n{heading}", 1)[1].split("\n## ", 1)[0]
        named = {name for row in re.findall(r"^\|([^|]*)\|", section, re.M)
                 for name in re.findall(r"`(?:nurture\.)?([a-z-]+)`", row)}
        for name in topics:
            if name not in named:
                yield f"{path}: {heading[3:]}: {name} of common/io/kafka/topic_plans.c is missing"


def check_linked():
    """Whoever begins with the README finds every page of docs from there."""
    linked = set(re.findall(r"\]\((docs/[\w.-]+\.md)\)", read("README.md")))
    for page in sorted(os.path.join("docs", name) for name in os.listdir("docs") if name.endswith(".md")):
        if page not in linked:
            yield f"README.md: no link leads to {page}"


def check_width(pages):
    for page in pages:
        fenced = False
        for number, line in enumerate(read(page).split("\n"), 1):
            fenced ^= line.startswith("```")
            is_prose = not fenced and not line.startswith(("|", "    ", "```"))
            if is_prose and len(line) > COLUMNS and " " in line.strip():
                yield f"{page}:{number}: {len(line)} columns, at most {COLUMNS} are readable"


def main():
    if len(sys.argv) < 2 or sys.argv[2:] not in ([], ["--write"]):
        sys.exit(__doc__)
    build = os.path.abspath(sys.argv[1])
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    if sys.argv[2:]:
        write_settings(build)
        return
    pages = files(".md")
    findings = [*check_settings(build), *check_operations(), *check_names(pages),
                *check_route(), *check_contract(), *check_rules(), *check_topics(),
                *check_linked(), *check_width(pages), *bench_table.differences()]
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(f"docs: {len(findings)} finding(s)")
    print(f"docs: {len(pages)} pages are about what there is")


if __name__ == "__main__":
    main()
