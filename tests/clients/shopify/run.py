#!/usr/bin/env python3
"""Shopify's own library judges what the tests' sender signs: a part of make test-clients.

The end-to-end test shops_e2e.py shows that ingest takes what that sender signs; here
@shopify/shopify-api, in the version of package-lock.json, says that Shopify would sign so: both
families of headers valid, another secret and a changed body not.
Needs node and npm. Exit code 0: all is well; 77: skipped.
"""
import json
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "e2e"))
from shop_senders import Shopify  # noqa: E402

SECRET, BODY = "shpss_0123456789abcdef", '{"id":820982911946154508,"name":"Grüße"}'


def requests():
    """(what must be said, the request)"""
    for topic, action in (("orders/paid", None), ("Order", "update")):
        headers = Shopify(0, "/", SECRET).headers(topic, BODY.encode(), action)
        yield True, {"secret": SECRET, "headers": headers, "body": BODY}
        yield False, {"secret": "another", "headers": headers, "body": BODY}
        yield False, {"secret": SECRET, "headers": headers, "body": BODY + " "}


def main():
    if not shutil.which("npm"):
        print("skipped: npm is missing")
        return 77
    if not (HERE / "node_modules/.package-lock.json").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True)
    wanted, sent = zip(*requests(), strict=True)
    said = subprocess.run(["node", HERE / "validate.mjs"], check=True, text=True,
                          capture_output=True, input="".join(json.dumps(s) + "\n" for s in sent))
    answers = [json.loads(line) for line in said.stdout.splitlines()]
    wrong = [(w, a) for w, a in zip(wanted, answers, strict=True) if a["valid"] is not w]
    print(f"shopify: {len(answers)} requests judged, {len(wrong)} not as expected")
    for each in wrong:
        print("    ", *each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
