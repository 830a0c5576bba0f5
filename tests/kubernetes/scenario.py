#!/usr/bin/env python3
"""scenario.py - what a platform team does to a release, while customers order: nothing is lost.

usage: scenario.py DIR GATEWAY KAFKA_PORT REDIS_PORT SMTP_PORT      (tests/kubernetes/run.sh)

Each act prints how long it took, and the longest that a mail took of those who ordered meanwhile.
At the end everybody must have got what was owed, once (customers.py).  ACTS='killed|partitions'
in the environment does only the acts whose names match (without the image of ingest, the policy's
act finds that its pods are replaced).
"""
import json
import os
import re
import subprocess
import sys
import time

import customers
from kube import STATEFUL, Cluster, Refused, metric

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lint"))
import chart_crds  # noqa: E402

CHART, PARTITIONS = "deploy/helm/nurture", 6
# What a roll of two instances may cost a mail, beyond what it takes in calm.
HELD_UP_S = 5
KUBECTL_JOB = "deploy/kubernetes/nurturectl-job.jq"


class Report:
    """What was found, in words and numbers."""

    def __init__(self):
        self.failed = self.passed = 0

    def check(self, good, what, why=""):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        print(f"  {'ok   ' if good else 'FAIL '} {what}{'' if good else f': {why}'}", flush=True)
        return good


class Release:
    """The chart, installed where its backing services are."""

    def __init__(self, folder, gateway, kafka, redis, smtp):
        self.folder, self.cluster, self.report = folder, Cluster(folder, "nurture"), Report()
        self.kafka, self.redis = f"{gateway}:{kafka}", f"{gateway}:{redis}"
        self.smtp, self.ports = f"{gateway}:{smtp}", (kafka, redis, smtp)
        self.before, self.after = policy_files(folder)
        self.publisher = customers.Publisher(self.cluster,
                                             float(os.environ.get("CUSTOMERS_PER_SECOND", "4")))
        self.calm_s = 0.0

    def values(self, policy, *more):
        kafka, redis, smtp = self.ports
        pairs = [f"kafka.bootstrapServers={self.kafka}", "image.repository=localhost/nurture",
                 "image.pullPolicy=Never", "topics.replication=1",
                 f"networkPolicy.kafkaPorts={{{kafka}}}", f"networkPolicy.redisPorts={{{redis}}}",
                 f"networkPolicy.smtpPorts={{{smtp}}}", "emailSender.settings.SMTP_TLS=off",
                 "exposure.type=HTTPRoute", "exposure.gateways[0].name=public",
                 "exposure.pages.hosts={mail.shop.example}", "monitoring.podMonitor.enabled=true",
                 "monitoring.rules.enabled=true", "monitoring.dashboard.enabled=true",
                 "ingest.resources.requests.cpu=10m"]
        for key in ("segmenter", "scheduler", "reviewSolicitor", "emailSender", "desk"):
            # A node of two cores holds six of each.
            pairs += [f"{key}.replicas=2", f"{key}.resources.requests.cpu=10m",
                      f"{key}.resources.requests.memory=64Mi"]
        words = ["--set-file", f"policy.files.shop\\.yaml={policy}"]
        for pair in (*pairs, *more):
            words += ["--set", pair]
        return words

    def act(self, what, do, *given, limit_s=None):
        """Does it, with the time it took; limit_s: what it may cost a mail."""
        since = time.time()
        try:
            said = do(*given)
        except (Refused, OSError, subprocess.TimeoutExpired) as error:
            self.report.check(False, what, error)
            return
        took = time.time() - since
        words = f"{what}: {took:.1f} s{f', {said}' if said else ''}"
        if not self.calm_s:
            self.report.check(True, words)
            return
        # Who ordered just before may still have been waiting.
        held_s = customers.held_up(self.folder, self.publisher.begun, since - self.calm_s,
                                   since + took)
        self.report.check(limit_s is None or held_s <= self.calm_s + limit_s,
                          f"{words}; a mail took {held_s:.1f} s at most",
                          f"expected {limit_s} s above {self.calm_s:.1f} s")


