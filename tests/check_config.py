#!/usr/bin/env python3
"""Each setting of each service with a value that is wrong: --check-config must say so, as the start.

usage: check_config.py [BUILD]

The settings are those that --help lists, so a new one needs a row here: a wrong value and what has
to be beside it for anybody to look, or the word that any value is right. What --check-config takes
and the start refuses would be a pod that does not come up after a check that said "ok".
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SERVICES = ("ingest", "segmenter", "scheduler", "email-sender", "review-solicitor", "desk",
            "console")
KEY = "a key of more than 16 bytes"
ANY = object()  # a name or a password of which nobody but its server can say that it is wrong
COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
LOGIN = {"KAFKA_SECURITY_PROTOCOL": "sasl_plaintext", "KAFKA_SASL_USERNAME": "me",
         "KAFKA_SASL_PASSWORD": "hunter2"}
SSL = {"KAFKA_SECURITY_PROTOCOL": "ssl"}
TLS = {"REDIS_URL": "rediss://127.0.0.1:1"}
HOOKS = {"NURTURE_TOKEN_KEY": KEY, "NURTURE_BOUNCE_DOMAIN": "bounces.shop.example"}

# Nobody listens on port 1, so what starts in spite of a wrong value ends with another code.
WELL = {
    "PATH": os.environ["PATH"],
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "REDIS_URL": "redis://127.0.0.1:1",
    "SMTP_URL": "smtp://127.0.0.1:1",
    "NURTURE_POLICY": "deploy/policy/hotel.yaml",
    "NURTURE_LISTEN": "127.0.0.1:0",
    "NURTURE_INGEST_TOKENS": "shop=a-token-of-more-than-16-bytes",
    "NURTURE_TOKEN_KEY": KEY,
    "NURTURE_COUPON_KEY": KEY,
    "NURTURE_CONSOLE_VIEW": "/tmp/console.db",
}

# What is wrong, and with what beside it.
WRONG = {
    "KAFKA_BOOTSTRAP_SERVERS": ("broker:99999", {}),
    "KAFKA_CONFIG_FILE": ("/nowhere", {}),
    "KAFKA_MESSAGE_MAX_BYTES": ("1", {}),
    "KAFKA_SASL_MECHANISM": ("SCRAM-SHA-257", LOGIN),
    "KAFKA_SASL_PASSWORD": ("hunter2", {}),
    "KAFKA_SASL_USERNAME": ("me", {}),
    "KAFKA_SECURITY_PROTOCOL": ("tls", {}),
    "KAFKA_SSL_CA_LOCATION": ("/nowhere", SSL),
    "KAFKA_SSL_CERTIFICATE_LOCATION": ("/nowhere", SSL),
    "KAFKA_SSL_KEY_LOCATION": ("/nowhere", SSL),
    "KAFKA_SSL_KEY_PASSWORD": ("hunter2", {}),
    "LOG_FORMAT": ("xml", {}),
    "LOG_LEVEL": ("loud", {}),
    "NURTURE_ADMIN_LISTEN": ("nowhere", {}),
    "NURTURE_BOUNCE_DOMAIN": ("not a domain", {}),
    "NURTURE_BOUNCE_HOOKS": ("pigeon", HOOKS),
    "NURTURE_CATALOGUE": ("/nowhere", {}),
    "NURTURE_CLOCK": ("moon", {}),
    "NURTURE_COMMIT_INTERVAL": ("11s", {}),
    "NURTURE_CONNECTIONS_PER_ADDRESS": ("0", {}),
    "NURTURE_CONSOLE_KEY": ("short", {}),
    "NURTURE_CONSOLE_KEY_BEFORE": ("short", {}),
    "NURTURE_CONSOLE_PROXIES": ("10.0.0.0/99", {}),
    "NURTURE_CONSOLE_PROXY_SECRET": ("short", {}),
    "NURTURE_CONSOLE_STAFF": ("/nowhere", {}),
    "NURTURE_CONSOLE_URL": ("http://console.shop.example", {}),
    "NURTURE_CONSOLE_VIEW": ("/nowhere/console.db", {}),
    "NURTURE_COUPON_KEY": ("short", {}),
    "NURTURE_DELIVERY": ("/nowhere", {}),
    "NURTURE_DESK_WEBHOOKS": ("chat=nowhere", {}),
    "NURTURE_DEVELOPMENT": ("perhaps", {}),
    "NURTURE_DKIM_DOMAIN": ("not a domain", {"NURTURE_DKIM_KEYS": "s:{key}"}),
    "NURTURE_DKIM_KEYS": ("s:/nowhere", {"NURTURE_DKIM_DOMAIN": "shop.example"}),
    "NURTURE_INGEST_INFLIGHT": ("0", {}),
    "NURTURE_INGEST_OPEN": ("true", {}),
    "NURTURE_INGEST_RATE": ("many", {}),
    "NURTURE_INGEST_THREADS": ("0", {}),
    "NURTURE_INGEST_TOKENS": ("shop", {}),
    "NURTURE_INSTANCE": (ANY, {}),
    "NURTURE_LISTEN": ("nowhere", {}),
    "NURTURE_LMTP_LISTEN": ("nowhere", HOOKS),
    "NURTURE_MAILGUN_KEY": (ANY, {}),
    "NURTURE_MAIL_PROVIDER": ("pigeon", {}),
    "NURTURE_OUTCOME_FORMAT": ("xml", {}),
    "NURTURE_PAGES": ("/nowhere", {}),
    "NURTURE_PAGES_PER_ADDRESS": ("-1", {}),
    "NURTURE_PERMITS": ("perhaps", {}),
    "NURTURE_PERMIT_TIMEOUT": ("1m", {}),
    "NURTURE_POLICY": ("/nowhere", {}),
    "NURTURE_SESSION_TIMEOUT": ("1s", {}),
    "NURTURE_SHOP_HOOKS": ("shopify", {}),
    "NURTURE_TEMPLATES": ("/nowhere", {}),
    "NURTURE_TOKEN_KEY": ("short", HOOKS),
    "NURTURE_TOKEN_KEY_BEFORE": ("short", HOOKS),
    "NURTURE_TOPIC_PREFIX": ("a/b", {}),
    "NURTURE_TRACING": ("perhaps", {}),
    "NURTURE_TRACKING_CONSENT": ("newsletter", {}),
    "NURTURE_TRACKING_EVENTS": ("Order Completed", {}),
    "NURTURE_TRACKING_KEYS": ("web", {}),
    "NURTURE_TRACKING_SENT_CLASS": (ANY, {}),  # ingest has no policy
    "NURTURE_WORDS": ("/nowhere", {}),
    "NURTURE_ZONEINFO": ("/nowhere", {}),
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": ("0", {}),
    "OTEL_BSP_MAX_QUEUE_SIZE": ("0", {}),
    "OTEL_BSP_SCHEDULE_DELAY": ("0", {}),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("collector:4318", {}),
    "OTEL_EXPORTER_OTLP_HEADERS": ("hunter2", COLLECTOR),
    "OTEL_EXPORTER_OTLP_PROTOCOL": (ANY, {}),
    "OTEL_EXPORTER_OTLP_TIMEOUT": ("0", {}),
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": ("collector:4318", {}),
    "OTEL_RESOURCE_ATTRIBUTES": ("shop", COLLECTOR),
    "OTEL_SERVICE_NAME": (ANY, {}),
    "REDIS_MAXMEMORY_POLICY": ("perhaps", {}),
    "REDIS_PASSWORD": (ANY, {}),
    "REDIS_TLS_CA": ("/nowhere", TLS),
    "REDIS_TLS_CERT": ("/nowhere", {**TLS, "REDIS_TLS_KEY": "{key}"}),
    "REDIS_TLS_KEY": ("/nowhere", {**TLS, "REDIS_TLS_CERT": "{key}"}),
    "REDIS_TLS_SNI": (ANY, TLS),
    "REDIS_URL": ("http://127.0.0.1", {}),
    "REDIS_USERNAME": ("me", {}),
    "SMTP_CA_FILE": ("/nowhere", {}),
    "SMTP_CONNECTIONS": ("0", {}),
    "SMTP_HELLO": ("not a host", {}),
    "SMTP_MX_TEST": ("nowhere", {"SMTP_URL": "mx:"}),
    "SMTP_PASSWORD": ("hunter2", {}),
    "SMTP_TLS": ("perhaps", {}),
    "SMTP_URL": ("http://127.0.0.1", {}),
    "SMTP_USER": ("me", {}),
}


def execute(build, service, *arguments, **environment):
    """(exit code, what it said); the code is None when it had to be ended."""
    with subprocess.Popen([f"{build}/bin/{service}", *arguments], env={**WELL, **environment},
                          cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        try:
            said, _ = process.communicate(timeout=10)
            return process.returncode, said
        except subprocess.TimeoutExpired:
            process.kill()
            return None, process.communicate()[0]


def settings_of(build, service):
    _, text = execute(build, service, "--help")
    return re.findall(r"^  ([A-Z][A-Z_0-9]+) +(?:required|default)", text, re.M)


def faults(build, service, setting, value, beside):
    """What is not right about how one wrong value is answered."""
    if value is ANY:
        code, said = execute(build, service, "--check-config", **{**beside, setting: "anything"})
        return [] if code == 0 else [f"any value is right, exit {code}: {said}"]
    wrong = []
    for arguments in (("--check-config",), ()):
        code, said = execute(build, service, *arguments, **{**beside, setting: value})
        if code != 100 or setting not in said:
            wrong.append(f"{' '.join(arguments) or 'start'}: exit {code}: {said.strip()[-300:]}")
        elif "hunter2" in said:
            wrong.append("a secret is shown")
    return wrong


def main():
    build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else f"{ROOT}/build")
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        key = f"{folder}/key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x",
                        "-keyout", key, "-out", f"{folder}/certificate.pem"], check=True,
                       capture_output=True)
        with open(key, "a") as file, open(f"{folder}/certificate.pem") as certificate:
            file.write(certificate.read())
        for service in SERVICES:
            for setting in settings_of(build, service):
                if setting not in WRONG:
                    wrong = ["no row in WRONG: what would be a wrong value?"]
                else:
                    value, beside = WRONG[setting]
                    beside = {name: text.replace("{key}", key) for name, text in beside.items()}
                    wrong = faults(build, service, setting, value, beside)
                for each in wrong:
                    print(f"FAIL  {service}: {setting}: {each}")
                passed, failed = passed + (not wrong), failed + bool(wrong)
            code, said = execute(build, service, "--check-config")
            if (code, said) != (0, "ok\n"):
                print(f"FAIL  {service}: all is well: exit {code}: {said}")
            passed, failed = passed + (code == 0), failed + (code != 0)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
