/*
 * serve.h - the pages behind the links of mails, over HTTP.
 *
 *	GET  /f/TOKEN?score=N   the page, with the score of the link chosen; changes nothing
 *	POST /f/TOKEN           one feedback.received to the events topic, thanks after its ack
 *	GET  /u/TOKEN           asks whether to unsubscribe; changes nothing
 *	POST /u/TOKEN           one message.unsubscribed, also by a mail program (RFC 8058)
 *	GET  /p/TOKEN           the person's own page: what is wanted, planned and known
 *	GET  /c/TOKEN           leads on to where a link of a mail says; one message.clicked
 *	POST /p/TOKEN           consent.changed, preferences.changed, customer.updated: what was
 *	                        changed on it; after a second page customer.erased
 *
 * ?lang=de is the language of any of them; else the person's own counts, or the
 * browser's.  404 for a token that is not ours, 400 with the page again for a
 * form that cannot be read or does not say a score, 429 when a link or an address
 * is used too often, 503 when Kafka does not acknowledge in time.  The same
 * server has /livez, /readyz and /metrics.  Threads are the server's and the
 * producer's; nothing here is shared but what never changes.
 */
#ifndef NURTURE_REVIEW_SOLICITOR_PAGES_SERVE_H
#define NURTURE_REVIEW_SOLICITOR_PAGES_SERVE_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/slice.h"
#include "common/policy/policy.h"
#include "common/token/token_keys.h"

struct sol_serve;
struct web_site;

struct sol_serve_options {
	const char *brokers;
	const char *client_id;    /* default "review-solicitor-page" */
	const char *events_topic; /* "nurture.events" */
	const char *listen;
	const char *admin_listen; /* as in http.h, and the next */
	unsigned connections_per_address;
	/* Where the scheduler's index is, for the person's own page; NULL: there is none. */
	const char *redis_urls, *prefix;
	int64_t pages_per_address;    /* POSTs of one address a minute; 0: any number */
	const struct policy *policy;  /* outlives the server */
	const struct web_site *site;  /* outlives the server too */
	struct token_keys token_keys; /* the first is the step's; the bytes outlive the server */
	/* Is the rest of the process ready?  As in http.h; NULL: always. */
	bool (*ready)(void *context, char *reason, size_t size);
	void *ready_context;
};

/* ERR_CONFIG for a key that is too short. Options are copied, what they point to is not. */
int sol_serve_open(struct sol_serve **ret, const struct sol_serve_options *options,
		   struct err *err);
unsigned short sol_serve_port(const struct sol_serve *serve);
/* -1 when no feedback can be stored by this process any more: leave with 111. For the loop. */
int sol_serve_check(const struct sol_serve *serve, struct err *err);
/* Waits for the requests under way, a few seconds at most. NULL-safe, sets NULL. */
void sol_serve_close(struct sol_serve **serve);

#endif
