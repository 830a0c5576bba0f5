#!/usr/bin/env python3
"""Brings the orders of WooCommerce that its webhook may have lost: it never sends one twice.

usage: woocommerce-catch-up.py [HOURS]      default 26: once a night, and two hours over

Asks GET /wp-json/wc/v3/orders?modified_after= and posts each order to ingest as the webhook would,
signed. What is known already changes nothing, so it may run as often as you like. From the
environment:

  WOOCOMMERCE_URL       https://cafe.example
  WOOCOMMERCE_KEY       a REST API key that may read (WooCommerce > Settings > Advanced), key:secret
  NURTURE_HOOK_URL      https://nurture.example/v1/hooks/woocommerce/cafe
  NURTURE_HOOK_SECRET   the webhook's secret, as in NURTURE_SHOP_HOOKS

Exit 0: all orders were taken; 1: some were not (standard error says which); 100: the environment;
111: the shop or ingest cannot be reached. Python 3.8 or later, nothing else.
"""
import base64
import calendar
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

PAGE, TRIES, TIMEOUT_S = 100, 4, 30
FORMAT = "%Y-%m-%dT%H:%M:%S"


def setting(name):
    value = os.environ.get(name, "")
    if not value:
        print(f"{name}: expected a value, found none", file=sys.stderr)
        sys.exit(100)
    return value


def page_of(shop, key, after, page):
    query = urllib.parse.urlencode({
        "modified_after": after, "dates_are_gmt": "true", "per_page": PAGE, "page": page,
        "orderby": "modified", "order": "asc"})
    request = urllib.request.Request(f"{shop}/wp-json/wc/v3/orders?{query}", headers={
        "Authorization": "Basic " + base64.b64encode(key.encode()).decode()})
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return json.load(answer)


def second_before(modified):
    """modified_after leaves out the second itself, of which a page may have shown a part."""
    return time.strftime(FORMAT, time.gmtime(calendar.timegm(time.strptime(modified, FORMAT)) - 1))


def orders_of(shop, key, after):
    """Every order that changed since then, the oldest change first, each change once.

    An order that changes meanwhile moves to the end, and what is behind it moves up. So the next
    page is not the second one: it is the first one of what changed later than this page. Only
    within one second, of which there is more than a page, pages are counted."""
    seen, page = set(), 1
    while True:
        found = page_of(shop, key, after, page)
        for order in found:
            change = order["id"], order["date_modified_gmt"]
            if change not in seen:
                seen.add(change)
                yield order
        if len(found) < PAGE:
            return
        newest = second_before(found[-1]["date_modified_gmt"])
        after, page = (newest, 1) if newest > after else (after, page + 1)


def words_of(refusal):
    """What ingest says of it, shortened; it never repeats a secret."""
    try:
        return str(json.loads(refusal.read(4000))["message"])[:300]
    except (ValueError, LookupError, TypeError, OSError):
        return ""


def post(url, secret, body):
    signature = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    request = urllib.request.Request(url, method="POST", data=body, headers={
        "Content-Type": "application/json", "X-WC-Webhook-Topic": "order.updated",
        "X-WC-Webhook-Signature": base64.b64encode(signature).decode()})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return answer.status, 0, ""
    except urllib.error.HTTPError as refusal:
        with refusal:
            return (refusal.code, int(refusal.headers.get("Retry-After") or 0),
                    words_of(refusal))


def deliver(url, secret, order):
    """True when ingest has it; 503 says that Kafka is away, which may be over soon."""
    body = json.dumps(order).encode()
    for number in range(TRIES):
        status, wait_s, words = post(url, secret, body)
        if status == 200:
            return True
        if status != 503:
            break
        if number + 1 < TRIES:
            time.sleep(max(wait_s, 1))
    print(f"order {order.get('id')}: ingest said {status}{': ' if words else ''}{words}",
          file=sys.stderr)
    return False


def hours_of(words):
    try:
        hours = float(words[0]) if words else 26.0
        if len(words) > 1 or not 0 < hours <= 24 * 366:
            raise ValueError
    except ValueError:
        print(f"expected hours, as in 26, found {' '.join(words)!r}; --help says more",
              file=sys.stderr)
        sys.exit(100)
    return hours


def main():
    if len(sys.argv) > 1 and sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    hours = hours_of(sys.argv[1:])
    after = time.strftime(FORMAT, time.gmtime(time.time() - hours * 3600))
    shop, key = setting("WOOCOMMERCE_URL").rstrip("/"), setting("WOOCOMMERCE_KEY")
    url, secret = setting("NURTURE_HOOK_URL"), setting("NURTURE_HOOK_SECRET")
    taken = refused = 0
    try:
        for order in orders_of(shop, key, after):
            if deliver(url, secret, order):
                taken += 1
            else:
                refused += 1
    except (urllib.error.URLError, OSError, ValueError, LookupError, TypeError) as error:
        print(f"after {taken} orders: {error}", file=sys.stderr)
        return 111
    print(f"{taken} orders brought, {refused} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
