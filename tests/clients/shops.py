#!/usr/bin/env python3
"""Shopify's and WooCommerce's senders, as they are (tests/e2e/shop_senders.py), and a Kafka producer.

usage: shops.py CLIENT URL KEY PREFIX [PAUSE_S]

Each tells of two orders. Shopify tries again by itself; WooCommerce never does, so what it lost is
brought by deploy/shops/woocommerce-catch-up.py, which is run until all is there. URL and KEY of kafka
are the broker and the topic. Exit 1 when not all was taken.
"""
import datetime
import http.server
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import urllib.parse
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
import shop_senders  # noqa: E402

PATIENCE_S = 60
NOW = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def numbers(prefix):
    """The shop's numbers of a customer and two orders, others for each prefix."""
    first = zlib.crc32(prefix.encode()) + 1
    return first, first + 1, first + 2


def shopify(url, key, prefix, pause_s):
    customer, *orders = numbers(prefix)
    sender = shop_senders.Shopify(url.port, "/v1/hooks/shopify/harbour", key)
    for order in orders:
        said = sender.deliver("orders/create", {
            "id": order, "financial_status": "paid", "processed_at": NOW, "currency": "EUR",
            "total_price": "0.30", "customer": {"id": customer, "email": "ann@example.com"},
            "line_items": []}, pause_s=3)
        if said[0] != 200 or sender.is_gone:
            sys.exit(f"shopify: {said}")
        time.sleep(pause_s)


class RestApi(http.server.BaseHTTPRequestHandler):
    """GET /wp-json/wc/v3/orders: all of them, whenever they changed."""
    orders = []

    def do_GET(self):
        page = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)["page"][0]
        body = json.dumps(self.orders if page == "1" else []).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def catch_up(hook, key):
    server = http.server.HTTPServer(("127.0.0.1", 0), RestApi)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = dict(os.environ, WOOCOMMERCE_URL=f"http://127.0.0.1:{server.server_port}",
                    WOOCOMMERCE_KEY="ck_1:cs_2", NURTURE_HOOK_SECRET=key, NURTURE_HOOK_URL=hook)
    until = time.time() + PATIENCE_S
    while True:
        done = subprocess.run([sys.executable, ROOT / "deploy/shops/woocommerce-catch-up.py"],
                              env=settings, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        if time.time() > until:
            sys.exit(f"woocommerce: {done.stderr}")
        time.sleep(1)


def woocommerce(url, key, prefix, pause_s):
    customer, *orders = numbers(prefix)
    path = "/v1/hooks/woocommerce/cafe"
    sender = shop_senders.WooCommerce(url.port, path, "order.created", key)
    for number in orders:
        order = {"id": number, "status": "processing", "customer_id": customer, "total": "0.30",
                 "currency": "EUR", "date_created_gmt": NOW[:-1], "date_modified_gmt": NOW[:-1],
                 "billing": {"email": "ann@example.com"}, "line_items": [], "refunds": []}
        RestApi.orders.append(order)
        sender.deliver(lambda order=order: order)
        time.sleep(pause_s)
    if sender.status != "active":
        sys.exit("woocommerce: the webhook has switched itself off")
    catch_up(url.geturl() + path, key)


def kafka(url, key, prefix, pause_s):
    from confluent_kafka import Producer

    customer, *orders = (str(number) for number in numbers(prefix))
    failures = []
    producer = Producer({"bootstrap.servers": url.netloc})
    for order in orders:
        event = {"id": f"{prefix}-{order}", "type": "order.placed", "time": NOW,
                 "customer": {"id": customer}, "order": {"id": order}}
        producer.produce(key, json.dumps(event), customer,
                         on_delivery=lambda error, _: error and failures.append(error))
        producer.poll(0)
        time.sleep(pause_s)
    left = producer.flush(PATIENCE_S)
    if left or failures:
        sys.exit(f"kafka: {left} left, {failures}")


if __name__ == "__main__":
    client, address, secret, name, *more = sys.argv[1:]
    {"shopify": shopify, "woocommerce": woocommerce, "kafka": kafka}[client](
        urllib.parse.urlparse(address), secret, name, float(more[0]) if more else 0)
