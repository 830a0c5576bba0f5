"""chart_pods.py - what the pods of a rendered chart are told, and whether they can see it.

Every file that a variable names is mounted, no number was written with an exponent, and each secret
of docs/settings.md comes from a Secret and from nowhere else.
"""
import re

import yaml

STREAM = ["segmenter", "scheduler", "review-solicitor", "email-sender", "desk"]
FILE = re.compile(r"(?<![\w.])/(?:run|etc)/[^,:\s]+")


def manifests(text):
    return list(filter(None, yaml.load_all(text, Loader=yaml.CSafeLoader)))


def pods(text):
    """{component: its pod's spec}, the Job's as topics, a CronJob's by its own name."""
    found = {}
    for manifest in manifests(text):
        if manifest["kind"] in ("StatefulSet", "Deployment", "Job"):
            template = manifest["spec"]["template"]
            found[template["metadata"]["labels"]["app.kubernetes.io/component"]] = template["spec"]
        elif manifest["kind"] == "CronJob":
            found[manifest["metadata"]["name"]] = job_template(manifest)["spec"]
    return found


def job_template(manifest):
    """The template of the pods of a Job, or of a CronJob's; None: it is neither."""
    spec = manifest.get("spec", {})
    if manifest["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"] if manifest["kind"] in ("Job", "CronJob") else None


def variables(pod):
    return {row["name"]: row.get("value", "") for row in pod["containers"][0]["env"]}


def sees(pod, path):
    """Whether a mount has this file; of a Secret with items only those are there."""
    volumes = {volume["name"]: volume for volume in pod.get("volumes", [])}
    for mount in pod["containers"][0].get("volumeMounts", []):
        inside = path.removeprefix(mount["mountPath"] + "/")
        if inside != path or path == mount["mountPath"]:
            items = volumes[mount["name"]].get("secret", {}).get("items")
            return items is None or inside in [item["path"] for item in items]
    return False


def lost_files(text):
    for component, pod in pods(text).items():
        for name, value in variables(pod).items():
            for path in FILE.findall(value):
                if not sees(pod, path):
                    yield f"{component}: {name} names {path}, which no volume has"


def doubled(text):
    for component, pod in pods(text).items():
        names = [row["name"] for row in pod["containers"][0]["env"]]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{component}: {name} is set twice"


def selectors(text):
    """(what, labels) of everything that finds pods by their labels."""
    for manifest in manifests(text):
        spec, what = manifest.get("spec", {}), f"{manifest['kind']} {manifest['metadata']['name']}"
        if manifest["kind"] == "Service":
            yield what, spec["selector"]
        elif manifest["kind"] in ("PodDisruptionBudget", "PodMonitor"):
            yield what, spec["selector"]["matchLabels"]
        elif manifest["kind"] == "NetworkPolicy":
            yield what, spec["podSelector"]["matchLabels"]


def found_jobs(text):
    """The pod of a Job is found by a NetworkPolicy of its own, where there are any, and by nothing
    else: a PodDisruptionBudget with one of its pods lets nobody leave a node."""
    for manifest in manifests(text):
        template = job_template(manifest)
        if template is None:
            continue
        labels = template["metadata"]["labels"]
        found = [what for what, wanted in selectors(text) if wanted.items() <= labels.items()]
        component = labels["app.kubernetes.io/component"]
        if len(found) > 1 or not all(what.startswith("NetworkPolicy") and what.endswith(component)
                                     for what in found):
            yield f"Job {component}: its pod is found by {found}"
        if not found and "kind: NetworkPolicy" in text:
            yield f"Job {component}: no NetworkPolicy finds its pod"


def exponents(text):
    for number in re.findall(r"\"\d[.\d]*e\+\d+\"", text):
        yield f"{number} is no number that a service reads"


def secrets(page):
    """{setting: [components]} of what docs/settings.md calls a secret."""
    found = {}
    for section in page.split("\n## ")[1:]:
        title, rows = section.split("\n", 1)
        components = STREAM if title == "All services but ingest" else [title]
        for name in re.findall(r"^\| `(\w+)` \| [^|]+ \| a secret \|", rows, re.M):
            if title != "nurturectl":
                found.setdefault(name, []).extend(components)
    return found


def unread_secrets(text, wanted):
    """Secrets that a component reads and that the chart cannot give it."""
    told = {component: variables(pod) for component, pod in pods(text).items()}
    for name, components in wanted.items():
        for component in components:
            if f"{name}_FILE" not in told[component]:
                yield f"{component}: no value of the chart gives it {name}"
