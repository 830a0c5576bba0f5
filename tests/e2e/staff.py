"""Somebody of the staff: a browser without scripts for the console, one that can lie as well."""
import html
import http.client
import json
import re
import time
import urllib.parse

SECRET = "what the proxy says, 24 bytes"
STAFF = """# who                    role    teams
maria@harbour.example    agent   house
boss@harbour.example     admin   house, boss
vera@harbour.example     viewer
group:front-desk         agent   house
"""


class Answer:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text

    @property
    def words(self):
        """Without tags, blanks as one."""
        body = re.sub(r"<(style|script)>.*?</\1>", " ", self.text, flags=re.S)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body)))

    def link(self, text):
        """Where the link with this text leads."""
        for target, inside in re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', self.text, re.S):
            if html.unescape(inside) == text:
                return html.unescape(target)
        return None

    def hidden(self, name):
        """The value of the first hidden field of that name."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return html.unescape(found.group(1)) if found else None

    @property
    def location(self):
        return dict(self.headers).get("Location")


class Browser:
    """Says what it is told to, and keeps cookies."""

    def __init__(self, port, *headers, language="en"):
        self.port, self.cookies = port, {}
        self.always = [*headers, ("Accept-Language", language)]

    def ask(self, method, path, body=None, headers=(), own=True):
        """own: as a browser would send a form of the console's own page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path)
        sent = [*self.always, *headers]
        if self.cookies:
            sent.append(("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items())))
        if method == "POST":
            body = (urllib.parse.urlencode(body or {}) if not isinstance(body, bytes)
                    else body.decode("latin-1")).encode("latin-1")
            sent += [("Content-Type", "application/x-www-form-urlencoded"),
                     ("Content-Length", str(len(body)))]
            if own:
                sent.append(("Sec-Fetch-Site", "same-origin"))
        for name, value in sent:
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read().decode()
        found = answer.getheaders()
        connection.close()
        for name, value in found:
            if name.lower() == "set-cookie":
                self.keep(value)
        return Answer(answer.status, found, text)

    def keep(self, line):
        pair, *rules = line.split("; ")
        name, _, value = pair.partition("=")
        if "Max-Age=0" in rules:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path, *headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, *headers, own=True, **fields):
        return self.ask("POST", path, fields, headers, own)

    def follow(self, answer):
        return self.get(answer.location)


def by_proxy(port, address, groups=None, secret=SECRET, **how):
    """Somebody whom the proxy has signed in."""
    headers = [("X-Auth-Request-Email", address), ("X-Nurture-Proxy-Secret", secret)]
    if groups:
        headers.append(("X-Auth-Request-Groups", groups))
    return Browser(port, *headers, **how)


def found(browser, text):
    """The page that a search leads to when it finds one."""
    answer = browser.post("/people", q=text)
    links = re.findall(r'<h3><a href="(/people/[^"]+)">', answer.text)
    return links


def events(reader, kind, customer):
    return [json.loads(r.value) for r in reader.read()
            if r.value and r.value[:1] == b"{" and json.loads(r.value)["type"] == kind
            and json.loads(r.value)["customer"]["id"] == customer]


def timed(action):
    begun = time.time()
    return action(), time.time() - begun
