"""A shop's side: events, as it would publish them over HTTP."""
import datetime
import itertools
import json
import os
import urllib.error
import urllib.request

import contract

TOKEN = "0123456789abcdef-shop"
numbers = itertools.count(1)


def now_text(offset_s=0.0):
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=offset_s)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(kind, customer, **more):
    """An event of now; customer is an id, or an object."""
    if isinstance(customer, str):
        customer = {"id": customer}
    return {"id": f"e2e-{os.getpid()}-{next(numbers)}", "type": kind, "time": now_text(),
            "customer": customer, **more}


def person(identity, domain="customers.example", **more):
    """Somebody who may be written to."""
    return {"id": identity, "email": f"{identity}@{domain}", "name": identity.capitalize(),
            "consent": {"all": True}, **more}


def order(number, *categories, **more):
    return {"id": str(number), "amount": "20.00", "currency": "GBP",
            "items": [{"sku": f"sku-{c}", "category": c, "quantity": 1, "price": "20.00"}
                      for c in categories or ["tents"]], **more}


def ask(url, method="GET", body=None, content_type=None, timeout=20, **headers):
    """(status, text, headers) of any answer, also of a refusal."""
    if content_type:
        headers["Content-Type"] = content_type
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode(), refusal.headers


class Shop:
    """Publishes to one ingest."""

    def __init__(self, ingest):
        self.url = f"http://127.0.0.1:{ingest.port}/v1/events"

    def post(self, body, content_type="application/json"):
        """(status, what it says) for an event, a list of them, or bytes as they are."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        status, text, _ = ask(self.url, "POST", body, content_type,
                              Authorization=f"Bearer {TOKEN}")
        if content_type in contract.JSON_TYPES:
            contract.check_published(body, status, text)
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def publish(self, *events):
        """Up to any number of events that must all be taken."""
        for at in range(0, len(events), 1000):
            status, said = self.post(list(events[at:at + 1000]))
            if status != 202 or any(each["status"] != "accepted" for each in said):
                raise AssertionError(f"ingest said {status} {said}")
