"""A mail server that misbehaves in one way at one state, as often as it is told, and then no more.

It writes down what it was told in clear and under TLS, and which mails it has stored."""
import socket
import ssl
import threading
import time

LATE_S, BYTE_S = 1.2, 0.3


class Gone(Exception):
    pass


class Server:
    """state: banner ehlo starttls auth mail rcpt data dot rset quit; fault: a name of FAULTS."""

    def __init__(self, state=None, fault=None, times=1, pipelining=True, offers=(), tls=None, auth=False):
        self.state, self.fault, self.times, self.tls, self.auth = state, fault, times, tls, auth
        self.pipelining, self.offers = pipelining, offers
        self.stored, self.clear, self.secured, self.lock = [], [], [], threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, connection):
        try:
            Dialogue(self, connection).run()
        except (Gone, OSError):
            pass
        connection.close()

    def strikes(self, state):
        """Whether the fault is due at this state, now."""
        with self.lock:
            if state != self.state or self.times == 0:
                return False
            self.times -= 1
            return True


class Dialogue:
    def __init__(self, server, connection):
        self.server, self.socket, self.bytes = server, connection, b""
        self.is_secured = self.has_struck = self.is_lax = False

    def line(self, end=b"\r\n"):
        while end not in self.bytes:
            got = self.socket.recv(65536)
            if not got:
                raise Gone
            self.bytes += got
        line, _, self.bytes = self.bytes.partition(end)
        if end == b"\r\n":
            (self.server.secured if self.is_secured else self.server.clear).append(line.decode())
        return line

    def say(self, text):
        self.socket.sendall(text.encode())

    def answer(self, state, text):
        """The answer at a state, or what the fault makes of it."""
        if not self.server.strikes(state):
            return self.say(text)
        self.has_struck = True
        return getattr(self, self.server.fault)(text)

    # Faults.  Each is given the answer that would have been right.

    def hang(self, text):
        while self.socket.recv(65536):
            pass
        raise Gone

    def shut(self, text):
        raise Gone

    def late(self, text):
        time.sleep(LATE_S)
        self.say(text)

    def slow(self, text):
        for byte in text:
            self.say(byte)
            time.sleep(BYTE_S)

    def temporary(self, text):
        self.say("451 4.3.0 not now\r\n")

    def permanent(self, text):
        self.say("554 5.6.0 not this\r\n")

    def busy(self, text):
        self.say("421 4.3.2 closing\r\n")
        raise Gone

    def multiline(self, text):
        self.say("250-one\r\n251 two\r\n")

    def nonsense(self, text):
        self.say("\x00\x01 what?\r\n")

    def bare(self, text):
        self.say("250 ok\n")

    def endless(self, text):
        while True:
            self.say("250-" + "x" * 500 + "\r\n")

    def login(self, text):
        self.say("535 5.7.8 who are you\r\n")

    def nobody(self, text):
        self.say("550 5.1.1 no such user\r\n")

    def policy(self, text):
        self.say("550 5.7.26 not authenticated\r\n")

    def greylist(self, text):
        self.say("450 4.2.0 greylisted\r\n")

    def lax(self, text):
        """No to the mail, and then yes to its DATA: what comes then is a mail to nobody."""
        self.say("550 5.1.1 no such user\r\n")
        self.is_lax = True

    def no_shut(self, text):
        """No, and no answer to the commands that came with it."""
        self.say("550 5.1.1 no such user\r\n")
        raise Gone

    def no_busy(self, text):
        """No, and 421 to the command behind it."""
        self.say("550 5.1.1 no such user\r\n421 4.3.2 closing\r\n")
        raise Gone

    def early(self, text):
        """At DATA: the word on the mail before there is one."""
        self.say(text + "250 2.0.0 taken\r\n")

    def inject(self, text):
        """At STARTTLS: what the server would say under TLS, in clear and in advance."""
        self.say(text + "250-evil\r\n250 AUTH PLAIN\r\n")

    def plain(self, text):
        """At STARTTLS: yes, and then no TLS."""
        self.say(text)
        self.socket.recv(65536)  # the client's hello
        self.say("250 and on we go\r\n")
        raise Gone

    def strip(self, text):
        raise AssertionError("a fault of the offer")

    # The dialogue as it should be.

    def hello(self):
        strips = self.server.fault == "strip" and not self.is_secured and self.server.strikes("starttls")
        words = ["hostile"] + ["PIPELINING"] * self.server.pipelining + list(self.server.offers)
        if self.server.tls and not self.is_secured and not strips:
            words.append("STARTTLS")
        if self.server.auth and (self.is_secured or not self.server.tls):
            words.append("AUTH PLAIN LOGIN")
        words.append("SIZE 1000000")
        lines = [f"250-{word}\r\n" for word in words[:-1]] + [f"250 {words[-1]}\r\n"]
        self.answer("ehlo", "".join(lines))

    def secure(self):
        self.answer("starttls", "220 go\r\n")
        if self.has_struck and self.server.fault not in ("late", "inject", "slow"):
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.tls)
        self.bytes = b""
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.is_secured = True

    def data(self):
        before = self.has_struck
        self.answer("data", "354 go\r\n")
        if self.has_struck and not before and self.server.fault not in ("late", "slow", "early"):
            return
        mail = self.line(b"\r\n.\r\n" if not self.is_lax else b".\r\n")
        if self.is_lax:  # whatever it is, it was not to be sent
            self.server.stored.append("a mail to nobody")
            return
        if self.server.state == "dot" and self.server.fault == "shut_unstored" and self.server.strikes("dot"):
            raise Gone
        names = [line for line in mail.decode().split("\r\n") if line.lower().startswith("message-id:")]
        refusal = self.server.state == "dot" and self.server.times and \
            self.server.fault in ("temporary", "permanent", "busy", "policy")
        if not refusal:
            self.server.stored.append(names[0])
        self.answer("dot", "250 2.0.0 taken\r\n")

    def run(self):
        self.answer("banner", "220 hostile\r\n")
        while True:
            command = self.line().decode()
            word = command.split(" ")[0].upper()
            if word == "EHLO":
                self.hello()
            elif word == "HELO":
                self.say("250 hostile\r\n")
            elif word == "STARTTLS":
                self.secure()
            elif word == "AUTH":
                if len(command.split(" ")) < 3:  # what it says comes when it is asked for
                    self.say("334 \r\n")
                    self.line()
                self.answer("auth", "235 2.7.0 welcome\r\n")
            elif word == "MAIL":
                self.answer("mail", "250 2.1.0 ok\r\n")
            elif word == "RCPT" and "<refused@" in command:
                self.say("550 5.1.1 no such user\r\n")
            elif word == "RCPT":
                self.answer("rcpt", "250 2.1.5 ok\r\n")
            elif word == "DATA" and self.refuses_data():
                self.say("554 5.5.1 no valid recipients\r\n")
            elif word == "DATA":
                self.data()
            elif word == "RSET":
                self.answer("rset", "250 2.0.0 ok\r\n")
            elif word == "QUIT":
                self.answer("quit", "221 2.0.0 bye\r\n")
                raise Gone
            else:
                self.say("500 5.5.2 what?\r\n")

    def refuses_data(self):
        """After a refused RCPT or MAIL of this mail."""
        said = self.server.secured if self.is_secured else self.server.clear
        rcpt = [line for line in said if line.startswith("RCPT")][-1:]
        refused = self.has_struck and self.server.state in ("mail", "rcpt") and not self.forgiven()
        return bool(rcpt and "<refused@" in rcpt[0]) or refused

    def forgiven(self):
        return self.server.fault in ("late", "slow", "lax")
