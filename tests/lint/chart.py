#!/usr/bin/env python3
"""chart.py - is the Helm chart right, and is what hangs on it up to date?

usage: chart.py TOOLS CACHE BUILD [--write]     (tests/lint.sh chart; make chart)

TOOLS has helm and kubectl, CACHE keeps schemas.  For each set of values in the chart's ci/: helm
lint, helm template, every manifest against the schemas of chart_schemas.py, and every pod by
chart_pods.py.  Values that must be refused are.  deploy/kubernetes is built; its base, the chart's
README, the topics that Strimzi makes and the rights of its users (chart_kafka.py) are what they
should be; --write makes the first two so.
"""
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import chart_kafka
import chart_pods
import chart_readme
import chart_schemas
import yaml

BACKSLASH_DOT = "\\."
CHART, BASE = "deploy/helm/nurture", "deploy/kubernetes/base"
MINIMAL = f"{CHART}/ci/minimal-values.yaml"
# Arguments for helm template beside the minimal values, and a part of what it must say.
REFUSED = [
    (["--set", "kafka.bootstrapServers="], "kafka.bootstrapServers: expected brokers"),
    (["--set", "policy.existingConfigMap="], "policy: expected files"),
    (["--set", "kafka.bootstrapServers=a:9092\\,b:19092"], "networkPolicy.kafkaPorts: expected 19092"),
    (["--set", "segmenter.replica=2"], "additional properties 'replica' not allowed"),
    (["--set", "image.pullPolicy=Sometimes"], "image/pullPolicy"),
    (["--set", "segmenter.replicas=7"], "segmenter.replicas: expected at most 6"),
    (["--set", "scheduler.autoscaling.maxReplicas=7"], "scheduler.autoscaling.maxReplicas"),
    (["--set", "scheduler.autoscaling.minReplicas=0"], "scheduler/autoscaling/minReplicas"),
    (["--set", "settings.NURTURE_TOKEN_KEY=secret"], "NURTURE_TOKEN_KEY"),
    (["--set", "emailSender.settings.SMTP_PASSWORD=secret"], "SMTP_PASSWORD"),
    (["--set", "kafka.config.sasl\\.password=secret"], "sasl.password"),
    (["--set", "policy.files.a=b"], "policy: expected files or existingConfigMap, found both"),
    (["--set", "policy.existingConfigMap=,policy.files.a=b"], "policy.file: expected one of"),
    (["--set", "topics.mode=strimzi"], "strimzi.cluster: expected the name"),
    (["--set", "strimzi.users.create=true,strimzi.cluster=a"], "topics.mode: expected strimzi"),
    (["--set", "emailSender.dkim.domain=shop.example"], "emailSender.dkim: expected"),
    (["--set", "exposure.type=HTTPRoute"], "exposure.gateways: expected the Gateway"),
    (["--set", "settings.KAFKA_SECURITY_PROTOCOL=ssl"], "KAFKA_SECURITY_PROTOCOL"),
    (["--set", "settings.OTEL_SERVICE_NAME=a"], "OTEL_SERVICE_NAME"),
    (["--set", "settings.NURTURE_SESION_TIMEOUT=9s"],
     "settings.NURTURE_SESION_TIMEOUT: expected a setting of docs/settings.md"),
    (["--set", "ingest.settings.NURTURE_SESSION_TIMEOUT=9s"],
     "ingest.settings.NURTURE_SESSION_TIMEOUT: expected a setting of ingest"),
    (["--set", "scheduler.settings.SMTP_TLS=off"],
     "scheduler.settings.SMTP_TLS: expected a setting of scheduler"),
    (["--set", "kafka.config.bootstrap\\.servers=a:9092"], "bootstrap.servers"),
    (["--set", "settings.NURTURE_PERMITS=false"], "settings.NURTURE_PERMITS: expected text"),
    (["--set", "ingest.settings.NURTURE_PERMITS=true"], "ingest.settings.NURTURE_PERMITS: expected"),
    (["--set-json", "settings.NURTURE_INGEST_RATE=1.5"], "NURTURE_INGEST_RATE"),
    (["--set", "settings.NURTURE_CATALOGUE=/a"], "expected catalogue.existingConfigMap, or pod.ext"),
    (["--set", "settings.REDIS_TLS_CA=/a"], "expected secrets.keys.redisCa"),
    (["--set", "templates.existingConfigMap=a,emailSender.settings.NURTURE_TEMPLATES=/a"],
     "the chart sets it itself, from templates"),
    (["--set", "kafka.ca.secret=a,kafka.config.ssl\\.ca\\.location=/a"],
     "ssl.ca.location: expected in one place"),
    (["--set", "kafka.secret.perService=true"], "kafka.secret.name: expected the Secret"),
    (["--set", "topics.mode=none,strimzi.users.create=true,strimzi.cluster=a"],
     "kafka.secret: expected name and perService: true"),
    (["--set-json", "networkPolicy.kafkaPorts=[]"], "kafkaPorts"),
    (["--set", "checks.audit.schedule=daily"], "checks/audit/schedule"),
    (["--set", "checks.audit.enable=true"], "additional properties 'enable' not allowed"),
    (["--set", "ingest.lmtp.enabled=true"],
     "ingest.lmtp.enabled: expected settings.NURTURE_BOUNCE_DOMAIN"),
    (["--set", "secrets.keys.ingestTokens="], "secrets.keys.ingestTokens: expected a key"),
    (["--set", "secrets.keys.ingestTokens=", "--set-string",
      "ingest.settings.NURTURE_INGEST_OPEN=false"], "secrets.keys.ingestTokens: expected a key"),
    (["--set-string", "ingest.settings.NURTURE_INGEST_OPEN=true"],
     'secrets.keys.ingestTokens: expected ""'),
    (["--set", "secrets.keys.tokenKey="], "tokenKey"),
    (["--set", "secrets.keys.redisCert=a"], "secrets.keys: expected redisCert and redisKey"),
    (["--set", "secrets.keys.redisKey=a"], "secrets.keys: expected redisCert and redisKey"),
    (["--set", "secrets.keys.smtpPassword=a"], "secrets.keys.smtpPassword: expected emailSender"),
    (["--set", "emailSender.settings.SMTP_USER=a"], "secrets.keys.smtpPassword: expected"),
    (["--set", "kafka.config.acks=1"], "acks"),
    (["--set", "kafka.config.client\\.id=a"], "client.id"),
    (["--set", "kafka.config.group\\.id=a"], "group.id"),
    (["--set", "kafka.config.isolation\\.level=read_uncommitted"], "isolation.level"),
    (["--set", "kafka.config.linger\\.ms=5"], "linger.ms"),
    (["--set", "kafka.secret.name=a,kafka.secret.values.metadata\\.broker\\.list=a"],
     "metadata.broker.list"),
]
# What goes together: arguments beside the minimal values.
TAKEN = [
    ["--set", "settings.NURTURE_BOUNCE_DOMAIN=b.shop.example,ingest.lmtp.enabled=true"],
    ["--set", "ingest.settings.NURTURE_BOUNCE_DOMAIN=b.shop.example,ingest.lmtp.enabled=true"],
    ["--set", "secrets.keys.ingestTokens=", "--set-string", "settings.NURTURE_INGEST_OPEN=true"],
    ["--set", "secrets.keys.redisCert=a,secrets.keys.redisKey=b"],
    ["--set", "secrets.keys.smtpPassword=a,emailSender.settings.SMTP_USER=b"],
    ["--set", "kafka.config.client\\.rack=a,kafka.config.message\\.max\\.bytes=2000000"],
]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def helm(tools, *words):
    return subprocess.run([f"{tools}/helm", *words], capture_output=True, text=True, check=False)


