#!/usr/bin/env python3
"""A Kafka with TLS, logins and ACLs, a Redis with TLS and users: all runs, and what fails is named.

usage: connections.py [BUILD] [--libs DIR]

tests/secure.py (make test-secure) takes away every single right as well.
"""
import subprocess
import threading
import time

import mails
import parts
import secure_parts as secure
import shop
import story
from story import check, equal, eventually


def told(system, *arguments, **settings):
    """(exit code, what was said) of a program with these settings."""
    done = subprocess.run([f"{system.build}/bin/{arguments[0]}", *arguments[1:]], text=True,
                          env=dict(system.environment, NURTURE_INSTANCE="other",
                                   NURTURE_LISTEN="127.0.0.1:0", **settings),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    return done.returncode, done.stdout


def at_once(cases):
    """Runs them side by side: (what, function, words that must be told, exit code)."""
    def one(what, function, words, expected):
        code, said = None, "it was not asked"
        try:
            code, said = function()
        finally:
            check(code == expected and all(word in said for word in words) and
                  secure.PASSWORD not in said and "hunter2" not in said,
                  f"{what}: " + ", ".join(words), (code, said[-700:]))
    threads = [threading.Thread(target=one, args=case) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def kafka_says(system):
    """a connection to Kafka that fails says which setting mends it"""
    broker, keys = system.broker, system.broker.certificates

    def topics(**settings):
        return lambda: told(system, "nurturectl", "status", **settings)

    def certificate(name):
        return topics(**broker.settings(
            "certificate", KAFKA_SSL_CERTIFICATE_LOCATION=keys[f"{name}.pem"],
            KAFKA_SSL_KEY_LOCATION=keys[f"{name}.key"]))
    login = broker.login("nurturectl")
    at_once([
        ("a wrong password", topics(**dict(login, KAFKA_SASL_PASSWORD="hunter2")),
         ["wrong user or password", "KAFKA_SASL_PASSWORD"], 111),
        ("the same, a service", lambda: told(system, "segmenter", **broker.login(
            "segmenter", "SCRAM-SHA-256", KAFKA_SASL_PASSWORD="hunter2")),
         ["kafka_connection_failed", "wrong user or password", "KAFKA_SASL_PASSWORD"], 111),
        ("an authority that is not known", topics(**dict(
            login, KAFKA_SSL_CA_LOCATION=keys["other-ca.pem"])), ["KAFKA_SSL_CA_LOCATION"], 111),
        ("an expired certificate", topics(**broker.settings("expired")),
         ["the broker's certificate has expired"], 111),
        ("another name", topics(**broker.settings("elsewhere")),
         ["another name", "KAFKA_BOOTSTRAP_SERVERS"], 111),
        ("no certificate of ours", topics(**broker.settings("certificate")),
         ["does not take our certificate", "KAFKA_SSL_CERTIFICATE_LOCATION"], 111),
        ("an expired one", certificate("expired-client"), ["does not take our certificate"], 111),
        ("one of a stranger", certificate("stranger"), ["does not take our certificate"], 111),
        ("TLS where there is none", topics(**dict(
            login, KAFKA_BOOTSTRAP_SERVERS=broker.address)), ["KAFKA_SECURITY_PROTOCOL"], 111),
        ("a mechanism that is not offered", topics(**dict(
            broker.login("nurturectl"), KAFKA_SASL_MECHANISM="OAUTHBEARER")),
         ["KAFKA_SASL_MECHANISM"], 100),
        ("a key and its password", topics(**broker.settings(
            "certificate", KAFKA_SSL_CERTIFICATE_LOCATION=keys["client.pem"],
            KAFKA_SSL_KEY_LOCATION=keys["client.locked.key"],
            KAFKA_SSL_KEY_PASSWORD="hunter2")), ["KAFKA_SSL_KEY_PASSWORD"], 100),
        ("a right that is missing", topics(**broker.settings(
            "certificate", KAFKA_SSL_CERTIFICATE_LOCATION=keys["client.pem"],
            KAFKA_SSL_KEY_LOCATION=keys["client.locked.key"],
            KAFKA_SSL_KEY_PASSWORD=secure.PASSWORD)),
         ["missing ACL: Describe on topic " + system.topic("events")], 111),
    ])


def redis_says(system):
    """so does one to Redis, and a Redis that forgets"""
    keys, redis = system.broker.certificates, system.redis
    redis.cli("ACL", "SETUSER", "blind", "on", ">hunter2", "~*", "+@all", "-info", "-bgrewriteaof")

    def run(**settings):
        login = system.logins["segmenter"]
        return lambda: told(system, "segmenter", **dict(login, **settings))
    url = system.environment["REDIS_URL"]
    at_once([
        ("a wrong password", run(REDIS_PASSWORD="hunter2"), ["WRONGPASS", "REDIS_PASSWORD"], 111),
        ("an authority that is not known", run(REDIS_TLS_CA=keys["other-ca.pem"]),
         ["its certificate is refused", "REDIS_TLS_CA"], 111),
        ("another name", run(REDIS_TLS_SNI="cache.example"), ["hostname mismatch", "sni"], 111),
        # With TLS 1.3 the server's alert may be lost with the connection.
        ("no certificate of ours", run(REDIS_TLS_CERT="", REDIS_TLS_KEY=""), ["redis localhost:"],
         111),
        ("no TLS where there is", run(REDIS_URL=url.replace("rediss", "redis"), REDIS_TLS_CA="",
                                      REDIS_TLS_CERT="", REDIS_TLS_KEY=""), ["rediss://"], 111),
        ("a user that may not ask", run(REDIS_USERNAME="blind", REDIS_PASSWORD="hunter2"),
         ["+info", "REDIS_MAXMEMORY_POLICY"], 100),
        ("a file that is missing", run(REDIS_TLS_CA="/nowhere"), ["REDIS_TLS_CA", "/nowhere"], 100),
    ])


def vouched_for(system):
    """a Redis that may not be asked is taken on trust, which is said once"""
    service = system.run("segmenter", **dict(
        system.logins["segmenter"], REDIS_USERNAME="blind", REDIS_PASSWORD="hunter2",
        REDIS_MAXMEMORY_POLICY="noeviction"), instance="trusting")
    system.ready(service)
    told_times = service.log_text().count("event=redis_policy_vouched")
    check(told_times == 1, "redis_policy_vouched is said once", told_times)


class Orders(threading.Thread):
    """Customers order all the time, and ask again when ingest is away; each orders once."""

    def __init__(self, system):
        super().__init__(daemon=True)
        self.system, self.names, self.is_over = system, [], threading.Event()
        self.start()

    def run(self):
        while not self.is_over.wait(0.1):
            person = secure.next_person(self.system)
            event = shop.event("order.placed", person, order=shop.order(len(self.names)))
            while not self.is_over.is_set():
                try:
                    if self.system.shop.post([event])[0] == 202:
                        self.names.append(person["id"])
                        break
                except OSError:
                    time.sleep(0.1)

    def end(self):
        self.is_over.set()
        self.join()
        return self.names


def again_with(system, *names, **settings):
    """One service after the other, as a roll does it; what it logs in with is another one."""
    for name in names:
        service = system.started[name]
        equal(service.stop(), 0, f"{name}: stops by itself")
        service.environment.update(settings)
        service.start()
        system.ready(service)


def passwords_change(system):
    """passwords of Redis and Kafka are changed while customers order: each hears once"""
    orders, new = Orders(system), "hunter2-the-next"
    # Redis knows both for a while; Kafka one at a time, and asks for it when somebody connects.
    system.redis.cli("ACL", "SETUSER", "nurture", f">{new}")
    again_with(system, *parts.STATEFUL, REDIS_PASSWORD=new)
    system.redis.cli("ACL", "SETUSER", "nurture", f"<{secure.PASSWORD}")
    system.environment["REDIS_PASSWORD"] = new
    scram = secure.admin.ScramMechanism
    for name, mechanism in (("segmenter", scram.SCRAM_SHA_256), ("scheduler", scram.SCRAM_SHA_512)):
        system.rights.add_user(name, mechanism, new)
        again_with(system, name, KAFKA_SASL_PASSWORD=new)
    login = system.logins["segmenter"]
    at_once([
        ("Redis' old password", lambda: told(system, "segmenter", **dict(
            login, KAFKA_SASL_PASSWORD=new, REDIS_PASSWORD=secure.PASSWORD)), ["WRONGPASS"], 111),
        ("Kafka's old one", lambda: told(system, "segmenter", **login),
         ["wrong user or password"], 111)])
    for user in ("segmenter", "scheduler"):
        system.logins[user] = dict(system.logins[user], KAFKA_SASL_PASSWORD=new)
    names = orders.end()
    check(len(names) > 30, f"{len(names)} customers ordered meanwhile")

    def heard():
        told_of = [mail["to"].split("@")[0] for mail in mails.index(system.catcher)]
        return {name: told_of.count(name) for name in names}
    eventually(lambda: min(heard().values()) > 0, "each has a mail", 60)
    twice = {name: count for name, count in heard().items() if count != 1}
    equal(twice, {}, "and none has two")


def main():
    parts.Broker = secure.SecureBroker
    story.tell(__doc__, "now.yaml", [secure.all_of_it, secure.operator, kafka_says, redis_says,
                                    vouched_for, passwords_change],
               secure.setup, own_broker=True)


if __name__ == "__main__":
    main()
