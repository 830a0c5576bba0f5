#!/usr/bin/env python3
"""What a programme is worth: deploy/queries on data in which the answer was planted.

usage: lift.py BUILD

People are held out by chance with a share that changes half-way, and the later ones buy more anyway: only
weights by the written probability get the effect right. Some are not asked at all (no consent) and buy
quite differently; some are displaced. The queries must find the effect: in one large data set with both
engines, the same as a computation of our own; and over many small ones their 95 % intervals must cover it
about as often as they say.
"""
import datetime
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile

try:
    import engines
except ImportError:
    print("skipped: the Python module duckdb is not installed")
    sys.exit(77)

BEGIN = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
DAYS = 30
EFFECTS = {"plain": 0.05, "warm": 0.20}  # orders per person more
SHARE_HEARD = 0.9  # of those who are told; the rest is displaced
AMOUNT = 40.0


def at(day):
    return (BEGIN + datetime.timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")


def draw_orders(rate):
    count, product = 0, random.random()
    while product > math.exp(-rate):
        count, product = count + 1, product * random.random()
    return count


def person(number):
    """What became of one: the outcome's words, and how often they buy."""
    late = number % 2
    held = 0.5 if late else 0.1
    rate = 0.8 if late else 0.2
    if random.random() < 0.2:
        return {"status": "no_consent"}, 2.0, late
    if random.random() < held:
        return {"status": "holdout", "probability": held, "reason": {"detail": "win-back", "rule": "holdout"}}, rate, late
    variant = random.choice(list(EFFECTS))
    words = {"status": "sent", "probability": (1 - held) / 2, "variant": variant}
    if random.random() >= SHARE_HEARD:
        words["status"] = "displaced"
    else:
        rate += EFFECTS[variant]
    return words, rate, late


def decimal(probability):
    return f"{probability:.6f}".rstrip("0").rstrip(".")


def make(people, directory):
    """outcomes.jsonl and orders.csv; returns them as rows (variant or None, weight, orders, revenue)."""
    rows, outcomes, orders = [], [], [("nobody", at(200), 0.0)]
    for number in range(people):
        words, rate, late = person(number)
        day = 60 * late + random.random() * 30
        customer = f"c{number}"
        if "probability" in words:
            words["probability"] = decimal(words["probability"])
        outcomes.append({"at": at(day), "channel": "email", "class": "promotion", "customer": customer,
                         "id": f"i{number}", "policy": "p", "programme": "win-back", "request": f"r{number}", **words})
        if words["status"] == "displaced":
            outcomes.append({**outcomes[-1], "status": "deferred", "id": f"d{number}"})
            outcomes[-2]["at"] = at(day + 5)
        bought = draw_orders(rate)
        amounts = [round(random.expovariate(1 / AMOUNT), 2) for _ in range(bought)]
        # Inside the days; and orders before and after them that must not count.
        orders += [(customer, at(day + 0.001 + random.random() * (DAYS - 0.002)), amount) for amount in amounts]
        orders += [(customer, at(day - 1), 500.0), (customer, at(day + DAYS + 0.01), 500.0)]
        if words["status"] != "no_consent":
            rows.append((words.get("variant"), 1 / float(words["probability"]), bought, sum(amounts)))
    with open(os.path.join(directory, "outcomes.jsonl"), "w", encoding="utf-8") as file:
        for outcome in outcomes:
            file.write(json.dumps(outcome, sort_keys=True, separators=(",", ":")) + "\n")
    with open(os.path.join(directory, "orders.csv"), "w", encoding="utf-8") as file:
        file.write("customer,time,amount\n")
        file.writelines(f"{customer},{time},{amount:.2f}\n" for customer, time, amount in orders)
    return rows


def answer(engine, directory):
    """{(variant, against, measure): {column: value}} of what lift.sql says."""
    found = {}
    for row in engine(directory, "load").ask("lift.sql"):
        assert row.pop("programme") == "win-back", row
        found[row.pop("variant"), row.pop("against"), row.pop("measure")] = row
    return found


def mean_and_variance(people):
    weights = sum(weight for weight, _ in people)
    mean = sum(weight * y for weight, y in people) / weights
    spread = sum(weight * weight * (y - mean) ** 2 for weight, y in people)
    return mean, spread / weights ** 2 * len(people) / (len(people) - 1)


def own_answer(rows, variant, against, column):
    arms = [[(row[1], row[column]) for row in rows if row[0] == arm] for arm in (variant, against)]
    (mean, variance), (mean_against, variance_against) = map(mean_and_variance, arms)
    return {"people": len(arms[0]), "people_against": len(arms[1]), "mean": mean, "mean_against": mean_against,
            "lift": mean - mean_against, "se": math.sqrt(variance + variance_against)}


def near(a, b, what):
    assert math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9), f"{what}: {a} is not {b}"


