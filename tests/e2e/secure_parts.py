"""A broker and a Redis that want certificates, logins and ACLs, for the tests of connections.

The broker has a listener for each way to connect; on the plain one everybody is
a super user, so the tests can make users and ACLs.
"""
import ctypes
import glob
import os
import re
import subprocess
import time

import confluent_kafka
import mails
import parts
import shop
import staff
import topics
from confluent_kafka import admin
from processes import connects, free_port, start, wait_for
from story import check, equal, eventually

PASSWORD = "hunter2-of-kafka"


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


class Certificates:
    """PEM files: two authorities, and what they have signed."""

    def __init__(self, folder):
        self.folder = f"{folder}/certificates"
        os.mkdir(self.folder)
        for name in ("ca", "other-ca"):
            openssl(self.folder, "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out",
                    f"{name}.pem", "-days", "30", "-subj", f"/CN={name}", "-addext",
                    "basicConstraints=critical,CA:TRUE")
        self.sign("server", "DNS:localhost,IP:127.0.0.1")
        self.sign("elsewhere", "DNS:kafka.example")
        self.sign("expired", "DNS:localhost,IP:127.0.0.1", days="-1")
        self.sign("client", None)
        self.sign("email-sender", None)
        self.sign("expired-client", None, days="-1")
        self.sign("stranger", None, authority="other-ca")
        openssl(self.folder, "pkcs8", "-topk8", "-in", "client.key", "-out", "client.locked.key",
                "-passout", f"pass:{PASSWORD}")

    def sign(self, name, names, days="30", authority="ca"):
        openssl(self.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        with open(f"{self.folder}/{name}.ext", "w") as file:
            file.write(f"subjectAltName={names}\n" if names else "basicConstraints=CA:FALSE\n")
        openssl(self.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem",
                "-CAkey", f"{authority}.key", "-CAcreateserial", "-out", f"{name}.pem", "-days",
                days, "-extfile", f"{name}.ext")
        with open(f"{self.folder}/{name}.both.pem", "w") as both:
            for part in ("key", "pem"):
                with open(f"{self.folder}/{name}.{part}") as file:
                    both.write(file.read())

    def __getitem__(self, name):
        return f"{self.folder}/{name}"


class SecureBroker(parts.Broker):
    """PLAIN and SCRAM behind TLS, certificates, and an authorizer that denies what nobody allows."""

    LISTENERS = ("login", "certificate", "expired", "elsewhere")
    SETTINGS = parts.Broker.SETTINGS.split("listeners=")[0] + """
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},{listeners}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},{advertised}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_SSL,CERTIFICATE:SSL,EXPIRED:SSL,ELSEWHERE:SSL
inter.broker.listener.name=PLAINTEXT
""" + "controller.listener.names=CONTROLLER" + parts.Broker.SETTINGS.split(
        "controller.listener.names=CONTROLLER")[1] + """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=false
ssl.keystore.type=PEM
ssl.truststore.type=PEM
ssl.keystore.location={keys}/server.both.pem
ssl.truststore.location={keys}/ca.pem
listener.name.certificate.ssl.client.auth=required
listener.name.certificate.ssl.principal.mapping.rules=RULE:^CN=(.*?)$/$1/
listener.name.expired.ssl.keystore.location={keys}/expired.both.pem
listener.name.elsewhere.ssl.keystore.location={keys}/elsewhere.both.pem
listener.name.login.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required {plain};
listener.name.login.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.login.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
"""

    def __init__(self, libs, folder, users=("ingest", "review-solicitor", "desk", "console",
                                             "nurturectl")):
        self.certificates = Certificates(folder)
        self.keys = self.certificates.folder
        self.ports = {name: free_port() for name in self.LISTENERS}
        self.listeners = ",".join(f"{name.upper()}://127.0.0.1:{port}"
                                  for name, port in self.ports.items())
        # By name: the certificates have it.
        self.advertised = self.listeners.replace("127.0.0.1", "localhost")
        self.plain = " ".join(f'user_{user}="{PASSWORD}"' for user in users)
        super().__init__(libs, folder)

    def settings(self, listener, **more):
        """What a client needs for it, without its login."""
        protocol = "SASL_SSL" if listener == "login" else "SSL"
        return {"KAFKA_BOOTSTRAP_SERVERS": f"localhost:{self.ports[listener]}",
                "KAFKA_SECURITY_PROTOCOL": protocol,
                "KAFKA_SSL_CA_LOCATION": self.certificates["ca.pem"], **more}

    def login(self, user, mechanism="PLAIN", **more):
        return self.settings("login", **{"KAFKA_SASL_MECHANISM": mechanism,
                                         "KAFKA_SASL_USERNAME": user,
                                         "KAFKA_SASL_PASSWORD": PASSWORD, **more})


def redis_rights_of_docs():
    """The rights of Redis' user that docs/kafka-and-redis.md lists."""
    with open(f"{parts.ROOT}/docs/kafka-and-redis.md") as page:
        return re.search(r"^    ACL SETUSER nurture on >PASSWORD ~nurture\.\* (.*?)\n\n",
                         page.read(), re.M | re.S).group(1).replace("\\", " ").split()


def redis_user(redis, name, prefix):
    """A user of Redis with these rights, and no others."""
    said = redis.cli("ACL", "SETUSER", name, "on", f">{PASSWORD}", f"~{prefix}*",
                     *redis_rights_of_docs())
    if said != "OK":
        raise SystemExit(f"Redis: {said}")


class SecureRedis(parts.Redis):
    """TLS with a certificate of the same authority, and users with ACLs."""

    def __init__(self, folder, certificates, *options, policy="noeviction"):
        os.makedirs(folder, exist_ok=True)
        self.certificates, self.options, self.plain = certificates, options, free_port()
        super().__init__(folder, policy=policy)

    def start(self):
        self.process = start(
            ["redis-server", "--port", str(self.plain), "--tls-port", str(self.port), "--dir",
             self.folder, "--save", "", "--maxmemory-policy", self.policy, "--tls-cert-file",
             self.certificates["server.pem"], "--tls-key-file", self.certificates["server.key"],
             "--tls-ca-cert-file", self.certificates["ca.pem"], *self.options], self.log)
        wait_for("Redis", lambda: connects(self.plain) and self.cli("PING") == "PONG", 10,
                 self.process)

    def cli(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.plain), *words], capture_output=True,
                              text=True, check=False).stdout.strip()


