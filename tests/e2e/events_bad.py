"""Events that nobody can take, and words that the refusal must hold."""
import json

import protobuf
import shop

JSON, PROTOBUF = "application/json", "application/x-protobuf"
CLOUD = "application/cloudevents+json"


class Bad:
    def __init__(self, name, value, *words, key="bad", media=JSON):
        self.name, self.words, self.media = name, words, media
        self.value = json.dumps(value).encode() if isinstance(value, dict) else value
        self.key = key.encode() if key is not None else None
        self.reason = ""


def good(**changes):
    """A right order of "bad", with changes; None takes a field away."""
    event = {"id": "bad-event", "type": "order.placed", "time": "2026-03-01T12:00:00Z",
             "customer": shop.person("bad"), "order": shop.order(1)}
    event.update(changes)
    return {name: value for name, value in event.items() if value is not None}


def with_customer(**changes):
    return good(customer=shop.person("bad", **changes))


def with_order(**changes):
    return good(order=shop.order(1, **changes))


def text(**changes):
    return json.dumps(good(**changes)).encode()


def structure():
    deep = text()[:-1] + b',"x":' + b"[" * 32 + b"]" * 32 + b"}"
    yield Bad("no JSON", b"{hello}", "expected")
    yield Bad("JSON that ends too early", text()[:-20], "expected")
    yield Bad("more after the end", text() + b"{}", "expected")
    yield Bad("equal keys", text()[:-1] + b',"id":"again"}', "id")
    yield Bad("NUL in a text", text(note="a\0b"), "\\u0000")
    yield Bad("half a surrogate pair", text(note="X").replace(b"X", b"\\ud800"), "surrogate")
    yield Bad("no UTF-8", text(note="X").replace(b"X", b"\xc3\x28"), "UTF-8")
    yield Bad("a byte order mark", b"\xef\xbb\xbf" + text(), "byte order mark",
              media=None)  # over HTTP it is no JSON at all
    yield Bad("33 levels", deep, "32")
    yield Bad("more than 64 KiB", good(note="x" * 65536), "65536")
    yield Bad("an array", b"[" + text() + b"]", "array", media=None)  # that is several events
    yield Bad("nothing at all", b"", media=None)                       # that is no request
    yield Bad("no value", None, media=None)


def fields():
    yield Bad("no id", good(id=None), "$.id", "expected")
    yield Bad("a number as id", good(id=17), "$.id", "17")
    yield Bad("no type", good(type=None), "$.type")
    yield Bad("capitals in a type", good(type="Order.Placed"), "$.type", "Order.Placed")
    yield Bad("no time", good(time=None), "$.time")
    yield Bad("a time without a zone", good(time="2026-03-01T12:00:00"), "$.time")
    yield Bad("no such day", good(time="2026-02-30T12:00:00Z"), "$.time")
    yield Bad("no customer", good(customer=None), "$.customer")
    yield Bad("a customer without an id", good(customer={"email": "a@b.example"}),
              "$.customer.id")
    yield Bad("no address", with_customer(email="not an address"), "$.customer.email")
    yield Bad("no such birthday", with_customer(birthday="2001-02-29"), "$.customer.birthday")
    yield Bad("a country's name", with_customer(country="Austria"), "$.customer.country")
    yield Bad("consent in words", with_customer(consent={"all": "yes"}), "$.customer.consent")
    yield Bad("a number as amount", with_order(amount=12.5), "$.order.amount", "12.5")
    yield Bad("five decimals", with_order(amount="1.00001"), "$.order.amount")
    yield Bad("a currency's name", with_order(currency="euro"), "$.order.currency")
    yield Bad("a quantity in words", with_order(items=[{}, {"quantity": "two"}]),
              "$.order.items[1].quantity", "two")


def meanings():
    yield Bad("an order without an order", good(order=None), "$.order.id")
    yield Bad("a bounce of no kind", good(type="message.bounced", message={"id": "m"}),
              "$.message.kind", "hard")
    yield Bad("a score of six", good(type="feedback.received", feedback={"score": 6}),
              "$.feedback.score", "6")
    yield Bad("merged into itself", good(type="customer.merged", merge={"into": "bad"}),
              "$.merge.into")
    yield Bad("another customer than the key", text(), "bad-key", key="bad-key", media=None)
    yield Bad("no customer and no key", good(customer=None, id="keyless"), "$.customer", key=None)
    yield Bad("protobuf without a time", protobuf.event(good(time="1970-01-01T00:00:00Z")),
              "time", media=PROTOBUF)
    yield Bad("no protobuf", b"\x0a\xff\xff", media=PROTOBUF)
    yield Bad("a CloudEvent about somebody else",
              {"specversion": "1.0", "id": "1", "source": "/e2e", "subject": "somebody",
               "type": "order.placed", "time": "2026-03-01T12:00:00Z", "data": good()},
              "somebody", media=CLOUD)


def table():
    return [*structure(), *fields(), *meanings()]
