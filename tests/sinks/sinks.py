#!/usr/bin/env python3
"""Do the sinks of deploy/sinks hold exactly what was committed?

usage: sinks.py BUILD LIBS PORT     (make test-sinks; KAFKA_BOOTSTRAP_SERVERS: a broker of its own)

The demo's outcomes are simulated and written to nurture.outcomes as the services write them, in
transactions, one of which is given up. Then Kafka Connect (the jars of LIBS, its REST on PORT)
runs connect-file.json, once as it is and once with JsonConverter. ClickHouse, as the library chdb,
takes them by the Kafka engine of clickhouse.sql, asked for each block, since a library has no
thread that reads beside it; its view is tried with a table that is written to. Of connect-s3.json and connect-iceberg.json only the converters are the same.
deploy/queries/iceberg.py puts the Parquet files that DuckDB writes into Iceberg tables of a
catalogue in SQLite, twice, and DuckDB's rows must be those that PyIceberg reads.
"""
import collections
import contextlib
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

import chdb.session
import pyiceberg.catalog
from confluent_kafka import Producer

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SINKS, BROKERS = os.path.join(ROOT, "deploy", "sinks"), os.environ["KAFKA_BOOTSTRAP_SERVERS"]
TOPIC, WAIT_S = "nurture.outcomes", 120
HEADERS = [("content-type", "application/json"), ("nurture-type", "nurture.v1.Outcome"),
           ("nurture-version", "2")]


def read(name):
    with open(os.path.join(SINKS, name), encoding="utf-8") as file:
        return file.read()


