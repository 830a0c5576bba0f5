#!/usr/bin/env python3
"""Mails a second of the email-sender's composing and SMTP, against Postfix's smtp-source
and nodemailer, all to the same Postfix smtp-sink; signed mails against `openssl speed`.

usage: mail_bench.py [--build DIR] [--rounds 5] [--mails 10000] [--out DIR]

What is compared runs in turn, and ratios are of such pairs.  smtp-source sends the same
bytes again and again and composes nothing; the email-sender and nodemailer make each
mail anew.  Needs smtp-source and smtp-sink (make bench-peers); nodemailer is fetched with
npm into the build folder, and left out where there is no npm.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import bench_parts as bench
import postfix
from postfix import Sink, find

NODE_SCRIPT = """
const nodemailer = require('nodemailer'), fs = require('fs');
const [port, connections, count, folder, key] = process.argv.slice(2);
const options = {host: '127.0.0.1', port: +port, secure: false, ignoreTLS: true, pool: true,
  maxConnections: +connections, maxMessages: Infinity};
if (key) options.dkim = {domainName: 'harbour.example', keySelector: 's1',
  privateKey: fs.readFileSync(key, 'utf8')};
const transport = nodemailer.createTransport(options);
const text = fs.readFileSync(folder + '/text', 'utf8'), html = fs.readFileSync(folder + '/html', 'utf8');
let begun = 0, done = 0;
const next = () => {
  if (begun++ >= +count) return;
  transport.sendMail({from: '"Harbour" <care@harbour.example>', to: '"Ann Archer" <ann@customers.example>',
    subject: 'Three small things for your new purchase', text, html}, (error) => {
    if (error) throw error;
    if (++done == +count) transport.close(); else next();
  });
};
for (let i = 0; i < 4 * connections; i++) next();
"""


def run(command, mails, **options):
    """One program that sends so many mails; rates and processor time of each."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    code, used = bench.finish(process)
    if code != 0:
        raise SystemExit(f"{command[0]}: exit {code}")
    seconds = time.monotonic() - began
    return {"rate": mails / seconds,
            "cpu_us": (used["user_s"] + used["system_s"]) * 1e6 / mails}


class Senders:
    def __init__(self, options, folder):
        self.tool = f"{options.build}/tests/bench/mail_bench"
        self.folder, self.sink = folder, Sink()
        self.key, self.node = f"{folder}/rsa.pem", self.fetch_nodemailer()
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt",
                        "rsa_keygen_bits:2048", "-out", self.key], check=True,
                       capture_output=True)
        self.bytes = self.piece("compose", 1)["bytes"]
        self.write_parts()

    def fetch_nodemailer(self):
        if not shutil.which("npm") or not shutil.which("node"):
            print("nodemailer is left out: there is no npm here\n")
            return None
        if not os.path.isdir(f"{self.folder}/node_modules/nodemailer"):
            done = subprocess.run(["npm", "install", "--prefix", self.folder, "--no-audit",
                                   "--no-fund", "nodemailer@7"], capture_output=True, text=True,
                                  check=False)
            if done.returncode != 0:
                print("nodemailer is left out: npm could not install it\n")
                return None
        with open(f"{self.folder}/mail_bench.js", "w") as file:
            file.write(NODE_SCRIPT)
        return f"{self.folder}/mail_bench.js"

    def write_parts(self):
        """The words of nodemailer's mails: as many as in ours."""
        for name, share in (("text", 0.2), ("html", 0.7)):
            with open(f"{self.folder}/{name}", "w") as file:
                file.write("A line of words, as mails have them, about so long.\n" *
                           int(self.bytes * share / 53))

    def piece(self, *words):
        said = subprocess.run([self.tool, *map(str, words)], check=True, capture_output=True,
                              text=True, cwd=bench.ROOT).stdout
        return json.loads(said)

    def ours(self, mails, connections, signed=False):
        keys = [f"s1:{self.key}"] if signed else []
        return run([self.tool, "send", str(mails), f"smtp://127.0.0.1:{self.sink.port}",
                    str(connections), *keys], mails, cwd=bench.ROOT)

    def smtp_source(self, mails, connections):
        return postfix.send(self.sink.port, mails, connections, self.bytes)

    def nodemailer(self, mails, connections, signed=False):
        return run(["node", self.node, str(self.sink.port), str(connections), str(mails),
                    self.folder, *([self.key] if signed else [])], mails)