@functools.cache
def render(tools, values, *words):
    done = helm(tools, "template", "nurture", CHART, "--namespace", "nurture", "--kube-version",
                "1.34.0", "-f", values, *words)
    return done.stdout if done.returncode == 0 else None, done.stderr


def check_sets(tools, schemas):
    for name in sorted(os.listdir(f"{CHART}/ci")):
        values = f"{CHART}/ci/{name}"
        linted = helm(tools, "lint", "--strict", CHART, "-f", values)
        if linted.returncode:
            yield f"{values}: {linted.stdout}{linted.stderr}"
        text, said = render(tools, values)
        if text is None:
            yield f"{values}: {said}"
            continue
        for manifest in filter(None, yaml.load_all(text, Loader=yaml.CSafeLoader)):
            what = f"{values}: {manifest['kind']} {manifest['metadata']['name']}"
            yield from (f"{what}: {why}" for why in chart_schemas.findings(manifest, schemas))
        for why in (*chart_pods.lost_files(text), *chart_pods.doubled(text),
                    *chart_pods.exponents(text), *chart_pods.found_jobs(text)):
            yield f"{values}: {why}"


def check_refusals(tools):
    for words, expected in REFUSED:
        text, said = render(tools, MINIMAL, *words)
        if text is not None:
            yield f"{CHART}: {words[-1]} is taken; expected to be told: {expected}"
        elif expected not in said:
            yield f"{CHART}: {words[-1]}: expected to be told {expected!r}, found {said.strip()!r}"
    for words in TAKEN:
        text, said = render(tools, MINIMAL, *words)
        if text is None:
            yield f"{CHART}: {words[-1]} is refused: {said.strip()}"


