#!/usr/bin/env python3
"""One table of everything that the parts of make bench found, beside what is aimed at.

usage: table.py print FOLDER     the table, of FOLDER/*.json, as text; exit 1 when rows are missing
       table.py publish FOLDER   the same into docs/performance.json and docs/performance.md
       table.py page             docs/performance.md again, from docs/performance.json
       table.py check            exit 1 when that page and that file disagree

A row has a value for each round: the ratio of ours to what it stands beside, or what was measured
where it stands beside nothing.  Shown are the median, and the least and the most.
"""
import collections
import glob
import json
import os
import statistics
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = f"{ROOT}/docs/performance.md"
FILE = f"{ROOT}/docs/performance.json"
BEGIN = "<!-- bench: begin; written by tests/bench/table.py from performance.json -->"
END = "<!-- bench: end -->"

# goal: (">=" or "<=", number), or None where nothing was promised; unit: of ours and theirs.
Row = collections.namedtuple("Row", "part name text goal unit")
ROWS = [
    Row("services", "copies", "segmenter, review-solicitor and scheduler, beside a chain of bare "
        "exactly-once copies", (">=", 0.7), "events/s"),
    Row("services", "streams", "the same, beside Kafka Streams, both just started", (">=", 2),
        "events/s"),
    Row("services", "streams_warm", "the same, beside Kafka Streams after it had all events once",
        None, "events/s"),
    Row("services", "streams_cpu", "processor time of services, Redis and broker, beside Kafka "
        "Streams and its broker", ("<=", 0.5), "s"),
    Row("services", "streams_warm_cpu", "the same, Kafka Streams after it had all events once",
        None, "s"),
    Row("services", "streams_memory", "memory at most, services and Redis, beside Kafka Streams",
        ("<=", 0.25), "MiB"),
    Row("services", "given_back", "memory ten seconds after the backlog, beside the most", None,
        "MiB"),
    Row("mailhop", "mail_4", "email-sender, 4 connections, beside smtp-source", (">=", 0.9),
        "mails/s"),
    Row("mailhop", "mail_16", "email-sender, 16 connections, beside smtp-source", (">=", 0.9),
        "mails/s"),
    Row("mailhop", "mail_cpu_email-sender", "processor time of a mail in the email-sender",
        ("<=", 90), "us"),
    Row("mailhop", "mail_cpu_redis", "processor time of a mail in Redis", ("<=", 8), "us"),
    Row("mailhop", "mail_cpu_broker", "processor time of a mail in the broker", ("<=", 15), "us"),
    Row("signing", "sign_rsa2048", "a mail's signature alone, RSA-2048, beside `openssl speed`",
        (">=", 0.95), "a second"),
    Row("signing", "sign_all_rsa2048", "the same with the forms and hashes that are signed", None,
        "a second"),
    Row("signing", "sign_ed25519", "a mail's signature alone, Ed25519, beside `openssl speed`",
        (">=", 0.95), "a second"),
    Row("signing", "sign_all_ed25519", "the same with the forms and hashes that are signed", None,
        "a second"),
    Row("ingest", "ingest_1_handler", "ingest, one event a POST, beside a handler that answers at "
        "once", (">=", 0.5), "events/s"),
    Row("ingest", "ingest_1_connect", "the same, beside Redpanda Connect", (">=", 2), "events/s"),
    Row("ingest", "ingest_1_cpu", "its processor time for an event, beside Redpanda Connect's",
        ("<=", 0.4), "us"),
    Row("ingest", "ingest_1_signed", "the same with signed requests, beside tokens", (">=", 0.8),
        "events/s"),
    Row("ingest", "ingest_100_handler", "ingest, 100 events a POST, beside the handler",
        (">=", 0.5), "events/s"),
    Row("ingest", "ingest_100_connect", "the same, beside Redpanda Connect", (">=", 4),
        "events/s"),
    Row("ingest", "ingest_100_cpu", "its processor time for an event, beside Redpanda Connect's",
        None, "us"),
    Row("ingest", "ingest_100_signed", "the same with signed requests, beside tokens", (">=", 0.8),
        "events/s"),
    Row("shops", "shop_idle", "a shop where nobody orders: services, Redis and broker", None,
        "% of a core"),
    Row("shops", "shop_5", "the same, 5 events a second", ("<=", 10), "% of a core"),
    Row("shops", "shop_50", "the same, 50 events a second", ("<=", 30), "% of a core"),
    Row("shops", "mail_after_50_p50", "from the event to its mail, 50 a second, p50", ("<=", 60),
        "ms"),
    Row("shops", "mail_after_50_p99", "the same, p99", ("<=", 150), "ms"),
    Row("shops", "mail_after_1000_p50", "from the event to its mail, 1,000 a second, p50",
        ("<=", 150), "ms"),
    Row("shops", "mail_after_1000_p99", "the same, p99", ("<=", 400), "ms"),
    Row("waiting", "waiting_scheduler", "Redis for a customer who waits, of a million, in the "
        "scheduler", ("<=", 300), "bytes"),
    Row("waiting", "waiting_all", "the same, in all services", ("<=", 450), "bytes"),
    Row("waiting", "waiting_computed", "Redis for ten million who wait, computed from the row above", None,
        "GiB"),
    Row("waiting", "waiting_idle", "memory of the three services when a million wait", None, "MiB"),
    Row("waiting", "decision", "processor time of a decision among a million who wait, beside "
        "ten thousand", ("<=", 1.2), "us"),
    Row("waiting", "restore_segmenter", "restore of the segmenter", (">=", 400000), "records/s"),
    Row("waiting", "restore_review-solicitor", "restore of the review-solicitor", (">=", 400000),
        "records/s"),
    Row("waiting", "restore_scheduler", "restore of the scheduler", (">=", 400000), "records/s"),
    Row("history", "report", "all orders simulated, with a report", ("<=", 4), "s"),
    Row("history", "comparison", "two policies simulated and compared", ("<=", 6), "s"),
    Row("history", "report_memory", "memory of the report at most", None, "MiB"),
]
# These are ratios; the others are what was measured itself, in their unit.
RATIOS = {"copies", "streams", "streams_cpu", "streams_memory", "mail_4", "mail_16", "sign_rsa2048",
          "sign_all_rsa2048", "sign_ed25519", "sign_all_ed25519", "ingest_1_handler",
          "ingest_1_connect", "ingest_1_cpu", "ingest_1_signed", "ingest_100_handler",
          "ingest_100_connect", "ingest_100_signed", "decision"}
