"""A DNS server for tests: MX, A and AAAA records out of a dictionary, over UDP."""
import socket
import struct
import threading

TYPES = {1: "A", 15: "MX", 28: "AAAA"}


def encode(name):
    return b"".join(bytes([len(p)]) + p.encode() for p in name.split(".") if p) + b"\0"


def rdata(kind, value):
    if kind == "A":
        return socket.inet_aton(value)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, value)
    preference, host = value
    return struct.pack(">H", preference) + encode(host)


class NameServer:
    """records: {(name, "MX"): [(10, "mx.example")], (name, "A"): ["127.0.0.1"]}; a name of no
    record does not exist, one in `broken` gets SERVFAIL."""

    def __init__(self, records, broken=()):
        self.records, self.broken = records, broken
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            self.socket.sendto(self.answer(query), client)

    def answer(self, query):
        at, labels = 12, []
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
            at += 1 + query[at]
        name, kind = ".".join(labels), TYPES.get(struct.unpack(">H", query[at + 1:at + 3])[0])
        found = self.records.get((name, kind), [])
        code = 2 if name in self.broken else 0 if any(n == name for n, _ in self.records) else 3
        answers = b"".join(
            b"\xc0\x0c" + query[at + 1:at + 3] + struct.pack(">HIH", 1, 60, len(rdata(kind, v)))
            + rdata(kind, v) for v in found) if code == 0 else b""
        header = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(found) if code == 0 else 0, 0, 0)
        return header + query[12:at + 5] + answers
