#!/usr/bin/env python3
"""Other tools ask "may I?": one book for their messages and ours.

usage: permits.py [BUILD] [--libs DIR]

Two instances of ingest, one of everything else, on the wall clock.
"""
import concurrent.futures
import itertools
import json
import threading
import time

import mails
import parts
import shop
import story
import topics
from story import check, equal, eventually

CRM, SMS = "another-token-of-16-crm", "another-token-of-16-sms"


class Tool:
    """One that asks before it writes."""

    def __init__(self, ingest, token=CRM):
        self.url, self.token = f"http://127.0.0.1:{ingest.port}/v1/permits", token

    def post(self, path, body, content_type="application/json", token=None):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        status, text, headers = shop.ask(self.url + path, "POST", body, content_type,
                                         Authorization=f"Bearer {token or self.token}")
        try:
            text = json.loads(text)
        except ValueError:
            pass
        return status, text, headers

    def ask(self, identity, customer, kind="promotion", **more):
        """(status, answer)"""
        return self.post("", {"id": identity, "customer": customer, "class": kind, **more})[:2]

    def word(self, *question, **more):
        """"permitted", or "refused by day"."""
        status, said = self.ask(*question, **more)
        if status != 200:
            return f"{status} {said}"
        rule = said.get("reason", {}).get("rule")
        return said["status"] + (f" by {rule}" if rule else "")

    def report(self, identity, what, customer):
        return self.post(f"/{identity}/{what}", {"customer": customer})[:2]


def setup(system):
    system.environment["NURTURE_INGEST_TOKENS"] += f",crm={CRM},sms={SMS}"
    system.first = system.run_all("ingest", *parts.STATEFUL)
    system.second = system.run_all("ingest", instance="b")
    system.shop = shop.Shop(system.first["ingest"])
    system.tool, system.other = (Tool(s["ingest"]) for s in (system.first, system.second))
    system.outcomes = topics.Reader(system, "outcomes")
    system.people = 0


def person(system, count=1):
    """Ids of people whom everybody may write to, as the scheduler knows by now."""
    names = [f"p-{system.people + n}" for n in range(count)]
    system.people += count
    system.shop.publish(*[shop.event("customer.updated", shop.person(name)) for name in names])
    for name in names:
        await_consent(system, name)
    return names if count > 1 else names[0]


def await_consent(system, name):
    """Asks until it is permitted, and gives that back."""
    until, probes = time.time() + 20, (f"probe-{n}" for n in itertools.count())
    for probe in probes:
        said = system.tool.word(probe, name, "care")
        if said == "permitted":
            break
        if time.time() > until:
            raise AssertionError(f"{name} is not known: {said}")
        time.sleep(0.1)
    system.tool.report(probe, "release", name)
    while system.tool.word(probe, name, "care") != "released by permit":
        if time.time() > until:
            raise AssertionError(f"{probe} of {name} is not released")
        time.sleep(0.05)


def ends(system, name, asked="", **wanted):
    """Of the question with that id; else of all but our probes."""
    return [o for o in system.outcomes.objects(customer=name, **wanted)
            if o["status"] != "deferred" and o["request"].startswith(f"crm/{asked}/" if asked else "")
            and "/probe-" not in o["request"]]


def shared_caps(system):
    """a tool's messages and our mail are counted in one book"""
    ann, bert = person(system, 2)
    equal(system.tool.word("a1", ann), "permitted", "the first promotion")
    status, said = system.tool.ask("a2", ann)
    equal((status, said["permit"], said["status"], said["reason"]["rule"],
           said["reason"]["count"], said["reason"]["limit"], said["reason"]["window_s"]),
          (200, "a2", "refused", "promotions", 1, 1, 86400), "the second, and why not")
    first = ends(system, ann)[0]
    check(said["reason"]["eligible_at"] > first["at"], "and when it would be",
          said["reason"].get("eligible_at"))
    equal((first["request"].rsplit("/", 1)[0], first["programme"], first["channel"],
           first["status"]), ("crm/a1", "crm", "external", "permitted"), "the book says who asked")
    system.shop.publish(shop.event("order.placed", ann, order=shop.order(1)))
    eventually(lambda: len(mails.to(system.catcher, ann)) == 1, "our mail is the day's second")
    equal(system.other.word("a3", ann, "care", programme="newsletter"), "refused by day",
          "the third waits, wherever it asks")
    equal(ends(system, ann, "a3")[0]["programme"], "newsletter", "under its name")
    for n in (1, 2):
        system.tool.ask(f"b{n}", bert, "care")
    system.shop.publish(shop.event("order.placed", bert, order=shop.order(2)))
    held = eventually(lambda: system.outcomes.objects(customer=bert, status="deferred"),
                      "our own mail waits for a tool's two")
    equal(held[0]["reason"]["rule"], "day", "by the same rule")
    equal(mails.to(system.catcher, bert), [], "and does not go out")


