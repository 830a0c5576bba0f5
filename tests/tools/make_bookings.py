#!/usr/bin/env python3
"""Bookings of a hotel as a CSV on standard output, for nurturectl: made up, and the same every time.

usage: make_bookings.py [GUESTS]

Guests book months ahead; some move their stay, also in the night before it, some cancel, some come
as they said. Every date lies between 2026-01-05 and 2026-09.
"""
import datetime
import random
import sys

BEGIN = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.UTC)
KINDS = ["summer", "spa", "winter", "conference"]


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def rows(dice, guest, number):
    """One booking: rows of (time, kind, starts, ends)."""
    booked = BEGIN + datetime.timedelta(minutes=dice.randrange(90 * 1440))
    starts = booked + datetime.timedelta(hours=dice.choice([6, 20, 30, 24 * 40, 24 * 120]))
    ends = starts + datetime.timedelta(days=dice.randrange(1, 9))
    yield booked, "order", starts, ends
    while dice.random() < 0.4:
        moved = booked + (starts - booked) * dice.choice([0.3, 0.9, 0.99])
        by = datetime.timedelta(hours=dice.choice([-5, 3, 48, 24 * 30]))
        starts, ends = max(starts + by, moved), max(ends + by, moved)
        yield moved, "updated", starts, ends
        booked = moved
    if dice.random() < 0.3:
        at = booked + (starts - booked) * dice.choice([0.5, 0.98])
        yield at, dice.choice(["cancelled", "refunded"]), None, None
    elif dice.random() < 0.5:
        yield ends, "delivered", None, None


def main():
    dice, number = random.Random(20260105), 0
    print("customer,time,order,kind,starts_at,ends_at,amount,category,country")
    for guest in range(int(sys.argv[1]) if len(sys.argv) > 1 else 300):
        country = dice.choice(["AT", "DE", "GB", ""])
        for _ in range(dice.randrange(1, 4)):
            number += 1
            kind = dice.choice(KINDS)
            for at, what, starts, ends in rows(dice, guest, number):
                amount = "" if what in ("refunded", "delivered", "updated") else "420.00"
                print(f"g{guest},{text(at)},{number},{what},{text(starts)},{text(ends)},{amount},"
                      f"{kind if what == 'order' else ''},{country}")


main()