def signatures_a_second():
    """(RSA-2048, Ed25519) signatures in a second of processor time."""
    rates = []
    for name in ("rsa2048", "ed25519"):
        said = subprocess.run(["openssl", "speed", "-mr", "-seconds", "1", name],
                              capture_output=True, text=True, check=True).stdout
        line = [x for x in said.splitlines() if x.startswith("+F")][-1]
        value = float(line.split(":")[-2])
        rates.append(value if value > 1 else 1 / value)  # older ones say seconds
    return rates


def pairs(senders, options, connections, signed):
    """{peer: ratios of mails a second}, and the processor time of each."""
    peers = {} if signed else {"smtp-source": lambda n: senders.smtp_source(n, connections)}
    if senders.node:
        peers["nodemailer"] = lambda n: senders.nodemailer(max(500, n // 5), connections, signed)
    mails = options.mails // 4 if signed else options.mails
    result = {name: [] for name in peers}
    for _ in range(options.rounds):
        for name, peer in peers.items():
            theirs = peer(mails)
            result[name].append((senders.ours(mails, connections, signed), theirs))
    return result


def rows(senders, options):
    for signed in (False, True):
        for connections in (1, 4, 16):
            for name, found in pairs(senders, options, connections, signed).items():
                yield {"peer": name, "connections": connections, "signed": signed,
                       "ratios": [ours["rate"] / theirs["rate"] for ours, theirs in found],
                       "rates": [ours["rate"] for ours, _ in found],
                       "cpu_us": statistics.median(ours["cpu_us"] for ours, _ in found),
                       "peer_cpu_us": statistics.median(theirs["cpu_us"] for _, theirs in found)}


def signing(senders, options):
    """A mail composed and signed, against a signature alone: shares of openssl's rate."""
    ed25519 = f"{senders.folder}/ed25519.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-out", ed25519], check=True,
                   capture_output=True)
    shares = {"rsa2048": [], "ed25519": []}
    for _ in range(options.rounds):
        speeds = signatures_a_second()
        for name, key, speed, count in (("rsa2048", senders.key, speeds[0], 2000),
                                        ("ed25519", ed25519, speeds[1], 8000)):
            said = senders.piece("sign", count, f"s1:{key}")
            shares[name].append(count / (said["user_s"] + said["system_s"]) / speed)
    return shares


def pieces(senders, options):
    """Microseconds of processor time of each piece of a mail."""
    found = {"compose": [], "dialogue": []}
    for _ in range(options.rounds):
        for name, words in (("compose", ["compose", 10000]),
                            ("dialogue", ["say", 10000,
                                          f"smtp://127.0.0.1:{senders.sink.port}"])):
            said = senders.piece(*words)
            found[name].append((said["user_s"] + said["system_s"]) * 100)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=os.environ.get("BUILD", f"{bench.ROOT}/build"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mails", type=int, default=10000)
    parser.add_argument("--out")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    out = options.out or f"{options.build}/bench"
    if not find("smtp-sink") or not find("smtp-source"):
        print("skipped: there is no smtp-sink and smtp-source here (make bench-peers)")
        return 0
    os.makedirs(f"{out}/mail", exist_ok=True)
    senders = Senders(options, f"{out}/mail")
    try:
        report = {"bytes": senders.bytes, "pieces_us": pieces(senders, options),
                  "signing": signing(senders, options), "peers": list(rows(senders, options))}
    finally:
        senders.sink.stop()
    print(f"A mail has {senders.bytes} bytes. Processor time in its own thread: composed in "
          f"{bench.spread(report['pieces_us']['compose'], 1)} us, said to the server in "
          f"{bench.spread(report['pieces_us']['dialogue'], 1)} us.\n")
    bench.table(["signed with", "mails composed and signed, of openssl speed's signatures"],
                [[name, bench.spread(shares)] for name, shares in report["signing"].items()])
    bench.table(["against", "connections", "signed", "mails/s to theirs", "mails/s", "CPU us",
                 "theirs"],
                [[r["peer"], r["connections"], "yes" if r["signed"] else "no",
                  bench.spread(r["ratios"]), f"{statistics.median(r['rates']):.0f}",
                  f"{r['cpu_us']:.0f}", f"{r['peer_cpu_us']:.0f}"] for r in report["peers"]])
    with open(f"{out}/mail.json", "w") as file:
        json.dump(report, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
