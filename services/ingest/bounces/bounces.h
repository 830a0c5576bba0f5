/*
 * bounces.h - where bounces go to Kafka, and whoever brought one waits for the
 * acknowledgement.
 */
#ifndef NURTURE_INGEST_BOUNCES_BOUNCES_H
#define NURTURE_INGEST_BOUNCES_BOUNCES_H

#include "common/io/smtp/mail_listen.h"
#include "common/mail/bounce_record.h"
#include "lmtp.h"

struct ing_bounces;

struct ing_bounces_options {
	const char *brokers, *topic_prefix;
	struct lmtp_options lmtp;
	const char *listen;          /* of LMTP; port 0 picks one; "": webhooks alone */
	int64_t idle_ms, session_ms; /* 0: a minute, ten minutes */
};

/* What the acknowledgement of a record gives back. */
struct ing_bounce_ticket {
	/* Called once, on the producer's thread, seconds later at most. */
	void (*told)(struct ing_bounce_ticket *ticket, bool is_stored);
};

/* Opens the listener too. options->lmtp is copied; its texts outlive it. */
int ing_bounces_open(struct ing_bounces **ret, const struct ing_bounces_options *options,
		     struct err *err);
unsigned short ing_bounces_port(const struct ing_bounces *bounces);
/* Sends a record, which is copied. False: it was not taken, and the ticket is never told. */
bool ing_bounces_send(struct ing_bounces *bounces, const struct bounce_record *record,
		      struct ing_bounce_ticket *ticket);
/* Waits until the conversations are over. NULL-safe, sets NULL. */
void ing_bounces_close(struct ing_bounces **bounces);

/* Counts a bounce that is stored, by where it came in ("lmtp", "ses"); for webhooks too. */
void ing_bounces_count(enum bounce_kind kind, bool is_dead, const char *source);

#endif
