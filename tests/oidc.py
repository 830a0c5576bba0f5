#!/usr/bin/env python3
"""OAUTHBEARER with OIDC: a Kafka that takes signed tokens of a token server, and asks for new ones.

usage: oidc.py [BUILD] [--libs DIR]        a part of make test-secure

The token server is a few lines of Python, the broker's side is Kafka's own
(OAuthBearerValidatorCallbackHandler). Tokens live for seconds and the broker closes who does not
log in again in time (KIP-368), so a client that does not renew its token is noticed. Where the
system's librdkafka has no OIDC (Debian 12), the services run on that of confluent-kafka.
"""
import base64
import ctypes
import glob
import http.server
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "e2e"))

import confluent_kafka  # noqa: E402
import mails  # noqa: E402
import parts  # noqa: E402
import shop  # noqa: E402
import story  # noqa: E402
from processes import free_port  # noqa: E402
from story import check, equal, eventually  # noqa: E402

import services  # noqa: E402

SECRET, AUDIENCE, LIVES_S = "hunter2/of+oidc", "nurture", 12
SERVICES = ["ingest", *parts.STATEFUL]


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenServer(http.server.ThreadingHTTPServer):
    """RFC 6749 4.4 (client credentials), JWTs of RFC 7519 signed with RS256, and its keys."""

    daemon_threads = True

    def __init__(self, folder):
        self.key, self.given, self.refused = f"{folder}/oidc.pem", [], 0
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt",
                        "rsa_keygen_bits:2048", "-out", self.key], check=True, capture_output=True)
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def jwks(self):
        said = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                              capture_output=True, text=True).stdout
        modulus = bytes.fromhex(said.strip().partition("=")[2])
        return {"keys": [{"kty": "RSA", "kid": "k1", "alg": "RS256", "use": "sig",
                          "n": url64(modulus), "e": "AQAB"}]}

    def token(self, user):
        now = int(time.time())
        claims = {"iss": self.url, "sub": user, "aud": AUDIENCE, "iat": now, "exp": now + LIVES_S,
                  "scope": "kafka", "jti": str(len(self.given))}
        signed = ".".join(url64(json.dumps(part).encode()) for part in (
            {"alg": "RS256", "typ": "JWT", "kid": "k1"}, claims))
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], check=True,
                                   input=signed.encode(), capture_output=True).stdout
        self.given.append(user)
        return f"{signed}.{url64(signature)}"


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        self.answer(200, self.server.jwks())

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        _, _, login = self.headers.get("Authorization", "").partition("Basic ")
        user, _, secret = base64.b64decode(login).decode().partition(":")
        if urllib.parse.parse_qs(form).get("grant_type") != ["client_credentials"] or \
                secret not in (SECRET, urllib.parse.quote(SECRET, safe="")):
            self.server.refused += 1
            self.answer(401, {"error": "invalid_client"})
            return
        self.answer(200, {"access_token": self.server.token(user), "token_type": "Bearer",
                          "expires_in": LIVES_S})

    def log_message(self, *_):
        pass


class OidcBroker(parts.Broker):
    """A second listener, where only a good token opens the door."""

    SETTINGS = parts.Broker.SETTINGS.replace(
        "127.0.0.1:{port},CONTROLLER", "127.0.0.1:{port},OAUTH://127.0.0.1:{oauth},CONTROLLER"
    ).replace("advertised.listeners=PLAINTEXT://127.0.0.1:{port}",
              "advertised.listeners=PLAINTEXT://127.0.0.1:{port},OAUTH://127.0.0.1:{oauth}") + """
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OAUTH:SASL_PLAINTEXT
inter.broker.listener.name=PLAINTEXT
listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.oauth.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;
listener.name.oauth.oauthbearer.sasl.server.callback.handler.class=org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler
listener.name.oauth.oauthbearer.sasl.oauthbearer.jwks.endpoint.url={tokens.url}/jwks
listener.name.oauth.oauthbearer.sasl.oauthbearer.expected.audience={audience}
listener.name.oauth.oauthbearer.sasl.oauthbearer.expected.issuer={tokens.url}
listener.name.oauth.oauthbearer.connections.max.reauth.ms=3600000
"""

    def __init__(self, libs, folder):
        self.tokens, self.oauth, self.audience = TokenServer(folder), free_port(), AUDIENCE
        super().__init__(libs, folder, ["-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls="
                                        f"{self.tokens.url}/jwks"])


