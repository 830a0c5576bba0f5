"""Postfix's two test programs, smtp-source and smtp-sink: installed, or fetched by peers.sh."""
import os
import shutil
import socket
import subprocess
import time

import bench_parts as bench
from bench_parts import parts

FETCHED = f"{os.environ.get('PEERS', bench.ROOT + '/build/peers')}/postfix"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:{FETCHED}/usr/sbin"


def find(name):
    return shutil.which(name, path=PATH)


def environment():
    """The fetched ones have their libraries beside them."""
    folders = [f"{FETCHED}/usr/lib/postfix", os.environ.get("LD_LIBRARY_PATH")]
    return dict(os.environ, LD_LIBRARY_PATH=":".join(filter(None, folders)))


class Sink:
    """A mail server that takes everything and keeps nothing."""

    def __init__(self):
        self.port = parts.free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen([find("smtp-sink"), *user, f"127.0.0.1:{self.port}", "500"],
                                        env=environment())
        parts.running.append(self.process)
        for _ in range(50):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("smtp-sink does not listen")

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait()


def send(port, mails, connections, size):
    """smtp-source sends the same so many bytes again and again: {rate, cpu_us}"""
    began = time.monotonic()
    process = subprocess.Popen([find("smtp-source"), "-d", "-s", str(connections), "-m",
                                str(mails), "-l", str(size), "-f", "care@harbour.example", "-t",
                                "ann@customers.example", f"127.0.0.1:{port}"],
                               stdout=subprocess.DEVNULL, env=environment())
    code, used = bench.finish(process)
    if code != 0:
        raise SystemExit(f"smtp-source: exit {code}")
    return {"rate": mails / (time.monotonic() - began),
            "cpu_us": (used["user_s"] + used["system_s"]) * 1e6 / mails}
