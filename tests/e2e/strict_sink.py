"""A mail server that forgives nothing, for what tests/tools/mail_random sends: one
connection, every line as RFC 5321 has it, and what came next to what was meant."""
import os
import socket
import subprocess
import threading


class Wrong(Exception):
    pass


class Line:
    """The server's side of one connection."""

    def __init__(self, connection):
        self.file = connection.makefile("rb", 1 << 16)
        self.connection = connection
        self.utf8 = False

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def read(self, limit):
        line = self.file.readline(limit + 1)
        if line and (not line.endswith(b"\r\n") or len(line) > limit
                     or b"\r" in line[:-2] or b"\0" in line):
            raise Wrong("no line of SMTP: %r" % line)
        return line

    def command(self):
        line = self.read(512 + 10)
        if line and not self.utf8 and not line.isascii() and b" SMTPUTF8" not in line:
            raise Wrong("not ASCII: %r" % line)
        return line[:-2]

    def data(self):
        lines = []
        while True:
            line = self.read(1000)
            if not line:
                raise Wrong("the end within a mail")
            if line == b".\r\n":
                return b"".join(lines)
            if line.startswith(b"."):
                line = line[1:]
            lines.append(line)

    def path(self, command, prefix):
        if not command.startswith(prefix + b"<"):
            raise Wrong("expected %r, found %r" % (prefix, command))
        path, _, rest = command[len(prefix) + 1:].partition(b">")
        parameters = rest.split()
        self.utf8 = self.utf8 or b"SMTPUTF8" in parameters
        return path.decode("utf-8" if self.utf8 else "ascii"), parameters

    def mails(self):
        """(from, to, bytes, is SMTPUTF8) one after the other."""
        self.say("220 strict")
        if not self.command().startswith(b"EHLO "):
            raise Wrong("expected EHLO")
        self.say("250-strict\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 SIZE 1000000")
        while True:
            command = self.command()
            if command in (b"", b"QUIT"):
                return
            self.utf8 = False
            sender, parameters = self.path(command, b"MAIL FROM:")
            recipient, _ = self.path(self.command(), b"RCPT TO:")
            if self.command() != b"DATA":
                raise Wrong("expected DATA")
            self.say("250 ok\r\n250 ok\r\n354 go on")
            mail = self.data()
            sizes = [p for p in parameters if p.startswith(b"SIZE=")]
            if sizes != [b"SIZE=%d" % len(mail)]:
                raise Wrong("%r for %d bytes" % (sizes, len(mail)))
            yield sender, recipient, mail, self.utf8
            self.say("250 taken")


def meant(line):
    """What mail_random says before a mail."""
    return {key: bytes.fromhex(value) for key, _, value in
            (pair.partition("=") for pair in line.split())}


def random_mails(build, count, seed, *signing):
    """(what was meant, from, to, bytes, is SMTPUTF8) of each of count mails."""
    server = socket.create_server(("127.0.0.1", 0))
    url = "smtp://127.0.0.1:%d" % server.getsockname()[1]
    tool = subprocess.Popen([os.path.join(build, "tests/tools/mail_random"), url, str(count),
                             str(seed), *signing], stdout=subprocess.PIPE, text=True)
    # Without a mail to send it never calls.
    threading.Thread(target=lambda: (tool.wait(), server.close()), daemon=True).start()
    connection, _ = server.accept()
    for mail in Line(connection).mails():
        yield (meant(tool.stdout.readline()), *mail)
    connection.close()
    if tool.wait() != 0:
        raise Wrong("mail_random: exit %d" % tool.returncode)
