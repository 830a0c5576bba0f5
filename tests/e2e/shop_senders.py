"""Shops as they really send: WooCommerce's webhook (class-wc-webhook.php) and Shopify's."""
import base64
import hashlib
import hmac
import html
import http.client
import json
import time
import uuid


def sign(secret, body):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Old(http.client.HTTPConnection):
    """WordPress speaks HTTP/1.0."""
    _http_vsn, _http_vsn_str = 10, "HTTP/1.0"


class WooCommerce:
    """One webhook. It pings when it is saved, builds the payload when it is delivered, never tries
    again, and switches itself off after more than five failures in a row."""

    FAILURES_MAX = 5

    def __init__(self, port, path, topic, secret, number=7):
        self.port, self.path, self.topic, self.number = port, path, topic, number
        self.secret = html.unescape(secret)
        self.failures, self.status = 0, "active"

    def post(self, body, headers):
        connection = Old("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", self.path, body, {
                "User-Agent": "WooCommerce/10.1.0 Hookshot (WordPress/6.8.2)", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.headers)
        except OSError as error:
            return 0, str(error), {}
        finally:
            connection.close()

    def ping(self):
        """Saving a webhook needs exactly 200."""
        said = self.post(f"webhook_id={self.number}".encode(),
                         {"Content-Type": "application/x-www-form-urlencoded"})
        return said[0] == 200

    def deliver(self, resource, body=None):
        """resource() is what the shop has now; body: bytes that are sent in its place."""
        if self.status != "active":
            return self.status
        what, event = self.topic.split(".")
        payload = json.dumps(resource()).encode()
        status, said, headers = self.post(payload if body is None else body, {
            "Content-Type": "application/json", "X-WC-Webhook-Source": "https://cafe.example/",
            "X-WC-Webhook-Topic": self.topic, "X-WC-Webhook-Resource": what,
            "X-WC-Webhook-Event": event, "X-WC-Webhook-Signature": sign(self.secret, payload),
            "X-WC-Webhook-ID": str(self.number), "X-WC-Webhook-Delivery-ID": uuid.uuid4().hex})
        self.failures = 0 if 200 <= status <= 302 else self.failures + 1
        if self.failures > self.FAILURES_MAX:
            self.status = "disabled"
        return status, said, headers


class Shopify:
    """One subscription. A delivery is tried again with the same payload and ids; after eight
    failures in all the subscription is gone."""

    TRIES = 8

    def __init__(self, port, path, secret, domain="harbour.myshopify.com"):
        self.port, self.path, self.secret, self.domain = port, path, secret, domain
        self.is_gone = False

    def headers(self, topic, body, action=None, is_test=False):
        """Webhooks have an X- before their names, Events (2026-10) have none."""
        mark = "" if action else "X-"
        found = {f"{mark}Shopify-Topic": topic, f"{mark}Shopify-Shop-Domain": self.domain,
                 f"{mark}Shopify-Api-Version": "2026-10",
                 f"{mark}Shopify-Webhook-Id": str(uuid.uuid4()),
                 f"{mark}Shopify-Event-Id": str(uuid.uuid4()),
                 f"{mark}Shopify-Triggered-At": "2026-09-21T12:00:00.123456789Z",
                 f"{mark}Shopify-Hmac-Sha256": sign(self.secret, body)}
        if is_test:
            found[f"{mark}Shopify-Test"] = "true"
        if action:
            found |= {"Shopify-Action": action, "Shopify-Handle": "nurture"}
        return found

    def post(self, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", self.path, body, {"Content-Type": "application/json",
                                                         **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.headers)
        except OSError as error:
            return 0, str(error), {}
        finally:
            connection.close()

    def deliver(self, topic, resource, action=None, tries=TRIES, pause_s=0.5, is_test=False):
        body = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
        headers = self.headers(topic, body, action, is_test)
        for number in range(tries):
            if number:
                time.sleep(pause_s)
            said = self.post(body, headers)
            if 200 <= said[0] < 300:
                return said
        self.is_gone = tries == self.TRIES
        return said