def with_oidc():
    """What a program needs where the system's librdkafka was built without OIDC."""
    library = ctypes.CDLL("librdkafka.so.1")
    library.rd_kafka_conf_new.restype = ctypes.c_void_p
    conf = ctypes.c_void_p(library.rd_kafka_conf_new())
    if library.rd_kafka_conf_set(conf, b"sasl.oauthbearer.method", b"oidc", None, 0) == 0:
        return {}
    folder = os.path.dirname(confluent_kafka.__file__) + ".libs"
    return {"LD_PRELOAD": glob.glob(f"{folder}/librdkafka-*.so*")[0]}


def login(system, user, secret=SECRET):
    return {"KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{system.broker.oauth}",
            "KAFKA_SECURITY_PROTOCOL": "sasl_plaintext", "KAFKA_SASL_MECHANISM": "OAUTHBEARER",
            "KAFKA_SASL_OAUTHBEARER_METHOD": "oidc",
            "KAFKA_SASL_OAUTHBEARER_CLIENT_ID": user,
            "KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET": secret,
            "KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL": f"{system.broker.tokens.url}/token"}


def setup(system):
    system.preload = with_oidc()
    system.started = {name: system.run(name, **login(system, name), **system.preload)
                      for name in SERVICES}
    for service in system.started.values():
        system.ready(service)
    system.shop = shop.Shop(system.started["ingest"])


def tokens_end(system):
    """customers order for three lives of a token: each has one mail, and all tokens were renewed"""
    names = [f"o{n}" for n in range(3 * LIVES_S)]
    begun = time.time()
    for n, name in enumerate(names):
        system.shop.publish(shop.event("order.placed", shop.person(name), order=shop.order(name)))
        time.sleep(max(0, begun + n + 1 - time.time()))
        system.watch()
    eventually(lambda: all(mails.to(system.catcher, name) for name in names), "each has a mail", 40)
    twice = [name for name in names if len(mails.to(system.catcher, name)) > 1]
    equal(twice, [], "and none has two")
    for name, service in system.started.items():
        count = system.broker.tokens.given.count(name)
        check(count >= 3, f"{name}: asked for {count} tokens")
        equal(sum(service.exits.values()), 0, f"{name}: was never restarted")


def wrong_secret(system):
    """a wrong secret and a token server that is away are told, without the secret"""
    for what, more in (("a wrong secret", {"KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET": "hunter2"}),
                       ("no token server", {"KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL":
                                            "http://127.0.0.1:1/token"})):
        code, said = services.execute(system, "segmenter", seconds=60, **system.preload,
                                      **{**login(system, "segmenter"), **more})
        check(code == 111 and "hunter2" not in said and "OAUTHBEARER" in said.upper(),
              f"{what}: exit 111, and says what about", (code, said[-900:]))


def without_library(system):
    """a librdkafka without OIDC, and tokens of another kind, are refused with a reason"""
    if system.preload:
        code, said = services.execute(system, "segmenter", "--check-config",
                                      **login(system, "segmenter"))
        check(code == 100 and "OAuth/OIDC depends on libcurl" in said, "no OIDC: exit 100",
              (code, said))
    code, said = services.execute(system, "segmenter", "--check-config", **system.preload, **{
        **login(system, "segmenter"), "KAFKA_SASL_OAUTHBEARER_METHOD": "default"})
    check(code == 100 and "AWS's IAM" in said, "tokens by hand, as MSK's IAM: exit 100",
          (code, said))


if __name__ == "__main__":
    parts.Broker = OidcBroker
    story.tell(__doc__, "now.yaml", [tokens_end, wrong_secret, without_library], setup,
               own_broker=True)
