#!/usr/bin/env python3
"""Years of orders are imported as history: nobody hears of them, and afterwards all of it is known.

usage: history.py [BUILD] [--libs DIR]

The import and the segmenter are killed on the way, and the import is run again; no request, task or
mail may come of it.  Then the shop is live: who ordered before is known, what is told twice sets
nothing off a second time, and what begins now is not missed.  On the event clock the simulation
shows the same of dates.  Starts a broker, unless KAFKA_BOOTSTRAP_SERVERS names one.
"""
import csv
import datetime
import json
import signal
import subprocess
import time

import mails
import parts
import shop
import story
import topics
from shop_senders import Shopify
from story import check, equal, eventually

PEOPLE, ORDERS = 700, 6
SOURCE, SECRET = "north key=id prefix=nw-", "a-secret-of-the-shop-1"


def write_orders(path):
    """Orders of three years up to yesterday; each of the first ten people has one order."""
    now = datetime.datetime.now(datetime.UTC)
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer", "time", "order", "amount", "email", "consent"])
        for person in range(PEOPLE):
            for order in range(1 if person < 10 else ORDERS):
                at = now - datetime.timedelta(days=2 + (person * 7 + order * 180) % 1000)
                rows.writerow([f"p{person}", at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                               f"o{person}-{order}", "12.50", f"p{person}@customers.example",
                               "yes"])


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")
    system.tasks = topics.Reader(system, "tasks")
    system.file = f"{system.folder}/orders.csv"
    write_orders(system.file)
    now = datetime.datetime.now(datetime.UTC)
    system.begun = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    system.old = (now - datetime.timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")


def words(system, *more):
    return ["import", "--orders", system.file, "--as-history", "--delivered-after", "1d", *more]


def done(system):
    try:
        with open(system.file + ".import", encoding="utf-8") as file:
            return int(file.read().split()[2])
    except (OSError, IndexError):
        return 0


def killed_on_the_way(system):
    """the import is killed, and so is the segmenter"""
    equal(system.ctl("import", "--orders", system.file, check=False)[0], 100,
          "without --as-history nothing is published")
    run = subprocess.Popen([f"{system.build}/bin/nurturectl", *words(system)],
                           env=system.environment, stdout=subprocess.DEVNULL)
    while not done(system) and run.poll() is None:
        time.sleep(0.001)
    run.send_signal(signal.SIGKILL)
    check(run.wait() == -signal.SIGKILL, "the import was killed", run.returncode)
    system.started["segmenter"].kill()
    system.watch()
    check(0 < done(system) < PEOPLE * ORDERS, "in the middle", done(system))
    _, said = system.ctl(*words(system))
    check("had been imported before" in said, "run again it goes on where it was", said)
    _, said = system.ctl(*words(system))
    count = said.split()[0]
    check(f"{count} of them had been imported before" in said, "and then there is nothing to do",
          said)
    system.ctl(*words(system, "--progress", f"{system.folder}/anew"))
    # what the file says otherwise now is a newer word about the same orders, and no dead letter
    with open(system.file, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(system.file, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, [*rows[0], "name"])
        out.writeheader()
        out.writerows(row | {"name": "Somebody"} for row in rows)
    system.ctl(*words(system, "--progress", f"{system.folder}/mended"))


def has_come(system, services=("segmenter", "review-solicitor", "scheduler")):
    lines = system.ctl("status", check=False)[1].splitlines()[1:]
    rows = [line.split() for line in lines]
    return rows and all(row[-1] in ("0", "1") for row in rows if row[0] in services)


def nobody_hears_of_it(system):
    """all of it is known, and nothing was set off"""
    eventually(lambda: has_come(system), "all of it is decided", 120,
               lambda: system.ctl("status", check=False)[1])
    time.sleep(2)
    equal(system.outcomes.objects(), [], "no outcome")
    equal(system.tasks.objects(), [], "no task")
    equal(mails.read(system.catcher), [], "no mail")
    dead = topics.Reader(system, "deadletter")
    equal(dead.read(1), [], "no dead letter")


def live(system):
    """the shop is live: who ordered before is known"""
    ann = {"id": "p1", "email": "p1@customers.example"}
    told = shop.event("order.placed", ann, order={"id": "o20-1", "amount": "12.50"})
    told["customer"] = {"id": "p20", "email": "p20@customers.example"}
    system.shop.publish(told)  # the shop's own word of an order that was imported, another id
    system.shop.publish(shop.event("order.delivered", {"id": "p21"}, order={"id": "o21-1"}))
    system.shop.publish(shop.event("order.placed", ann, order=shop.order(9001)))
    stranger = {"id": "new", "email": "new@customers.example", "consent": {"all": True}}
    system.shop.publish(shop.event("order.placed", stranger, order=shop.order(9002)))
    eventually(lambda: len(mails.to(system.catcher, "p1")) == 1, "a mail to whom was imported")
    eventually(lambda: len(mails.to(system.catcher, "new")) == 1, "and one to whom was not")
    task = eventually(lambda: system.tasks.objects(customer="p1"), "the second order is one")
    equal([t["action"] for t in task or []], ["gift-basket"], "with what the policy says")
    time.sleep(1)
    equal(system.tasks.objects(customer="new"), [], "a first order is none")
    equal(system.outcomes.objects(customer="p20"), [], "an order that is told twice says nothing")
    equal(system.outcomes.objects(customer="p21"), [], "nor a delivery that is told twice")
    second = f"{system.folder}/second.csv"
    with open(second, "w", encoding="utf-8") as file:
        at = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        file.write(f"customer,time,order\np2,{at},9003\np1,{at},9001\np22,{system.old},o22-0\n"
                   f"unasked,{at},9004\nasked@customers.example,{at},9005\n")
    system.ctl("import", "--orders", second, "--as-history", "--also-live", "--live-from",
               system.begun)
    eventually(lambda: len(mails.to(system.catcher, "p2")) == 1, "what the shop did not tell: once")
    time.sleep(1)
    equal(len(mails.to(system.catcher, "p1")), 1, "what it did tell: not again")
    equal(mails.to(system.catcher, "p22"), [], "and what is past: not at all")
    for person in ("unasked", "asked"):
        equal(mails.to(system.catcher, person), [], f"{person}: no consent and no address made up")
    system.shop.publish(shop.event("order.delivered", {"id": "p1"}, order={"id": "9001"}))
    eventually(lambda: [m for m in mails.to(system.catcher, "p1") if m.links("/f/")],
               "what is delivered now is asked about")


def shop_order(number, at, customer):
    """As Shopify's webhook has it."""
    return {"id": number, "email": "nora@customers.example", "financial_status": "paid",
            "buyer_accepts_marketing": True, "currency": "GBP", "total_price": "30.00",
            "processed_at": at, "updated_at": at, "customer": {"id": customer},
            "line_items": [{"id": number, "sku": "TENT", "title": "Tent", "quantity": 1,
                            "price": "30.00"}]}


def through_the_door(system):
    """a source with key=id and prefix=: what was imported and comes by webhook is one and the same"""
    customer, orders = 7001, (5001, 5002)
    files = {name: f"{system.folder}/{name}.csv" for name in ("shop", "people")}
    with open(files["shop"], "w", encoding="utf-8") as file:
        file.write("Name,Email,Financial Status,Currency,Total,Created at,Accepts Marketing,Id\n")
        file.writelines(f"#{n},nora@customers.example,paid,GBP,30.00,{system.old},yes,{n}\n"
                        for n in orders)
    with open(files["people"], "w", encoding="utf-8") as file:
        file.write(f"Customer ID,Email\n'{customer},Nora@customers.example\n")
    system.ctl("import", "--as-history", "--orders", files["shop"], "--format", "shopify",
               "--source", SOURCE, "--customers", files["people"])
    door = Shopify(system.started["ingest"].port, "/v1/hooks/shopify/north", SECRET)
    for number in orders:
        said = door.deliver("orders/create", shop_order(number, system.old, customer))
        equal(said[0], 200, "the shop tells it, too")
    events = topics.Reader(system, "events")
    ids = [f"shopify:north:{n}:placed" for n in orders]

    def told():
        return [e["id"] for e in events.objects() if e["customer"]["id"] == f"nw-{customer}"]
    eventually(lambda: sorted(told()) == sorted(ids * 2), "each twice, under one id", found=told)
    eventually(lambda: has_come(system), "all of it is decided", 60)
    equal(system.outcomes.objects(customer=f"nw-{customer}"), [], "and nothing comes of it")
    said = door.deliver("orders/create", shop_order(5003, shop.now_text(), customer))
    equal(said[0], 200, "then there is a third order")
    eventually(lambda: mails.to(system.catcher, "nora"), "of which she hears")
    eventually(lambda: system.tasks.objects(customer=f"nw-{customer}", action="gift-basket"),
               "as somebody who comes again")
    equal(topics.Reader(system, "deadletter").read(1), [], "no dead letter")


def simulated(system, *more):
    path = f"{system.folder}/simulated.jsonl"
    system.ctl("simulate", "--policy", f"{parts.ROOT}/deploy/policy/shop.yaml", "--orders",
               f"{parts.ROOT}/deploy/demo/orders.csv", "--until", "2026-03-01T00:00:00Z",
               "--outcomes", path, *more)
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def dates_begin_afterwards(system):
    """on the event clock: dates and segments that begin afterwards are not missed"""
    begin = "2025-06-01T00:00:00Z"
    everything, rest = simulated(system), simulated(system, "--live-from", begin)
    check(min(o["triggered_at"] for o in rest) >= begin, "nothing is about what was before")
    for name in ("birthday", "welcome-back", "tips"):
        expected = {o["request"] for o in everything
                    if o["programme"] == name and o["triggered_at"] >= begin}
        found = {o["request"] for o in rest if o["programme"] == name}
        check(expected and found == expected, f"{name}: each of {len(expected)}",
              f"{len(found - expected)} too many, {len(expected - found)} missing")
    due = {o["request"] for o in everything
           if o["programme"] == "win-back" and o["triggered_at"] >= begin}
    found = {o["request"] for o in rest if o["programme"] == "win-back"}
    check(due and due <= found, "win-back: all, also those that heard it before", len(due - found))


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [killed_on_the_way, nobody_hears_of_it, live,
                                     through_the_door, dates_begin_afterwards], setup,
               extra={"NURTURE_SHOP_HOOKS": f"{SOURCE.replace(' ', f'={SECRET} ', 1)} consent=all"})
