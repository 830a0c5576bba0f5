"""Processes of a test: started, waited for, and ended with it."""
import atexit
import socket
import subprocess
import time

running = []


@atexit.register
def end_all():
    for process in running:
        if process.poll() is None:
            process.kill()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