SERVICES = ["ingest", *parts.STATEFUL, "desk", "console"]
RULE = re.compile(r"--allow-principal (\S+) --operation (\S+) --(topic|group|transactional-id) "
                  r"'(\S*)'( --resource-pattern-type prefixed)?")
KINDS = {"topic": "topic", "group": "group", "transactional-id": "transactional id"}


def with_scram():
    """What a program needs for SCRAM on Kafka 4 where librdkafka is older than 2.6.1: the one of
    confluent-kafka, which has the same interface."""
    if ctypes.CDLL("librdkafka.so.1").rd_kafka_version() >= 0x02060100:
        return {}
    folder = os.path.dirname(confluent_kafka.__file__) + ".libs"
    return {"LD_PRELOAD": glob.glob(f"{folder}/librdkafka-*.so*")[0]}


class Acl:
    """A line of `nurturectl topics --acls`."""

    def __init__(self, line):
        user, self.operation, self.kind, self.name, prefixed = RULE.search(line).groups()
        self.program = user.removeprefix("User:")
        self.prefixed = bool(prefixed)

    def __str__(self):
        return f"{self.operation} on {KINDS[self.kind]} {self.name}"

    def binding(self, kind=admin.AclBinding):
        operation = {"DescribeConfigs": "DESCRIBE_CONFIGS", "AlterConfigs": "ALTER_CONFIGS"}.get(
            self.operation, self.operation.upper())
        return kind(
            admin.ResourceType[{"topic": "TOPIC", "group": "GROUP"}.get(
                self.kind, "TRANSACTIONAL_ID")],
            self.name,
            admin.ResourcePatternType.PREFIXED if self.prefixed
            else admin.ResourcePatternType.LITERAL,
            f"User:{self.program}", "*", admin.AclOperation[operation],
            admin.AclPermissionType.ALLOW)


class Rights:
    """What the broker allows; changed as its owner would, on the plain listener."""

    def __init__(self, system):
        self.client = admin.AdminClient({"bootstrap.servers": system.broker.address})
        self.all = [Acl(line) for line in system.ctl("topics", "--acls")[1].splitlines()]

    def give(self, *acls):
        for done in self.client.create_acls([acl.binding() for acl in acls]).values():
            done.result(20)
        time.sleep(0.3)

    def take(self, acl):
        found = self.client.delete_acls([acl.binding(admin.AclBindingFilter)])
        equal([len(done.result(20)) for done in found.values()], [1], f"without {acl}")
        time.sleep(0.3)

    def add_user(self, name, mechanism, password=PASSWORD):
        """Or gives one that is there another password."""
        made = admin.ScramCredentialInfo(mechanism, 4096)
        change = admin.UserScramCredentialUpsertion(name, made, password.encode())
        for done in self.client.alter_user_scram_credentials([change]).values():
            done.result(20)


