/* kafka_names.c - see kafka_names.h. */
#include "kafka_names.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define VARIABLE_PREFIX "KAFKA_"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
	size_t len = strlen(text), end = strlen(with);

	return len >= end && strcmp(text + len - end, with) == 0;
}

/* KAFKA_SERVICE_HOST, KAFKA_BROKER_PORT_9092_TCP: Kubernetes' "service links". */
static bool is_service_link(const char *variable)
{
	static const char *const last[] = {"_SERVICE_HOST", "_SERVICE_PORT", "_PORT"};

	for (size_t i = 0; i < sizeof(last) / sizeof(*last); i++)
		if (ends(variable, last[i]))
			return true;
	for (const char *at = strstr(variable, "_PORT_"); at; at = strstr(at + 1, "_PORT_"))
		if (isdigit((unsigned char)at[strlen("_PORT_")]) || strstr(variable, "_SERVICE_"))
			return true;
	return false;
}

bool kafka_name_of_variable(const char *variable, char ret[KAFKA_NAME_BYTES])
{
	const char *rest = variable + strlen(VARIABLE_PREFIX);
	size_t len;

	if (!begins(variable, VARIABLE_PREFIX) || is_service_link(variable))
		return false;
	len = strlen(rest);
	if (len == 0 || len >= KAFKA_NAME_BYTES)
		return false;
	for (size_t i = 0; i <= len; i++)
		ret[i] = rest[i] == '_' ? '.' : (char)tolower((unsigned char)rest[i]);
	return true;
}

bool kafka_name_is_taken(const char *property)
{
	static const char *const beginnings[] = {"sasl.",      "ssl.",          "https.",
						 "socket.",    "broker.",       "connections.",
						 "metadata.",  "compression.",  "topic.metadata.",
						 "reconnect.", "retry.backoff."};
	static const char *const names[] = {"security.protocol", "client.rack", "client.dns.lookup",
					    "message.max.bytes",
					    "enable.ssl.certificate.verification"};

	if (kafka_name_refusal(property))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(property, names[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (begins(property, beginnings[i]))
			return true;
	return false;
}

#define ONCE "a record must be on all replicas, once and in order, before it counts"
#define ONE_OWNER "a customer has one owner at a time, and all topics the same partitions"
#define OFFSETS "where a service stands is committed together with what it has decided"
#define BY_SETTING "each program has a setting of its own for it: "

/* A name that ends with a dot stands for all that begin so. */
static const struct {
	const char *name, *why;
} refusals[] = {
    {"enable.idempotence", ONCE},
    {"enable.gapless.guarantee", ONCE},
    {"acks", ONCE},
    {"request.required.acks", ONCE},
    {"request.timeout.ms", ONCE},
    {"retries", ONCE},
    {"message.send.max.retries", ONCE},
    {"message.timeout.ms", ONCE},
    {"delivery.timeout.ms", ONCE},
    {"max.in.flight", ONCE},
    {"max.in.flight.requests.per.connection", ONCE},
    {"transactional.id", "it fences an owner that was replaced: NURTURE_INSTANCE names it"},
    {"transaction.timeout.ms", BY_SETTING "NURTURE_SESSION_TIMEOUT"},
    {"isolation.level", "what was not committed must not be read"},
    {"partitioner", ONE_OWNER},
    {"partition.assignment.strategy", ONE_OWNER},
    {"group.", ONE_OWNER},
    {"session.timeout.ms", BY_SETTING "NURTURE_SESSION_TIMEOUT"},
    {"heartbeat.interval.ms", BY_SETTING "NURTURE_SESSION_TIMEOUT"},
    {"max.poll.interval.ms", ONE_OWNER},
    {"enable.auto.commit", OFFSETS},
    {"enable.auto.offset.store", OFFSETS},
    {"enable.partition.eof", OFFSETS},
    {"auto.", OFFSETS},
    {"bootstrap.servers", BY_SETTING "KAFKA_BOOTSTRAP_SERVERS"},
    {"metadata.broker.list", BY_SETTING "KAFKA_BOOTSTRAP_SERVERS"},
    {"client.id", "each client says which service and instance it is of"},
    {"allow.auto.create.topics", "nurturectl topics makes them, with their settings"},
};

const char *kafka_name_refusal(const char *property)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const char *name = refusals[i].name;

		if (strcmp(property, name) == 0 || (ends(name, ".") && begins(property, name)))
			return refusals[i].why;
	}
	return NULL;
}

bool kafka_name_is_secret(const char *property)
{
	return ends(property, "password") || ends(property, "secret") ||
	       strcmp(property, "ssl.key.pem") == 0 || strcmp(property, "sasl.jaas.config") == 0 ||
	       strcmp(property, "sasl.oauthbearer.config") == 0 ||
	       strstr(property, "private.key") || strstr(property, "assertion");
}
