"""kube.py - a cluster as its operator has it: kubectl and helm, and what the API says of pods."""
import json
import ssl
import subprocess
import time
import urllib.request

STATEFUL = ["segmenter", "scheduler", "review-solicitor", "email-sender", "desk"]


class Refused(Exception):
    """A command that failed, with what it said."""


class Cluster:
    """folder: of run.sh; namespace: where the release is."""

    def __init__(self, folder, namespace):
        self.folder, self.namespace = folder, namespace
        # One connection fewer than kubectl needs, and no process: this is asked often.
        with open(f"{folder}/cluster/kubeconfig", encoding="utf-8") as file:
            said = file.read()
        self.server = said.split('server: "')[1].split('"')[0]
        self.token = said.split("token: ")[1].split("}")[0]
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE

    def run(self, tool, *words, timeout=300, given=None, warnings=False):
        """What it says on standard output; with warnings, and on standard error."""
        done = subprocess.run([f"{self.folder}/cluster/{tool}", *words], input=given, text=True,
                              capture_output=True, timeout=timeout, check=False)
        if done.returncode:
            raise Refused(f"{tool} {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout + (done.stderr if warnings else "")

    def kubectl(self, *words, **more):
        return self.run("kubectl", "-n", self.namespace, *words, **more)

    def helm(self, *words, timeout=300):
        return self.run("helm", *words, "--namespace", self.namespace, "--timeout", f"{timeout}s",
                        timeout=timeout + 30)

    def get(self, path):
        asked = urllib.request.Request(self.server + path,
                                       headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(asked, timeout=10, context=self.context) as answer:
            return json.load(answer)["items"]

    def pods(self, component):
        """[(name, address)] of those that are ready and stay."""
        found = self.get(f"/api/v1/namespaces/{self.namespace}/pods"
                         f"?labelSelector=app.kubernetes.io/component={component}")
        return [(pod["metadata"]["name"], pod["status"]["podIP"]) for pod in found
                if "deletionTimestamp" not in pod["metadata"] and
                any(c["type"] == "Ready" and c["status"] == "True"
                    for c in pod["status"].get("conditions", []))]

    def addresses(self, service):
        """Where a Service would lead; nobody here makes its address one."""
        slices = self.get(f"/apis/discovery.k8s.io/v1/namespaces/{self.namespace}/endpointslices"
                          f"?labelSelector=kubernetes.io/service-name={service}")
        return [address for part in slices for endpoint in part["endpoints"] or []
                if endpoint["conditions"].get("ready") for address in endpoint["addresses"]]

    def wait(self, what, probe, seconds=180):
        until = time.time() + seconds
        while not probe():
            if time.time() > until:
                raise Refused(f"{what}: not after {seconds} s\n{self.kubectl('get', 'pods')}")
            time.sleep(0.2)


def metric(address, name):
    """The sum of a metric of one pod, 0 where it does not answer."""
    try:
        with urllib.request.urlopen(f"http://{address}:9090/metrics", timeout=3) as answer:
            lines = answer.read().decode().split("\n")
    except OSError:
        return 0
    return sum(float(line.split()[-1]) for line in lines if line.startswith((f"{name} ",
                                                                             f"{name}{{")))
