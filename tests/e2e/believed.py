#!/usr/bin/env python3
"""Whose word counts, and when: shops' clocks that are ahead, and people who say no.

usage: believed.py [BUILD] [--libs DIR]

By the wall clock no claimed time counts for more than the arrival; what a
person does, and what mail servers tell, is said when it arrives and beats what
a shop echoes.  docs/authority.md has the rules.
"""
import itertools
import json
import time

import mails
import pages
import parts
import shop
import story
import topics
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, ConfigResource
from story import check, equal, eventually

AHEAD_S = 600
YEARS = "2099-01-01T00:00:00Z"


def setup(system):
    system.started = system.run_all("ingest", *parts.STATEFUL)
    system.shop = shop.Shop(system.started["ingest"])
    system.outcomes = topics.Reader(system, "outcomes")


def order(system, person, number, at=None):
    event = shop.event("order.placed", person, order=shop.order(number))
    system.shop.publish({**event, "time": at or event["time"]})


def tell(system, kind, person, **more):
    """Each word is said in a millisecond of its own: of two of one instant the greater text holds."""
    time.sleep(0.005)
    at = more.pop("at", None)
    event = shop.event(kind, person, **more)
    system.shop.publish({**event, "time": at or event["time"]})


def ends(system, name):
    """The words of her thanks, in their order."""
    found = [o for o in system.outcomes.objects(customer=name, programme="thanks")
             if o["status"] != "deferred"]
    return [o["status"] for o in sorted(found, key=lambda o: o["at"])]


def expect(system, name, *words):
    eventually(lambda: ends(system, name) == list(words), f"{name}: {', '.join(words)}",
               found=lambda: ends(system, name))


def first_mail(system, name, at):
    order(system, shop.person(name), 1, at)
    return eventually(lambda: mails.to(system.catcher, name), f"{name} has a mail")[0]


def page_of(system, link):
    return link.replace("http://127.0.0.1:8084", system.started["review-solicitor"].url, 1)


def one_click(system):
    """one click counts, however far ahead the order was dated; and who chooses to hear again does"""
    for name, at in (("nina", shop.now_text(AHEAD_S)), ("nora", YEARS)):
        mail = first_mail(system, name, at)
        leave = page_of(system, mail.parsed["List-Unsubscribe"].strip("<>"))
        equal(pages.send(leave, "List-Unsubscribe=One-Click").status, 200, "the page answers 200")
        order(system, shop.person(name), 2)
        expect(system, name, "sent", "no_consent")
        page = pages.show(page_of(system, mail.links("/p/")[0]))
        equal(page.press("save", tick={"care"}).status, 200, f"{name} ticks the box")
        eventually(lambda: "care" in pages.show(page.url).ticked(), "it counts")
        order(system, name, 3)
        expect(system, name, "sent", "no_consent", "sent")


def what_mail_servers_tell(system):
    """a complaint and a dead address count as well, and no echo takes them back"""
    first_mail(system, "olga", YEARS)
    tell(system, "message.complained", "olga", message={})
    order(system, shop.person("olga"), 2)
    expect(system, "olga", "sent", "no_consent")
    order(system, shop.person("olga"), 3, at=YEARS)
    tell(system, "customer.updated", shop.person("olga"), at=YEARS)
    order(system, "olga", 4)
    expect(system, "olga", "sent", "no_consent", "no_consent", "no_consent")
    first_mail(system, "paul", YEARS)
    tell(system, "message.bounced", "paul", message={"kind": "hard"})
    order(system, shop.person("paul"), 2)
    expect(system, "paul", "sent", "undeliverable")
    tell(system, "customer.updated", {"id": "paul", "email": "another@customers.example"})
    order(system, "paul", 3)
    expect(system, "paul", "sent", "undeliverable", "sent")


def a_proof(system):
    """only what says where and when takes a no back"""
    first_mail(system, "rita", shop.now_text())
    tell(system, "consent.changed", {"id": "rita", "consent": {"care": False}})
    tell(system, "consent.changed", {"id": "rita", "consent": {"care": True}})
    order(system, "rita", 2)
    expect(system, "rita", "sent", "no_consent")
    tell(system, "consent.changed", {"id": "rita", "consent": {"care": True}},
         proof={"source": "till 3", "at": shop.now_text(-3600)})
    order(system, "rita", 3)
    expect(system, "rita", "sent", "no_consent", "no_consent")
    tell(system, "consent.changed", {"id": "rita", "consent": {"care": True}},
         proof={"source": "till 3", "at": YEARS})
    order(system, "rita", 4)
    expect(system, "rita", "sent", "no_consent", "no_consent", "sent")
    status, said = system.shop.post(shop.event(
        "consent.changed", {"id": "rita", "consent": {"care": True}},
        proof={"source": "nurture:preferences-page", "at": shop.now_text()}))
    check(status != 202 and "$.proof.source" in str(said), "nobody else speaks as our page", said)