def repeats(system):
    """the same id is the same question, at any instance and after a restart"""
    name = person(system)
    said = system.tool.ask("r1", name, reserve_for="1h")
    check(said[0] == 200 and said[1]["status"] == "permitted", "permitted", said)
    equal(system.tool.ask("r1", name, reserve_for="1h"), said, "again")
    equal(system.other.ask("r1", name, reserve_for="7d"), said, "at the other instance, in haste")
    refused = system.tool.ask("r2", name)
    system.first["scheduler"].stop()
    system.redis.flush()
    system.first["scheduler"].start()
    system.ready(system.first["scheduler"])
    equal(system.other.ask("r1", name, reserve_for="1h"), said, "after a restart, without Redis")
    equal(system.other.ask("r2", name), refused, "a refusal, too")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: (system.tool, system.other)[n % 2].ask("r3", name, "care"),
                                range(32)))
    equal({json.dumps(a) for a in answers}.__len__(), 1, "32 at once hear one answer")
    equal(len(ends(system, name)), 3, "three questions stand in the book, once each")
    other = Tool(system.second["ingest"], SMS)
    equal(other.word("r1", name), "refused by day", "another tool's r1 is another question")
    equal(other.report("r1", "release", name)[0], 202, "and it cannot give back ours")
    equal(system.tool.ask("r1", name), said, "which stands")


def reserved(system):
    """a reserved permit lapses, unless it is confirmed"""
    lapsing, kept = person(system, 2)
    for name in (lapsing, kept):
        status, said = system.tool.ask("l1", name, reserve_for="3s")
        check(status == 200 and said["expires_at"] > said["at"], "permitted for 3 s", said)
    equal(system.other.report("l1", "confirm", kept), (202, {"permit": "l1", "status": "accepted"}),
          "one is confirmed")
    equal(system.tool.report("l1", "confirm", kept)[0], 202, "twice")
    equal(system.tool.word("l2", lapsing), "refused by promotions", "until then it counts")
    eventually(lambda: ends(system, lapsing, status="released"), "the other lapses", 10)
    gone = ends(system, lapsing, status="released")[0]
    equal((gone["request"].rsplit("/", 1)[0], gone["reason"]["detail"]), ("crm/l1", "lapsed"), "and the book says so")
    equal(system.tool.word("l1", lapsing), "released by permit", "who asks again hears that it is gone")
    equal(system.tool.word("l2", lapsing), "refused by promotions", "what was refused stays so")
    equal(system.tool.word("l3", lapsing), "permitted", "a new question finds room")
    equal(system.tool.report("l1", "confirm", lapsing)[0], 202, "a late confirmation is taken")
    time.sleep(0.5)
    equal(system.tool.word("l1", lapsing), "released by permit", "and changes nothing")
    equal(ends(system, kept, status="released"), [], "the confirmed one did not lapse")
    status, said = system.tool.ask("l1", kept)
    check(said["status"] == "permitted" and "expires_at" not in said, "it has no end any more", said)
    equal(system.tool.word("l4", kept), "refused by promotions", "and counts")


def released(system):
    """a permit that is given back makes room, also for our own mail"""
    name = person(system)
    equal([system.tool.word(f"g{n}", name, "care") for n in (1, 2)], ["permitted"] * 2, "two")
    system.shop.publish(shop.event("order.placed", name, order=shop.order(3)))
    eventually(lambda: system.outcomes.objects(customer=name, status="deferred"), "our mail waits")
    equal(system.other.report("g1", "release", name)[0], 202, "one is given back")
    equal(system.other.report("g1", "release", name)[0], 202, "twice")
    eventually(lambda: len(mails.to(system.catcher, name)) == 1, "our mail goes out")
    equal(len(ends(system, name, status="released")), 1, "released once")
    equal(system.tool.report("g2", "confirm", name)[0], 202, "the other is used")


def refusals(system):
    """a question that cannot be answered is refused, and says why"""
    name = person(system)
    begun = time.time()
    status, said = system.tool.ask("w1", name, "promotoin")
    equal((status, said["error"], said["path"], said["permit"]),
          (400, "invalid_permit", "$.class", "w1"), "a class that the policy has not")
    check('perhaps "promotion"' in said["message"], "it says which was meant", said["message"])
    check(time.time() - begun < 1.5, "at once", time.time() - begun)
    table = [
        (400, "invalid_permit", {"id": "w2", "customer": name}, {}),
        (400, "invalid_permit", {"id": "w2", "customer": name, "class": "care", "tpyo": 1}, {}),
        (400, "invalid_json", b"{", {}),
        (413, "too_large", b" " * 20000, {}),
        (415, "unsupported_media_type", {}, {"content_type": "text/plain"}),
        (415, "unsupported_media_type", {}, {"content_type": "application/x-protobuf"}),
        (401, "unauthorized", {}, {"token": "wrong"}),
    ]
    for expected, code, body, how in table:
        status, said, _ = system.tool.post("", body, **how)
        equal((status, said["error"]), (expected, code), f"{code}: {str(body)[:60]}")
    for path, expected in (("/w1", 404), ("/w1/use", 404), ("/a b/confirm", 404)):
        equal(system.tool.post(path.replace(" ", "%20"), {"customer": name})[0], expected, path)
    equal(system.tool.report("w1", "confirm", "")[0], 400, "a report without a customer")
    equal(shop.ask(system.tool.url)[0], 405, "GET")
    stranger = system.tool.word("w3", "nobody-knows-me")
    equal(stranger, "refused by consent", "a person of whom nothing is known")