def policy_files(folder):
    """The example's policy, also by night; and one that calls its programme another name."""
    with open("deploy/policy/shop.yaml", encoding="utf-8") as file:
        text = "\n".join("quiet_hours: off" if line.startswith("quiet_hours:") else line
                         for line in file.read().split("\n"))
    changed = text.replace('title: "Welcome back"', 'title: "Good to see you again"')
    assert changed != text, "deploy/policy/shop.yaml has no programme welcome-back"
    for name, content in (("before", text), ("after", changed)):
        with open(f"{folder}/{name}.yaml", "w", encoding="utf-8") as file:
            file.write(content)
    return f"{folder}/before.yaml", f"{folder}/after.yaml"


# Before anything runs

def teach_kinds(release):
    """The API learns the kinds of KEDA, Prometheus' operator and the Gateway."""
    for path in chart_crds.fetch("build/chart-schemas"):
        release.cluster.run("kubectl", "apply", "--server-side", "-f", path)
    release.cluster.run("kubectl", "wait", "crd", "--all", "--for=condition=Established",
                        "--timeout=30s")


def take_objects(release):
    """The API server takes all that the chart renders, as it is; Strimzi's CRDs cannot be had."""
    cluster, report = release.cluster, release.report
    for name in sorted(os.listdir(f"{CHART}/ci")):
        text = cluster.helm("template", "nurture", CHART, "-f", f"{CHART}/ci/{name}")
        text = text[text.index("---\n"):]
        parts = [part for part in re.split(r"^---$", text, flags=re.M)
                 if "kafka.strimzi.io" not in part and "kind:" in part]
        words = ["apply", "--dry-run=server", "--validate=strict", "-f", "-"]
        said = cluster.kubectl(*words, given="---".join(parts), warnings=True)
        report.check("would violate" not in said, f"{name}: the API takes {len(parts)} objects",
                     said)
        broken = "---".join(parts).replace("podSelector:", "podSelektor:").replace(
            "publishNotReadyAddresses:", "publishNotReadyAddrs:")
        try:
            cluster.kubectl(*words, given=broken)
            report.check(False, f"{name}: a field that is none", "is taken")
        except Refused:
            pass


def prepare(release):
    cluster = release.cluster
    cluster.run("kubectl", "create", "namespace", "nurture")
    cluster.run("kubectl", "label", "namespace", "nurture",
                *(f"pod-security.kubernetes.io/{what}=restricted" for what in ("enforce", "warn")))
    cluster.kubectl("create", "secret", "generic", "nurture",
                    f"--from-literal=redis-url=redis://{release.redis}",
                    f"--from-literal=smtp-url=smtp://{release.smtp}",
                    "--from-literal=token-key=key-of-a-test-0123456789",
                    f"--from-literal=ingest-tokens=shop={customers.TOKEN}")


# While customers order

def install(release):
    release.cluster.helm("install", "nurture", CHART, "--wait",
                         *release.values(release.before, "image.tag=test"))


def calm(release):
    """Nothing happens: what a mail takes then is what all else is measured by."""
    release.publisher.start()
    time.sleep(10)
    since = time.time()
    time.sleep(15)
    release.calm_s = customers.held_up(release.folder, release.publisher.begun, since,
                                       time.time())
    # How fast that is, is the machine's affair.
    release.report.check(release.calm_s < 60, f"in calm a mail took {release.calm_s:.1f} s at most",
                         "expected less than 60 s")


def new_image(release, workload):
    """As docs/kubernetes.md has it for a version whose order matters."""
    name = workload.rpartition("/nurture-")[2]
    release.cluster.kubectl("set", "image", workload, f"{name}=localhost/nurture:next")
    release.cluster.kubectl("rollout", "status", workload, "--timeout=180s")


def kill(release, component):
    """Without grace: the name comes back, and with it what was open."""
    cluster = release.cluster
    name = cluster.pods(component)[0][0]
    before = len(cluster.pods(component))
    cluster.kubectl("delete", "pod", name, "--grace-period=0", "--force")
    cluster.wait(f"{name} is back", lambda: len(cluster.pods(component)) >= before)


