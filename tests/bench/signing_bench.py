#!/usr/bin/env python3
"""Our signatures alone, and all that signing adds to a mail, beside those of `openssl speed`.

usage: signing_bench.py [--build DIR] [--rounds 3] [--small] [--out DIR]

A signature alone (mail_bench signature) is what `openssl speed` measures as well.  What signing adds
is the processor time of mails that are composed and signed (mail_bench sign), less that of the same
mails composed: the headers in the form that is signed, the hash of the body, the signature.
"""
import argparse
import json
import subprocess
import sys
import tempfile

import bench_parts as bench

KEYS = {"rsa2048": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], 4000),
        "ed25519": (["-algorithm", "ED25519"], 16000)}


def make_key(folder, name):
    path = f"{folder}/{name}.pem"
    subprocess.run(["openssl", "genpkey", *KEYS[name][0], "-out", path], check=True,
                   capture_output=True)
    return path


def openssl_rate(name):
    """Signatures in a second of processor time."""
    said = subprocess.run(["openssl", "speed", "-mr", "-seconds", "2", name], capture_output=True,
                          text=True, check=True).stdout
    line = [x for x in said.splitlines() if x.startswith("+F")][-1]
    value = float(line.split(":")[-2])
    return value if value > 1 else 1 / value  # older ones say seconds


def cpu_s(options, *words):
    """Of one mail."""
    said = json.loads(subprocess.run([f"{options.build}/tests/bench/mail_bench", *map(str, words)],
                                     check=True, capture_output=True, text=True,
                                     cwd=bench.ROOT).stdout)
    return (said["user_s"] + said["system_s"]) / said["mails"]


def measure(options, name, key):
    """A second has so many {signatures alone, signings, openssl's signatures}: openssl and composing
    are measured before and after."""
    count = KEYS[name][1] // (10 if options.small else 1)
    openssl = [openssl_rate(name)]
    alone = cpu_s(options, "signature", count, f"s1:{key}")
    openssl.append(openssl_rate(name))
    before = cpu_s(options, "compose", 10000)
    signed = cpu_s(options, "sign", count, f"s1:{key}")
    after = cpu_s(options, "compose", 10000)
    return {"alone": 1 / alone, "all": 1 / max(1e-9, signed - (before + after) / 2),
            "openssl": sum(openssl) / 2}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    bench.add_common_arguments(parser)
    options = parser.parse_args()
    results = {"machine": bench.machine(), "data": "mails of deploy/templates"}
    rates = {name: [] for name in KEYS}
    with tempfile.TemporaryDirectory() as folder:
        keys = {name: make_key(folder, name) for name in KEYS}
        for _ in range(options.rounds):
            for name, key in keys.items():
                rates[name].append(measure(options, name, key))
    rows = {}
    for name, found in rates.items():
        openssl = [each["openssl"] for each in found]
        rows[f"sign_{name}"] = bench.row([each["alone"] for each in found], openssl)
        rows[f"sign_all_{name}"] = bench.row([each["all"] for each in found], openssl)
    bench.write_part(options, "signing", results, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
