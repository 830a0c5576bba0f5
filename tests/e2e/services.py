#!/usr/bin/env python3
"""What every service owes its operator: help, clear refusals, health, metrics, an orderly end.

usage: services.py [BUILD] [--libs DIR]
"""
import glob
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

import exposition
import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

ALL = ["ingest", *parts.STATEFUL]


def execute(system, name, *arguments, seconds=20, **environment):
    """(exit code, what it said) of a service that should end by itself; None: it did not."""
    settings = {**system.environment, "NURTURE_INSTANCE": "x", "NURTURE_LISTEN": "127.0.0.1:0",
                **environment}
    settings = {k: v for k, v in settings.items() if v is not None}
    try:
        done = subprocess.run([f"{system.build}/bin/{name}", *arguments], env=settings, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds,
                              check=False)
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode()
    return done.returncode, done.stdout


def refuses(system, names, what, words, code=100, arguments=(), **environment):
    """All of these end with this code and a sentence that has these words; at the same time."""
    found = {}

    def one(name):
        found[name] = execute(system, name, *arguments, **environment)
    threads = [threading.Thread(target=one, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong = {name: each for name, each in found.items()
             if each[0] != code or not all(word in each[1] for word in words) or
             "hunter2" in each[1]}  # a password that was set wrong must not be shown
    check(not wrong, f"{what}: exit {code}, " + ", ".join(f'"{w}"' for w in words), wrong)


def settings_in_source(name):
    files = glob.glob(f"{parts.ROOT}/services/{name}/**/*.c", recursive=True)
    files.append(f"{parts.ROOT}/common/io/config/config_tracing.c")
    if name != "ingest":
        files.append(f"{parts.ROOT}/common/io/config/config.c")
    text = "".join(open(file).read() for file in files)
    with open(f"{parts.ROOT}/common/token/token_keys.h") as file:
        shared = dict(re.findall(r'#define (\w+_SETTING) "(\w+)"', file.read()))
    rows = re.findall(r'\bSETTING\(\s*(?:"([A-Z][A-Z_0-9]+)"|(\w+_SETTING)),', text)
    with open(f"{parts.ROOT}/common/io/config/config_kafka.c") as file:
        kafka = set(re.findall(r'"(KAFKA_[A-Z_]+)"', file.read())) - {"KAFKA_BOOTSTRAP_SERVERS"}
    # Which every program has.
    return {name or shared[macro] for name, macro in rows} | kafka | {"NURTURE_DEVELOPMENT"}


def help_pages(system):
    """--help lists every setting, --version the version, --check-config says ok"""
    for name in ALL:
        code, text = execute(system, name, "--help")
        listed = re.findall(r"^  ([A-Z][A-Z_0-9]+) +(required|default)", text, re.M)
        equal((code, {each for each, _ in listed}), (0, settings_in_source(name)),
              f"{name} --help: {len(listed)} settings")
        code, text = execute(system, name, "--version")
        check(code == 0 and re.fullmatch(r"nurture \d+\.\d+\.\d+\n", text), f"{name} --version", text)
        equal(execute(system, name, "--check-config"), (0, "ok\n"), f"{name} --check-config")
    refuses(system, ALL, "an unknown argument", ["--halp"], arguments=["--halp"])


def wrong_settings(system):
    """a wrong setting: a sentence that names it, and exit 100"""
    stateful = parts.STATEFUL
    table = [
        (ALL, "LOG_LEVEL", "loud", "error|warn|info|debug"),
        (ALL, "NURTURE_LISTEN", "nowhere", "address:port"),
        (stateful, "NURTURE_CLOCK", "moon", "wall|event"),
        (stateful, "NURTURE_SESSION_TIMEOUT", "1s", "6s"),
        (stateful, "NURTURE_COMMIT_INTERVAL", "11s", "10s"),
        (stateful, "NURTURE_COMMIT_INTERVAL", "-1s", "NURTURE_COMMIT_INTERVAL"),
        (stateful, "NURTURE_OUTCOME_FORMAT", "xml", "json|protobuf"),
        (stateful, "NURTURE_POLICY", None, "must be set"),
        (stateful, "REDIS_URL", "http://user:hunter2@there", "redis://"),
        (stateful, "REDIS_URL", "redis://hunter2@there", "redis://"),
        (stateful, "REDIS_URL", "redis://me:hunter2@there@:1", "redis://"),
        (stateful, "REDIS_URL", "redis://me:hunter2%@there", "hexadecimal"),
        (["email-sender"], "SMTP_URL", "mail.example", "smtp"),
        (["email-sender"], "SMTP_URL", "http://user:hunter2@mail.example", "smtp"),
        (["email-sender"], "SMTP_CONNECTIONS", "0", "1"),
        (["email-sender"], "NURTURE_TEMPLATES", "/nowhere", "/nowhere"),
        (["email-sender", "review-solicitor"], "NURTURE_TOKEN_KEY", "short", "16"),
        (["email-sender", "review-solicitor"], "NURTURE_TOKEN_KEY", None, "must be set"),
        (["scheduler"], "NURTURE_COUPON_KEY", "short", "16"),
        (ALL, "KAFKA_ACKS", "1", "all replicas"),
        (ALL, "KAFKA_SASL_PASSWORD", "hunter2", "KAFKA_SECURITY_PROTOCOL"),
        (ALL, "KAFKA_SSL_KEY_PEM", "hunter2", "KAFKA_SECURITY_PROTOCOL"),
        (ALL, "KAFKA_SSL_TRUSTSTORE_LOCATION", "/x.jks", "not supported"),
        (["ingest"], "NURTURE_INGEST_RATE", "many", "many"),
        (["ingest"], "NURTURE_INGEST_TOKENS", None, "NURTURE_INGEST_OPEN"),
    ]
    for names, setting, value, word in table:
        for arguments in ((), ("--check-config",), ("--check-config", "--check-config")):
            refuses(system, names, " ".join((f"{setting}={value}",) + arguments),
                    [setting, word], arguments=arguments, **{setting: value})


def wrong_policies(system):
    """a policy that is missing or wrong: FILE:LINE, at the start and with --check-config"""
    with open(parts.policy("now.yaml")) as file:
        lines = file.read().split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("caps:")) + 1
    lines[at] = "  - {name: day, limit: 12, per: 7x}"
    broken = f"{system.folder}/broken.yaml"
    with open(broken, "w") as file:
        file.write("\n".join(lines))
    for arguments in ((), ("--check-config",)):
        said = " ".join(arguments) or "at the start"
        refuses(system, parts.STATEFUL, f"a missing policy, {said}", ["NURTURE_POLICY", "/nowhere"],
                arguments=arguments, NURTURE_POLICY="/nowhere/shop.yaml")
        refuses(system, parts.STATEFUL, f"a wrong one, {said}",
                [f"{broken}:{at + 1}:", "per", "7x"], arguments=arguments, NURTURE_POLICY=broken)
    unknown = f"{system.folder}/unknown.yaml"
    with open(unknown, "w") as file:
        file.write("\n".join(lines).replace("7x", "7d").replace("email: tips", "email: tipps"))
    refuses(system, ["email-sender"], "an unknown template", [unknown + ":", "tipps"],
            NURTURE_POLICY=unknown)


def wrong_surroundings(system):
    """a Redis that forgets, topics that are missing, a port that is taken"""
    with tempfile.TemporaryDirectory() as folder:
        redis = parts.Redis(folder, policy="allkeys-lru")
        refuses(system, parts.STATEFUL, "Redis with allkeys-lru", ["allkeys-lru", "noeviction"],
                REDIS_URL=redis.url)
        redis.stop()
    refuses(system, parts.STATEFUL, "no topics", ["run nurturectl topics"], code=111,
            NURTURE_TOPIC_PREFIX="nobody-made-these.")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        settings = dict(system.environment, NURTURE_LISTEN=address, NURTURE_INSTANCE="x")
        for name in ALL:
            done = subprocess.run([f"{system.build}/bin/{name}"], env=settings, text=True,
                                  capture_output=True, timeout=30, check=False)
            check(done.returncode in (100, 111) and address in done.stderr,
                  f"{name}: the port is taken: exit {done.returncode}", done.stderr)
    system.started = system.run_all(*ALL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")


def page(service, path):
    return shop.ask(service.url + path)


def health(system):
    """/livez, /readyz and /metrics, which Prometheus can read"""
    for n in range(20):
        system.shop.publish(shop.event("order.placed", shop.person(f"h-{n}"), order=shop.order(n)))
    eventually(lambda: len(mails.index(system.catcher)) >= 20, "mails go out")
    for name, service in system.started.items():
        equal((page(service, "/livez")[0], page(service, "/readyz")[0]), (200, 200),
              f"{name}: alive and ready")
        status, text, headers = page(service, "/metrics")
        check(status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"),
              f"{name}: /metrics", headers["Content-Type"])
        try:
            read = exposition.parse(text)
        except exposition.Malformed as error:
            check(False, f"{name}: it is Prometheus' text", error)
            continue
        counted = "nurture_ingest_events_total" if name == "ingest" else "nurture_records_total"
        check(read.value(counted) >= 20, f"{name}: {len(read.families)} families, {counted} counts",
              read.value(counted))
        equal(page(service, "/nowhere")[0], 404, f"{name}: another path is 404")
    read = exposition.parse(page(system.started["scheduler"], "/metrics")[1])
    granted = read.value("nurture_programme_outcomes_total", programme="thanks", status="granted")
    check(granted >= 20, "the arbiter counts what it grants a programme", granted)


def redis_goes(system):
    """without Redis nothing is ready; when it is back, even empty, all go on by themselves"""
    before = {name: service.process.pid for name, service in system.started.items()}
    system.redis.stop()
    for name in parts.STATEFUL:
        eventually(lambda: page(system.started[name], "/readyz")[0] == 503,
                   f"{name}: not ready", 22)
    status, text, _ = page(system.started["scheduler"], "/readyz")
    check("Redis" in text, "it says why", text)
    equal(page(system.started["ingest"], "/readyz")[0], 200, "ingest goes on")
    system.shop.publish(*[shop.event("order.placed", shop.person(f"r-{n}"), order=shop.order(n))
                          for n in range(20)])
    system.redis.start()
    for name in parts.STATEFUL:
        eventually(lambda: page(system.started[name], "/readyz")[0] == 200, f"{name}: ready again")
    def sent():
        return len([o for o in system.outcomes.objects(programme="thanks", status="sent")
                    if o["customer"].startswith("r-")])
    eventually(lambda: sent() == 20, "what came meanwhile is done", 30, sent)
    equal({n: s.process.pid for n, s in system.started.items()}, before, "nobody was restarted")
    # Twenty customers have one order each, in Kafka: the empty Redis did not make them new.
    system.shop.publish(*[shop.event("order.placed", f"h-{n}", order=shop.order(f"again-{n}"))
                          for n in range(20)])
    tasks = topics.Reader(system, "tasks")
    eventually(lambda: len(tasks.objects(programme="basket")) == 20, "their second is the second",
               20, lambda: len(tasks.objects(programme="basket")))
    tasks.close()


def keep_publishing(system, stop, published):
    while not stop.is_set():
        person = shop.person(f"s-{len(published)}")
        try:
            status, _ = system.shop.post(shop.event("order.placed", person,
                                                    order=shop.order(len(published))))
        except OSError:
            status = 0
        if status == 202:
            published.append(person["id"])
        else:
            time.sleep(0.1)


def stops(system):
    """SIGTERM in full flight: exit 0 within seconds, and nothing is lost"""
    stop, published = threading.Event(), []
    publisher = threading.Thread(target=keep_publishing, args=(system, stop, published))
    publisher.start()
    try:
        for name in ALL:
            time.sleep(0.5)
            service, begun = system.started[name], time.time()
            service.process.send_signal(signal.SIGTERM)
            equal(service.process.wait(30), 0, f"{name}: exit 0 after {time.time() - begun:.1f} s")
            check(time.time() - begun < 10, f"{name}: within seconds")
            check("level=error" not in service.log_text(), f"{name}: without complaints",
                  service.log_text()[-500:])
            service.start()
            system.ready(service)
    finally:
        stop.set()
        publisher.join()

    def ended():
        return {o["customer"]: o["status"] for o in system.outcomes.objects(programme="thanks")
                if o["customer"].startswith("s-") and o["status"] != "deferred"}
    eventually(lambda: len(ended()) == len(published), f"all {len(published)} events have an end",
               40, lambda: len(ended()))
    equal(set(ended().values()), {"sent"}, "every mail is sent, none is in doubt")
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "ended twice: 0" in text, "the books balance", f"exit {code}\n{text}")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    story.tell(__doc__, "now.yaml", [help_pages, wrong_settings, wrong_policies,
                                     wrong_surroundings, health, redis_goes, stops])