def make_outcomes(build, directory):
    ctl, path = os.path.join(build, "bin", "nurturectl"), os.path.join(directory, "simulated.jsonl")
    subprocess.run([ctl, "topics"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([ctl, "simulate", "--policy", f"{ROOT}/deploy/policy/shop.yaml", "--orders",
                    f"{ROOT}/deploy/demo/orders.csv", "--until", "2026-03-01T00:00:00Z",
                    "--outcomes", path], check=True, stdout=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def publish(lines):
    producer = Producer({"bootstrap.servers": BROKERS, "transactional.id": "sinks",
                         "partitioner": "murmur2_random", "linger.ms": 20})
    producer.init_transactions(30)
    given_up = [line.replace('"status":"', '"status":"never_') for line in lines[:500]]
    for batch in (lines[:4000], given_up, lines[4000:]):
        producer.begin_transaction()
        for line in batch:
            producer.produce(TOPIC, line, json.loads(line)["customer"], headers=HEADERS)
            producer.poll(0)
        producer.flush(60)
        if batch is given_up:
            producer.abort_transaction()
        else:
            producer.commit_transaction()


def await_count(question, wanted, what):
    until, found = time.time() + WAIT_S, -1
    while found != wanted and time.time() < until:
        time.sleep(0.5)
        found = question()
    assert found == wanted, f"{what}: expected {wanted} within {WAIT_S} s, found {found}"


def connector(directory, name, **changes):
    """A file for connect-standalone, and the file that its connector writes."""
    made, out = json.loads(read("connect-file.json")), os.path.join(directory, f"{name}.txt")
    made["name"] = name
    made["config"].update({"file": out, **changes})
    path = os.path.join(directory, f"{name}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(made, file)
    return path, out


@contextlib.contextmanager
def connect(libs, port, directory, *connectors):
    worker = os.path.join(directory, "worker.properties")
    with open(worker, "w", encoding="utf-8") as file:
        file.write(f"bootstrap.servers={BROKERS}\nlisteners=http://127.0.0.1:{port}\n"
                   "key.converter=org.apache.kafka.connect.storage.StringConverter\n"
                   "value.converter=org.apache.kafka.connect.json.JsonConverter\n"
                   f"offset.storage.file.filename={directory}/offsets\nplugin.discovery=only_scan\n")
    with open(os.path.join(directory, "connect.log"), "wb") as log:
        process = subprocess.Popen(
            ["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{libs}/*",
             f"-Dlog4j2.configurationFile={ROOT}/deploy/broker/log4j2.properties",
             "org.apache.kafka.connect.cli.ConnectStandalone", worker, *connectors],
            stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


def lines_of(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def state_of(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/connectors/{name}/status") as answer:
        return [task["state"] for task in json.load(answer)["tasks"]]


def check_connect(libs, port, directory, lines):
    as_json = {"value.converter": "org.apache.kafka.connect.json.JsonConverter",
               "value.converter.schemas.enable": "false"}
    made = {"as-it-is": connector(directory, "as-it-is"), "as-json": connector(directory, "as-json", **as_json)}
    with connect(libs, port, directory, *(path for path, _ in made.values())):
        for name, (_, out) in made.items():
            await_count(lambda path=out: len(lines_of(path)), len(lines), name)
            assert state_of(port, name) == ["RUNNING"], state_of(port, name)
    assert sorted(lines_of(made["as-it-is"][1])) == sorted(lines), "Connect wrote other lines"
    found = collections.Counter(re.search(r"\bstatus=(\w+)", line)[1] for line in lines_of(made["as-json"][1]))
    assert found == collections.Counter(json.loads(line)["status"] for line in lines), found
    print(f"Connect: {len(lines)} outcomes as they are, and as many by JsonConverter")


class ClickHouse:
    """ClickHouse as a library, with the tables and the view of clickhouse.sql, each in its turn."""

    def __init__(self, directory):
        self.session = chdb.session.Session(os.path.join(directory, "clickhouse"))
        script = re.sub("--.*", "", read("clickhouse.sql"))
        self.table, self.queue, self.view = filter(None, map(str.strip, script.split(";")))

    def use(self, database):
        self.session.query(f"CREATE DATABASE {database}")
        self.session.query(f"USE {database}")
        self.session.query(self.table)

    def make_queue(self):
        """The library has no thread that reads beside it, and says so; the table is there all the same."""
        queue = self.queue.replace("localhost:9092", BROKERS)
        try:
            self.session.query(f"{queue}, kafka_commit_on_select = 1")
        except RuntimeError as error:
            assert "Shutdown was called" in str(error), error

    def ask(self, query):
        return [json.loads(line) for line in self.session.query(query, "JSONEachRow").bytes().splitlines()]

    def count(self):
        return int(self.ask("SELECT count() AS n FROM outcomes FINAL")[0]["n"])

    def take_from_queue(self):
        self.session.query("INSERT INTO outcomes SELECT * FROM outcomes_queue "
                           "SETTINGS stream_like_engine_allow_direct_select = 1")
        return self.count()


def expected_row(outcome):
    reason, rules = outcome.get("reason", {}), outcome.get("rules", [])
    at_ms = round(datetime.datetime.fromisoformat(outcome["at"]).timestamp() * 1000)
    return (outcome["status"], at_ms, reason.get("rule", ""), reason.get("count"), len(rules),
            sum(rule["count"] for rule in rules), outcome.get("probability", ""), outcome["version"])


def check_rows(clickhouse, lines, what):
    found = {row["id"]: row for row in clickhouse.ask(
        "SELECT id, status, toUnixTimestamp64Milli(at) AS at_ms, reason.rule AS rule, reason.count AS count, "
        "length(rules) AS rules, arraySum(rules.count) AS used, probability, version FROM outcomes FINAL")}
    assert len(found) == len(lines), f"{what}: expected {len(lines)} outcomes, found {len(found)}"
    for line in lines:
        outcome = json.loads(line)
        row = found[outcome["id"]]
        told = (row["status"], int(row["at_ms"]), row["rule"],
                None if row["count"] is None else int(row["count"]), int(row["rules"]), int(row["used"]),
                row["probability"], row["version"])
        assert told == expected_row(outcome), f"{what}: {outcome['id']}: expected {expected_row(outcome)}, found {told}"
    print(f"ClickHouse, {what}: {len(lines)} outcomes, each as it was written")


def check_clickhouse(directory, lines):
    clickhouse = ClickHouse(directory)
    clickhouse.use("engine")
    clickhouse.make_queue()
    await_count(clickhouse.take_from_queue, len(lines), "ClickHouse")
    check_rows(clickhouse, lines, "by its Kafka engine")
    clickhouse.use("reader")
    clickhouse.session.query("CREATE TABLE outcomes_queue AS outcomes ENGINE = Null")
    clickhouse.session.query(clickhouse.view)
    clickhouse.session.query(f"INSERT INTO outcomes_queue FROM INFILE '{directory}/simulated.jsonl' "
                             "SETTINGS date_time_input_format = 'best_effort' FORMAT JSONEachRow")
    check_rows(clickhouse, lines, "by its view")


def check_iceberg(directory, lines):
    """Each file of the pages in its turn, as somebody would: load, Parquet, Iceberg."""
    for name, text in (("outcomes.jsonl", "\n".join(lines) + "\n"),
                       ("orders.csv", "customer,time,amount\na,2026-01-01,1\n")):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    queries = os.path.join(ROOT, "deploy", "queries")
    script = "".join(open(os.path.join(queries, name), encoding="utf-8").read()
                     for name in ("load.duckdb.sql", "parquet.duckdb.sql"))
    subprocess.run([sys.executable, "-c", "import duckdb, sys; duckdb.connect().execute(sys.stdin.read())"],
                   input=script, text=True, check=True, cwd=directory, stdout=subprocess.DEVNULL)
    catalog = {"uri": f"sqlite:///{directory}/iceberg.db", "warehouse": f"file://{directory}/warehouse"}
    said = {f"PYICEBERG_CATALOG__NURTURE__{name.upper()}": value for name, value in catalog.items()}
    for _ in range(2):
        subprocess.run([sys.executable, os.path.realpath(os.path.join(queries, "iceberg.py"))], check=True,
                       cwd=directory, env=os.environ | said, stdout=subprocess.DEVNULL)
    table = pyiceberg.catalog.load_catalog("nurture", **catalog).load_table("nurture.outcomes")
    found = sorted((row["id"], row["status"], row["month"]) for row in
                   table.scan(selected_fields=("id", "status", "month")).to_arrow().to_pylist())
    wanted = sorted((one["id"], one["status"], one["at"][:7]) for one in map(json.loads, lines))
    assert found == wanted, f"Iceberg: {len(found)} rows, {len(wanted)} outcomes"
    assert [field.name for field in table.spec().fields] == ["month_of"], table.spec()
    print(f"Iceberg: {len(found)} outcomes by PyIceberg, the same after a second run")


def main():
    build, libs, port = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        lines = make_outcomes(build, directory)
        publish(lines)
        try:
            check_connect(libs, int(port), directory, lines)
        except BaseException:
            print("\n".join(lines_of(os.path.join(directory, "connect.log"))[-20:]))
            raise
        check_clickhouse(directory, lines)
        check_iceberg(directory, lines)
    print("3 passed, 0 failed")


if __name__ == "__main__":
    main()
