#!/usr/bin/env python3
"""Notices reach webhooks, signed, under kills; a dead address holds up nobody else.

usage: desk_tell.py [BUILD] [--libs DIR] [--keep]

Baskets that nobody takes up go to the lead, whose webhooks are a chat that takes notices unsigned,
a CRM that verifies them with the library of Standard Webhooks and has two secrets for a while, and
one that is down, and four whose servers never answer. The chat fails at first; the desk is killed
while it posts.
"""
import collections
import http.server
import json
import os
import threading

import shop
import story
import topics
from breaks import breaks
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from story import check, equal, eventually

GUESTS = [f"g-{n}" for n in range(40)]
HOSTILE = "<!channel> <@U1> [x](http://evil.example) @all <http://evil.example|Ann>"
HANGING = [f"hangs-{n}" for n in range(4)]
OLD, NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


class Receiver(http.server.ThreadingHTTPServer):
    """Somebody's server: what it took, by path; it answers 503 to a path in `fails`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.over = threading.Event()
        self.taken, self.refused, self.fails = collections.defaultdict(list), [], set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}/{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        path, body = self.path[1:], self.rfile.read(int(self.headers["Content-Length"]))
        if path.startswith("hangs"):
            self.server.over.wait(60)
        status = 503 if path in self.server.fails else 204
        if path == "crm" and status == 204:
            try:
                Webhook(NEW).verify(body, dict(self.headers))
            except WebhookVerificationError as error:
                self.server.refused.append(str(error))
                status = 401
        if status == 204:
            self.server.taken[path].append((self.headers["webhook-id"], json.loads(body),
                                            self.headers["webhook-signature"]))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


def setup(system):
    system.receiver = Receiver()
    system.receiver.fails.add("chat")
    with open(f"{system.folder}/hooks", "w", encoding="utf-8") as file:
        file.write(f"chat={system.receiver.url('chat')}\ncrm={system.receiver.url('crm')} {OLD} {NEW}\n"
                   "dead=http://127.0.0.1:9/\n"
                   + "".join(f"{name}={system.receiver.url(name)}\n" for name in HANGING))
    system.environment["NURTURE_DESK_WEBHOOKS_FILE"] = f"{system.folder}/hooks"
    system.environment["NURTURE_CONSOLE_URL"] = "https://console.harbour.example"


def overdue(system):
    """forty baskets that nobody takes up"""
    started = system.run_all("ingest", "segmenter", "scheduler", "desk")
    system.shop = shop.Shop(started["ingest"])
    system.notices = topics.Reader(system, "notices")
    system.shop.publish(*[shop.event("order.placed", shop.person(g, name=f"{HOSTILE} {g}"), order=shop.order(g))
                          for g in GUESTS])

    def told():
        system.watch()
        return {n["customer"] for n in system.notices.objects(kind="escalation")} == set(GUESTS)
    eventually(told, "each is overdue, and the desk says so although two webhooks take nothing", 120)


def taken(system, path):
    return {body["data"]["id"] for _, body, _ in list(system.receiver.taken[path])}


def reached(system):
    """every notice reaches the CRM and the chat, while the desk is killed"""
    breaks(system, 6, ("desk",), 3)
    system.receiver.fails.clear()
    ids = {n["id"] for n in system.notices.objects()}
    for path in ("crm", "chat"):
        def all_of_it(path=path):
            system.watch()
            return taken(system, path) >= ids
        eventually(all_of_it, f"{path}: all {len(ids)} of them", 150,
                   lambda path=path: len(ids - taken(system, path)))


def as_said(system):
    """signed, under one id, in words for people and for programs"""
    equal(system.receiver.refused, [], "the CRM verifies each with its new secret")
    told = {n["id"]: n for n in system.notices.objects()}
    for path, signatures in (("crm", 2), ("chat", 0)):
        posts = system.receiver.taken[path]
        equal([i for i, body, _ in posts if i != body["data"]["id"]], [],
              f"{path}: webhook-id is the notice's")
        equal({len((s or "").split()) for _, _, s in posts}, {signatures},
              f"{path}: signed by {signatures}")
        equal([b["data"] for _, b, _ in posts if b["data"] != told[b["data"]["id"]]], [],
              f"{path}: the notice as it is on the topic")
    body = system.receiver.taken["chat"][0][1]
    check(body["text"].startswith("Not done in time (step 1): gift-basket for !channel U1 x http"),
          "a chat shows what it is about", body)
    check(f", customer {body['data']['customer']}, " in body["text"], "and whom", body)
    check(body["text"].endswith(f" https://console.harbour.example/tasks/{body['data']['task']}"),
          "and where the console shows it", body)
    for markup in ("<", ">", "[", "(http", "@", "evil.example", "//evil"):
        equal([b["text"] for path in system.receiver.taken for _, b, _ in system.receiver.taken[path]
               if markup in b["text"]], [], f"and nothing that a chat takes for markup: {markup}")
    repeats = sum(n - 1 for n in collections.Counter(
        i for i, _, _ in system.receiver.taken["crm"]).values())
    print(f"        {len(told)} notices, of which the CRM was told {repeats} more than once")


def dead(system):
    """the one that is down is told of, by log and metric"""
    desk = next(s for s in system.services if s.name == "desk")
    page = shop.ask(desk.url + "/metrics")[1]
    check('nurture_webhook_up{webhook="dead"} 0' in page, "its gauge is 0",
          [line for line in page.splitlines() if "webhook" in line])
    check('nurture_webhook_up{webhook="crm"} 1' in page, "the others' is 1")
    check("event=webhook_failed" in desk.log_text(), "and the log says why once")
    check(str(system.receiver.server_port) not in desk.log_text(), "without the others' addresses")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "tells.yaml", [overdue, reached, as_said, dead], setup)
