#!/usr/bin/env python3
"""One of the PyPI clients, as a shop would use it: clients.mjs says what each publishes.

usage: clients.py CLIENT URL KEY PREFIX [PAUSE_S]

Exit 1 when the client was not told that all is well. PAUSE_S: how long it rests between the two.
"""
import datetime
import http.client
import json
import sys
import time
import urllib.error
import urllib.request

client, url, key, prefix, *more = sys.argv[1:]
PAUSE_S, PATIENCE_S = float(more[0]) if more else 0, 60
PLACED = {"order_id": f"{prefix}-1", "total": 0.1 + 0.2, "currency": "EUR",
          "products": [{"sku": "a", "quantity": 1, "price": 0.3, "category": "tea"}]}
DELIVERED = {"order_id": f"{prefix}-2"}
errors = []


def rest():
    time.sleep(PAUSE_S)


def post_once(headers, body):
    """None: it was taken. Else how many seconds to wait, and why."""
    request = urllib.request.Request(f"{url}/v1/events", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            if answer.status != 202:
                sys.exit(f"{client}: {answer.status}")
            return None
    except urllib.error.HTTPError as refusal:
        if refusal.code not in (429, 503):
            sys.exit(f"{client}: {refusal.code} {refusal.read().decode()}")
        return float(refusal.headers["Retry-After"]), refusal
    except (OSError, http.client.HTTPException) as error:
        return 0.5, error


def post(headers, body):
    """As ingest asks its senders to: the same again after no answer, 429 and 503."""
    until = time.time() + PATIENCE_S
    while again := post_once(headers, body):
        if time.time() > until:
            sys.exit(f"{client}: {again[1]}")
        time.sleep(again[0])


def tracks(analytics):
    analytics.max_retries = 20
    analytics.on_error = lambda error, _: errors.append(error)
    analytics.identify(prefix, {"email": f"{prefix}@example.com", "newsletter": True})
    analytics.track(prefix, "Order Completed", PLACED)
    rest()
    analytics.track(prefix, "Order Delivered", DELIVERED)
    analytics.flush()
    analytics.shutdown()


def segment():
    import segment.analytics as analytics

    analytics.write_key, analytics.host = key, url
    tracks(analytics)


def rudder():
    import rudderstack.analytics as analytics

    analytics.write_key, analytics.dataPlaneUrl = key, url
    tracks(analytics)


def cloudevents():
    from cloudevents.core.bindings.http import to_binary_event, to_structured_event
    from cloudevents.core.v1.event import CloudEvent

    def attributes(number, kind):
        return {"id": f"{prefix}-m-{number}", "source": "https://shop.example/caf\u00e9",
                "type": kind, "specversion": "1.0", "subject": prefix,
                "time": datetime.datetime.now(datetime.UTC),
                "datacontenttype": "application/json"}

    order = {"id": f"{prefix}-1", "amount": "0.30", "currency": "EUR"}
    for message in (to_binary_event(CloudEvent(attributes(1, "order.placed"), {"order": order})),
                    to_structured_event(CloudEvent(attributes(2, "order.delivered"),
                                                   {"order": {"id": f"{prefix}-2"}}))):
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        post({**message.headers, "authorization": f"Bearer {key}"}, body)
        rest()


def standardwebhooks():
    from standardwebhooks import Webhook

    for kind, order in (("order.placed", "1"), ("order.delivered", "2")):
        now = datetime.datetime.now(datetime.UTC)
        identity = f"{prefix}-m-{order}"
        body = json.dumps({"id": identity, "type": kind, "time": now.isoformat(),
                           "customer": {"id": prefix}, "order": {"id": f"{prefix}-{order}"}})
        post({"content-type": "application/json", "webhook-id": identity,
              "webhook-timestamp": str(int(now.timestamp())),
              "webhook-signature": Webhook(key).sign(identity, now, body)}, body.encode())
        rest()


{"segment": segment, "rudder": rudder, "cloudevents": cloudevents,
 "standardwebhooks": standardwebhooks}[client]()
if errors:
    sys.exit(f"{client}: {errors}")