def console_settings(system):
    path = os.path.join(system.folder, "staff")
    with open(path, "w", encoding="utf-8") as file:
        file.write(staff.STAFF)
    return {"NURTURE_CONSOLE_VIEW": f"{system.folder}/view.db", "NURTURE_CONSOLE_STAFF": path,
            "NURTURE_CONSOLE_KEY": "a-key-of-24-bytes-or-so", "NURTURE_CONSOLE_PROXIES": "127.0.0.1",
            "NURTURE_CONSOLE_PROXY_SECRET": staff.SECRET}


def setup(system):
    system.rights = Rights(system)
    system.rights.give(*system.rights.all)
    scram = admin.ScramMechanism
    system.rights.add_user("segmenter", scram.SCRAM_SHA_256)
    system.rights.add_user("scheduler", scram.SCRAM_SHA_512)
    keys, broker = system.broker.certificates, system.broker
    system.logins = {
        "ingest": broker.login("ingest"),
        "segmenter": broker.login("segmenter", "SCRAM-SHA-256", **with_scram()),
        "scheduler": broker.login("scheduler", "SCRAM-SHA-512", **with_scram()),
        "review-solicitor": broker.login("review-solicitor"),
        "email-sender": broker.settings("certificate",
                                        KAFKA_SSL_CERTIFICATE_LOCATION=keys["email-sender.pem"],
                                        KAFKA_SSL_KEY_LOCATION=keys["email-sender.key"]),
        "desk": broker.login("desk"),
        "console": broker.login("console"),
        "nurturectl": broker.login("nurturectl"),
    }
    plain = system.redis
    system.redis = SecureRedis(f"{system.folder}/secure", keys, "--tls-auth-clients", "yes")
    plain.stop()
    redis_user(system.redis, "nurture", system.topic(""))
    system.environment.update(
        REDIS_URL=f"rediss://localhost:{system.redis.port}", REDIS_USERNAME="nurture",
        REDIS_PASSWORD=PASSWORD, REDIS_TLS_CA=keys["ca.pem"],
        REDIS_TLS_CERT=keys["client.pem"], REDIS_TLS_KEY=keys["client.key"])
    system.started = {}
    more = {"console": console_settings(system)}
    for name in SERVICES:
        system.started[name] = system.run(name, **system.logins[name], **more.get(name, {}))
    for service in system.started.values():
        system.ready(service)
    system.shop = shop.Shop(system.started["ingest"])
    system.people = 0


def next_person(system):
    system.people += 1
    return shop.person(f"p{system.people}")


def publish(system, *events):
    """As publishers do: again until ingest has them; ids make that harmless."""
    def taken():
        return system.shop.post(list(events))[0] == 202
    wait_for("ingest", taken, 60)


def all_of_it(system):
    """each service with its own rows: a mail goes out, Redis is lost and restored"""
    outcomes = topics.Reader(system, "outcomes")
    for round_number in range(2):
        before = len(mails.index(system.catcher))
        publish(system, *[shop.event("order.placed", next_person(system), order=shop.order(n))
                          for n in range(10)])
        eventually(lambda: len(mails.index(system.catcher)) >= before + 10, "ten mails", 60)
        if round_number == 0:
            system.redis.flush()
    eventually(lambda: len([o for o in outcomes.objects() if o["status"] == "sent"]) >= 20,
               "twenty are told as sent", 60)
    for name, service in system.started.items():
        # DescribeConfigs is no right that they need: without it they go by the brokers' default.
        text = "\n".join(line for line in service.log_text().splitlines()
                         if "event=topic_limits_unknown" not in line)
        check(service.process.poll() is None and "authorization" not in text.lower() and
              "NOPERM" not in text, f"{name}: runs, and lacks nothing", text[-600:])
    check("event=restored" in system.started["scheduler"].log_text(), "the index was restored")


def operator(system):
    """nurturectl with its own rows"""
    system.environment.update(system.logins["nurturectl"])
    for words in (["topics"], ["status"], ["why", "p1"], ["outcomes"]):
        code, _ = system.ctl(*words, check=False)
        equal(code, 0, f"nurturectl {' '.join(words)}")
    plain = {"KAFKA_BOOTSTRAP_SERVERS": system.broker.address}
    for name in system.logins["nurturectl"]:
        system.environment.pop(name)
    system.environment.update(plain)
