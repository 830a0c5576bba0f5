#!/usr/bin/env python3
"""contract.py - do schemas, OpenAPI, AsyncAPI, the README's examples and the topics agree?

usage: contract.py     (tests/lint.sh contract)

Each schema of deploy/schemas is one, takes its own examples and refuses what it must. openapi.yaml
is valid, with examples that its schemas take. The channels of asyncapi.yaml are the topics that
nurturectl makes, kept as long. Every example of proto/README.md is of the schema of its kind.
That the schemas say what the code says is tests/unit/message_schemas_test.c; AsyncAPI's own parser
reads asyncapi.yaml in make test-clients.
"""
import json
import os
import pathlib
import re
import sys

import referencing
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate as validate_openapi
from referencing.jsonschema import DRAFT202012

SCHEMAS = pathlib.Path("deploy/schemas")
OPENAPI, ASYNCAPI = pathlib.Path("deploy/openapi.yaml"), pathlib.Path("deploy/asyncapi.yaml")
TIME = "2026-03-01T12:00:00Z"
# What a schema must refuse: the first example with this change (None: without the member).
REFUSED = {
    "answer": [{"status": "sent"}, {"at": None}, {"permit": "a b"}, {"expires_at": "soon"}],
    "cloudevent": [{"specversion": "0.3"}, {"source": None}, {"data": []}],
    "event": [{"id": ""}, {"time": "yesterday"}, {"customer": {}}, {"customer": None},
              {"type": "order placed"}, {"order": {"id": "1", "amount": 12.5}},
              {"order": {"amount": "12.50"}}, {"order": {"id": "1", "parcels": 65}},
              {"type": "return.opened", "order": None}, {"type": "customer.merged"},
              {"type": "consent.changed"}, {"type": "feedback.received", "feedback": {"score": 6}},
              {"type": "message.bounced", "message": {"kind": "weak"}},
              {"type": "preferences.changed"}, {"feedback": {"score": "5"}},
              {"preferences": {"allowances": [{"limit": 1}]}}, {"proof": {"source": "a page"}},
              *({"customer": {"id": "a", "email": email}} for email in (
                  "a..b@x.example", '"a"@x.example', "a@1.2.3.4", "<a>@x.example", "a.@x.example",
                  "a@-x.example", "a@x..example", "a@x.example.", "a b@x.example", "a@b@x.example",
                  "a@[1.2.3.4]"))],
    "end": [{"attempts": -1}, {"at": "2026-03-01"}, {"status": 1}, {"escalations": "1"}],
    "notice": [{"step": -1}, {"due": "soon"}, {"to": 4}],
    "feedback": [{"score": 0}, {"score": 4.5}, {"comment": 5}],
    "outcome": [{"status": "send"}, {"at": "2026-03-01 12:00:00Z"}, {"at": None},
                {"customer": ""}, {"channel": "sms"}, {"reason": {"count": 1}},
                {"probability": 0.5}, {"probability": "1.5"}, {"rules": [{"rule": "week"}]},
                {"considered": [{"request": "a", "priority": 1}] * 9}],
    "task": [{"id": None}, {"state": "done"}, {"due": "2026-03-01"}, {"data": {"orders": 4}}],
}


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


def registry():
    """The schemas by the addresses that they call one another by."""
    resources = []
    for path in SCHEMAS.glob("*.json"):
        resource = DRAFT202012.create_resource(json.loads(read(path)))
        resources += [(path.resolve().as_uri(), resource)]
    return referencing.Registry().with_resources(resources)


def validator(name, known):
    schema = {"$ref": (SCHEMAS / f"{name}.schema.json").resolve().as_uri()}
    return Draft202012Validator(schema, registry=known,
                                format_checker=Draft202012Validator.FORMAT_CHECKER)


def first_error(found, value):
    return next((error.message for error in found.iter_errors(value)), None)


def changed(example, change):
    return {name: value for name, value in (example | change).items() if value is not None}


