"""chart_kafka.py - what the chart says of Kafka beside what the programs do.

Strimzi makes topics with all the settings that nurturectl gives them; a KafkaUser may do what
`nurturectl topics --acls` prints, and so says the table of docs/kafka-and-redis.md; and the values
take the properties that common/io/kafka/kafka_names.c passes on, and no others.
"""
import json
import re
import subprocess

import yaml

TOPICS = "common/io/kafka/topics.c"
TABLE = "docs/kafka-and-redis.md"
STRIMZI = "deploy/helm/nurture/templates/strimzi.yaml"
DAY_MS = 86400000
RESOURCES = {"topic": "topic", "group": "group", "transactional-id": "transactionalId"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def of_kind(text, kind):
    return [manifest for manifest in filter(None, yaml.load_all(text, Loader=yaml.CSafeLoader))
            if manifest["kind"] == kind]


def given(source, numbers):
    """{setting: value} of the calls that give a topic one."""
    found = dict(re.findall(r'set\(topic, "([\w.]+)", "([\w.]+)"\)', source))
    for name, value in re.findall(r'set_number\(topic, "([\w.]+)", (\w+)\)', source):
        found[name] = numbers[value]
    return found


def planned(replication):
    """{topic: all its settings} as nurturectl makes it."""
    source = read(TOPICS)
    numbers = dict(re.findall(r"(\w+) = (\d+)", read("common/io/kafka/topics.h")))
    changelog = given(re.search(r"set_changelog\(.*?\n}", source, re.S)[0], numbers)
    most, enough, fewer = re.search(
        r'"min.insync.replicas", options->replication >= (\d+) \? "(\d)" : "(\d)"', source).groups()
    both = {"min.insync.replicas": enough if replication >= int(most) else fewer,
            "max.message.bytes": numbers["TOPIC_MESSAGE_BYTES"]}
    plans = re.findall(r'^    \{"([\w-]+)", (?:(\d+) \* )?(DAY_MS|0), (true|false)\}',
                       read("common/io/kafka/topic_plans.c"), re.M)
    assert len(plans) > 10 and len(changelog) == 5, f"{TOPICS}: the settings were not found"
    for name, days, unit, stamp in plans:
        kept = {"cleanup.policy": "delete", "retention.ms": str(int(days or 1) * DAY_MS)}
        yield f"nurture.{name}", both | (changelog if unit == "0" else kept) | (
            {"message.timestamp.type": "LogAppendTime"} if stamp == "true" else {})


def check_topics(text, replication):
    """Strimzi makes the topics that nurturectl makes, with this many copies."""
    wanted = dict(planned(replication))
    found = {manifest["spec"]["topicName"]: {name: str(value) for name, value in
                                             manifest["spec"]["config"].items()}
             for manifest in of_kind(text, "KafkaTopic")}
    for name in sorted(set(wanted) | set(found)):
        if wanted.get(name) != found.get(name):
            yield (f"{STRIMZI}: {name}: expected {wanted.get(name)} as in {TOPICS}, found "
                   f"{found.get(name)}")


def needed(nurturectl):
    """{program: rights} as nurturectl topics --acls prints them."""
    said = subprocess.run([nurturectl, "topics", "--acls"], capture_output=True, text=True,
                          check=True, env={"KAFKA_BOOTSTRAP_SERVERS": "a:9092"}).stdout
    found = {}
    for name, operation, resource, what, prefixed in re.findall(
            r"User:(\S+) --operation (\w+) --([a-z-]+) 'nurture\.([^']*)'(.*)", said):
        found.setdefault(name, set()).add((RESOURCES[resource], what, bool(prefixed), operation))
    return found


def written():
    """The same as the page has them."""
    page = read(TABLE)
    found = {}
    for name, *topics, group, prefix in re.findall(
            r"^\| ([a-z-]+) \| ([a-z, -]+) \| ([a-z, -]+) \| (?:Read `(.*?)`|Describe `.*?`)? \| "
            r"(?:Write `(.*?)` prefixed)? \|", re.sub(r"\|(?= \|)", "| ", page), re.M):
        found[name] = {("topic", topic, False, operation)
                       for operation, names in zip(("Read", "Write"), topics, strict=True)
                       for topic in names.split(", ")}
        if group:
            found[name] |= {("group", group, False, "Read"),
                            ("transactionalId", prefix, True, "Write")}
            if "but ingest and the console also ask for the group `restore` (Describe)" in page:
                found[name].add(("group", "restore", False, "Describe"))
        elif f"| Describe `{name}` |" in page:
            found[name].add(("group", name, False, "Describe"))
    return found


def granted(text):
    """The same of the KafkaUsers, without what they may do besides (DescribeConfigs)."""
    return {user["metadata"]["labels"]["app.kubernetes.io/component"]: {
        (acl["resource"]["type"], acl["resource"]["name"].removeprefix("nurture."),
         acl["resource"]["patternType"] == "prefix", operation)
        for acl in user["spec"]["authorization"]["acls"] for operation in acl["operations"]
        if operation != "DescribeConfigs"} for user in of_kind(text, "KafkaUser")}


def check_looking(found, allowed):
    """Whoever only looks (the chart's CronJobs) may do a part of what people may, and no writing."""
    if not found:
        yield f"{STRIMZI}: nurturectl: no user of the checks was found"
    for right in sorted(found):
        if right not in allowed or right[3] not in ("Read", "Describe"):
            yield f"{STRIMZI}: nurturectl: it only looks, and may {right}"


def check_rights(text, nurturectl):
    wanted = needed(nurturectl)
    assert len(wanted) == 8, f"{nurturectl} topics --acls: the rights were not found"
    given = granted(text)
    yield from check_looking(given.pop("nurturectl", set()), wanted.pop("nurturectl"))
    for where, found in ((TABLE, written()), (STRIMZI, given)):
        for name in sorted(set(wanted) | set(found)):
            lacks = wanted.get(name, set()) - found.get(name, set())
            extra = found.get(name, set()) - wanted.get(name, set())
            if lacks or extra:
                yield (f"{where}: {name}: beside nurturectl topics --acls it lacks "
                       f"{sorted(lacks)} and has besides {sorted(extra)}")


def check_properties():
    """Of the values' schema: the properties that services take, none that they refuse."""
    rule = json.loads(read("deploy/helm/nurture/values.schema.json"))["$defs"]["property"]
    source = read("common/io/kafka/kafka_names.c")
    taken, refused = (re.search(rf"{name}\[\] = \{{(.*?)\}};", source, re.S)[1]
                      for name in ("beginnings", "refusals"))
    names = re.search(r"names\[\] = \{(.*?)\};", source[source.index("beginnings[]"):], re.S)[1]
    refused = re.findall(r'\{"([a-z.]+)"', refused)
    assert len(refused) > 20, "common/io/kafka/kafka_names.c: the refusals were not found"
    wanted = {f"{name}x" if name.endswith(".") else name: True
              for name in re.findall(r'"([a-z.]+)"', taken + names)}
    wanted |= {f"{name}x" if name.endswith(".") else name: False
               for name in [*refused, "linger.ms", "statistics.interval.ms"]}
    for name, is_taken in wanted.items():
        is_found = bool(re.search(rule["pattern"], name)) and not re.search(
            rule["not"]["pattern"], name)
        if is_found != is_taken:
            yield (f"deploy/helm/nurture/values.schema.json: kafka.config.{name}: expected "
                   f"{'to be taken' if is_taken else 'to be refused'}, as services do")
