/*
 * kafka_trouble.h - why a connection or a request fails, in words that name what mends it.
 *
 * librdkafka says why a connection fails only in a line of its log; what comes
 * back from a call is "Broker transport failure" or "timed out".  So the last
 * such line is kept for a minute, and put behind the message of whoever failed.
 * For many threads.
 */
#ifndef NURTURE_IO_KAFKA_KAFKA_TROUBLE_H
#define NURTURE_IO_KAFKA_KAFKA_TROUBLE_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

/* What the text of a failed connection means and which setting mends it; NULL: nothing known. */
const char *kafka_trouble_meaning(const char *text);
/* The same of a certificate, by OpenSSL's X509_V_ERR_*. */
const char *kafka_trouble_certificate(int x509_error);

/*
 * Keeps the text of a connection that failed.  True when the caller tells (is_told) and its meaning
 * is news: nobody was told of it in the last ten minutes.  *ret_meaning is NULL when nothing is
 * known of it.
 */
bool kafka_trouble_note(const char *text, bool is_told, const char **ret_meaning);
/*
 * Keeps the topic of a log line such as `Failed to add partition "nurture.events" [1] to
 * transaction: ...`: what the call returns names none.
 */
void kafka_trouble_note_denied(const char *text);
/* For rd_kafka_conf_set_ssl_cert_verify_cb(): keeps why a broker's certificate is refused. */
int kafka_trouble_verify(rd_kafka_t *client, const char *broker, int32_t broker_id, int *x509_error,
			 int depth, const char *bytes, size_t size, char *why, size_t why_size,
			 void *opaque);
/* Whether a connection has failed since then (clock_monotonic_ms()) so that waiting is of no use. */
bool kafka_trouble_lasts(int64_t since_ms);
/* Puts behind err's text why a connection has failed in the last minute; nothing when none has. */
void kafka_trouble_explain(struct err *err);
/* Nothing is wrong any more, as far as we know. */
void kafka_trouble_forget(void);

/*
 * After err was set because of this code: puts behind it the ACL that is missing, or why there is
 * no connection; other codes add nothing.  operation and topic: what was tried, "Read" or "Write"
 * or "Describe" on which topic; NULL where it was no topic.  Always returns -1.
 */
int kafka_explain(struct err *err, rd_kafka_t *client, rd_kafka_resp_err_t code,
		  const char *operation, const char *topic);
/* The broker refuses it: nothing but an ACL mends that. */
bool kafka_is_denied(rd_kafka_resp_err_t code);

#endif
