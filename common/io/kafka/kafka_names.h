/*
 * kafka_names.h - which properties of librdkafka a user may set, and how a variable names one.
 *
 * A property is the variable without KAFKA_, in lower case and with dots:
 * KAFKA_SASL_USERNAME is sasl.username.  No property that may be set has an
 * underscore of its own, so nothing is lost on the way.  Pure.
 *
 * Names: librdkafka's CONFIGURATION.md.
 */
#ifndef NURTURE_IO_KAFKA_KAFKA_NAMES_H
#define NURTURE_IO_KAFKA_KAFKA_NAMES_H

#include <stdbool.h>

enum { KAFKA_NAME_BYTES = 128 };

/*
 * The property that this variable would set; false: the variable is none of ours.  So are those
 * that Kubernetes sets for a service whose name begins with "kafka" (KAFKA_PORT_9092_TCP_ADDR).
 */
bool kafka_name_of_variable(const char *variable, char ret[KAFKA_NAME_BYTES]);

/* How connections are made, and what does not touch what we promise of records. */
bool kafka_name_is_taken(const char *property);
/* Why it may not be set, though librdkafka knows it; NULL: there is no particular reason. */
const char *kafka_name_refusal(const char *property);
/* A value that no log and no message may show. */
bool kafka_name_is_secret(const char *property);

#endif