def check_schemas(known):
    names = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*"))
    if names != sorted(REFUSED):
        yield f"{SCHEMAS}: expected {sorted(REFUSED)}, found {names}"
    for name in names:
        schema = json.loads(read(SCHEMAS / f"{name}.schema.json"))
        Draft202012Validator.check_schema(schema)
        found = validator(name, known)
        for at, example in enumerate(schema["examples"]):
            if (error := first_error(found, example)):
                yield f"{name}: example {at}: {error}"
        for change in REFUSED.get(name, []):
            if not first_error(found, changed(schema["examples"][0], change)):
                yield f"{name}: takes what it must refuse: {change}"


def media_types(node):
    """Everything of a document that has a schema and examples."""
    if isinstance(node, dict):
        if "schema" in node and "examples" in node:
            yield node
        node = node.values()
    elif not isinstance(node, list):
        return
    for child in node:
        yield from media_types(child)


def check_openapi(known):
    document = yaml.safe_load(read(OPENAPI))
    here = OPENAPI.resolve().as_uri()
    validate_openapi(document, base_uri=here)
    known = known.with_resource(here, DRAFT202012.create_resource(document))
    told = 0
    for media in media_types(document["paths"]):
        absolute = json.loads(re.sub(r'"\$ref": "(#|schemas)', lambda ref: '"$ref": "' + (
            here + "#" if ref[1] == "#" else SCHEMAS.resolve().as_uri()), json.dumps(media["schema"])))
        found = Draft202012Validator(absolute, registry=known)
        for name, example in media["examples"].items():
            told += 1
            if (error := first_error(found, example["value"])):
                yield f"{OPENAPI}: example {name}: {error}"
    if told < 5:
        yield f"{OPENAPI}: expected examples, found {told}"


def topics():
    """{name: topicConfiguration} as nurturectl makes them."""
    source = read("common/io/kafka/topics.h")
    largest = int(re.search(r"TOPIC_MESSAGE_BYTES = (\d+)", source)[1])
    kept = int(re.search(r"CHANGELOG_DELETE_RETENTION_MS = (\d+)", source)[1])
    plans = re.findall(r'^    \{"([\w-]+)", (?:(\d+) \* )?(DAY_MS|0), (?:true|false)\}',
                       read("common/io/kafka/topic_plans.c"), re.M)
    for name, days, unit in plans:
        how = ({"cleanup.policy": ["compact"], "delete.retention.ms": kept} if unit == "0" else
               {"cleanup.policy": ["delete"], "retention.ms": int(days or 1) * 86400000})
        yield name, how | {"max.message.bytes": largest}


def resolved(document, node):
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def check_asyncapi():
    document = yaml.safe_load(read(ASYNCAPI))
    partitions = int(re.search(r"TOPICS_DEFAULT_PARTITIONS = (\d+)",
                               read("common/io/kafka/topics.h"))[1])
    wanted = dict(topics())
    if len(wanted) < 10 or sorted(wanted) != sorted(document["channels"]):
        yield f"{ASYNCAPI}: expected the topics {sorted(wanted)}"
    for name, channel in document["channels"].items():
        binding = resolved(document, channel["bindings"])["kafka"]
        found = (channel["address"], binding["partitions"], binding["topicConfiguration"])
        if found != ("nurture." + name, partitions, wanted.get(name)):
            yield f"{ASYNCAPI}: {name}: expected {partitions} and {wanted.get(name)}, found {found}"
        for message in channel["messages"].values():
            payload = resolved(document, message).get("payload")
            if payload and not (ASYNCAPI.parent / payload["$ref"]).exists():
                yield f"{ASYNCAPI}: {payload} is not there"


def examples_of_readme():
    for block in re.findall(r"^```json\n(.*?)^```", read("proto/README.md"), re.M | re.S):
        for line in block.splitlines():
            value = json.loads(line)
            yield value, ("outcome" if "status" in value else "task" if "action" in value else
                          "cloudevent" if "specversion" in value else "event")


def check_readme(known):
    told = 0
    found = {name: validator(name, known) for name in REFUSED}
    for value, name in examples_of_readme():
        told += 1
        if (error := first_error(found[name], value)):
            yield f"proto/README.md: {name} {value['id']}: {error}"
    if told < 30:
        yield f"proto/README.md: expected 30 examples and more, found {told}"


def main():
    os.chdir(pathlib.Path(__file__).resolve().parents[2])
    known = registry()
    wrong = [*check_schemas(known), *check_openapi(known), *check_asyncapi(), *check_readme(known)]
    print("\n".join(wrong))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
