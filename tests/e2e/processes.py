"""Processes of a test: started, waited for, and ended with it."""
import atexit
import random
import socket
import subprocess
import time

running = []
claims = []
# Below those of the stacks (deploy/stack), and of those that the kernel gives to connections
# (ip_local_port_range, from 32768): one of these might be somebody's while its service restarts.
PORTS = range(10000, 18000)


@atexit.register
def end_all():
    for process in running:
        if process.poll() is None:
            process.kill()


def is_claimed(port):
    """Claims it among the tests of this machine: by a name of Linux's own, which ends with us."""
    name = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        name.bind(f"\0nurture-test-port-{port}")
    except OSError:
        name.close()
        return False
    claims.append(name)
    return True


def listens_nobody(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port():
    """A port of ours until this process ends: what listens there may be restarted."""
    for port in random.sample(PORTS, len(PORTS)):
        if is_claimed(port) and listens_nobody(port):
            return port
    raise SystemExit(f"no port is free from {PORTS[0]} to {PORTS[-1]}")


def start(arguments, log, **options):
    process = subprocess.Popen(arguments, stdout=log, stderr=log, **options)
    running.append(process)
    return process


def wait_for(what, question, seconds, process=None):
    until = time.time() + seconds
    while time.time() < until:
        if process is not None and process.poll() is not None:
            raise SystemExit(f"{what} ended with {process.returncode}")
        try:
            if question():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"{what} is not there after {seconds} s")


def connects(port):
    with socket.create_connection(("127.0.0.1", port), 0.5):
        return True