PARTS = list(dict.fromkeys(row.part for row in ROWS))


def read_parts(folder):
    """{part: its JSON}, of those that are there."""
    found = {}
    for path in glob.glob(f"{folder}/*.json"):
        with open(path) as file:
            part = json.load(file)
        if isinstance(part, dict) and part.get("part") in PARTS:
            found[part["part"]] = part
    return found


def number(value):
    """Three digits that mean something, and no more."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(values):
    middle = number(statistics.median(values))
    return middle if len(values) == 1 else (
        f"{middle} ({number(min(values))} to {number(max(values))})")


def is_met(goal, values):
    middle = statistics.median(values)
    return middle >= goal[1] if goal[0] == ">=" else middle <= goal[1]


def goal_of(row, unit):
    word = {">=": "at least", "<=": "at most"}[row.goal[0]]
    return f"{word} {row.goal[1]:,}{unit}"


def cells(row, parts):
    """What is measured, goal, value, whether it is met, ours, what it stands beside."""
    goal = goal_of(row, "" if row.name in RATIOS else f" {row.unit}") if row.goal else ""
    found = parts.get(row.part, {}).get("rows", {}).get(row.name)
    if not found:
        return [row.text, goal, "not measured", "", "", ""]
    values = found["values"]
    met = ("yes" if is_met(row.goal, values) else "no") if row.goal else ""
    if "theirs" not in found:
        return [row.text, goal, f"{spread(values)} {row.unit}", met, "", ""]
    return [row.text, goal, spread(values), met,
            f"{number(statistics.median(found['ours']))} {row.unit}",
            f"{number(statistics.median(found['theirs']))} {row.unit}"]


HEAD = ["what", "aimed at", "measured", "met", "ours", "beside"]


def about(parts):
    """When, on what, with which data; parts may have been run one by one."""
    lines = []
    for name, part in parts.items():
        machine = part["machine"]
        small = " (small: it works, and says nothing of speed)" if part["small"] else ""
        lines.append(f"- {name}{small}: {part['data']}; {part['rounds']} rounds, begun {machine['at']}, "
                     f"load average {machine['load'][0]:.1f} before and "
                     f"{machine['load_at_end'][0]:.1f} after")
    if not parts:
        return ["- no run has been published"]
    machine = list(parts.values())[-1]["machine"]
    versions = ", ".join(f"{name} {text}" for name, text in machine["versions"].items())
    return lines + [f"- machine: {machine['cores']} cores ({machine['processor']}), "
                    f"{machine['memory_gib']} GiB, Linux {machine['kernel']}, {machine['system']}",
                    f"- versions: {versions}"]


def wrap(line):
    """A line of a list, at 100 columns."""
    words, lines = line.split(" "), [""]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > 100:
            lines.append(" ")
        lines[-1] += (" " if lines[-1] else "") + word
    return "\n".join(lines)


def region(parts):
    """What stands between the two marks of the page."""
    rows = [cells(row, parts) for row in ROWS]
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([BEGIN, "", *lines, "", *map(wrap, about(parts)), "", END])


def ordered(parts):
    return {name: parts[name] for name in PARTS if name in parts}


def publish(folder):
    """Whole runs of the real sizes; parts that have none stay as they were published before."""
    found = read_parts(folder)
    whole = {name: part for name, part in found.items() if not part["small"]}
    if not whole:
        sys.exit("not published: no part was run, or all with --small")
    with open(FILE) as file:
        parts = ordered({**json.load(file), **whole})
    with open(FILE, "w") as file:
        json.dump(parts, file, indent=1)
        file.write("\n")
    write_page()


def page_of_file():
    """(the page as it stands, the page as the file has it)"""
    with open(FILE) as file:
        parts = ordered(json.load(file))
    with open(PAGE) as file:
        text = file.read()
    before, rest = text.split(BEGIN, 1)
    return text, before + region(parts) + rest.split(END, 1)[1]


def write_page():
    _, text = page_of_file()
    with open(PAGE, "w") as file:
        file.write(text)


def differences():
    """For tests/docs.py as well: what the page says otherwise than the file."""
    on_page, in_file = page_of_file()
    if on_page != in_file:
        return ["docs/performance.md: the table is not that of docs/performance.json; "
                "tests/bench/table.py page writes it"]
    return []


def print_table(folder):
    parts = ordered(read_parts(folder))
    if not parts:
        sys.exit(f"{folder}: no part has been run")
    table = [HEAD] + [cells(row, parts) for row in ROWS]
    widths = [max(len(row[i]) for row in table) for i in range(len(HEAD))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print("\n" + "\n".join(about(parts)))
    missing = [row[0] for row in table if row[2] == "not measured"]
    if missing:
        sys.exit(f"not measured: {len(missing)} of {len(ROWS)} rows")


def main():
    command = sys.argv[1:2]
    if command == ["print"] and len(sys.argv) == 3:
        print_table(sys.argv[2])
    elif command == ["publish"] and len(sys.argv) == 3:
        publish(sys.argv[2])
    elif sys.argv[1:] == ["page"]:
        write_page()
    elif sys.argv[1:] == ["check"]:
        sys.exit("\n".join(differences()) or 0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
