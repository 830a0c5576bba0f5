#!/usr/bin/env python3
"""Has the signatures of random mails verified by others: dkimpy (RSA and Ed25519) and
OpenDKIM (RSA), with keys and DNS records made here; and sees them broken when a mail is
changed, or gets a header that it must not get.

usage: mail_signatures.py BUILD [COUNT]     default: 100 mails; exit 77: neither is there
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import strict_sink

try:
    import dkim
    import nacl.signing  # noqa: F401, dkimpy wants it for Ed25519
except ImportError:
    dkim = None
OPENDKIM = shutil.which("opendkim", path=os.environ.get("PATH", "") + ":/usr/sbin")
DOMAIN = "harbour.example"


def make_keys(directory, build):
    """Files, the setting that names them, and the records of DNS by name."""
    keys = {"s1": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            "old": ["RSA", "-pkeyopt", "rsa_keygen_bits:1024"], "e1": ["ED25519"]}
    for selector, kind in keys.items():
        subprocess.run(["openssl", "genpkey", "-algorithm", *kind, "-out",
                        "%s/%s.pem" % (directory, selector)], check=True, capture_output=True)
    setting = ",".join("%s:%s/%s.pem" % (s, directory, s) for s in keys)
    zone = subprocess.run([build + "/bin/nurturectl", "dkim-record", DOMAIN, setting],
                          check=True, capture_output=True, text=True).stdout
    records = {}
    for line in zone.splitlines():
        name, _, text = line.partition(" IN TXT ")
        records[name] = "".join(re.findall('"([^"]*)"', text))
    return setting, records


def spoiled(raw):
    """Mails that somebody has touched: none of them may pass."""
    header, _, body = raw.partition(b"\r\n\r\n")
    unsubscribe = b"List-Unsubscribe: <https://evil.example/>\r\n"
    return {"a word in the body": header + b"\r\n\r\n" + body.replace(b"Quay", b"Quai", 1),
            "another subject": raw.replace(b"Subject: ", b"Subject: Re ", 1),
            "a second From": b"From: evil@x.example\r\n" + raw,
            "a second List-Unsubscribe": unsubscribe + raw,
            "a Reply-To": b"Reply-To: evil@x.example\r\n" + raw}


def touched(raw):
    """What relays do to blanks: all of it must pass."""
    return raw.replace(b"\r\nSubject: ", b"\r\nsubject:  ", 1).replace(
        b"MIME-Version: 1.0\r\n", b"MIME-Version: \t1.0 \r\n", 1) + b"\r\n\r\n"


def by_dkimpy(raw, records, count):
    lookup = lambda name, timeout=5: records.get(name.decode(), "").encode()  # noqa: E731
    verified = 0
    for index in range(count):
        try:
            verified += dkim.DKIM(raw).verify(idx=index, dnsfunc=lookup)
        except dkim.DKIMException:
            pass  # its word for no
    return verified


class Opendkim:
    """opendkim -t, on many files at once; it reads records from a file."""

    def __init__(self, directory, records):
        self.directory, self.names = directory, []
        with open(directory + "/records", "w") as file:
            for name, text in records.items():
                file.write("%s %s\n" % (name.rstrip("."), text))
        with open(directory + "/opendkim.conf", "w") as file:
            file.write("Mode v\nTestPublicKeys %s/records\n" % directory)

    def verify(self, raw):
        path = self.directory + "/mail"
        with open(path, "wb") as file:
            file.write(raw)
        ran = subprocess.run([OPENDKIM, "-x", self.directory + "/opendkim.conf", "-v", "-v",
                              "-t", path], capture_output=True, text=True, check=False)
        said = ran.stdout + ran.stderr
        return ran.returncode == 0 and "verification (s=s1" in said and "succeeded" in said, said


def main():
    build = os.path.realpath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    if not dkim and not OPENDKIM:
        print("skipped: neither dkimpy nor opendkim is installed")
        return 77
    for name, there in (("dkimpy with PyNaCl", dkim), ("opendkim", OPENDKIM)):
        if not there:
            print("without %s, which is not installed" % name)
    passed, problems = 0, []
    with tempfile.TemporaryDirectory() as directory:
        setting, records = make_keys(directory, build)
        other = Opendkim(directory, records) if OPENDKIM else None
        for meant, _, _, raw, utf8 in strict_sink.random_mails(build, count, 5, DOMAIN, setting):
            name = meant["id"].decode()
            before = len(problems)
            if dkim:
                for text in (raw, touched(raw)):
                    if by_dkimpy(text, records, 3) != 3:
                        problems.append("dkimpy refuses " + name)
                problems += ["dkimpy takes %s with %s" % (name, what)
                             for what, bad in spoiled(raw).items() if by_dkimpy(bad, records, 3)]
            if other and not utf8 and passed < 40:
                good, said = other.verify(raw)
                if not good:
                    problems.append("opendkim refuses %s: %s" % (name, said))
                bad, said = other.verify(spoiled(raw)["a second From"])
                if bad:
                    problems.append("opendkim takes %s with a second From" % name)
            passed += len(problems) == before
    for problem in problems[:10]:
        print(problem)
    print("%d mails with 3 signatures each: %d as they should be" % (count, passed))
    return 1 if problems or passed != count else 0


if __name__ == "__main__":
    sys.exit(main())
