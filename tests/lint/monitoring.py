#!/usr/bin/env python3
"""monitoring.py - do the alert rules and the dashboard speak of metrics that there are?

usage: monitoring.py PROMTOOL     (tests/lint.sh rules)

Every metric that deploy/prometheus and deploy/grafana name is on docs/operations.md, and so is every
alert.  Every alert has an example in tests/prometheus that fires.  The dashboard's queries are
PromQL, its panels lie beside each other and need no plugin.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

RULES, DASHBOARD = "deploy/prometheus/nurture-rules.yaml", "deploy/grafana/nurture.json"
# Of Kafka's exporter, kube-state-metrics and Prometheus itself, which are not ours.
FOREIGN = {"kafka_consumergroup_lag", "up", "kube_cronjob_created",
           "kube_cronjob_next_schedule_time", "kube_cronjob_status_last_successful_time",
           "kube_job_failed", "kube_job_status_start_time"}
PANELS = {"row", "timeseries", "stat"}
# What Grafana puts in; any value does to see whether a query can be read.
VARIABLES = {"$namespace": ".*", "$group": "nurture.*", "$__rate_interval": "1m"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def rules():
    return [rule for group in yaml.safe_load(read(RULES))["groups"] for rule in group["rules"]]


def metrics_of(expression):
    """The metrics of a query: names that are followed by { or [ or stand alone, without labels."""
    plain = re.sub(r"\{[^}]*\}|\b(by|on|ignoring|without) *\([^)]*\)", "", expression)
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(
        r"(?<![:\w])(?:(?:nurture|process|kafka|kube)_[a-z_]+|up)(?![:\w])", plain)}


def panels():
    return json.loads(read(DASHBOARD))["panels"]


def queries():
    for panel in panels():
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def check_names():
    page = read("docs/operations.md")
    known = set(re.findall(r"`((?:nurture|process)_[a-z_]+)[`{]", page)) | FOREIGN
    named = [(RULES, rule["expr"]) for rule in rules()]
    named += [(f"{DASHBOARD}: {title}", expression) for title, expression in queries()]
    for where, expression in named:
        for name in sorted(metrics_of(expression) - known):
            yield f"{where}: docs/operations.md has no metric {name}"
        if not metrics_of(expression) and "nurture:" not in expression:
            yield f"{where}: no metric was found in {expression!r}"
    for name in (rule["alert"] for rule in rules() if "alert" in rule):
        if f"`{name}`" not in page:
            yield f"docs/operations.md: the alert {name} is missing"


def check_examples():
    fires = set()
    for path in sorted(glob.glob("tests/prometheus/*.test.yaml")):
        for test in yaml.safe_load(read(path))["tests"]:
            fires |= {case["alertname"] for case in test.get("alert_rule_test", [])
                      if case.get("exp_alerts")}
    for rule in rules():
        if "alert" in rule and rule["alert"] not in fires:
            yield f"{RULES}: no example in tests/prometheus makes {rule['alert']} fire"
        if "alert" in rule and rule["labels"]["severity"] not in ("page", "ticket"):
            yield f"{RULES}: {rule['alert']}: severity is page or ticket"


def overlap(one, other):
    return (one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"] and
            one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"])


def check_panels():
    seen = []
    for panel in panels():
        if panel["type"] not in PANELS:
            yield f"{DASHBOARD}: {panel['title']}: {panel['type']} needs a plugin"
        if panel["type"] != "row" and panel["datasource"]["uid"] != "${DS_PROMETHEUS}":
            yield f"{DASHBOARD}: {panel['title']}: its data source is not the variable"
        for other in seen:
            if panel["id"] == other["id"] or overlap(panel["gridPos"], other["gridPos"]):
                yield f"{DASHBOARD}: {panel['title']} and {other['title']} share an id or a place"
        seen.append(panel)


def promtool(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"promtool {' '.join(words)}: {done.stdout}{done.stderr}"


def check_queries(program):
    """promtool reads rules only, so each query becomes one."""
    recorded = []
    for at, (_, expression) in enumerate(queries()):
        for name, value in VARIABLES.items():
            expression = expression.replace(name, value)
        recorded.append({"record": f"panel:{at}", "expr": expression})
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}, file)
        file.flush()
        yield from promtool(program, "check", "rules", file.name)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = sys.argv[1]
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    assert metrics_of('sum by (nurture_a) (rate(nurture_b_bucket{nurture_c="1"}[5m]))') == {
        "nurture_b"}
    found = [*check_names(), *check_examples(), *check_panels(), *check_queries(program),
             *promtool(program, "check", "rules", RULES)]
    for path in sorted(glob.glob("tests/prometheus/*.test.yaml")):
        found += promtool(program, "test", "rules", path)
    for finding in found:
        print(finding)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
