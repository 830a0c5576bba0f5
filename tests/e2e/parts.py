"""The real parts that the end-to-end tests run on, each stoppable and killable.

A broker (from the Maven artifacts), a Redis, the mail catcher and services
under a supervisor that restarts them.  Everything listens on loopback ports
that are free at the moment, lives in one folder, and is ended by its process
id; nothing outlives the test.
"""
import collections
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request

from processes import connects, free_port, running, start, wait_for  # noqa: F401 - parts.running

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def policy(name):
    """One of the tests' own policy files, or a whole path as it is."""
    return os.path.join(ROOT, "tests/e2e/policies", name)


class Broker:
    """A single Kafka node; restartable on the same files."""

    REPLICATION = 1

    SETTINGS = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={folder}/kafka
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.cleaner.backoff.ms=1000
"""

    def __init__(self, libs, folder, java_options=()):
        if not os.path.isdir(libs):
            raise SystemExit(f"no broker in {libs}: run make broker")
        self.folder, self.classpath, self.java_options = folder, f"{libs}/*", java_options
        self.port, self.controller = free_port(), free_port()
        self.log = open(f"{folder}/broker.log", "w")
        with open(f"{folder}/server.properties", "w") as file:
            file.write(self.SETTINGS.format(**vars(self)))
        self.java("kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c",
                  f"{folder}/server.properties").wait()
        self.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def java(self, *words):
        return start(["java", "-Xmx1g", "-XX:+UseSerialGC", *self.java_options, "-cp",
                      self.classpath, *words], self.log)

    def start(self):
        self.process = self.java("kafka.Kafka", f"{self.folder}/server.properties")
        wait_for("the broker", lambda: connects(self.port), 180, self.process)

    def restart(self):
        self.process.terminate()
        self.process.wait()
        self.start()

    def stop(self):
        self.process.terminate()
        self.process.wait()


class GivenBroker:
    """One that somebody else runs: it is used, and left alone."""

    REPLICATION = 1

    def __init__(self, address):
        self.address = address

    def stop(self):
        pass


def given_broker():
    """The broker of KAFKA_BOOTSTRAP_SERVERS; None: the test starts one of its own."""
    address = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    return GivenBroker(address) if address else None


class Redis:
    """To be flushed, and put back to an older file."""

    def __init__(self, folder, policy="noeviction", keeps_log=False):
        self.folder, self.port, self.policy = folder, free_port(), policy
        self.appends = "yes" if keeps_log else "no"
        self.log = open(f"{folder}/redis.log", "a")
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def start(self):
        self.process = start(["redis-server", "--port", str(self.port), "--dir", self.folder,
                              "--save", "", "--appendonly", self.appends, "--maxmemory-policy",
                              self.policy], self.log)
        wait_for("Redis", lambda: self.cli("PING") == "PONG", 10, self.process)

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True,
                              text=True, check=False).stdout.strip()

    def flush(self):
        self.cli("FLUSHALL")

    def keep(self):
        self.cli("SAVE")
        shutil.copy(f"{self.folder}/dump.rdb", f"{self.folder}/kept.rdb")

    def roll_back(self):
        self.stop()
        shutil.copy(f"{self.folder}/kept.rdb", f"{self.folder}/dump.rdb")
        self.start()

    def stop(self):
        self.process.kill()
        self.process.wait()


class Catcher:
    """The mail catcher of tests/tools: what reached the SMTP server."""

    def __init__(self, build, folder, *options):
        self.build, self.folder = build, folder
        self.smtp, self.http = free_port(), free_port()
        self.log = open(f"{folder}/catcher.log", "a")
        self.start(*options)

    def start(self, *options):
        """On the same ports and files as before."""
        self.process = start([f"{self.build}/tests/tools/mail_catcher", "--dir", self.folder,
                              "--smtp", f"127.0.0.1:{self.smtp}", "--http",
                              f"127.0.0.1:{self.http}", *options], self.log)
        wait_for("the mail catcher", lambda: connects(self.smtp), 10, self.process)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.smtp}"

    @property
    def index(self):
        return f"{self.folder}/index.jsonl"


class Service:
    """Restarted whenever it ends, as a supervisor would."""

    def __init__(self, arguments, environment, log):
        self.arguments, self.environment, self.log = arguments, environment, log
        self.name = os.path.basename(arguments[0])
        self.exits = collections.Counter()
        self.start()

    def start(self):
        self.process = start(self.arguments, self.log, env=self.environment)

    def watch(self):
        code = self.process.poll()
        if code is None:
            return
        self.exits[code] += 1
        if code == 100:
            raise SystemExit(f"{self.name}: wrong settings, see {self.log.name}")
        self.start()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"{self.name} did not stop within 40 s") from None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def log_text(self):
        with open(self.log.name) as log:
            return log.read()


STATEFUL = ["segmenter", "review-solicitor", "scheduler", "email-sender"]


class System:
    """Everything together, on topics of its own."""

    def __init__(self, build, policy, clock, broker=None, libs=None, extra=None, catcher=(),
                 redis_keeps_log=False):
        self.build = os.path.abspath(build)
        self.folder = tempfile.mkdtemp(prefix="nurture-e2e-")
        self.broker = broker or Broker(libs or f"{ROOT}/build/broker/libs", self.folder)
        self.redis = Redis(self.folder, keeps_log=redis_keeps_log)
        self.catcher = Catcher(self.build, self.folder, *catcher)
        self.services = []
        # Nothing of what is set for another stack on this machine.
        around = {k: v for k, v in os.environ.items() if not k.startswith(("NURTURE_", "SMTP_"))}
        self.environment = dict(
            around, KAFKA_BOOTSTRAP_SERVERS=self.broker.address, REDIS_URL=self.redis.url,
            SMTP_URL=self.catcher.url, NURTURE_POLICY=os.path.abspath(policy),
            NURTURE_CLOCK=clock, NURTURE_SESSION_TIMEOUT="6s",
            NURTURE_TOPIC_PREFIX=f"e2e{os.getpid()}.", NURTURE_TOKEN_KEY="only for this test 123",
            NURTURE_COUPON_KEY="only for this test 456",
            NURTURE_TEMPLATES=f"{ROOT}/deploy/templates",
            # With sanitizers: what lives as long as the process is no leak.
            ASAN_OPTIONS="detect_leaks=0",
            NURTURE_INGEST_TOKENS="shop=0123456789abcdef-shop")
        self.environment.update(extra or {})
        self.ctl("topics", "--partitions", "6", "--replication", str(self.broker.REPLICATION))

    def ctl(self, *words, check=True, output=None):
        """Runs nurturectl; returns (exit code, standard output)."""
        done = subprocess.run([f"{self.build}/bin/nurturectl", *words], env=self.environment,
                              stdout=output or subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)
        if check and done.returncode:
            raise SystemExit(f"nurturectl {' '.join(words)}: exit {done.returncode}\n"
                             f"{done.stdout}{done.stderr}")
        return done.returncode, done.stdout

    def run(self, name, instance="a", listen=None, build=None, **extra):
        port = listen or free_port()
        service = Service([f"{build or self.build}/bin/{name}"],
                          dict(self.environment, NURTURE_INSTANCE=instance,
                               NURTURE_LISTEN=f"127.0.0.1:{port}", **extra),
                          open(f"{self.folder}/{name}.{instance}.log", "w"))
        service.port = port
        self.services.append(service)
        return service

    def topic(self, name):
        return self.environment["NURTURE_TOPIC_PREFIX"] + name

    def run_all(self, *names, instance="a"):
        """Starts them, and waits until all are ready; {name: service}."""
        started = {name: self.run(name, instance) for name in names}
        for service in started.values():
            self.ready(service)
        return started

    def ready(self, service, seconds=60):
        def answer():
            return urllib.request.urlopen(f"http://127.0.0.1:{service.port}/readyz",
                                          timeout=1).status == 200
        wait_for(service.name, answer, seconds, service.process)

    def watch(self):
        for service in self.services:
            service.watch()

    def stop(self, keep_files=False):
        for service in self.services:
            service.stop()
        self.catcher.process.terminate()
        self.redis.stop()
        self.broker.stop()
        if not keep_files:
            self.forget()

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def handovers_behind(system):
    """Lines of `nurturectl status` about handovers that have come and were not read yet."""
    return [line for line in system.ctl("status")[1].splitlines()[1:]
            if "handovers" in line and line.split()[-1] not in ("0", "1")]
