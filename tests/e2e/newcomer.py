#!/usr/bin/env python3
"""A shop's first hour with its own files: what simulate and check say of them, in words.

usage: newcomer.py [BUILD]

No broker: files alone, as a newcomer has them.
"""
import gzip
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CTL = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build") / "bin/nurturectl"
POLICY = ROOT / "deploy/policy/shop.yaml"
HEAD = ("Name,Email,Financial Status,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,"
        "Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
        "Refunded Amount,Id\n")


def check(is_so, *what):
    if not is_so:
        sys.exit(f"newcomer.py: {what}")


def row(number, day, currency, total, ticked="yes", email="zoe@mail.example"):
    return (f"#{number},{email},paid,fulfilled,2026-{day} 10:00:00 +0000,{ticked},{currency},"
            f"{total},2026-{day} 09:00:00 +0000,1,Tent,{total},T-1,0,{number}\n")


def ctl(*words):
    ran = subprocess.run([str(CTL), *map(str, words)], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def simulate(folder, text, *more, policy=POLICY):
    file = folder / "orders_export.csv"
    file.write_text(text, encoding="utf-8")
    return ctl("simulate", "--policy", policy, "--orders", file, "--format", "shopify",
               "--delivered-after", "4d", *more)


def consent(folder):
    """a tick is consent to promotion alone, and the report says what would say more"""
    text = HEAD + row(1001, "01-01", "GBP", "12.50") + row(1002, "02-01", "GBP", "12.50")
    code, said, _ = simulate(folder, text)
    check(code == 0 and "messages were not sent for want of consent" in said, said)
    check("--columns 'consent=Accepts Marketing:no>'" in said and "consent=all" in said, said)
    code, said, _ = simulate(folder, text, "--columns", "consent=Accepts Marketing:no>")
    check(code == 0 and "want of consent" not in said, said)


def currencies(folder):
    """yen and dollars are no sum"""
    text = HEAD + row(1001, "01-01", "JPY", "5000") + row(1002, "02-01", "USD", "10.00")
    _, _, notes = simulate(folder, text)
    check("in JPY: added up with all other currencies" in notes and "in USD: added" in notes, notes)
    _, _, warned = ctl("check", POLICY)
    check("shop.currency is not set" in warned, warned)
    pounds = folder / "pounds.yaml"
    pounds.write_text(POLICY.read_text(encoding="utf-8").replace(
        "  time_zone:", "  currency: GBP\n  time_zone:", 1), encoding="utf-8")
    _, _, notes = simulate(folder, HEAD + row(1, "01-01", "EUR", "9.00"), policy=pounds)
    check("in EUR, which is not shop.currency: kept, and nothing of its amount counts as spent"
          in notes, notes)
    _, _, warned = ctl("check", pounds)
    check("currency" not in warned, warned)


def events(folder):
    """a fault of the file of events is that file's"""
    lines = folder / "ev.jsonl"
    lines.write_text('{"id":"x","type":"order.late","time":"2026-02-03T00:00:00Z","customer":'
                     '{"id":"q"},"order":{"id":"7"}}\nbroken\n{}\n', encoding="utf-8")
    _, _, notes = simulate(folder, HEAD + row(1, "01-01", "GBP", "9.00"), "--events", lines)
    check(f"{lines}: 1 line of events, the first in line 2" in notes, notes)
    check("orders_export.csv: 1 line" not in notes, notes)


def person(folder):
    """who is known by the hash of an address is found by the address"""
    file = folder / "outcomes.jsonl"
    code, _, said = simulate(folder, HEAD + row(1001, "01-01", "GBP", "12.50"), "--outcomes", file)
    check(code == 0, said)
    code, said, _ = ctl("why", " Zoe@mail.example".strip(), "--outcomes", file)
    check(code == 0 and said.startswith("looked at email:"), said)
    code, said, _ = ctl("why", "nobody@mail.example", "--outcomes", file)
    check(code == 1 and "nothing was decided" in said, said)


def refusals(folder):
    """a file that cannot be read says what it is, where, and what mends it"""
    plain = HEAD + row(1, "01-01", "GBP", "9.00")
    for name, body, words in (
            ("o.csv.gz", gzip.compress(plain.encode()), "is compressed by gzip"),
            ("o.xlsx", b"PK\3\4" + b"x" * 90, "save it as CSV"),
            ("o.csv", plain.replace("2026-01-01 09:00:00 +0000", "31/12/2025").encode(),
             'in the column "Created at"; --time-format says')):
        (folder / name).write_bytes(body)
        code, _, said = ctl("simulate", "--policy", POLICY, "--orders", folder / name,
                            "--format", "shopify")
        check(code == 100 or words.startswith("in the"), code)
        check(code != 0 and words in said, words, said)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for test in (consent, currencies, events, person, refusals):
            test(pathlib.Path(name))
            print(f"    {test.__name__}")
