#!/usr/bin/env python3
"""Shops' webhooks at a real ingest and a real broker: what comes in, what is refused, what is there.

Needs   KAFKA_BOOTSTRAP_SERVERS, and `make build tools` (BUILD names the directory).
Options BROKER_PID: the broker's process on this machine; it is stopped and continued.
Python's standard library only.  Exit code 0: all is well; 77: skipped.
"""
import base64
import gzip
import http.server
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

from ingest_client import BUILD, PREFIX, Ingest, check, records, run, topic
from shop_senders import Shopify, WooCommerce, sign

BROKER_PID = os.environ.get("BROKER_PID")
NEW, OLD, CAFE = "shpss_0123456789abcdef", "shpss_the-one-before-it", "c4fe-s3cret-w00"
HOOKS = (f"# shops\nharbour={NEW}|{OLD}\nnorth={NEW} key=id prefix=nw- test=yes\n"
         f"cafe={CAFE} pending=yes status:sent=order.shipped\n")
ROOT = pathlib.Path(__file__).resolve().parents[2]
CATALOGUE = tempfile.NamedTemporaryFile("w", suffix=".csv")  # noqa: SIM115 - until the end


def deliveries():
    with open(ROOT / "tests/golden/shops/deliveries.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def of(name, shop="shopify"):
    return next(d for d in deliveries() if d["name"] == name and d["shop"] == shop)


def events():
    return [json.loads(r["value"]) for r in records() if r["value"]]


def ids(found=None):
    return [e["id"] for e in (events() if found is None else found)]


def metric(ingest, name):
    text = ingest.request("GET", "/metrics")[1]
    found = re.search(r"^%s (\S+)$" % re.escape(name), text, re.M)
    return float(found.group(1)) if found else 0.0


def skipped(ingest, source, reason):
    return metric(ingest,
                  f'nurture_ingest_shop_skipped_total{{source="{source}",reason="{reason}"}}')


def shopify(ingest, name="harbour", secret=NEW):
    return Shopify(ingest.port, f"/v1/hooks/shopify/{name}", secret)


def woocommerce(ingest, what="order.updated", secret=CAFE):
    return WooCommerce(ingest.port, "/v1/hooks/woocommerce/cafe", what, secret)


def make_topic():
    topic("create", PREFIX + "events", "4")
    CATALOGUE.write("sku,category\nTENT-2P,tents\nTEA-*,tea\n")
    CATALOGUE.flush()


def test_every_topic(ingest):
    """Whatever comes under any topic gets 200, and becomes what nurturectl hook says."""
    for delivery in deliveries():
        if delivery["options"]:
            continue
        body = json.dumps(delivery["body"]).encode()
        if delivery["shop"] == "shopify":
            said = shopify(ingest).deliver(delivery["topic"], body,
                                           delivery["action"] or None, tries=1,
                                           is_test=delivery.get("test", False))
            tested = not delivery.get("test") or json.loads(said[1])["skipped"] == "test_order"
            check(tested, delivery["name"], said)
        else:
            said = woocommerce(ingest, delivery["topic"]).deliver(lambda b=delivery: b["body"])
        check(said[0] == 200, delivery["topic"], delivery["name"], said)
    for reason in ("unknown_topic", "no_customer", "no_fact", "test_order", "undecided",
                   "merge_by_email", "shop_notice", "malformed", "query_errors"):
        check(skipped(ingest, "harbour", reason) > 0, reason, "is not counted")
    check(skipped(ingest, "cafe", "no_email") > 0, "no_email is not counted")


def test_one_fact_one_id(ingest):
    """paid by four topics: one id; and what it becomes is what nurturectl hook prints"""
    body = dict(of("the same under orders/paid")["body"], id=4711)
    for what in ("orders/create", "orders/paid", "orders/updated", "orders/fulfilled"):
        check(shopify(ingest).deliver(what, body)[0] == 200, what)
    all_of_it = events()
    new = [i for i in ids(all_of_it) if ":4711:" in i]
    placed = [i for i in new if i.endswith(":placed")]
    check(placed == ["shopify:harbour:4711:placed"] * 4, placed)
    check(len({i for i in new if ":updated:" in i}) == 1, new)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(body, file)
        file.flush()
        said = subprocess.run([BUILD + "/bin/nurturectl", "hook", file.name, "--shop", "shopify",
                               "--topic", "orders/create", "--options", "shop=harbour",
                               "--catalogue", CATALOGUE.name],
                              capture_output=True, text=True, check=True).stdout
    there = [e for e in all_of_it if e["id"] == "shopify:harbour:4711:placed"]
    check(json.loads(said) == there[0], said, there[0])
    check([i["category"] for i in there[0]["order"]["items"]] == ["tents", "tea"], there[0])


def test_signatures(ingest):
    """both secrets, both families of headers; nothing else"""
    body = json.dumps(of("a customer")["body"]).encode()
    for secret, action in ((NEW, None), (OLD, None), (NEW, "update")):
        said = shopify(ingest, secret=secret).deliver("customers/update", body, action)
        check(said[0] == 200 and json.loads(said[1])["events"] == 1, secret, action, said)
    count = len(records())
    wrong = [(shopify(ingest, secret="shpss_of-somebody-else"), {}),
             (shopify(ingest, name="nobody"), {}),
             (shopify(ingest), {"X-Shopify-Hmac-Sha256": ""}),
             (shopify(ingest), {"X-Shopify-Hmac-Sha256": sign(NEW, body + b" ")}),
             (shopify(ingest), {"X-Shopify-Hmac-Sha256": sign(NEW, body).rstrip("=")})]
    for sender, changes in wrong:
        said = sender.post(body, sender.headers("customers/update", body) | changes)
        check(said[0] == 401, changes, said)
    headers = shopify(ingest).headers("customers/update", body)
    right = headers.pop("X-Shopify-Hmac-Sha256")
    for changes, words in (
            ({}, "X-Shopify-Hmac-Sha256: it is missing"),
            ({"X-WC-Webhook-Signature": right},
             "it is missing, but X-WC-Webhook-Signature is there, whose shops have the path "
             "/v1/hooks/woocommerce/"),
            ({"X-Shopify-Hmac-Sha256": base64.b64decode(right).hex()}, "found hexadecimal digits"),
            ({"X-Shopify-Hmac-Sha256": "?"}, "found something else than the base64"),
            ({"X-Shopify-Hmac-Sha256": sign(CAFE, body)}, "it does not match this body")):
        said = shopify(ingest).post(body, headers | changes)
        check(said[0] == 401 and words in json.loads(said[1])["message"], words, said)
    lines = [line for line in ingest.lines if "event=shop_unauthorized" in line]
    check(len(lines) == 1 and "X-Shopify-Hmac-Sha256" in lines[0], "one line a minute", lines)
    big = b'{"id":1,"x":"' + b"x" * (1 << 20) + b'"}'
    check(shopify(ingest).deliver("orders/create", big, tries=1)[0] == 413, "more than 1 MiB")
    check(len(records()) == count, "something that was refused is there")


def test_woocommerce(ingest):
    """saves its webhook, sends the newest state, forgives no six failures"""
    hook = woocommerce(ingest, "order.created", "c4fe&#45;s3cret-w00")
    check(hook.ping() and skipped(ingest, "cafe", "ping") == 1, "the ping")
    check(WooCommerce(ingest.port, "/v1/hooks/shopify/cafe", "x.y", CAFE).ping() is False,
          "Shopify does not ping")
    order = dict(of("on hold", "woocommerce")["body"], id=88)
    check(json.loads(hook.deliver(lambda: order)[1])["events"] == 1, "on hold counts here")
    order |= {"status": "sent", "date_modified_gmt": "2026-03-24T08:00:00"}
    check(woocommerce(ingest).deliver(lambda: order)[0] == 200, "sent")
    found = sorted(i.split(":88:")[1].split(":")[0] for i in ids() if ":88:" in i)
    check(found == ["placed", "placed", "shipped", "updated"], found)
    bad = woocommerce(ingest, secret="another-secret")
    for _ in range(6):
        bad.deliver(lambda: order)
    check(bad.status == "disabled", "the sender counts its failures")


def test_by_id(ingest):
    """key=id, a prefix, test orders: another shop's words"""
    check(shopify(ingest, "north").deliver("orders/create", of("a test")["body"])[0] == 200, "200")
    merge = of("a merge")["body"]
    check(shopify(ingest, "north").deliver("customers/merge", merge)[0] == 200, "merge")
    found = sorted((e for e in events() if e["id"].startswith("shopify:north:")),
                   key=lambda e: e["type"], reverse=True)
    check(found[0]["customer"]["id"] == "nw-115310627314723954", found)
    check(found[0]["order"]["id"] == "nw-820982911946154508", found)
    check(found[1]["type"] == "customer.merged", found)
    check(found[1]["time"] == "2026-09-21T12:00:00.123Z", found)


def test_catalogue(ingest):
    """read again when it changes; a wrong one is refused; /v1/events asks it too"""
    def post(number):
        event = {"id": f"plain-{number}", "type": "order.placed", "time": "2026-01-01T00:00:00Z",
                 "customer": {"id": "a"}, "x": 12345678901234567890,
                 "order": {"id": str(number), "items": [{"sku": "ROPE"}, {"sku": "TENT-2P"}]}}
        check(ingest.post(event)[0] == 202, "taken")
        return next(e for e in events() if e["id"] == f"plain-{number}")

    def wait_for(word):
        until = time.time() + 5
        while not any(word in line for line in ingest.lines):
            check(time.time() < until, word, "is not said")
            time.sleep(0.05)

    first = post(1)
    check(first["x"] == 12345678901234567890, "the rest stays as it was", first)
    check([i.get("category") for i in first["order"]["items"]] == [None, "tents"], first)
    pathlib.Path(CATALOGUE.name).write_text("sku,category\nROPE\n,\n")
    wait_for("catalogue_refused")
    check(post(2)["order"]["items"][1]["category"] == "tents", "the one before stays")
    pathlib.Path(CATALOGUE.name).write_text("sku,category\nROPE,ropes\n")
    ingest.process.send_signal(signal.SIGHUP)
    wait_for("rows=1")
    check(post(3)["order"]["items"][0]["category"] == "ropes", "the new one is in force")
    text = ingest.request("GET", "/metrics")[1]
    check(len(re.findall(r"catalogue_in_force\{.*\} 1\b", text)) == 1, text[-3000:])


def test_missing():
    """what nobody has a category for, from the topic"""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("sku,category\nBar3,bars\n")
        file.flush()
        said = subprocess.run([BUILD + "/bin/nurturectl", "catalogue", file.name, "--missing"],
                              capture_output=True, text=True, check=False,
                              env=dict(os.environ, NURTURE_TOPIC_PREFIX=PREFIX))
    check(said.returncode == 1 and "EBOOK" in said.stdout and "Bar3" not in said.stdout,
          said.returncode, said.stdout, said.stderr)


class RestApi(http.server.BaseHTTPRequestHandler):
    """GET /wp-json/wc/v3/orders of a shop: the first 120 changed in the same second, and the very
    first of them changes again as soon as somebody has asked."""
    asked, orders = [], []

    @classmethod
    def fill(cls, count):
        cls.orders = [dict(of("completed", "woocommerce")["body"], id=90000 + i,
                           date_modified_gmt=cls.ago(3600 - max(0, i - 120)))
                      for i in range(count)]

    @staticmethod
    def ago(seconds):
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() - seconds))

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        self.asked.append((query, self.headers["Authorization"]))
        after, first = query["modified_after"][0], 100 * (int(query["page"][0]) - 1)
        later = sorted((o for o in self.orders if o["date_modified_gmt"] > after),
                       key=lambda o: o["date_modified_gmt"])
        body = json.dumps(later[first:first + 100]).encode()
        self.orders[0]["date_modified_gmt"] = self.ago(60)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_catch_up(ingest):
    """a night's look for what the webhook lost: every order, also where one changes meanwhile"""
    server = http.server.HTTPServer(("127.0.0.1", 0), RestApi)
    RestApi.fill(230)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = dict(os.environ, WOOCOMMERCE_URL=f"http://127.0.0.1:{server.server_port}",
                    WOOCOMMERCE_KEY="ck_1:cs_2", NURTURE_HOOK_SECRET=CAFE,
                    NURTURE_HOOK_URL=f"http://127.0.0.1:{ingest.port}/v1/hooks/woocommerce/cafe")
    script = [sys.executable, str(ROOT / "deploy/shops/woocommerce-catch-up.py"), "26"]
    said = subprocess.run(script, env=settings, capture_output=True, text=True, check=False)
    check(said.returncode == 0 and said.stdout == "231 orders brought, 0 refused\n", said)
    placed = {i for i in ids() if i.startswith("woocommerce:cafe:9") and i.endswith(":placed")}
    check(len(placed) == 230, len(placed))
    check(RestApi.asked[0][1] == "Basic Y2tfMTpjc18y", RestApi.asked[0])
    RestApi.fill(2)
    settings["NURTURE_HOOK_SECRET"] = "another"
    said = subprocess.run(script, env=settings, capture_output=True, text=True, check=False)
    check(said.returncode == 1 and "ingest said 401: expected the body's" in said.stderr, said)
    for words, code, out in (("--help", 0, "usage: woocommerce-catch-up.py"), ("soon", 100, "")):
        said = subprocess.run([*script[:2], words], capture_output=True, text=True, check=False)
        check(said.returncode == code and out in said.stdout and "Traceback" not in said.stderr,
              said)
    server.shutdown()