def planted(variant, against, measure):
    effect = (EFFECTS[variant] - EFFECTS.get(against, 0)) * SHARE_HEARD
    return effect * (AMOUNT if measure == "revenue" else 1)


CASES = [(variant, against, measure) for measure in ("orders", "revenue")
         for variant, against in (("plain", "held out"), ("warm", "held out"), ("warm", "plain"))]


def check_large(build):
    with tempfile.TemporaryDirectory() as directory:
        rows = make(40000, directory)
        path = os.path.join(directory, "outcomes.jsonl")
        # What we made is what the services write.
        subprocess.run([os.path.join(build, "bin", "nurturectl"), "compare", path, path], check=True,
                       stdout=subprocess.DEVNULL)
        answers = answer(engines.DuckDb, directory), answer(engines.Sqlite, directory)
    naive = statistics.mean(row[2] for row in rows if row[0] == "plain") - \
        statistics.mean(row[2] for row in rows if row[0] is None)
    print(f"plain, orders: planted {planted('plain', 'held out', 'orders'):.3f}; without weights {naive:.3f}")
    assert naive < 0, "the data do not mislead whoever ignores the probability"
    for case in CASES:
        own = own_answer(rows, case[0], None if case[1] == "held out" else case[1], 2 if case[2] == "orders" else 3)
        for told in answers:
            found = told[case]
            for column in ("people", "people_against", "mean", "mean_against", "lift"):
                near(found[column], own[column], f"{case} {column}")
            near(found["low"] + found["high"], 2 * found["lift"], f"{case}: the middle of the interval")
            half = (found["high"] - found["low"]) / 2 / own["se"]
            assert 1.9599 < half < 1.961, f"{case}: the interval is {half} standard errors"
            k = (-2 * math.log(0.05) + math.log(1 - 2 * math.log(0.05))) * (own["people"] + own["people_against"]) / 2000
            always = own["se"] * math.sqrt(2 * (k + 1) / k * math.log(math.sqrt(k + 1) / 0.05))
            assert math.isclose(found["lift"] - found["always_low"], always, rel_tol=1e-6), f"{case}: many looks"
            assert math.isclose(found["always_high"] - found["lift"], always, rel_tol=1e-6), f"{case}: many looks"
        print(f"{case}: planted {planted(*case):.3f}, found {found['lift']:.3f}, {found['low']:.3f} to {found['high']:.3f}")
        assert found["low"] < planted(*case) < found["high"], case
    assert set(answers[0]) == set(answers[1]) == set(CASES)


def check_coverage(rounds):
    covered = dict.fromkeys(CASES, 0)
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as directory:
            make(600, directory)
            found = answer(engines.Sqlite, directory)
        for case in CASES:
            covered[case] += found[case]["low"] < planted(*case) < found[case]["high"]
    total = sum(covered.values()) / rounds / len(CASES)
    print(f"covered in {rounds} small data sets: {total:.1%}; {covered}")
    assert 0.92 <= total <= 0.98, total


def main():
    random.seed(20260301)
    check_large(sys.argv[1])
    check_coverage(100)
    print("2 passed, 0 failed")


if __name__ == "__main__":
    main()
