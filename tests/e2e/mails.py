"""A customer's side: the mails that reached the server, read by Python's own reader."""
import email
import email.policy
import functools
import json
import re
import urllib.parse


class Mail:
    def __init__(self, index, raw):
        self.to, self.message_id = index["to"], index.get("message_id")
        self.received_ms, self.subject = index["received_at"], index.get("subject", "")
        self.raw = raw

    @functools.cached_property
    def parsed(self):
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    def part(self, kind):
        """The text of the part "plain" or "html", or None."""
        for each in self.parsed.walk():
            if each.get_content_type() == f"text/{kind}":
                return each.get_content()
        return None

    def links(self, pattern):
        """Links of the plain part whose path matches, in order."""
        found = re.findall(r"https?://[^\s<>\"]+", self.part("plain") or "")
        return [link for link in found if re.match(pattern, urllib.parse.urlparse(link).path)]


def index(catcher):
    """What the catcher notes of each mail: to, message_id, received_at, ..."""
    with open(catcher.index) as lines:
        return [json.loads(line) for line in lines.read().split("\n")[:-1]]


def read(catcher):
    """All mails so far, the oldest first."""
    found = []
    with open(catcher.index) as index, open(f"{catcher.folder}/mails.mbox", "rb") as mails:
        for line in index.read().split("\n")[:-1]:
            entry = json.loads(line)
            mails.seek(entry["offset"])
            found.append(Mail(entry, mails.read(entry["bytes"])))
    return found


def to(catcher, customer, domain="customers.example"):
    return [mail for mail in read(catcher) if mail.to == f"{customer}@{domain}"]
