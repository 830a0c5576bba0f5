#!/usr/bin/env python3
"""A file of orders of any size, by time, the same for the same numbers.

usage: make_orders.py ORDERS [CUSTOMERS] > FILE     a third as many customers, unless said

For what memory and time of `nurturectl simulate` are when a file is large:
    python3 tests/bench/make_orders.py 10000000 > /tmp/orders.csv
    /usr/bin/time -v build/bin/nurturectl simulate --policy deploy/policy/shop.yaml \
        --orders /tmp/orders.csv --delivered-after 3d --outcomes /dev/null
"""
import datetime
import random
import sys

FIRST = datetime.datetime(2024, 1, 1)
PERIOD_S = 540 * 24 * 3600


def main(words):
    if len(words) not in (2, 3) or not all(word.isdecimal() for word in words[1:]):
        sys.exit(__doc__)
    orders = int(words[1])
    customers = int(words[2]) if len(words) == 3 else max(1, orders // 3)
    chance = random.Random(1)
    write = sys.stdout.write
    write("customer,time,order,amount\n")
    for order in range(orders):
        at = FIRST + datetime.timedelta(seconds=PERIOD_S * order // orders)
        customer = int(chance.random() * customers)
        cents = 500 + int(chance.random() * 20000)
        write(f"{customer:08d},{at:%Y-%m-%dT%H:%M:%SZ},{order},{cents // 100}.{cents % 100:02d}\n")


main(sys.argv)
