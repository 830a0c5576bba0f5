#!/usr/bin/env python3
"""wrong.py - what somebody is told who has set up something wrongly, and where.

usage: wrong.py DIR GATEWAY KAFKA_PORT REDIS_PORT SMTP_PORT      (tests/kubernetes/run.sh)

Of each mistake a release of its own; its words must be in a log or an event of that release, as
docs/kubernetes.md says.  The broker logs in on the next port but one, and has an expired
certificate on the one after that; the Redis of the next port forgets.
"""
import sys
import threading
import time

from kube import Cluster, Refused
from scenario import CHART, Report

PASSWORD = "hunter2-of-kafka"
LIMIT_S = 300


def login(port, password_key):
    """Values for the broker's login; the Secret has a right and a wrong password."""
    return [f"kafka.bootstrapServers={port}", "kafka.config.security\\.protocol=SASL_PLAINTEXT",
            "kafka.config.sasl\\.mechanism=PLAIN", "kafka.config.sasl\\.username=nobody",
            "kafka.secret.name=logins", f"kafka.secret.values.sasl\\.password={password_key}"]


def cases(gateway, kafka, redis):
    """[(release, values, (whose log, or events), words)]"""
    plain, logins, expired = (f"{gateway}:{kafka + n}" for n in (0, 2, 3))
    services = [f"kafka.bootstrapServers={plain}", "topics.mode=none"]
    return [
        ("password", login(logins, "wrong"), "job/password-nurture-topics",
         ["wrong user or password", "KAFKA_SASL_PASSWORD"]),
        ("expired", [f"kafka.bootstrapServers={expired}", "kafka.config.security\\.protocol=SSL",
                     "kafka.ca.secret=logins"],
         "job/expired-nurture-topics", ["the broker's certificate has expired"]),
        ("acl", login(logins, "right"), "job/acl-nurture-topics", ["missing ACL: "]),
        ("rights", [*login(logins, "right"), "topics.mode=none"],
         "statefulset/rights-nurture-segmenter", ["missing ACL: ", "other.events"]),
        ("nobody", [f"kafka.bootstrapServers={gateway}:1"], "job/nobody-nurture-topics",
         ["nobody listens there"]),
        ("topics", services, "statefulset/topics-nurture-segmenter",
         ["other.events", "nurturectl topics"]),
        ("redis", [*services, "secrets.keys.redisUrl=forgets"],
         "statefulset/redis-nurture-scheduler", ["must be noeviction", "maxmemory"]),
        ("policy", [*services, "policy.existingConfigMap=bad-policy"],
         "statefulset/policy-nurture-scheduler", ["/etc/nurture/policy/shop.yaml:2", "did you mean"]),
        ("secret", [*services, "secrets.existingSecret=nowhere"], "events",
         ["FailedMount", 'secret "nowhere" not found']),
        ("key", [*services, "secrets.keys.smtpUrl=nowhere"], "events",
         ["FailedMount", "non-existent secret key: nowhere"]),
        ("image", [*services, f"image.repository={gateway}:1/nurture",
                   "image.pullPolicy=IfNotPresent"], "events",
         ["Failed to pull image", "connection refused"]),
    ]


def prepare(cluster, gateway, redis, smtp):
    cluster.run("kubectl", "create", "namespace", cluster.namespace)
    with open(f"{cluster.folder}/expired.pem", encoding="utf-8") as file:
        authority = file.read()
    cluster.kubectl("create", "secret", "generic", "logins", f"--from-literal=right={PASSWORD}",
                    "--from-literal=wrong=hunter3", f"--from-literal=ca.crt={authority}")
    cluster.kubectl("create", "secret", "generic", "nurture",
                    f"--from-literal=redis-url=redis://{gateway}:{redis}",
                    f"--from-literal=forgets=redis://{gateway}:{redis + 1}",
                    f"--from-literal=smtp-url=smtp://{gateway}:{smtp}",
                    "--from-literal=token-key=key-of-a-test-0123456789",
                    "--from-literal=ingest-tokens=shop=token-of-a-test-0123456789")
    cluster.kubectl("create", "configmap", "policy",
                    f"--from-file=shop.yaml={cluster.folder}/before.yaml")
    cluster.kubectl("create", "configmap", "bad-policy",
                    "--from-literal=shop.yaml=shop: {name: Harbour}\ncapz: []\n")


def said(cluster, release, where):
    """All that is told there, also by the container before this one."""
    if where == "events":
        return "\n".join(line for line in cluster.kubectl("get", "events").split("\n")
                         if f"/{release}-nurture" in line)
    found = ""
    for more in ([], ["--previous"]):
        try:
            found += cluster.kubectl("logs", where, *more)
        except Refused:
            pass
    return found


def one_release(cluster, report, release, values, where, words):
    pairs = ["policy.existingConfigMap=policy", "image.repository=localhost/nurture",
             "image.tag=test", "image.pullPolicy=Never", "topics.replication=1",
             "ingest.replicas=1", "topicPrefix=other.", *values]
    given = [word for pair in pairs for word in ("--set", pair)]
    helm = threading.Thread(target=lambda: install(cluster, release, given))
    helm.start()
    text, until = "", time.time() + LIMIT_S
    while time.time() < until and not all(word in text for word in words):
        time.sleep(2)
        text = said(cluster, release, where)
    line = next((line for line in text.split("\n") if words[0] in line), text[-600:])
    good = all(word in text for word in words) and PASSWORD not in text and "hunter3" not in text
    report.check(good, f"{release}, in {where}: {' '.join(line.split())}",
                 f"expected {words}, found {text[-600:]}")
    helm.join()


def install(cluster, release, given):
    """Helm waits for a Job that fails again and again; nobody waits for it here."""
    try:
        cluster.helm("install", release, CHART, *given, timeout=30)
    except Refused:
        pass


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    folder, gateway = sys.argv[1:3]
    kafka, redis, smtp = map(int, sys.argv[3:])
    cluster, report = Cluster(folder, "wrong"), Report()
    prepare(cluster, gateway, redis, smtp)
    todo = cases(gateway, kafka, redis)
    for at in range(0, len(todo), 4):
        threads = [threading.Thread(target=one_release, args=(cluster, report, *case))
                   for case in todo[at:at + 4]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for release, *_ in todo[at:at + 4]:
            cluster.helm("uninstall", release, "--ignore-not-found")
    print(f"{report.passed} passed, {report.failed} failed")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
