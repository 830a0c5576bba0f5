"""The contract for data teams, held against what tests read and write.

deploy/schemas are open for their readers. What our own services write must not make use of that:
a member that the schema does not name is a member that nobody was told of.
"""
import functools
import json
import os
import pathlib
import re

import jsonschema_rs

SCHEMAS = pathlib.Path(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "schemas")
# What a record of ours is, by its topic.
TYPES = {"events": "nurture.v1.Event", "outcomes": "nurture.v1.Outcome", "tasks": "nurture.v1.Task",
         "requests": "nurture.v1.RequestRecord", "asks": "nurture.v1.RequestRecord",
         "dispatch": "nurture.v1.DispatchRecord", "answers": "nurture.v1.Answer",
         "profile-handovers": "nurture.v1.Handover", "ladder-handovers": "nurture.v1.Handover",
         "contact-handovers": "nurture.v1.Handover", "desk-handovers": "nurture.v1.Handover",
         "feedback": "nurture.v1.FeedbackItem", "ends": "nurture.v1.End", "notices": "nurture.v1.Notice"}
# Nobody writes to these but services of ours; tests and shops do to others, and say nothing.
OURS = ("outcomes", "tasks", "ends", "notices")
VERSIONS = {"nurture.v1.Outcome": "2"}
NAMES = {"nurture.v1.Outcome": "outcome", "nurture.v1.Task": "task", "nurture.v1.Event": "event",
         "nurture.v1.End": "end", "nurture.v1.Notice": "notice"}
FORMATS = ("application/json", "application/cloudevents+json", "application/x-protobuf")


def closed(node):
    """The schema, with no member but those that it names."""
    if isinstance(node, dict):
        closed_node = {name: closed(child) for name, child in node.items()}
        if closed_node.get("additionalProperties") is True:
            closed_node["additionalProperties"] = False
        return closed_node
    return [closed(child) for child in node] if isinstance(node, list) else node


@functools.cache
def validator(name, is_closed=False):
    """Of deploy/schemas/NAME.schema.json."""
    def read(uri):
        schema = json.loads((SCHEMAS / uri.rsplit("/", 1)[-1]).read_text(encoding="utf-8"))
        return closed(schema) if is_closed else schema
    return jsonschema_rs.Draft202012Validator({"$ref": f"json-schema:///{name}.schema.json"},
                                              retriever=read, validate_formats=True)


def refusal(name, value, is_closed=False):
    """None when the schema takes it, or what it says."""
    for error in validator(name, is_closed).iter_errors(value):
        return "$" + "".join(f".{step}" for step in error.instance_path) + ": " + error.message
    return None


def check_record(topic, value, headers):
    """A record of this topic, without the prefix: its headers, and what the schema says of it."""
    said = {name: text for name, text in headers or [] if name in (
        "content-type", "nurture-type", "nurture-version")}
    if topic not in TYPES or (topic not in OURS and "nurture-type" not in said):
        return
    assert len(said) == 3, f"{topic}: expected three headers that say what it is, found {headers}"
    wanted, kind = TYPES[topic], said["content-type"].decode()
    found = (said["nurture-type"].decode(), said["nurture-version"].decode())
    assert found == (wanted, VERSIONS.get(wanted, "1")), f"{topic}: its headers are {headers}"
    assert kind in FORMATS and (kind == FORMATS[2]) == (value[:1] != b"{"), f"{kind}: {value[:80]}"
    if kind == "application/x-protobuf":
        return
    name = "cloudevent" if kind == "application/cloudevents+json" else NAMES[wanted]
    why = refusal(name, json.loads(value), is_closed=topic in OURS)
    assert why is None, f"{topic}: {why} in {value.decode()}"


JSON_TYPES = ("application/json", "application/cloudevents+json",
              "application/cloudevents-batch+json")
# What the door asks beyond what a schema can say: bytes, codes that are assigned, days that exist,
# and how one member stands to another.
BEYOND = re.compile(
    r"bytes|twice|surrogate|u0000|levels|UTF-8|ISO \d|birthday|own pages|not before|region of|"
    r"time zone|e-mail address|telephone|locale|with at most \d+ decimals|another customer|[Oo]ther body")


def check_one(event, is_accepted, why):
    name = "cloudevent" if "specversion" in event else "event"
    refused = refusal(name, event)
    if is_accepted:
        assert refused is None, f"ingest takes what {name}.schema.json refuses: {refused} in {event}"
    elif name == "event" and refused is None and not BEYOND.search(why):
        raise AssertionError(f"{name}.schema.json takes what ingest refuses: {why} in {event}")


def check_published(body, status, said):
    """What a post of JSON to /v1/events was answered, beside what the schema says of each event."""
    try:
        sent = json.loads(body)
        said = json.loads(said) if isinstance(said, str) else said
    except ValueError:
        return  # no JSON, to which no schema applies
    if isinstance(sent, dict) and isinstance(said, dict):
        if status == 202 or said.get("error") == "invalid_event":
            check_one(sent, status == 202, said.get("message", ""))
    elif isinstance(sent, list) and isinstance(said, list):
        for event, result in zip(sent, said):
            if isinstance(event, dict) and result["status"] in ("accepted", "invalid"):
                check_one(event, result["status"] == "accepted", result.get("error", ""))
