#!/usr/bin/env python3
"""Makes up the sample of orders: 14 months of Harbour Outdoor, a shop that does not exist.

usage: make_orders.py > orders.csv

The same bytes every time.  Nobody in it exists; names are put together from lists, addresses
are in .example.  The file is in the public domain (CC0).  What a shop knows of a customer (name,
address, zone, birthday) stands in the customer's first row; later rows add to it.
"""
import csv
import datetime
import random
import sys
import unicodedata
import zoneinfo

UTC = datetime.UTC
FIRST = datetime.datetime(2024, 11, 1, tzinfo=UTC)
DAYS = 425
COLUMNS = ["customer", "order", "time", "kind", "amount", "category", "email", "name", "country",
           "time_zone", "locale", "birthday", "consent"]
PRICES = {"tents": (180, 520), "boots": (85, 210), "jackets": (70, 260), "coffee": (9, 28),
          "lamps": (19, 75), "packs": (60, 190), "stoves": (35, 120), "maps": (8, 18),
          "sleeping-bags": (75, 280)}
PLACES = [  # share, country, zone, locale; the last ones did not say where they live
    (52, "GB", "Europe/London", "en-GB"), (9, "IE", "Europe/Dublin", "en-IE"),
    (9, "DE", "Europe/Berlin", "de-DE"), (7, "FR", "Europe/Paris", "fr-FR"),
    (6, "US", "America/New_York", "en-US"), (3, "US", "America/Los_Angeles", "en-US"),
    (3, "AU", "Australia/Sydney", "en-AU"), (2, "IN", "Asia/Kolkata", "en-IN"),
    (5, "US", "", "en-US"), (4, "", "", "")]
GIVEN = ("Amelia Oliver Isla Noah Freya George Niamh Conor Aoife Sean Greta Jonas Lena Emil Camille "
         "Louis Manon Hugo Ava Mason Chloe Liam Priya Arjun Ruby Jack Zoë Théo Inés Ruth Ewan Maja").split()
FAMILY = ("Hughes Carter Webb Fletcher Murphy Byrne Walsh Doyle Müller Vogt Krause Lorenz Moreau "
          "Girard Lefèvre Caron Brooks Hayes Turner Reed Nair Mehta Rao Shaw Clarke Ford Hale "
          "Quinn Marsh Doherty Lindqvist O'Neill").split()
# share, how many orders (least, most), days between them, what they mostly buy
HABITS = [(21, (1, 1), (0, 0), None), (34, (2, 5), (35, 120), None), (24, (6, 12), (25, 55), None),
          (14, (15, 24), (13, 21), "coffee"), (8, (4, 6), (10, 18), None)]

dice = random.Random(20241101)


def pick(rows):
    """One of the rows, by the share that each begins with."""
    at = dice.random() * sum(row[0] for row in rows)
    for row in rows:
        at -= row[0]
        if at < 0:
            break
    return row[1:]


def between(least, most):
    return least + int(dice.random() * (most - least + 1))


def of(words):
    return words[int(dice.random() * len(words))]


def instant(day, zone):
    """Some time of that day at which people there are awake."""
    local = (FIRST + datetime.timedelta(days=day)).replace(
        hour=between(7, 22), minute=between(0, 59), second=between(0, 59),
        tzinfo=zoneinfo.ZoneInfo(zone or "Europe/London"))
    return local.astimezone(UTC)


def text(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def address(name):
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace("'", "") + "@mail.example"


def person(number):
    country, zone, locale = pick(PLACES)
    given, family = of(GIVEN), of(FAMILY)
    return {
        "customer": f"c-{number:04}",
        "email": address(f"{given}.{family}{number}"),
        "name": "" if dice.random() < 0.04 else f"{given} {family}",
        "country": country, "time_zone": zone, "locale": locale,
        "birthday": "" if dice.random() < 0.4 else
                    f"{between(1952, 2004)}-{between(1, 12):02}-{between(1, 28):02}",
        "consent": "no" if dice.random() < 0.06 else "yes",
    }


def rows_of(customer, number_of):
    (least, most), (short, long), mostly = pick(HABITS)
    zone, known = customer["time_zone"], customer
    day = between(0, 150 if most > 5 else 330 if most > 1 else DAYS - 15)
    for _ in range(between(least, most)):
        if day > DAYS - 10:
            return
        category = mostly if mostly and dice.random() < 0.85 else of(list(PRICES))
        low, high = PRICES[category]
        placed = instant(day, zone)
        order = dict(known, order=str(next(number_of)), kind="order", time=placed,
                     amount=f"{between(low * 100, high * 100) / 100:.2f}", category=category)
        yield order
        known = {"customer": customer["customer"], "consent": customer["consent"]}
        common = dict(known, order=order["order"], category=category)
        fate = dice.random()
        if fate < 0.02:
            yield dict(common, kind="cancellation", time=placed + datetime.timedelta(
                minutes=between(20, 900)), amount=order["amount"])
        else:
            delivered = placed + datetime.timedelta(days=between(2, 5), minutes=between(0, 300))
            yield dict(common, kind="delivered", time=delivered)
            if fate > 0.97:
                yield dict(common, kind="refund", time=delivered + datetime.timedelta(
                    days=between(1, 12), minutes=between(0, 600)), amount=order["amount"])
        # Some have forgotten something, and order again at once.
        day += between(0, 2) if dice.random() < 0.14 else between(short, long)


def main():
    numbers = iter(range(10001, 20001))
    rows = [row for number in range(1, 401) for row in rows_of(person(number), numbers)]
    rows.sort(key=lambda row: (row["time"], row["customer"], row["kind"] != "order"))
    sys.stdout.reconfigure(encoding="utf-8")
    writer = csv.DictWriter(sys.stdout, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(dict(row, time=text(row["time"])))


if __name__ == "__main__":
    main()
