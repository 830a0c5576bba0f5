"""chart_schemas.py - says what is wrong with Kubernetes manifests, without a cluster.

Kinds of Kubernetes itself: the schemas of kubernetes-validate, of three versions, no field beside
them.  Kinds of others: the CRDs that the Go modules of their projects carry, fetched once with
`go mod download` into FOLDER; without go they are passed over, and said.  Strimzi publishes its CRDs
in no registry that this can reach: its two kinds are described here, as its documentation has them
(strimzi.io/docs/operators, KafkaTopicSpec and KafkaUserSpec, kafka.strimzi.io/v1).
"""
import hashlib
import json
import os
import shutil

import chart_crds
import jsonschema
import kubernetes_validate
import yaml

VERSIONS = ["1.28", "1.34", "1.37"]
TEXT, NUMBER = {"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}


def whole(properties, required=()):
    return {"type": "object", "additionalProperties": False, "properties": properties,
            "required": list(required)}


OPERATIONS = ["Read", "Write", "Delete", "Alter", "Describe", "All", "IdempotentWrite",
              "ClusterAction", "Create", "AlterConfigs", "DescribeConfigs"]
ACL = whole({"operations": {"type": "array", "minItems": 1, "items": {"enum": OPERATIONS}},
             "resource": whole({"type": {"enum": ["topic", "group", "transactionalId"]},
                                "name": TEXT, "patternType": {"enum": ["literal", "prefix"]}},
                               ["type", "name"]),
             "host": TEXT, "type": {"enum": ["allow", "deny"]}}, ["operations", "resource"])
STRIMZI = {
    "KafkaTopic": whole({"topicName": TEXT, "partitions": NUMBER, "replicas": NUMBER,
                         "config": {"type": "object"}}),
    "KafkaUser": whole({
        "authentication": whole({"type": {"enum": ["tls", "scram-sha-512"]}}, ["type"]),
        "authorization": whole({"type": {"enum": ["simple"]},
                                "acls": {"type": "array", "items": ACL}}, ["type", "acls"])}),
}


def closed(schema):
    """A CRD's schema as the API server takes it in strict mode: nothing that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items() if key != "description"}
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    if isinstance(schema.get("properties"), dict) and isinstance(schema.get("type"), str) and \
            not schema.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    return result


def fetch_crds(folder):
    """{(apiVersion, kind): schema} of what the modules carry; None without go."""
    if not shutil.which("go"):
        return None
    found = {}
    for path in chart_crds.fetch(folder):
        with open(path, encoding="utf-8") as file:
            crd = yaml.load(file, Loader=yaml.CSafeLoader)["spec"]
        for version in crd["versions"]:
            key = (f"{crd['group']}/{version['name']}", crd["names"]["kind"])
            found[key] = closed(version["schema"]["openAPIV3Schema"])
    return found


def crds(folder):
    """The same, from the copy of a former run where there is one."""
    digest = hashlib.sha256(json.dumps(chart_crds.MODULES).encode()).hexdigest()[:12]
    path = os.path.join(folder, f"crds-{digest}.json")
    if not os.path.exists(path):
        found = fetch_crds(folder)
        if found is None:
            return None
        with open(path, "w", encoding="utf-8") as file:
            json.dump([[*key, schema] for key, schema in found.items()], file)
    with open(path, encoding="utf-8") as file:
        return {(api, kind): schema for api, kind, schema in json.load(file)}


def own_findings(manifest):
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}"


def findings(manifest, schemas):
    """What is wrong with one manifest; schemas as of crds(), None when there are none."""
    api, kind = manifest["apiVersion"], manifest["kind"]
    group = api.split("/")[0]
    if "." not in group or group.endswith(".k8s.io") and not group.startswith("gateway."):
        yield from own_findings(manifest)
        return
    if group == "kafka.strimzi.io":
        schema = {"properties": {"spec": STRIMZI[kind]}, "required": ["spec"]}
    elif schemas is None:
        return
    elif (api, kind) not in schemas:
        yield f"no schema of {api} {kind} is known"
        return
    else:
        schema = {**schemas[(api, kind)]}
        schema["properties"] = {**schema["properties"], "metadata": {"type": "object"}}
    for error in jsonschema.Draft7Validator(schema).iter_errors(manifest):
        yield f"{'.'.join(map(str, error.path))}: {error.message}"