def check_secrets(tools):
    """Each secret of docs/settings.md is mounted by some value, and refused among the settings."""
    wanted = chart_pods.secrets(read("docs/settings.md"))
    assert len(wanted) > 10, "docs/settings.md: the secrets were not found"
    login = [f"kafka.secret.values.{name.removeprefix('KAFKA_').lower().replace('_', BACKSLASH_DOT)}"
             "=key" for name in wanted if name.startswith("KAFKA_")]
    text, said = render(tools, f"{CHART}/ci/all-values.yaml", "--set", ",".join(login))
    yield from ([said] if text is None else chart_pods.unread_secrets(text, wanted))
    names = [*wanted, *(f"{name}_FILE" for name in wanted)]
    _, said = render(tools, MINIMAL, "--set", ",".join(f"settings.{name}=a" for name in names))
    for name in names:
        if f"'{name}'" not in said:
            yield f"{CHART}: settings.{name} is taken, although it is a secret"


def check_few(tools):
    """Who sees codes, who logs in with a password, and that nobody reads metrics where none may."""
    told = chart_pods.pods(render(tools, f"{CHART}/ci/all-values.yaml")[0])
    readers = [name for name, pod in told.items()
               if "coupons" in [volume["name"] for volume in pod["volumes"]]]
    if readers != ["scheduler"]:
        yield f"{CHART}: codes of coupons are for the scheduler alone, found {readers}"
    text, _ = render(tools, f"{CHART}/ci/mtls-values.yaml", "--set",
                     "kafka.secret.values.ssl\\.key\\.password=key")
    if "KAFKA_SASL" in text:
        yield f"{CHART}: a login by certificate needs no user of SASL"
    for manifest in chart_pods.manifests(render(tools, f"{CHART}/ci/strimzi-values.yaml")[0]):
        for rule in manifest["spec"]["ingress"] if manifest["kind"] == "NetworkPolicy" else []:
            if {"port": "admin"} in rule["ports"] and "nurturectl" not in json.dumps(rule["from"]):
                yield f"{CHART}: monitoringFrom: [] lets somebody in to {manifest['metadata']['name']}"


def check_watch(tools):
    """A check is there only when it is asked for; what it finds ends its Job, and is not tried
    again; rules know the Jobs by their names."""
    made = {manifest["metadata"]["name"]: manifest
            for manifest in chart_pods.manifests(render(tools, f"{CHART}/ci/all-values.yaml")[0])
            if manifest["kind"] == "CronJob"}
    if sorted(made) != ["nurture-audit", "nurture-doctor"]:
        yield f"{CHART}: checks: expected two CronJobs, found {sorted(made)}"
    for name, manifest in made.items():
        job = manifest["spec"]["jobTemplate"]["spec"]
        ends = [rule["onExitCodes"]["values"] for rule in job["podFailurePolicy"]["rules"]
                if rule["action"] == "FailJob"]
        command = job["template"]["spec"]["containers"][0]["command"]
        if ends != [[1, 100]] or command != ["nurturectl", name.removeprefix("nurture-")]:
            yield f"{CHART}: {name}: it runs {command} and ends with {ends}"
        if f"-{command[1]}-[0-9]+" not in read("deploy/prometheus/nurture-rules.yaml"):
            yield f"{CHART}: {name}: no rule of Prometheus knows its Jobs"
    if "kind: CronJob" in render(tools, MINIMAL)[0]:
        yield f"{CHART}: a check is made that nobody asked for"


def check_command(tools, schemas):
    """The Job for one command of nurturectl, made of the scheduler with another login, is valid."""
    text, _ = render(tools, f"{CHART}/ci/strimzi-values.yaml")
    [workload] = [manifest for manifest in chart_pods.manifests(text)
                  if manifest["metadata"]["name"].endswith("-scheduler") and
                  manifest["kind"] == "StatefulSet"]
    done = subprocess.run(
        ["jq", "-f", "deploy/kubernetes/nurturectl-job.jq", "--arg", "command", "status --help",
         "--arg", "login", "repairs"], input=json.dumps(workload), capture_output=True, text=True,
        check=False)
    if done.returncode:
        yield f"deploy/kubernetes/nurturectl-job.jq: {done.stderr}"
        return
    job = json.loads(done.stdout)
    job["metadata"].pop("namespace")
    yield from (f"nurturectl-job.jq: {why}" for why in chart_schemas.findings(job, schemas))
    yield from (f"nurturectl-job.jq: {why}" for why in chart_pods.lost_files(done.stdout))
    pod = job["spec"]["template"]["spec"]
    login = [volume["secret"]["secretName"] for volume in pod["volumes"]
             if volume["name"] == "kafka"]
    if login != ["repairs"] or chart_pods.variables(pod)["KAFKA_SASL_USERNAME"] != "repairs":
        yield f"nurturectl-job.jq: expected the login of repairs, found {login}"
    if pod["containers"][0]["command"] != ["nurturectl", "status", "--help"]:
        yield f"nurturectl-job.jq: it runs {pod['containers'][0]['command']}"
    yield from chart_pods.found_jobs(text + "\n---\n" + done.stdout)