def test_why_nothing_came_of_it(ingest):
    """an answer of no events says the reason, and what is wrong with the bytes"""
    def said_of(what, body):
        sender = shopify(ingest)
        return json.loads(sender.post(body, sender.headers(what, body))[1])

    test = json.dumps(of("a test")["body"]).encode()
    equal_to = {"events": 0, "skipped": "test_order"}
    check(said_of("orders/create", test) == equal_to, said_of("orders/create", test))
    check(said_of("order/paid", test)["skipped"] == "unknown_topic", "a topic that is none")
    check("X-Shopify-Topic" in said_of("", test)["why"], "no topic", said_of("", test))
    for body, words in (("{\"id\":1,\"note\":\"Caf\u00e9\"}".encode("latin-1"),
                         "expected UTF-8, found a byte 0xe9 that is none at byte 19"),
                        (b"\xef\xbb\xbf{}", "a byte order mark at byte 0"),
                        (gzip.compress(b"{}"), "found gzip without Content-Encoding: gzip")):
        said = said_of("orders/create", body)
        check(said["skipped"] == "malformed" and words in said["why"], words, said)
    order = dict(next(d for d in deliveries() if d["shop"] == "woocommerce" and
                      d["topic"] == "order.updated")["body"], id=991, status="packed")
    sender = woocommerce(ingest)
    said = json.loads(sender.deliver(lambda: order)[1])
    check(said["skipped"] == "unknown_status" and "status:packed=" in said["why"], said)
    check(skipped(ingest, "cafe", "unknown_status") > 0, "unknown_status is not counted")