def pauses_and_cases(system):
    """what was opened or set by a clock that is ahead can be ended"""
    first_mail(system, "sven", YEARS)
    tell(system, "preferences.changed", "sven", at=YEARS,
         preferences={"paused_until": shop.now_text(86400)})
    order(system, "sven", 2)
    wait = eventually(lambda: system.outcomes.objects(customer="sven", status="deferred"), "paused")
    equal(wait[0]["reason"]["rule"], "paused", "the rule is `paused`")
    tell(system, "preferences.changed", "sven", preferences={})
    expect(system, "sven", "sent", "sent")
    tell(system, "customer.updated", shop.person("tara", name="Tara"), at=YEARS)
    tell(system, "customer.updated", {"id": "tara", "email": "moved@customers.example"})
    order(system, "tara", 1)
    expect(system, "tara", "sent")
    equal(len(mails.to(system.catcher, "moved")), 1, "the newer address is the one")


def is_told(system):
    """a clock that is ahead is counted by source, and said once"""
    ingest = system.started["ingest"]
    _, text, _ = shop.ask(f"{ingest.url}/metrics")
    counts = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
              for line in text.splitlines() if line.startswith("nurture_ingest_events_ahead")}
    check(counts.get('nurture_ingest_events_ahead_total{source="shop"}', 0) >= 5,
          "ingest counts them by source", counts)
    check(counts.get('nurture_ingest_events_ahead_most_milliseconds{source="shop"}', 0) > 1e12,
          "and says how far", counts)
    equal(ingest.log_text().count("source_clock_ahead"), 1, "its log says so once")
    equal(system.started["segmenter"].log_text().count("event_time_ahead"), 1,
          "and the segmenter's, which hears who publishes to Kafka as well")


def straight_to_kafka(system):
    """an event that nobody's door has seen is bounded as well"""
    producer = Producer({"bootstrap.servers": system.broker.address,
                         "partitioner": "murmur2_random"})
    event = shop.event("order.placed", shop.person("uma"), order=shop.order(1))
    producer.produce(system.topic("events"), json.dumps({**event, "time": YEARS}), "uma",
                     timestamp=4070908800000)
    producer.flush(10)
    eventually(lambda: mails.to(system.catcher, "uma"), "uma has a mail")
    tell(system, "message.unsubscribed", "uma", message={"class": "care"})
    order(system, shop.person("uma"), 2)
    expect(system, "uma", "sent", "no_consent")


def the_broker_stamps(system):
    """topics that were there before get the broker's time, and keep what else was set"""
    admin = AdminClient({"bootstrap.servers": system.broker.address})

    def setting(name):
        resource = ConfigResource(ConfigResource.Type.TOPIC, system.topic("events"))
        return list(admin.describe_configs([resource]).values())[0].result()[name].value
    equal(setting("message.timestamp.type"), "LogAppendTime", "nurture.events is stamped")
    old = ConfigResource(ConfigResource.Type.TOPIC, system.topic("events"), set_config={
        "message.timestamp.type": "CreateTime", "retention.ms": "123456789",
        "cleanup.policy": "delete"})
    list(admin.alter_configs([old]).values())[0].result()
    numbers = itertools.count(9)

    def said():
        # A broker takes over a topic's new setting some time after it has answered.
        order(system, "rita", next(numbers))
        time.sleep(0.3)
        return "topic_without_append_time" in system.started["segmenter"].log_text()
    eventually(said, "where producers' times are kept the segmenter says so")
    _, text = system.ctl("topics", "--partitions", "6")
    check("the broker stamps it now" in text, "nurturectl topics says what it changed", text)
    eventually(lambda: setting("message.timestamp.type") == "LogAppendTime", "and it is so")
    equal(setting("retention.ms"), "123456789", "the rest stays")
    _, text = system.ctl("topics", "--partitions", "6")
    check("stamps it now" not in text, "a second time there is nothing to do", text)


def balance(system):
    """the books balance"""
    time.sleep(1)
    code, text = system.ctl("audit", check=False)
    check(code == 0 and "ended twice: 0" in text, "audit", f"exit {code}\n{text}")


if __name__ == "__main__":
    story.tell(__doc__, "now.yaml", [one_click, what_mail_servers_tell, a_proof, pauses_and_cases,
                                     is_told, straight_to_kafka, the_broker_stamps, balance], setup)
