#!/usr/bin/env python3
"""Every question of docs/data.md, asked of the demo's outcomes in DuckDB and in SQLite.

usage: queries.py BUILD

The demo's orders are simulated; every outcome is what deploy/schemas say, and so is every event
that is made up to them: orders with their categories, scores, unsubscribes, complaints, bounces.
Each query must give in both engines what a computation of our own gives, which knows nothing of
SQL. Parquet files hold what the tables hold. lift.sql has a test of its own (lift.py).
"""
import collections
import csv
import datetime
import json
import math
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile

try:
    import contract
    import engines
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DEMO, DAY = os.path.join(ROOT, "deploy", "demo", "orders.csv"), 86400
UNTIL = "2026-03-01T00:00:00Z"
HEARD = ("sent", "in_doubt", "task_created", "permitted")


def seconds(text):
    return math.floor(datetime.datetime.fromisoformat(text).timestamp())


class Demo:
    """A directory with outcomes.jsonl, orders.csv and events.jsonl, and the same as objects."""

    def __init__(self, build, directory):
        self.directory, dice = directory, random.Random(7)
        subprocess.run([os.path.join(build, "bin", "nurturectl"), "simulate", "--policy",
                        os.path.join(ROOT, "deploy", "policy", "shop.yaml"), "--orders", DEMO, "--until", UNTIL,
                        "--outcomes", os.path.join(directory, "outcomes.jsonl")],
                       check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(directory, "outcomes.jsonl"), encoding="utf-8") as file:
            self.outcomes = [json.loads(line) for line in file]
        for outcome in self.outcomes:
            why = contract.refusal("outcome", outcome, is_closed=True)
            assert why is None, f"{why} in {outcome}"
            outcome["at_s"] = seconds(outcome["at"])
        self.mails = [o for o in self.outcomes if o["status"] == "sent" and o["channel"] == "email"]
        with open(DEMO, encoding="utf-8") as file:
            self.orders = [row for row in csv.DictReader(file) if row["kind"] == "order"]
        self.events = [*self.order_events(), *self.mail_events(dice)]
        self.write()

    def order_events(self):
        for row in self.orders:
            yield {"id": f"placed-{row['order']}", "type": "order.placed", "time": row["time"],
                   "customer": {"id": row["customer"]},
                   "order": {"id": row["order"], "amount": row["amount"],
                             "items": [{"category": row["category"]}, {"category": row["category"]},
                                       {"sku": "a gift card"}]}}

    def mail_events(self, dice):
        """What people did with their mails; some is told twice, some is about nobody's mail."""
        for number, mail in enumerate(self.mails):
            more = {"time": mail["at"], "customer": {"id": mail["customer"]}}
            if mail.get("rung") == "rating" and dice.random() < 0.4:
                for again in range(dice.choice([1, 1, 2])):
                    yield {"id": f"f-{number}-{again}", "type": "feedback.received", **more,
                           "feedback": {"order": mail["order"], "request": mail["request"],
                                        "score": dice.choice([1, 2, 4, 5, 5]), "rung": "rating"}}
            kind = dice.choices([None, "unsubscribed", "complained", "bounced"], [90, 5, 2, 3])[0]
            if kind:
                told = {"id": mail["send"]} | (
                    {"kind": dice.choice(["hard", "soft"])} if kind == "bounced" else {})
                event = {"id": f"m-{number}", "type": f"message.{kind}", **more, "message": told}
                yield event
                if dice.random() < 0.2:
                    yield {**event, "id": f"m-{number}-again"}
        yield {"id": "elsewhere", "type": "message.complained", "time": UNTIL,
               "customer": {"id": "c-0001"}, "message": {"id": "somebody-else-s"}}

    def write(self):
        with open(os.path.join(self.directory, "orders.csv"), "w", encoding="utf-8") as file:
            file.write("customer,time,amount\n")
            file.writelines(f"{o['customer']},{o['time']},{o['amount']}\n" for o in self.orders)
        with open(os.path.join(self.directory, "events.jsonl"), "w", encoding="utf-8") as file:
            for number, event in enumerate(self.events):
                why = contract.refusal("event", event, is_closed=True)
                assert why is None, f"{why} in {event}"
                file.write(json.dumps(enveloped(event) if number % 10 == 0 else event) + "\n")
        for name in ("outcomes.jsonl", "events.jsonl"):  # who delivers at least once repeats lines
            with open(os.path.join(self.directory, name), "r+", encoding="utf-8") as file:
                lines = file.readlines()
                file.writelines(lines[::50])

    def ends(self):
        """{request: its last outcome}"""
        return {o["request"]: o for o in self.outcomes if o["status"] not in ("deferred", "released")}

    def held(self):
        """{(rule, request): its deferrals by that rule}"""
        held = collections.defaultdict(list)
        for outcome in self.outcomes:
            if outcome["status"] == "deferred":
                held[outcome["reason"]["rule"], outcome["request"]].append(outcome)
        return held


