"""One field out of a protobuf record, as far as these tests read what services write."""


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at, number, shift = at + 1, number | (byte & 0x7f) << shift, shift + 7
        if byte < 0x80:
            return number, at


def get(data, wanted):
    """The first value of a field: bytes, or a number; None when it is not there."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            length = 8 if kind == 1 else 4
            value, at = data[at:at + length], at + length
        if tag >> 3 == wanted:
            return value
    return None