def check_schemas(tools, schemas):
    """Schemas that take everything would find nothing: a field that no kind has is found."""
    text, _ = render(tools, f"{CHART}/ci/all-values.yaml")
    for manifest in filter(None, yaml.load_all(text, Loader=yaml.CSafeLoader)):
        group = manifest["apiVersion"].split("/")[0]
        known = schemas is not None or "." not in group or group == "networking.k8s.io"
        broken = {**manifest, "spec": {**manifest.get("spec", {}), "replicaz": 2}}
        if "spec" in manifest and known and not list(chart_schemas.findings(broken, schemas)):
            yield f"the schema of {manifest['kind']} takes a field that it does not have"


def base_of(text):
    """What the chart renders, without what is Helm's own."""
    lines = [line for line in text.split("\n") if not re.match(
        r"\s+(helm\.sh/|app\.kubernetes\.io/managed-by:)|# Source:", line)]
    plain = re.sub(r"  annotations:\n(?=spec:)", "", "\n".join(lines))
    return "# Written by make chart from deploy/helm/nurture.\n" + plain


def check_written(tools, write):
    values = read(f"{CHART}/values.yaml")
    wanted = {f"{CHART}/README.md": chart_readme.page(read(f"{CHART}/README.md"), values),
              f"{BASE}/nurture.yaml": base_of(render(tools, MINIMAL)[0])}
    for path, text in wanted.items():
        if write:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        elif not os.path.exists(path) or read(path) != text:
            yield f"{path}: is not what make chart writes"


def check_kustomize(tools):
    """The base and the example are built; in the example every workload is told where Kafka is."""
    for folder in (BASE, "deploy/kubernetes/example"):
        built = subprocess.run([f"{tools}/kubectl", "kustomize", "--load-restrictor",
                                "LoadRestrictionsNone", folder], capture_output=True, text=True,
                               check=False)
        if built.returncode:
            yield f"{folder}: {built.stderr}"
    told = len(re.findall(r"name: KAFKA_BOOTSTRAP_SERVERS\n\s+value: b-1", built.stdout))
    if told != 8:
        yield f"{folder}: 8 workloads need to be told where Kafka is, found {told}"


def check_kafka(tools, build):
    """Topics and users by Strimzi, and what may be said of clients, beside the programs."""
    for copies in ("2", "3"):
        text, _ = render(tools, f"{CHART}/ci/strimzi-values.yaml", "--set",
                         f"topics.replication={copies}")
        yield from chart_kafka.check_topics(text, int(copies))
    yield from chart_kafka.check_properties()
    nurturectl = f"{build}/bin/nurturectl"
    if not os.path.exists(nurturectl):
        yield f"{nurturectl} is missing: rights are compared with what it prints (make build)"
        return
    yield from chart_kafka.check_rights(text, nurturectl)


def check_settings():
    """Settings that the chart writes are there; KAFKA_* are made of librdkafka's names."""
    known = set(re.findall(r"^\| `(\w+)`", read("docs/settings.md"), re.M))
    for folder in ("templates", "ci"):
        for name in sorted(os.listdir(f"{CHART}/{folder}")):
            for setting in re.findall(r"\b(?:NURTURE|SMTP|REDIS|LOG)_[A-Z_]+[A-Z]\b",
                                      read(f"{CHART}/{folder}/{name}")):
                if setting.removesuffix("_FILE") not in known and setting not in known:
                    yield f"{CHART}/{folder}/{name}: docs/settings.md has no setting {setting}"


def main():
    if len(sys.argv) < 4 or sys.argv[4:] not in ([], ["--write"]):
        sys.exit(__doc__)
    tools, cache, build = (os.path.abspath(path) for path in sys.argv[1:4])
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    # Helm keeps nothing of the one who runs this.
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HELM_CONFIG_HOME=home, HELM_CACHE_HOME=home, HELM_DATA_HOME=home)
        schemas = chart_schemas.crds(cache)
        if schemas is None:
            print("skipped: go is missing, so kinds of KEDA, Prometheus and the Gateway API are "
                  "not compared with their CRDs")
        found = [*check_written(tools, bool(sys.argv[4:])), *check_sets(tools, schemas),
                 *check_schemas(tools, schemas), *check_refusals(tools),
                 *check_kafka(tools, build), *check_secrets(tools), *check_few(tools),
                 *(check_command(tools, schemas) if shutil.which("jq") else []),
                 *check_settings(), *check_kustomize(tools), *check_watch(tools)]
    for finding in found:
        print(finding)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