def enveloped(event):
    data = {name: value for name, value in event.items() if name in ("order", "feedback", "message")}
    return {"specversion": "1.0", "source": "/test", "id": event["id"], "type": event["type"],
            "subject": event["customer"]["id"], "time": event["time"], "data": data}


def mean(values):
    return statistics.fmean(values) if values else None


def mails_by_week(demo):
    weeks = collections.defaultdict(list)
    for mail in demo.mails:
        day = datetime.date.fromisoformat(mail["at"][:10])
        weeks[str(day - datetime.timedelta(days=day.weekday()))].append(mail)
    return [{"week": week, "mails": sum("merged_into" not in m for m in mails),
             "people": len({m["customer"] for m in mails}), "messages": len(mails)}
            for week, mails in sorted(weeks.items())]


def held_by_rule(demo):
    rows, ends = collections.defaultdict(list), demo.ends()
    for (rule, request), deferrals in demo.held().items():
        rows[rule, deferrals[0]["programme"]].append((len(deferrals), ends.get(request, {}).get("status")))
    table = [{"rule": rule, "programme": programme, "requests": len(found),
              "times": sum(times for times, _ in found),
              "heard_later": sum(status in HEARD for _, status in found),
              "out_of_time": sum(status in ("displaced", "expired") for _, status in found),
              "still_waiting": sum(status is None for _, status in found)}
             for (rule, programme), found in rows.items()]
    return sorted(table, key=lambda row: (-row["requests"], row["rule"], row["programme"]))


def why_nothing(demo):
    last, programmes = {}, {o["request"]: o["programme"] for o in demo.outcomes}
    for outcome in (o for o in demo.outcomes if o["customer"] == "c-0007"):
        known = last.get(outcome["request"])
        is_end = outcome["status"] != "deferred"
        if not known or (is_end, outcome["at_s"]) >= (known["status"] != "deferred", known["at_s"]):
            last[outcome["request"]] = outcome
    rows = []
    for outcome in (o for o in last.values() if o["status"] not in ("sent", "task_created", "permitted")):
        reason = outcome.get("reason", {})
        rows.append({"programme": outcome["programme"], "status": outcome["status"], "rule": reason.get("rule", ""),
                     "detail": reason.get("detail", ""), "won_by": programmes.get(reason.get("won_by"), ""),
                     "at_s": outcome["at_s"], "request": outcome["request"]})
    assert len(rows) >= 2 and any(row["won_by"] for row in rows), "c-0007 got everything"
    return sorted(rows, key=lambda row: (-row["at_s"], row["request"]))


def revenue_after_mail(demo):
    mails = [m for m in demo.mails if "merged_into" not in m]
    count, orders = collections.Counter(m["programme"] for m in mails), collections.defaultdict(list)
    of_customer = collections.defaultdict(list)
    for mail in mails:
        of_customer[mail["customer"]].append(mail)
    for order in demo.orders:
        at_s = seconds(order["time"])
        before = [m for m in of_customer[order["customer"]] if at_s - 7 * DAY <= m["at_s"] < at_s]
        if before:
            newest = min(before, key=lambda m: (-m["at_s"], m["request"]))
            orders[newest["programme"]].append(float(order["amount"]))
    return [{"programme": name, "mails": count[name], "orders": len(orders[name]), "revenue": sum(orders[name]),
             "revenue_per_mail": sum(orders[name]) / count[name]} for name in sorted(count)]


def feedback_by_category(demo):
    asked = {m["order"] for m in demo.mails if m.get("rung") == "rating"}
    scores = {}
    for event in sorted(demo.events, key=lambda e: (seconds(e["time"]), e["id"])):
        if event["type"] == "feedback.received":
            scores[event["feedback"]["order"]] = event["feedback"]["score"]
    categories = collections.defaultdict(list)
    for order in demo.orders:
        if order["order"] in asked or order["order"] in scores:
            categories[order["category"]].append(order["order"])
    return [{"category": name, "asked": sum(o in asked for o in orders),
             "answered": sum(o in scores for o in orders),
             "mean_score": mean([scores[o] for o in orders if o in scores]),
             "low": sum(scores.get(o, 5) <= 2 for o in orders)} for name, orders in sorted(categories.items())]


def cap_use(demo):
    found = collections.defaultdict(list)
    for outcome in demo.outcomes:
        for rule in outcome.get("rules", []):
            if outcome["status"] == "sent" and "merged_into" not in outcome:
                found[rule["rule"], rule["limit"], rule["window_s"]].append(rule["count"] + 1)
    return [{"rule": rule, "allowed": limit, "window_s": window_s, "mails": len(used), "mean_used": mean(used),
             "last_one": sum(u >= limit for u in used)}
            for (rule, limit, window_s), used in sorted(found.items())]


def cap_cost(demo):
    rows, ends = collections.defaultdict(list), demo.ends()
    for (rule, request), deferrals in demo.held().items():
        rows[rule].append((min(o["at_s"] for o in deferrals), ends.get(request, {"status": None})))
    table = [{"rule": rule, "held": len(found),
              "sent_later": sum(end["status"] == "sent" for _, end in found),
              "mean_days_later": mean([(end["at_s"] - since_s) / DAY for since_s, end in found
                                       if end["status"] == "sent"]),
              "out_of_time": sum(end["status"] in ("displaced", "expired") for _, end in found)}
             for rule, found in rows.items()]
    return sorted(table, key=lambda row: (-row["held"], row["rule"]))