def drain(release):
    """Eviction by eviction, as the budgets allow; the only node takes pods again meanwhile."""
    cluster = release.cluster
    words = [f"{cluster.folder}/cluster/kubectl", "drain", "node1", "--delete-emptydir-data",
             "--ignore-daemonsets", "--force", "--timeout=200s"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as draining:
        time.sleep(3)
        cluster.run("kubectl", "uncordon", "node1")
        said = draining.communicate(timeout=240)[0]
    if draining.returncode:
        raise Refused(said)
    evicted = len(re.findall(r"^pod/\S+ evicted$", said, re.M))
    if evicted < 10:
        raise Refused(f"expected ten pods to be evicted, found {evicted}:\n{said}")
    settled(release, 2)
    return f"{evicted} pods evicted"


def settled(release, count):
    """Until count instances of each share out all partitions."""
    cluster = release.cluster
    for component in STATEFUL:
        cluster.kubectl("rollout", "status", f"statefulset/nurture-{component}", "--timeout=180s")

        def shared(component=component):
            owned = [metric(address, "nurture_partitions_assigned")
                     for _, address in cluster.pods(component)]
            return len(owned) == count and min(owned) > 0 and sum(owned) == PARTITIONS
        cluster.wait(f"{count} of {component} have all partitions", shared)


def scale(release, count):
    release.cluster.kubectl("scale", *(f"statefulset/nurture-{component}" for component in
                                       STATEFUL), f"--replicas={count}")
    settled(release, count)


def stop_services(release):
    release.cluster.kubectl("scale", *(f"statefulset/nurture-{component}" for component in
                                       STATEFUL), "--replicas=0")
    for component in STATEFUL:
        release.cluster.kubectl("wait", "pod", "-l", f"app.kubernetes.io/component={component}",
                                "--for=delete", "--timeout=90s")


def work_off(release, count, many):
    """Many customers order while no service runs; then count instances of each do."""
    stop_services(release)
    crowd = [f"b{count}-{n}" for n in range(many)]
    for at in range(0, many, 50):
        release.publisher.publish(crowd[at:at + 50])
    scale(release, count)
    wanted = set(crowd)

    def came():
        return sorted(when for who, when in customers.mails(release.folder) if who in wanted)
    release.cluster.wait(f"{many} mails", lambda: len(came()) >= many)
    times = came()
    middle = times[many // 20:-(many // 20)]
    return f"{len(middle) / (middle[-1] - middle[0]):.0f} mails/s"


def upgrade(release, policy, *more):
    before = {name for name, _ in release.cluster.pods("ingest")}
    release.cluster.helm("upgrade", "nurture", CHART, "--wait", "--force-conflicts",
                         *release.values(policy, "image.tag=next", *more))
    settled(release, 2)
    if {name for name, _ in release.cluster.pods("ingest")} != before:
        raise Refused("ingest reads no policy, and its pods were replaced")


def nurturectl(release, command):
    """The Job of docs/kubernetes.md; what its log says."""
    cluster = release.cluster
    workload = cluster.kubectl("get", "statefulset", "nurture-scheduler", "-o", "json")
    job = subprocess.run(["jq", "-f", KUBECTL_JOB, "--arg", "command", command], input=workload,
                         capture_output=True, text=True, check=True).stdout
    cluster.kubectl("create", "-f", "-", given=job)
    said = cluster.kubectl("logs", "-f", "job/nurturectl", "--pod-running-timeout=2m")
    cluster.wait("the Job has ended", lambda: any(json.loads(cluster.kubectl(
        "get", "job", "nurturectl", "-o", "json"))["status"].get(k) for k in
        ("succeeded", "failed")))
    succeeded = json.loads(cluster.kubectl("get", "job", "nurturectl", "-o", "json"))[
        "status"].get("succeeded")
    cluster.kubectl("delete", "job", "nurturectl")
    if not succeeded:
        raise Refused(f"nurturectl {command}: {said}")
    return said


def more_partitions(release):
    """As docs/kubernetes.md has it."""
    global PARTITIONS
    cluster, mine = release.cluster, "app.kubernetes.io/instance=nurture"
    cluster.kubectl("scale", "statefulset,deployment", "--replicas=0", "-l", mine)
    cluster.kubectl("wait", "pod", "-l", mine, "--for=delete", "--timeout=2m", timeout=150)
    nurturectl(release, "repartition --partitions 12 --yes")
    PARTITIONS = 12
    cluster.kubectl("scale", "statefulset", *(f"nurture-{one}" for one in STATEFUL),
                    "--replicas=1")
    cluster.kubectl("scale", "deployment", "nurture-ingest", "--replicas=2")
    cluster.wait("ingest is back", lambda: len(cluster.pods("ingest")) == 2)
    # The number of instances is kubectl's by now, and not that of the values.
    upgrade(release, release.after, "partitions=12")


def troubles(release):
    def act(what, *more, **limits):
        if re.search(os.environ.get("ACTS", ""), what):
            release.act(what, *more, **limits)
    for component in ("email-sender", "scheduler", "segmenter", "review-solicitor"):
        act(f"{component} gets a new image", new_image, release,
            f"statefulset/nurture-{component}", limit_s=HELD_UP_S)
    act("ingest gets a new image", new_image, release, "deployment/nurture-ingest",
        limit_s=HELD_UP_S)
    for component in [*STATEFUL, "ingest"]:
        act(f"one {component} is killed and back", kill, release, component)
    act("the node is drained", drain, release)
    act("the policy changes", upgrade, release, release.after)
    many = int(os.environ.get("CROWD", "500"))
    for count in (1, 2, 6):
        act(f"each service goes to {count}", scale, release, count)
        act(f"{many} wait for {count} of each", work_off, release, count, many)
    act("each service goes back to 2", scale, release, 2)
    act("nurturectl status as a Job", lambda: nurturectl(release, "status") and None)
    act("12 partitions", more_partitions, release)


def uninstall(release):
    """Nothing of the release stays but what was made beforehand."""
    cluster = release.cluster
    cluster.helm("uninstall", "nurture", "--wait")
    cluster.wait("no pod is there", lambda: not cluster.kubectl("get", "pods", "-o", "name"))
    left = cluster.kubectl("get", "all,configmap,networkpolicy,pdb,httproute,podmonitor,"
                           "prometheusrule", "-o", "name", "-l", "app.kubernetes.io/part-of=nurture")
    if left:
        raise Refused(f"left: {left}")


def verify(release):
    publisher, report = release.publisher, release.report
    publisher.ends.set()
    publisher.join(60)
    begun = publisher.begun
    print(f"  {len(begun)} customers; {publisher.repeats} posts were sent again, the longest took "
          f"{publisher.longest_s:.1f} s")
    customers.settle(release.folder, begun)
    wrong, in_doubt = customers.faults(release.folder, release.kafka, begun)
    report.check(not wrong, f"{len(begun)} customers have a mail and a task, once; {in_doubt} mails "
                 "are in doubt", f"{len(wrong)}: {wrong[:5]}")
    # A sender that is killed has at most eight mails under way.
    report.check(in_doubt <= 8, "no more are in doubt than one sender had under way", in_doubt)
    policies = {o["policy"] for o in customers.outcomes(release.kafka)}
    report.check(len(policies) == 2, "outcomes name both policies", policies)
    restarts = release.cluster.kubectl("get", "pods", "-o",
                                       "jsonpath={.items[*].status.containerStatuses[0].restartCount}")
    report.check(set(restarts.split()) == {"0"}, "no container was started again", restarts)


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    release = Release(*sys.argv[1:])
    teach_kinds(release)
    prepare(release)
    release.act("the API takes what the chart renders", take_objects, release)
    release.act("helm install", install, release)
    if not release.report.failed:
        calm(release)
        troubles(release)
        verify(release)
        release.calm_s = 0
        release.act("helm uninstall", uninstall, release)
    print(f"{release.report.passed} passed, {release.report.failed} failed")
    sys.exit(1 if release.report.failed else 0)


if __name__ == "__main__":
    main()
