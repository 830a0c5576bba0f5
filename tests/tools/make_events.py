#!/usr/bin/env python3
"""What the people of a file of orders do besides ordering, as JSON lines on standard output: they
answer, click, unsubscribe, complain, change how often they want to hear, and addresses bounce.

usage: make_events.py ORDERS.csv
"""
import csv
import datetime
import json
import random
import sys

KINDS = ["feedback", "low", "opened", "clicked", "bounced", "soft", "unsubscribed", "complained",
         "elsewhere", "preferences", "complaint", "consent"]


def what_happens(kind, order, dice):
    """The type, and what such an event has besides."""
    if kind in ("feedback", "low"):
        score = dice.choice([4, 5]) if kind == "feedback" else dice.choice([1, 2])
        return "feedback.received", {"feedback": {"order": order["order"], "score": score,
                                                  "rung": "rating"}}
    if kind == "bounced":
        return "message.bounced", {"message": {"kind": "hard", "email": order["email"]}}
    if kind == "soft":
        return "message.bounced", {"message": {"kind": "soft", "email": order["email"]}}
    if kind == "unsubscribed":
        return "message.unsubscribed", {"message": {"class": dice.choice(["care", "promotion"])}}
    if kind == "elsewhere":
        return "message.sent_elsewhere", {"message": {"class": "promotion", "channel": "email"}}
    if kind == "preferences":
        return "preferences.changed", {"preferences": {"allowances": [{"limit": 1, "days": 14}]}}
    if kind == "complaint":
        return "complaint.opened", {"case": {"id": f"c-{order['order']}", "order": order["order"]}}
    if kind == "consent":
        return "consent.changed", {}
    return f"message.{kind}", {}


def main():
    dice = random.Random(7)
    with open(sys.argv[1], encoding="utf-8") as file:
        orders = [row for row in csv.DictReader(file) if row["kind"] == "order"]
    for number, order in enumerate(dice.sample(orders, len(orders) // 3)):
        kind, more = what_happens(dice.choice(KINDS), order, dice)
        at = datetime.datetime.fromisoformat(order["time"].replace("Z", "+00:00"))
        at += datetime.timedelta(minutes=dice.randrange(1, 30 * 24 * 60))
        customer = {"id": order["customer"]}
        if kind == "consent.changed":
            customer["consent"] = {"promotion": dice.random() < 0.5}
        event = {"id": f"made-{number}", "type": kind,
                 "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "customer": customer, **more}
        print(json.dumps(event))


if __name__ == "__main__":
    main()