def complaints(demo):
    told = {kind: set() for kind in ("message.unsubscribed", "message.complained", "hard")}
    for event in demo.events:
        if event["type"].startswith("message."):
            kind = event["message"].get("kind", event["type"])
            if kind in told:
                told[kind].add(event["message"]["id"])
    sends = collections.defaultdict(set)
    for mail in (m for m in demo.mails if "merged_into" not in m):
        sends[mail["programme"]].add(mail["send"])
    rows = []
    for programme, mails in sends.items():
        gone, complained, bounced = (len(mails & found) for found in told.values())
        rows.append({"programme": programme, "mails": len(mails), "unsubscribed": gone, "complained": complained,
                     "bounced": bounced, "lost_per_thousand": 1000 * (gone + complained) / len(mails)})
    return sorted(rows, key=lambda row: (-row["lost_per_thousand"], row["programme"]))


def orders_by_segment(demo):
    found, number, last = collections.defaultdict(list), collections.Counter(), {}
    for order in sorted(demo.orders, key=lambda o: (seconds(o["time"]), float(o["amount"]))):
        customer, at_s = order["customer"], seconds(order["time"])
        number[customer] += 1
        n = number[customer]
        segment = "1 first" if n == 1 else "2 second" if n == 2 else "3 returning" if n < 8 else "4 regular"
        since = (at_s - last[customer]) / DAY if customer in last else None
        found[segment].append((customer, float(order["amount"]), since))
        last[customer] = at_s
    return [{"segment": segment, "people": len({c for c, _, _ in rows}), "orders": len(rows),
             "revenue": sum(amount for _, amount, _ in rows),
             "mean_days_since": mean([s for _, _, s in rows if s is not None])}
            for segment, rows in sorted(found.items())]


ANSWERS = {"mails-by-week": mails_by_week, "held-by-rule": held_by_rule, "why-nothing": why_nothing,
           "revenue-after-mail": revenue_after_mail, "feedback-by-category": feedback_by_category,
           "cap-use": cap_use, "cap-cost": cap_cost, "complaints": complaints,
           "orders-by-segment": orders_by_segment}


def same(found, expected):
    if isinstance(expected, float) and isinstance(found, (int, float)):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return found == expected


def check_answer(name, engine, expected):
    found = engine.ask(f"{name}.sql")
    where = f"{name}.sql in {type(engine).__name__}"
    assert len(found) == len(expected), f"{where}: expected {len(expected)} rows, found {len(found)}"
    for at, (row, wanted) in enumerate(zip(found, expected)):
        assert list(row) == list(wanted), f"{where}: expected the columns {list(wanted)}, found {list(row)}"
        for column, value in wanted.items():
            assert same(row[column], value), f"{where}: row {at}, {column}: expected {value}, found {row[column]}"


def check_parquet(demo, duck):
    duck.run("parquet.duckdb.sql")
    path = os.path.join(demo.directory, "outcomes.parquet")
    found = duck.connection.execute(
        "SELECT count(*), count(DISTINCT id), sum(CASE WHEN status = 'sent' THEN 1 ELSE 0 END), "
        f"sum(at_s) FROM read_parquet('{path}/*/*.parquet')").fetchone()
    expected = (len(demo.outcomes), len({o["id"] for o in demo.outcomes}), len(demo.mails),
                sum(o["at_s"] for o in demo.outcomes))
    assert found == expected, f"parquet: expected {expected}, found {found}"
    months = {o["at"][:7] for o in demo.outcomes}
    assert set(os.listdir(path)) == {f"month={month}" for month in months}, os.listdir(path)


def check_page():
    """Each query is on the page, and each of the page is there."""
    with open(os.path.join(ROOT, "docs", "data.md"), encoding="utf-8") as file:
        named = set(re.findall(r"\(\.\./deploy/queries/([a-z-]+)\.sql\)", file.read()))
    there = {name[:-4] for name in os.listdir(engines.QUERIES)
             if name.endswith(".sql") and name.count(".") == 1}
    assert named == there == {*ANSWERS, "lift"}, f"docs/data.md {named}, deploy/queries {there}"


def main():
    check_page()
    with tempfile.TemporaryDirectory() as directory:
        demo = Demo(sys.argv[1], directory)
        print(f"{len(demo.outcomes)} outcomes and {len(demo.events)} events are as the schemas say")
        loads = ("load", "load-events")
        tables = engines.DuckDb(directory, *loads), engines.Sqlite(directory, *loads)
        for name, compute in ANSWERS.items():
            expected = compute(demo)
            for engine in tables:
                check_answer(name, engine, expected)
            print(f"{name}: {len(expected)} rows, the same in DuckDB, in SQLite and by hand")
        check_parquet(demo, tables[0])
    print(f"{len(ANSWERS) + 2} passed, 0 failed")


if __name__ == "__main__":
    main()
