"""Three Kafka nodes on this machine, of which any one may be killed.

Each is a broker and a controller. Everything stands on all three, and a write
counts when two have it, as docs/operations.md asks of a cluster.
"""
import os
import shutil
import signal
import tempfile

from confluent_kafka import admin
from processes import connects, free_port, start, wait_for

SETTINGS = """process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={folder}/data
default.replication.factor=3
min.insync.replicas=2
offsets.topic.replication.factor=3
offsets.topic.num.partitions=6
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
transaction.state.log.num.partitions=6
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""


class Cluster:
    REPLICATION = 3

    def __init__(self, libs):
        if not os.path.isdir(libs):
            raise SystemExit(f"no broker in {libs}: run make broker")
        self.folder, self.classpath = tempfile.mkdtemp(prefix="nurture-cluster-"), f"{libs}/*"
        self.nodes = [{"node": n, "port": free_port(), "controller": free_port(),
                       "folder": f"{self.folder}/{n}"} for n in (1, 2, 3)]
        voters = ",".join("{node}@127.0.0.1:{controller}".format(**node) for node in self.nodes)
        for node in self.nodes:
            os.mkdir(node["folder"])
            node["log"] = open(f"{node['folder']}/broker.log", "a")
            with open(f"{node['folder']}/server.properties", "w") as file:
                file.write(SETTINGS.format(voters=voters, **node))
            self.java(node, "kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg",
                      "-c").wait()
        for node in self.nodes:
            self.begin(node)
        for node in self.nodes:
            self.wait(node)

    @property
    def address(self):
        return ",".join(f"127.0.0.1:{node['port']}" for node in self.nodes)

    def java(self, node, *words):
        return start(["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                      self.classpath, *words, f"{node['folder']}/server.properties"], node["log"])

    def begin(self, node):
        node["process"] = self.java(node, "kafka.Kafka")

    def wait(self, node):
        wait_for(f"broker {node['node']}", lambda: connects(node["port"]), 180, node["process"])

    def leads(self, topic):
        """How many partitions of the topic each node leads: {node: count}."""
        known = admin.AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        found = known.list_topics(topic, 10).topics[topic].partitions.values()
        return {node["node"]: sum(p.leader == node["node"] for p in found) for node in self.nodes}

    def lacking(self, prefix):
        """Partitions of these topics of which not all copies are up to date."""
        known = admin.AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        return sum(len(p.isrs) < self.REPLICATION
                   for name, topic in known.list_topics(timeout=10).topics.items()
                   if name.startswith(prefix) for p in topic.partitions.values())

    def bytes_of(self, topic):
        """What the topic takes on the disk of one node."""
        folder = f"{self.nodes[2]['folder']}/data"
        return sum(os.path.getsize(f"{folder}/{part}/{file}") for part in os.listdir(folder)
                   if part.rpartition("-")[0] == topic
                   for file in os.listdir(f"{folder}/{part}") if file.endswith(".log"))

    def kill(self, number):
        node = self.nodes[number - 1]
        node["process"].send_signal(signal.SIGKILL)
        node["process"].wait()

    def bring_back(self, number):
        node = self.nodes[number - 1]
        self.begin(node)
        self.wait(node)

    def stop(self):
        for node in self.nodes:
            node["process"].terminate()
        for node in self.nodes:
            node["process"].wait()
        shutil.rmtree(self.folder, ignore_errors=True)