def nobody_answers(system):
    """without the scheduler: 504 in time, and the same question is answered later"""
    name = person(system)
    system.first["scheduler"].stop()
    begun = time.time()
    status, said, headers = system.tool.post("", {"id": "n1", "customer": name, "class": "care"})
    took = time.time() - begun
    equal((status, said["error"], said["permit"]), (504, "no_answer", "n1"), "no answer")
    check(1.9 < took < 3, f"after {took:.1f} s", took)
    check(headers["Retry-After"], "with Retry-After")
    equal(system.shop.post(shop.event("order.shipped", name, order={"id": "1"}))[0], 202,
          "events go on")
    equal(system.tool.report("n1", "confirm", name)[0], 202, "reports, too")
    system.first["scheduler"].start()
    system.ready(system.first["scheduler"])
    equal(system.other.word("n1", name, "care"), "permitted", "the same question later")
    equal(len(ends(system, name, "n1")), 1, "was one question")


def without_topics(system):
    """an ingest whose answers cannot be heard takes events, and says why it permits nothing"""
    service = system.run("ingest", "c", NURTURE_TOPIC_PREFIX="nobody-made-these.")
    eventually(lambda: shop.ask(service.url + "/livez")[0] == 200, "it starts")
    status, said = Tool(service).ask("t1", "ann")
    equal((status, said["error"]), (503, "unavailable"), "permits")
    check("run nurturectl topics" in said["message"], "it says what is missing", said["message"])
    service.stop()
    off = system.run("ingest", "d", NURTURE_PERMITS="off")
    system.ready(off)
    status, said = Tool(off).ask("t1", "ann")
    equal((status, said["error"]), (404, "not_found"), "switched off")
    check("NURTURE_PERMITS" in said["message"], "it says so", said["message"])
    equal(shop.Shop(off).post(shop.event("customer.updated", shop.person("x")))[0], 202, "events")
    off.stop()
    system.services.remove(service)
    system.services.remove(off)


def hammer(tool, name, times, errors):
    for n, _ in enumerate(iter(lambda: len(times), -1)):
        if len(times) >= 400:
            return
        begun = time.perf_counter()
        status, said = tool.ask(f"{name}-{n}", name, "transactional")
        times.append(time.perf_counter() - begun)
        if status != 200:
            errors.append((status, said))


def percentile(times, share):
    return sorted(times)[int(len(times) * share)] * 1000


def how_fast(system):
    """how long a tool waits"""
    for people in (1, 16):
        times, errors = [], []
        names = [f"fast-{people}-{n}" for n in range(people)]
        threads = [threading.Thread(target=hammer, args=(system.tool, name, times, errors))
                   for name in names]
        begun = time.time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        equal(errors, [], f"{people} at a time: every question is answered")
        print(f"        p50 {percentile(times, 0.5):.0f} ms, p99 {percentile(times, 0.99):.0f} ms, "
              f"{len(times) / (time.time() - begun):.0f} a second")
        check(percentile(times, 0.99) < 1500, "in time", percentile(times, 0.99))


def stops(system):
    """SIGTERM while a question waits: it is answered"""
    name = person(system)
    system.first["scheduler"].stop()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(system.other.ask, "s1", name, "care")
        time.sleep(0.5)
        begun = time.time()
        equal(system.second["ingest"].stop(), 0, "exit 0")
        check(time.time() - begun < 4, "in time", time.time() - begun)
        equal(asked.result()[0], 504, "the question got its 504")
    system.services.remove(system.second["ingest"])
    system.first["scheduler"].start()
    system.ready(system.first["scheduler"])
    equal(system.tool.word("s1", name, "care"), "permitted", "and its answer from the other one")


def books(system):
    """the audit has nothing to say"""
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "\nok:" in text and "ended twice: 0" in text, "every cap was kept",
          f"exit {code}\n{text}")
    equal(len({o["id"] for o in system.outcomes.objects()}), len(system.outcomes.objects()),
          "no outcome is told twice")
    code, text = system.ctl("why", "p-0", check=False)
    check(code == 0 and "another tool" in text, "why knows of the tools", f"exit {code}\n{text}")


if __name__ == "__main__":
    story.tell(__doc__, "permits.yaml", [shared_caps, repeats, reserved, released, refusals,
                                         nobody_answers, without_topics, how_fast, stops, books],
               setup)