def test_broker_stands_still(ingest):
    """503 and Retry-After within Shopify's 5 s; tried again it is there"""
    if not BROKER_PID:
        print("    skipped: BROKER_PID is not set")
        return
    body = dict(of("paid")["body"], id=5001)
    os.kill(int(BROKER_PID), signal.SIGSTOP)
    try:
        begun = time.time()
        said = shopify(ingest).deliver("orders/paid", body, tries=1)
        check(said[0] == 503 and int(said[2]["Retry-After"]) > 0, said)
        check(time.time() - begun < 4.5, "slow to refuse", time.time() - begun)
    finally:
        os.kill(int(BROKER_PID), signal.SIGCONT)
    sender = shopify(ingest)
    check(sender.deliver("orders/paid", body, pause_s=1)[0] == 200 and not sender.is_gone,
          "tried again")
    check("shopify:harbour:5001:placed" in ids(), "it is there")


def test_settings():
    """wrong ones: exit 100, and what was expected"""
    for hooks, words in (("harbour=x key=mail", "expected key=email or key=id"),
                         ("harbour", "expected a secret"),
                         ("harbour=GB", "expected a secret of at least 12"),
                         (f"harbour={NEW}\ncountry=GB", "country is the name of an option"),
                         ("a=b,a=c", "stands twice")):
        with Ingest(NURTURE_SHOP_HOOKS=hooks) as ingest:
            check(ingest.process.wait(10) == 100, hooks)
            check(any(words in line for line in ingest.lines), words, ingest.lines)
    with Ingest(NURTURE_CATALOGUE="/nowhere.csv") as ingest:
        check(ingest.process.wait(10) == 100, "no such catalogue")
        check(any("NURTURE_CATALOGUE" in line for line in ingest.lines), ingest.lines)


def on_one_ingest():
    with tempfile.NamedTemporaryFile("w") as secrets:
        secrets.write(HOOKS)
        secrets.flush()
        with Ingest(NURTURE_SHOP_HOOKS_FILE=secrets.name,
                    NURTURE_CATALOGUE=CATALOGUE.name) as ingest:
            ingest.await_ready()
            for test in (test_every_topic, test_one_fact_one_id, test_signatures, test_woocommerce,
                         test_by_id, test_catalogue, test_why_nothing_came_of_it, test_catch_up,
                         test_broker_stands_still):
                begun = time.time()
                test(ingest)
                print("    %-28s %.1f s" % (test.__name__, time.time() - begun))
            for line in ingest.lines:
                check(NEW not in line and CAFE not in line and "@" not in line, line)


TESTS = [make_topic, test_settings, on_one_ingest, test_missing]

if __name__ == "__main__":
    sys.exit(run(TESTS))
