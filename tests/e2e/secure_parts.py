"""A broker and a Redis that want certificates, logins and ACLs, for the tests of connections.

The broker has a listener for each way to connect; on the plain one everybody is
a super user, so the tests can make users and ACLs.
"""
import os
import subprocess

import parts
from processes import connects, free_port, start, wait_for

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

    def __init__(self, libs, folder, users):
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
        return self.settings("login", KAFKA_SASL_MECHANISM=mechanism, KAFKA_SASL_USERNAME=user,
                             KAFKA_SASL_PASSWORD=PASSWORD, **more)


class SecureRedis(parts.Redis):
    """TLS with a certificate of the same authority, and users with ACLs."""

    def __init__(self, folder, certificates, *options, policy="noeviction"):
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
