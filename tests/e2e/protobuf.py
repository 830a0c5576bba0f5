"""nurture.v1.Event by hand, as far as these tests need it: no library, no generated code."""
import datetime

VARINT, BYTES = 0, 2


def varint(number):
    out = b""
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """A text, bytes, a whole number or a flag; nothing at all for what is empty."""
    if value in (None, "", b"", 0, False):
        return b""
    if isinstance(value, int):
        return varint(number << 3 | VARINT) + varint(int(value))
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | BYTES) + varint(len(value)) + value


def message(names, values):
    return b"".join(field(number, values.get(name)) for number, name in enumerate(names, 1))


def customer(values):
    consent = b"".join(field(8, message(["class", "given"], {"class": k, "given": v}))
                       for k, v in values.get("consent", {}).items())
    return message(["id", "email", "name", "locale", "time_zone", "country", "birthday"],
                   values) + consent


def order(values):
    items = b"".join(field(4, message(["sku", "category", "quantity", "price", "name"], each))
                     for each in values.get("items", []))
    return message(["id", "amount", "currency"], values) + items


def event(values):
    """The same event as its JSON."""
    moment = datetime.datetime.fromisoformat(values["time"].replace("Z", "+00:00"))
    out = field(1, values["id"]) + field(2, values["type"])
    out += field(3, round(moment.timestamp() * 1000)) + field(4, customer(values["customer"]))
    if "order" in values:
        out += field(5, order(values["order"]))
    return out
