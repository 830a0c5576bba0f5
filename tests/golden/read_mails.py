#!/usr/bin/env python3
"""Reads the golden mails with Python's email package: an independent opinion on
what is in them.  Prints what is wrong and exits 1."""
import email
import email.policy
import glob
import html.parser
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HEADERS = {"Date", "From", "To", "Subject", "Message-ID", "List-Unsubscribe",
           "List-Unsubscribe-Post", "X-Nurture-Send", "Auto-Submitted", "MIME-Version",
           "Content-Type", "List-Id", "Feedback-ID", "Sender", "Reply-To"}
SEND = "5d41402abc4b2a76b9719d911017c592"
NAMES = {"hostile": "", "quoted": 'Ann "<b>" O\'Neil, Jr. \\ =?x?',
         "umlaut": "J\u00fcrgen Gr\u00f6\u00df\u00e9-Fran\u00e7ois Wei\u00df \u674e\u5c0f\u9f8d",
         "nameless": "", "broken-utf8": ""}
DOMAINS = {"idna": "xn--bcher-kva.example"}
OTHER_HEADERS = {
    "own-sender": {"From": "Anna at Harbour <anna@harbour.example>", "Sender": "None",
                   "Reply-To": "Anna <anna@harbour.example>"},
    "foreign-sender": {"From": "info@agency.example", "Sender": "Harbour <care@harbour.example>",
                       "Reply-To": "None"},
    "tips": {"List-Id": '"Harbour & Sons Outdoor" <care.harbour.example>', "Sender": "None"},
    "transactional": {"List-Id": "None", "Feedback-ID": "p:transactional:tips:harbour-example"},
}
VOID = {"meta", "br", "img", "hr"}
problems = []


class Balance(html.parser.HTMLParser):
    """Every element is closed, nothing comes from elsewhere."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.wrong = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "background") or (name == "rel" and value == "stylesheet"):
                self.wrong.append(f"{tag} {name}={value}: from elsewhere")
            if name == "href" and not value.startswith(("https://", "mailto:")):
                self.wrong.append(f"{tag} href={value!r}")
        if tag == "script":
            self.wrong.append("a script")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")


def check(what, good):
    if not good:
        problems.append(what)


def read(path):
    name = os.path.basename(path)[len("mail-"):-len(".eml")]
    raw = open(path, "rb").read()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    def say(text):
        return f"{name}: {text}"

    check(say("defects: %s" % mail.defects), not mail.defects)
    check(say("headers: %s" % mail.keys()), set(mail.keys()) <= HEADERS)
    check(say("a header comes twice"), len(mail.keys()) == len(set(mail.keys())))
    check(say("bare CR or LF"), raw.replace(b"\r\n", b"").count(b"\n") == 0
          and raw.replace(b"\r\n", b"").count(b"\r") == 0)
    check(say("Message-ID"), mail["Message-ID"] == f"<{SEND}@harbour.example>")
    check(say("X-Nurture-Send"), mail["X-Nurture-Send"] == SEND)
    check(say("Date"), mail["Date"].datetime.isoformat() == "2026-03-01T12:00:00+00:00")
    if name not in OTHER_HEADERS:
        check(say("From"), mail["From"].addresses[0].addr_spec == "care@harbour.example")
    to = mail["To"].addresses
    check(say("Feedback-ID"), mail["Feedback-ID"].count(":") == 3
          and mail["Feedback-ID"].endswith(":harbour-example"))
    check(say("To: %s" % mail["To"]), len(to) == 1
          and to[0].domain == DOMAINS.get(name, "customers.example"))
    for header, wanted in OTHER_HEADERS.get(name, {}).items():
        check(say("%s: %s" % (header, mail[header])), str(mail[header]) == wanted)
    if name in NAMES:
        # Python shows the fold between two encoded words as a blank, which RFC 2047 6.2 does not.
        shown = " ".join(to[0].display_name.split())
        check(say("name: %r" % shown), shown == NAMES[name])
    else:
        check(say("name: %r" % to[0].display_name), to[0].display_name == "Ann Archer")
    one_click = mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" \
        and mail["List-Id"].endswith(" <care.harbour.example>")
    link = (mail["List-Unsubscribe"] or "").startswith("<https://mail.harbour.example/u/v2.")
    if name == "transactional":
        check(say("unsubscribe"), not one_click and not link)
        check(say("Auto-Submitted"), mail["Auto-Submitted"] == "auto-generated")
    else:
        check(say("unsubscribe"), one_click and link and "Auto-Submitted" not in mail)

    parts = list(mail.iter_parts())
    check(say("parts"), [p.get_content_type() for p in parts] == ["text/plain", "text/html"])
    text, page = parts[0].get_content(), parts[1].get_content()
    for part in (text, page):
        check(say("a tag was left over"), "{{" not in part and "}}" not in part)
        check(say("no postal address"), "1 Quay, Bristol BS1 4RW" in part)
        check(say("unsubscribe link"), ("/u/v2." in part) == (name != "transactional"))
    check(say("text is escaped"), "&amp;" not in text and "&lt;" not in text)
    check(say("html is not escaped"), "Harbour &amp; Sons" in page)
    check(say("html is large: %d" % len(page)), len(page) < 20000)
    check(say("text has long lines"), all(len(line) < 90 or "https://" in line
                                          for line in text.splitlines()))
    balance = Balance()
    balance.feed(page)
    balance.close()
    problems.extend(say(wrong) for wrong in balance.wrong)
    check(say("open: %s" % balance.open), not balance.open)
    check(say("a subject"), 5 < len(mail["Subject"]) < 80)


def main():
    paths = sorted(glob.glob(os.path.join(HERE, "mail-*.eml")))
    check("no golden mails", len(paths) >= 17)
    for path in paths:
        read(path)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


sys.exit(main())
