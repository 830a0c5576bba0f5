#!/usr/bin/env python3
"""Reads mails of random names, addresses and words with both of Python's mail parsers,
behind a strict mail server: exactly the headers, people and text that were meant.

usage: mail_reading.py BUILD [COUNT [SEED]]     default: 2000 mails
"""
import base64
import email
import email.header
import email.policy
import email.utils
import hashlib
import hmac
import re
import sys

import strict_sink

# What IDNA 2008 makes of them.
HOSTS = {"customers.example": "customers.example", "b\u00fccher.example": "xn--bcher-kva.example",
         "\u4f8b\u3048.example": "xn--r8jz45g.example",
         "stra\u00dfe.example": "xn--strae-oqa.example",
         "x.y.z.mail-1.example": "x.y.z.mail-1.example"}
SHOP = "care@harbour.example"
SHOP_NAME = 'Harbour, "the shop"'
KEY = b"0123456789abcdef"
LONG = ("List-Unsubscribe: ", "Feedback-ID: ")


class Mismatch(Exception):
    pass


def check(what, found, wanted):
    if found != wanted:
        raise Mismatch("%s: found %r, expected %r" % (what, found, wanted))


def readable(raw, limit=200):
    """Names that are not text, or too long, are left out; blanks around them too."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return ""
    if len(raw) > limit or re.search("[\0-\x1f\x7f]", text):
        return ""
    return text.strip(" ")


def address(raw):
    local, _, host = raw.decode().rpartition("@")
    return local + "@" + HOSTS[host]


def mailbox(raw):
    name, _, rest = raw.partition(b"<")
    return readable(name), address(rest[:-1])


def shape(raw, utf8):
    lines = raw.split(b"\r\n")
    check("the end", lines.pop(), b"")
    for line in lines:
        check("bare CR or LF in %r" % line, (b"\r" in line, b"\n" in line), (False, False))
        if len(line) > 78 and not line.decode().startswith(LONG) or len(line) > 998:
            raise Mismatch("a long line: %r" % line)
        if line.endswith((b" ", b"\t")):
            raise Mismatch("a blank at the end: %r" % line)
    if not utf8:
        check("ASCII", raw.isascii(), True)
    header, _, body = raw.partition(b"\r\n\r\n")
    check("8 bits in the body", body.isascii(), True)


def wanted_headers(meant):
    from_name, from_address = mailbox(meant["sender"]) if meant["sender"] else (SHOP_NAME, SHOP)
    people = {"From": (from_name, from_address)}
    if from_address.rpartition("@")[2] != "harbour.example":
        people["Sender"] = (SHOP_NAME, SHOP)
    if meant["reply_to"]:
        people["Reply-To"] = mailbox(meant["reply_to"])
    people["To"] = (readable(meant["name"]), address(meant["email"]))
    kind = (["Auto-Submitted"] if meant["notice"] == b"1" else
            ["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"])
    names = (["Date"] + list(people) + ["Subject", "Message-ID"] + kind +
             ["Feedback-ID"] + (["X-Nurture-Return"] if meant["verp"] == b"1" else []) +
             ["X-Nurture-Send", "MIME-Version", "Content-Type"])
    return people, names


def no_blanks(text):
    return "".join(text.split())


def decoded(field):
    """compat32's way: every encoded word by itself, folds between them gone."""
    text = re.sub("\r?\n", "", field).strip(" ")
    return str(email.header.make_header(email.header.decode_header(text)))


def old_parser(raw, people, names, subject):
    mail = email.message_from_bytes(raw)
    check("headers", mail.keys(), names)
    for name, (shown, where) in people.items():
        field = dict(mail.raw_items())[name].encode("ascii", "surrogateescape").decode("utf-8")
        phrase, found = email.utils.parseaddr(re.sub("\r?\n", "", field))
        check(name, found, where)
        check(name + "'s name", decoded(phrase), shown)
    check("subject", decoded(mail["Subject"]), subject)


def new_parser(raw, people, names, subject, utf8):
    policy = email.policy.SMTPUTF8 if utf8 else email.policy.default
    mail = email.message_from_bytes(raw, policy=policy)
    check("headers", mail.keys(), names)
    for name, (shown, where) in people.items():
        if utf8 and not where.isascii():
            continue  # it reads 8-bit headers as ASCII with gaps
        boxes = mail[name].addresses
        check(name, [box.addr_spec for box in boxes], [where])
        # Folds between encoded words of a phrase are blanks to it, against RFC 2047 6.2.
        check(name + "'s name", no_blanks(boxes[0].display_name), no_blanks(shown))
    check("subject", no_blanks(mail["Subject"]), no_blanks(subject))
    check("defects", list(mail.defects), [])
    return list(mail.iter_parts())


def parts(found, meant):
    check("parts", [p.get_content_type() for p in found], ["text/plain", "text/html"])
    for part, key in zip(found, ("text", "html")):
        wanted = meant[key].decode()
        if not wanted.endswith("\n"):
            wanted += "\n"
        # The line end before a boundary is the boundary's.
        check(key, part.get_content().replace("\r\n", "\n").rstrip("\n"), wanted.rstrip("\n"))
        check("charset", part.get_content_charset(), "utf-8")


def return_path(sender, meant):
    if meant["verp"] == b"0":
        return check("MAIL FROM", sender, SHOP)
    # 0x12: the customer is written as hexadecimal digits, which c00017 is.
    body = b"\x12" + bytes.fromhex(meant["id"].decode() + "c00017")
    tag = hmac.new(KEY, b"nurture return v2\0" + body, hashlib.sha256).digest()[:10]
    token = base64.b32encode(body + tag).decode().lower().rstrip("=")
    return check("MAIL FROM", sender, "bounce+%s@b.harbour.example" % token)


def read(meant, sender, recipient, raw, utf8):
    people, names = wanted_headers(meant)
    subject = meant["subject"].decode().strip(" \n")
    shape(raw, utf8)
    check("RCPT TO", recipient, address(meant["email"]))
    check("SMTPUTF8", utf8, any(not where.isascii() for _, where in people.values()))
    return_path(sender, meant)
    boundary = b"--=_" + meant["id"]
    check("boundaries", raw.count(boundary), 3)
    old_parser(raw, people, names, subject)
    parts(new_parser(raw, people, names, subject, utf8), meant)


def main():
    build = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    good = bad = 0
    for meant, sender, recipient, raw, utf8 in strict_sink.random_mails(build, count, seed):
        try:
            read(meant, sender, recipient, raw, utf8)
            good += 1
        except Mismatch as mismatch:
            bad += 1
            if bad <= 10:
                print("mail %d: %s" % (good + bad, mismatch))
    print("%d mails read as they were meant, %d not" % (good, bad))
    return 0 if good == count and bad == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
